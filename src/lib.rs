//! Florist: a native desktop app for people who make things with FLORA.
//!
//! # The ring
//!
//! ```text
//!  person ─input─► ui ─Action─► state.perform ─Command─► worker ─► api ─────► FLORA, or our studio on loopback
//!     ▲            ▲                                       │  ├───► library   SQLite + files
//!     │            │ reads &AppState                       │  └───► media     previews
//!     └── pixels ──┴───────────── state.apply ◄── Event ───┘        (the outbox sends the event and wakes the window)
//! ```
//!
//! 1. An [`Action`](state::Action) is what the person wants, a [`Command`](message::Command) is an errand for the worker,
//!    an [`Event`](message::Event) is what happened. Commands come only from actions; events only change state (and ask
//!    for what they make necessary).
//! 2. The window reads `&AppState` and writes only its own [`Screens`](ui::Screens). It never sees a channel, a client or
//!    a database, and it never waits.
//! 3. Only the outbox wakes the window. An idle window paints nothing.
//! 4. Record first, act second, report third: the library knows of a launch before FLORA does, so ending at any moment
//!    loses nothing and starts nothing twice.
//!
//! # The rooms
//!
//! | room | what it is | may import |
//! |---|---|---|
//! | [`model`] | plain values: ids, technique, draft, order, run, output, problem | – |
//! | [`wire`] | FLORA's JSON as serde types | – |
//! | [`settings`] | choices that outlive a session | model |
//! | [`message`] | the words the two sides exchange | model, settings |
//! | [`state`] | what is known and how it changes; pure | message, model, settings |
//! | [`ui`] | pixels | state, model, settings |
//! | [`api`] | FLORA's client | wire, model |
//! | [`library`] | what is kept: SQLite and files | model |
//! | [`media`] | bytes to pictures and facts, under limits | model |
//! | [`studio`] | the local studio: the same API on loopback | wire |
//! | [`worker`] | the tokio side: one file an errand | message, api, library, media, studio, model, settings, wire |
//! | [`app`] | the one room that knows both sides | everything |
//!
//! `tests/it/tidy.rs` holds the code to this table. A path is a permission, a file name is a feature: *launch* lives in
//! `model`, `state`, `ui`, `worker` and `library` under that name.

pub mod api;
pub mod app;
pub mod library;
pub mod media;
pub mod message;
pub mod model;
pub mod settings;
pub mod state;
pub mod studio;
pub mod ui;
pub mod wire;
pub mod worker;
