//! The settings' file. What cannot be read falls back to its default, a value at a time, and is said; what this
//! version does not know is written back as it was.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Settings;
use crate::model::Problem;

impl Settings {
    /// The smallest and the largest size of text.
    pub const TEXT_SCALES: std::ops::RangeInclusive<f32> = 0.8..=2.0;

    /// Reads the file; a missing one is all defaults. Says what could not be read.
    ///
    /// A file that is no JSON object at all is kept beside as `settings.json.unreadable`, since the next save
    /// takes its place.
    pub fn load(path: &Path) -> (Self, Vec<Problem>) {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return (Self::default(), Vec::new());
            }
            Err(error) => return (Self::default(), vec![keep_unreadable(path, &error)]),
        };
        match serde_json::from_str::<Group>(&text) {
            Ok(file) => Self::read(path, &file),
            Err(error) => (Self::default(), vec![keep_unreadable(path, &error)]),
        }
    }

    /// Writes the file whole, through a `.part` and a rename. No name, password or key ever gets into it.
    ///
    /// # Errors
    /// What the disk says; then the old file is still whole.
    pub fn save(&self, path: &Path) -> Result<(), Problem> {
        let written = serde_json::to_vec_pretty(&self.contents())
            .map_err(io::Error::from)
            .and_then(|bytes| replace(path, &bytes));
        written.map_err(|error| {
            Problem::new("Settings could not be saved")
                .with_details(format!("{}: {error}", path.display()))
                .with_hint("They hold until Florist is closed")
        })
    }

    /// What goes into the file: these settings over what was there.
    fn contents(&self) -> Value {
        let mut own = self.clone();
        let mut file = Value::Object(std::mem::take(&mut own.other));
        let address = own.flora_base_url.as_deref();
        own.flora_base_url = address.and_then(without_credentials);
        overlay(&mut file, own.tree());
        file
    }

    /// These settings as JSON.
    pub(super) fn tree(&self) -> Value {
        // Plain structs with text keys: there is nothing in them that JSON cannot say.
        serde_json::to_value(self).unwrap_or_default()
    }

    fn read(path: &Path, file: &Group) -> (Self, Vec<Problem>) {
        let known = Self::default().tree();
        let mut reader = Reader {
            tree: known.clone(),
            refused: Vec::new(),
        };
        if let Value::Object(known) = &known {
            reader.take_group(&mut Vec::new(), known, file);
        }
        let mut settings = reader.settings().unwrap_or_default();
        settings.other = unknown(&known, file);
        reader.refused.extend(settings.clamp());
        let notes = reader.refused.into_iter().map(|refused| {
            Problem::new("A setting could not be read and has its default")
                .with_details(format!("{}: {refused}", path.display()))
        });
        (settings, notes.collect())
    }

    /// Brings the size of text into its range.
    fn clamp(&mut self) -> Option<String> {
        let asked = self.text_scale;
        let (least, most) = Self::TEXT_SCALES.into_inner();
        self.text_scale = asked.clamp(least, most);
        (self.text_scale != asked)
            .then(|| format!("text_scale: {asked} is not between {least} and {most}"))
    }
}

type Group = Map<String, Value>;

/// Takes a file over into the defaults, a value at a time: what does not fit is left out and named.
struct Reader {
    tree: Value,
    refused: Vec<String>,
}

impl Reader {
    fn take_group<'a>(&mut self, path: &mut Vec<&'a str>, known: &'a Group, told: &Group) {
        for (name, known) in known {
            let Some(told) = told.get(name) else {
                continue;
            };
            path.push(name);
            match groups(known, told) {
                Some((known, told)) => self.take_group(path, known, told),
                None => self.take_value(path, told),
            }
            path.pop();
        }
    }

    /// Puts one value in its place, unless the settings could not be read with it.
    fn take_value(&mut self, path: &[&str], told: &Value) {
        let pointer: String = path.iter().flat_map(|name| ["/", name]).collect();
        let Some(place) = self.tree.pointer_mut(&pointer) else {
            return;
        };
        let usual = std::mem::replace(place, told.clone());
        if let Err(error) = self.settings() {
            self.refused.push(format!("{}: {error}", path.join(".")));
            if let Some(place) = self.tree.pointer_mut(&pointer) {
                *place = usual;
            }
        }
    }

    fn settings(&self) -> serde_json::Result<Settings> {
        Settings::deserialize(&self.tree)
    }
}

/// Two groups of settings, to be gone through name by name. An empty default is a list by name: one value.
fn groups<'a, 'b>(known: &'a Value, told: &'b Value) -> Option<(&'a Group, &'b Group)> {
    match (known, told) {
        (Value::Object(known), Value::Object(told)) if !known.is_empty() => Some((known, told)),
        _ => None,
    }
}

/// What of a file is not among the known settings, in its place.
fn unknown(known: &Value, file: &Group) -> Group {
    let mut rest = Group::new();
    for (name, told) in file {
        match known.get(name) {
            None => {
                rest.insert(name.clone(), told.clone());
            }
            Some(known) => {
                let within = groups(known, told).map(|(_, told)| unknown(known, told));
                if let Some(within) = within.filter(|within| !within.is_empty()) {
                    rest.insert(name.clone(), Value::Object(within));
                }
            }
        }
    }
    rest
}

/// Lays `new` over `old`, keeping what only `old` has.
fn overlay(old: &mut Value, new: Value) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for (name, value) in new {
                overlay(old.entry(name).or_insert(Value::Null), value);
            }
        }
        (old, new) => *old = new,
    }
}

/// A base URL with no user name, password, query or fragment; nothing for what is no URL.
fn without_credentials(text: &str) -> Option<String> {
    let mut url = url::Url::parse(text.trim()).ok()?;
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    url.set_query(None);
    url.set_fragment(None);
    Some(url.as_str().trim_end_matches('/').to_owned())
}

fn keep_unreadable(path: &Path, error: &dyn std::error::Error) -> Problem {
    let mut details = format!("{}: {error}", path.display());
    if let Err(error) = fs::copy(path, beside(path, "unreadable")) {
        details.push_str(&format!("; not copied: {error}"));
    }
    Problem::new("Settings could not be read, so the defaults are used").with_details(details)
}

/// `settings.json` → `settings.json.part`
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{suffix}"));
    PathBuf::from(name)
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let part = beside(path, "part");
    let mut file = File::create(&part)?;
    file.write_all(bytes)?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    fs::rename(&part, path)
}
