//! The only words the two sides exchange: a [`Command`] is an errand for the worker, an [`Event`] is what happened.
//!
//! Commands come only from actions; events only change state. Both are plain data: no closures, no channels.

mod command;
mod event;

pub use crate::model::HistoryAnswer;
pub use command::{Command, ConnectTo};
pub use event::{Event, KeyReport};
