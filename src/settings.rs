//! Choices that outlive a session: read tolerant, write preserving. Never a key.

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::model::{Column, HistoryQuery, Problem, ProblemAction, ProfileKind, TechniqueId, Usd};

/// Everything a person has chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub theme: Theme,
    /// 0.8 to 2.0.
    pub text_scale: f32,
    /// Whom to talk to at the start.
    pub profile: ProfileKind,
    /// Another address of FLORA than its own.
    pub flora_base_url: Option<String>,
    /// Another place for the library than under the data directory.
    pub library_folder: Option<PathBuf>,
    /// Ask before a click that costs more than this.
    pub confirm_above: Usd,
    pub window: Option<WindowGeometry>,
    pub panels: Panels,
    pub studio_banner: StudioBanner,
    pub place: PlaceChoice,
    pub open_technique: Option<TechniqueId>,
    /// In the order they were pinned.
    pub pinned: Vec<TechniqueId>,
    pub history: HistoryChoices,
    /// Where the last copy was saved.
    pub last_save_folder: Option<PathBuf>,
    /// What a later version wrote, kept as it was.
    #[serde(flatten)]
    pub other: serde_json::Map<String, serde_json::Value>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::default(),
            text_scale: 1.0,
            profile: ProfileKind::Studio,
            flora_base_url: None,
            library_folder: None,
            confirm_above: Usd::from_micros(500_000),
            window: None,
            panels: Panels::default(),
            studio_banner: StudioBanner::default(),
            place: PlaceChoice::default(),
            open_technique: None,
            pinned: Vec::new(),
            history: HistoryChoices::default(),
            last_save_folder: None,
            other: serde_json::Map::new(),
        }
    }
}

impl Settings {
    /// Reads the settings, as far as they can be read: what cannot is its default, and is said.
    pub fn load(path: &Path) -> (Self, Vec<Problem>) {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Self::default_with(None),
            Err(error) => {
                return Self::default_with(Some(unreadable(path, &error.to_string())));
            }
        };
        match serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&text) {
            Ok(fields) => Self::from_fields(path, fields),
            Err(error) => Self::default_with(Some(unreadable(path, &error.to_string()))),
        }
    }

    /// Writes the settings whole, or not at all.
    ///
    /// # Errors
    /// What the disk says.
    pub fn save(&self, path: &Path) -> Result<(), Problem> {
        self.write(path).map_err(|error| {
            Problem::new("The settings could not be saved")
                .with_details(format!("{}: {error}", path.display()))
                .with_action(ProblemAction::Retry)
        })
    }

    fn write(&self, path: &Path) -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let part = path.with_extension("json.part");
        let mut file = fs::File::create(&part)?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        fs::rename(&part, path)
    }

    fn default_with(problem: Option<Problem>) -> (Self, Vec<Problem>) {
        (Self::default(), problem.into_iter().collect())
    }

    /// Field by field: one that is odd must not lose the others.
    fn from_fields(
        path: &Path,
        fields: serde_json::Map<String, serde_json::Value>,
    ) -> (Self, Vec<Problem>) {
        let mut readable = serde_json::Map::new();
        let mut problems = Vec::new();
        for (name, value) in fields {
            readable.insert(name.clone(), value);
            if let Err(error) = read(&readable) {
                problems.push(unreadable(path, &format!("{name}: {error}")));
                readable.remove(&name);
            }
        }
        (read(&readable).unwrap_or_default(), problems)
    }
}

fn read(fields: &serde_json::Map<String, serde_json::Value>) -> serde_json::Result<Settings> {
    serde_json::from_value(serde_json::Value::Object(fields.clone()))
}

fn unreadable(path: &Path, why: &str) -> Problem {
    Problem::new("Some settings could not be read")
        .with_details(format!("{}: {why}", path.display()))
        .with_hint("They are as they were in the beginning")
}

/// Dark, light, or as the system has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    #[default]
    Dark,
    Light,
    System,
}

/// The window as it was left, in points.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct WindowGeometry {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
    #[serde(default)]
    pub maximized: bool,
}

/// Panels as they were left; widths in points.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Panels {
    pub sidebar: SidebarWidth,
    pub inspector: InspectorPanel,
    pub inspector_width: f32,
    pub form_width: f32,
}

impl Default for Panels {
    fn default() -> Self {
        Self {
            sidebar: SidebarWidth::Full,
            inspector: InspectorPanel::Shown,
            inspector_width: 320.0,
            form_width: 420.0,
        }
    }
}

/// The sidebar with words, or with icons only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SidebarWidth {
    #[default]
    Full,
    Icons,
}

/// Whether the inspector is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InspectorPanel {
    #[default]
    Shown,
    Hidden,
}

/// The line that says one is in the studio.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StudioBanner {
    #[default]
    Shown,
    Hidden,
}

/// The place to open at the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceChoice {
    #[default]
    Launch,
    History,
}

/// The history as it was left.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct HistoryChoices {
    pub query: HistoryQuery,
    pub row_height: RowHeight,
    /// Widths in points of columns that were dragged.
    pub widths: BTreeMap<String, f32>,
}

impl HistoryChoices {
    /// The dragged width of a column, in points.
    pub fn width(&self, column: Column) -> Option<f32> {
        self.widths.get(column.as_str()).copied()
    }

    /// Keeps a column's width, in points.
    pub fn set_width(&mut self, column: Column, width: f32) {
        self.widths.insert(column.as_str().to_owned(), width);
    }
}

/// Row heights of the history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowHeight {
    Compact,
    #[default]
    Standard,
    Large,
}

impl RowHeight {
    /// In points.
    pub fn points(self) -> f32 {
        match self {
            Self::Compact => 28.0,
            Self::Standard => 52.0,
            Self::Large => 88.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_odd_field_costs_only_itself_and_unknown_ones_are_kept() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("settings.json");
        fs::write(
            &path,
            r#"{"theme":"light","text_scale":"huge","from_the_future":{"a":1}}"#,
        )
        .unwrap();
        let (settings, problems) = Settings::load(&path);
        assert_eq!(settings.theme, Theme::Light);
        assert!((settings.text_scale - 1.0).abs() < f32::EPSILON);
        assert_eq!(problems.len(), 1);
        assert!(problems[0].details.contains("text_scale"), "{problems:?}");

        settings.save(&path).unwrap();
        assert!(
            fs::read_to_string(&path)
                .unwrap()
                .contains("from_the_future")
        );
        assert_eq!(Settings::load(&path), (settings, Vec::new()));
    }

    #[test]
    fn no_file_is_no_problem_and_rubbish_is_one() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("settings.json");
        assert_eq!(Settings::load(&path), (Settings::default(), Vec::new()));
        fs::write(&path, "not json").unwrap();
        assert_eq!(Settings::load(&path).1.len(), 1);
    }
}
