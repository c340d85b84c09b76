//! What is kept: a SQLite database of runs, and the files they made, in one folder.
//!
//! [`Library`] is the open database with its tables, a file each; one thread owns it. What moves bytes
//! ([`PartFile`], [`store_input`], [`copy`]) needs no open library and runs on any thread that may block.
//!
//! Two promises hold at any moment, whatever ends the program: a launch is on disk before anything of it is sent
//! (`launches`), and a file has its name only when it is whole (`files`).

mod archive;
mod assets;
mod claims;
mod drafts;
mod error;
mod export;
mod facts;
mod files;
mod folders;
mod history;
mod input_files;
mod inputs;
mod launches;
mod ledger;
mod marks;
pub mod names;
mod open;
mod output_merge;
mod output_rows;
mod outputs;
mod part_file;
mod places;
mod problem;
mod profiles;
mod rebuild;
mod rows;
mod run_row;
mod runs;
mod salvage;
mod schema;
mod search;
mod sidecar;
mod sql;
mod stats;
mod techniques;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod uses;

pub use archive::ArchivedOutput;
pub use assets::KnownAsset;
pub use claims::{Claimed, UnclaimedRun};
pub use error::{LibraryError, Result};
pub use export::{CopyJob, CopyPlan, CopySource, CopyTarget, copy};
pub use files::{
    InputContent, StoredFile, StoredInput, extension_of, store_input, store_text, thumbnail_path,
};
pub use folders::OutputPlace;
pub use launches::{LaunchState, OpenLaunch};
pub use open::{Library, Opened};
pub use outputs::{OutputContent, WantedOutput};
pub use part_file::PartFile;
pub use places::Places;
pub use runs::{Change, FollowedRun, Saved};

/// The database's file name in the library's folder.
pub const DATABASE: &str = "florist.db";
