//! Choices that outlive a session: read tolerant, write preserving. Never a key.

mod file;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::model::{Column, HistoryQuery, ProfileKind, TechniqueId, Usd};

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
    /// What a later version wrote, kept as it was; also within the groups above, under their names.
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
