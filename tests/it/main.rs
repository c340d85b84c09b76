//! One test binary. The index:
//!
//! - [`chaos`]: the worker killed at random, counted at the studio
//! - [`command_line`]: the program as a shell meets it
//! - [`crash`]: reports of crashes
//! - [`dialogs`]: money, keys, paths and the list of keys
//! - [`finding`]: sorting, filtering and searching runs, and those started elsewhere
//! - [`first`]: the first minute, from no key to a kept result
//! - [`forms`]: every kind of input, several values, refusals at their field, drafts
//! - [`history`]: the history and the inspector, used by mouse and keyboard
//! - [`keys`]: no key, a bad key, a key that is withdrawn in the middle
//! - [`kinds`]: every kind of output, from the form to the disk
//! - [`launch`]: the form made from the schema, and the results beside it
//! - [`look_dialogs`]: looks of the dialogs
//! - [`look_history`]: looks of the history and the inspector
//! - [`look_launch`]: looks of the launch place
//! - [`look_settings`]: looks of the settings and of the frame around the places
//! - [`look_viewer`]: looks of the large view
//! - [`look_widgets`]: every widget once
//! - [`outages`]: a service that goes away in the middle
//! - [`rebuilt`]: a library that lost its database, or is in use
//! - [`saving`]: copies to places of the person's choice
//! - [`secrets`]: the key is in nothing that is kept
//! - [`settings_place`]: the settings and the global keys
//! - [`support`]: what the tests share
//! - [`tidy`]: the rooms and their arrows
//! - [`viewer`]: the large view

mod chaos;
mod command_line;
mod crash;
mod dialogs;
mod finding;
mod first;
mod forms;
mod history;
mod keys;
mod kinds;
mod launch;
mod look_dialogs;
mod look_history;
mod look_launch;
mod look_settings;
mod look_viewer;
mod look_widgets;
mod outages;
mod rebuilt;
mod saving;
mod secrets;
mod settings_place;
mod support;
mod tidy;
mod viewer;
