//! What the command line and the environment say.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand};
use secrecy::SecretString;

use florist::library::Places;
use florist::studio;
use florist::worker::Environment;

/// A native desktop app for FLORA: launch techniques, follow runs, keep what they make.
///
/// Without a key it opens its own local studio: real techniques on this computer, free and offline.
/// FLORA_API_KEY and FLORA_BASE_URL are honoured for the session and never stored.
#[derive(Debug, Parser)]
#[command(version, about)]
pub struct Arguments {
    /// Keep library, settings and cache in this directory instead of the platform's
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,

    #[command(subcommand)]
    pub task: Option<Task>,
}

/// What to do instead of opening the window.
#[derive(Debug, Subcommand)]
pub enum Task {
    /// Serve FLORA's API on loopback, for any FLORA client
    ///
    /// The first two lines on stdout are FLORA_BASE_URL=… and FLORA_API_KEY=….
    Studio {
        /// A loopback address; port 0 means any
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
        addr: SocketAddr,
        /// Keep the studio's history and files in this directory
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
    },
}

/// Where everything is kept.
pub fn places(data: Option<PathBuf>) -> Result<Places, String> {
    match data {
        Some(directory) => Ok(Places::under(&directory)),
        None => Places::of_platform().ok_or_else(|| {
            "There is no home directory to keep data in; name one with --data DIR".to_owned()
        }),
    }
}

/// What the environment says; empty variables count as absent.
pub fn environment() -> Environment {
    let read = |name| {
        std::env::var(name)
            .ok()
            .filter(|value| !value.trim().is_empty())
    };
    Environment {
        base_url: read("FLORA_BASE_URL"),
        key: read("FLORA_API_KEY").map(|key| SecretString::from(key.trim().to_owned())),
    }
}

/// Serves the studio until SIGTERM, SIGINT or Ctrl+C.
pub fn run_studio(addr: SocketAddr, data: Option<PathBuf>) -> Result<(), String> {
    let data = match data {
        Some(directory) => directory,
        None => places(None)?.studio(),
    };
    let config = studio::Config {
        addr,
        ..studio::Config::new(data)
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("The studio could not start: {error}"))?;
    runtime
        .block_on(studio::serve(config, announce, asked_to_end()))
        .map_err(|error| error.to_string())
}

/// Scripts read these two lines; a closed pipe is their affair.
fn announce(studio: &studio::Studio) {
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "FLORA_BASE_URL={}\nFLORA_API_KEY={}",
        studio.base_url(),
        studio.api_key()
    )
    .ok();
    out.flush().ok();
}

async fn asked_to_end() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        if let Ok(mut terminated) = terminated {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    interrupted.await.ok();
}
