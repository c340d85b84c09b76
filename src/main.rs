//! Start-up only: arguments, log, and either the window or the studio.

mod arguments;
mod log;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Task};
use florist::app;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
    let done = match arguments.task {
        Some(Task::Studio { addr, data }) => arguments::run_studio(addr, data),
        None => open_window(arguments.data),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("florist: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn open_window(data: Option<std::path::PathBuf>) -> Result<(), String> {
    let places = arguments::places(data)?;
    log::to_file(&places)?;
    app::crash::install(&places);
    let launcher = app::Launcher::for_person(places, arguments::environment());
    app::run_window(launcher).map_err(|error| error.to_string())
}
