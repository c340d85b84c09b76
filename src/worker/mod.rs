//! The tokio side: it carries every [`Command`] to its end and reports [`crate::message::Event`]s as it goes.
//!
//! ```text
//!  Handle ─Command─► inbox ─► carry_out ─► one file an errand ─► api / library / media
//!     ▲                                        │
//!     └──────────── Event ◄── outbox ◄─────────┘   (the outbox wakes the window)
//! ```
//!
//! - [`carry_out`] is called in the order of the commands and never waits: an errand takes hold of its command at once
//!   and spawns what takes time ([`Cx::spawn`], or [`Session::spawn`] for what belongs to one profile).
//! - Record first, act second, report third. A task may be dropped at any `await`, as by a crash: what is recorded
//!   says how to go on.
//! - The library lives on its own thread ([`db`]); calls take effect in the order they were made, even when nobody
//!   waits for their answer any more.

mod activity;
mod catalog;
mod connect;
mod cx;
mod db;
mod desktop;
mod download;
mod drafts;
mod export;
mod follow;
mod handle;
mod import;
mod inbox;
mod input_file;
mod keychain;
mod launch;
mod news;
mod outbox;
mod pending;
mod preview;
mod questions;
mod schedule;
mod session;
mod settings;
mod sidecars;
mod soon;
#[cfg(test)]
mod tests;
mod upload;

pub use cx::{Environment, StudioOptions, Timings, WorkerConfig};
pub use desktop::{Desktop, SystemDesktop};
pub use handle::{Handle, start};
pub use keychain::{KeyVault, MemoryVault, SystemVault, VaultError};

use crate::message::Command;
use cx::Cx;
use session::Session;

/// Hands a command to its errand, which takes hold of it and returns at once.
fn carry_out(cx: &Cx, command: Command) {
    match command {
        Command::Connect(to) => connect::connect(cx, to),
        Command::CheckKey { base_url, key } => connect::check_key(cx, base_url, key),
        Command::ForgetKey => connect::forget_key(cx),
        Command::RefreshCatalog => catalog::refresh(cx),
        Command::PollNow => follow::poll_now(cx),
        Command::CheckFile { id, kind, source } => input_file::check(cx, id, kind, source),
        Command::SaveDraft(draft) => drafts::save(cx, draft),
        Command::Launch(orders) => launch::launch(cx, orders),
        Command::Discard(rows) => launch::discard(cx, rows),
        Command::CheckNow(row) => launch::check_now(cx, row),
        Command::SendAgain(row) => launch::send_again(cx, row),
        Command::Repeat(row) => launch::repeat(cx, row),
        Command::Fetch(outputs) => download::fetch(cx, outputs),
        Command::AskHistory { generation, query } => {
            questions::ask_history(cx, generation, query);
        }
        Command::AskResults(technique) => questions::ask_results(cx, technique),
        Command::LoadRows(rows) => questions::load_rows(cx, rows),
        Command::LoadDetail(row) => questions::load_detail(cx, row),
        Command::LoadRecentTexts(technique) => questions::load_recent_texts(cx, technique),
        Command::WantPreviews(keys) => preview::want(cx, keys),
        Command::LoadText(output) => preview::load_text(cx, output),
        Command::ReadPicture(output) => preview::read_picture(cx, output),
        Command::ReadRuns { rows, what } => questions::read_runs(cx, rows, what),
        Command::Save(request) => export::save(cx, request),
        Command::Reveal(path) => desktop::reveal(cx, path),
        Command::OpenOutput(output) => desktop::open_output(cx, output),
        Command::OpenUrl(url) => desktop::open_url(cx, url),
        Command::PauseImport => import::pause(cx),
        Command::ResumeImport => import::resume(cx),
        Command::SaveSettings(settings) => settings::save(cx, settings),
    }
}
