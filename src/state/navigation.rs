//! Where in the window one is, and which panels are open.

use super::{AppState, Place};
use crate::message::Command;
use crate::settings::{InspectorPanel, PlaceChoice, Settings, SidebarWidth};

/// The current place.
#[derive(Clone, Copy, Debug, Default)]
pub struct Navigation {
    pub place: Place,
    /// Where to go back to from the settings.
    pub previous: Place,
}

impl Navigation {
    pub(super) fn restore(settings: &Settings) -> Self {
        let place = match settings.place {
            PlaceChoice::Launch => Place::Launch,
            PlaceChoice::History => Place::History,
        };
        Self {
            place,
            previous: place,
        }
    }
}

impl AppState {
    pub(super) fn go(&mut self, place: Place) -> Vec<Command> {
        // The viewer lies over the places: whoever goes to one wants to see it.
        self.viewer.close();
        if place == self.navigation.place {
            return Vec::new();
        }
        if self.navigation.place != Place::Settings {
            self.navigation.previous = self.navigation.place;
        }
        self.navigation.place = place;
        self.change_settings(|settings| match place {
            Place::Launch => settings.place = PlaceChoice::Launch,
            Place::History => settings.place = PlaceChoice::History,
            Place::Settings => {}
        })
    }

    pub(super) fn toggle_sidebar(&mut self) -> Vec<Command> {
        self.change_settings(|settings| {
            settings.panels.sidebar = match settings.panels.sidebar {
                SidebarWidth::Full => SidebarWidth::Icons,
                SidebarWidth::Icons => SidebarWidth::Full,
            };
        })
    }

    pub(super) fn toggle_inspector(&mut self) -> Vec<Command> {
        self.change_settings(|settings| {
            settings.panels.inspector = match settings.panels.inspector {
                InspectorPanel::Shown => InspectorPanel::Hidden,
                InspectorPanel::Hidden => InspectorPanel::Shown,
            };
        })
    }
}
