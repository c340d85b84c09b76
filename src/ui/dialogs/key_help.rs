//! The keys of the whole app, to be searched.

use egui::{Id, Rect, ScrollArea, Sense, Ui, pos2, vec2};

use super::Stage;
use super::window::{Ended, actions, window};
use crate::ui::theme::{Tokens, font, radius, space, tokens};
use crate::ui::widgets::{ButtonKind, label, label_in, quiet_button, search_field};

/// What it remembers while it is open.
#[derive(Default)]
pub(super) struct Screen {
    search: Option<String>,
}

impl Screen {
    pub(super) fn open(&mut self) {
        self.search = Some(String::new());
    }

    pub(super) fn is_open(&self) -> bool {
        self.search.is_some()
    }
}

/// Keys that belong together.
struct Group {
    name: &'static str,
    /// Keys as they are pressed, and what they do.
    keys: &'static [(&'static str, &'static str)],
}

/// Every key there is. Alternatives are told apart by " / ".
const GROUPS: &[Group] = &[
    Group {
        name: "Everywhere",
        keys: &[
            ("Ctrl 1", "Launch"),
            ("Ctrl 2", "History"),
            ("Ctrl ,", "Settings"),
            ("Ctrl N", "New run of the last technique"),
            ("Ctrl F", "Search in this place"),
            ("Ctrl R / F5", "Refresh"),
            ("I", "Show or hide the inspector"),
            ("Ctrl \\", "Fold or unfold the sidebar"),
            ("Ctrl +", "Larger text"),
            ("Ctrl −", "Smaller text"),
            ("Ctrl 0", "Normal text size"),
            ("F11", "Full screen"),
            ("F1 / ?", "This list"),
        ],
    },
    Group {
        name: "Launch",
        keys: &[
            ("Ctrl Enter", "Run"),
            ("Ctrl E", "Write in a large editor"),
            ("Alt ↑ / Alt ↓", "What was written in this field before"),
            ("Ctrl V", "Paste a picture or an address into a field"),
            ("Del", "Take a file out of a field"),
            ("↑ / ↓", "Previous or next technique, in the list"),
        ],
    },
    Group {
        name: "History",
        keys: &[
            ("↑ / ↓", "Previous or next run"),
            ("Shift ↑ / Shift ↓", "Select more"),
            ("Home / End", "First or last run"),
            ("Ctrl A", "Select all"),
            ("PgUp / PgDn", "A page up or down"),
            ("Enter", "Open the run large"),
            ("E", "Run again with changes"),
            ("R", "Run again"),
            ("Ctrl S", "Save the selected runs…"),
            ("Ctrl C", "Copy the selected runs as text"),
            ("Ctrl Shift C", "Copy their ids"),
            ("Del", "Remove what was not sent"),
            ("Esc", "Clear the search, then the selection"),
        ],
    },
    Group {
        name: "Large view",
        keys: &[
            ("← / →", "Previous or next output"),
            ("↑ / ↓", "Previous or next run"),
            ("Home / End", "First or last run"),
            ("Z", "Fit, or pixel for pixel at the pointer"),
            ("+ / −", "Zoom in or out"),
            ("0", "Fit"),
            ("V", "Change the ground"),
            ("F", "Hide everything else"),
            ("E", "Run again with changes"),
            ("Ctrl S", "Save as…"),
            ("Ctrl C", "Copy the file's path"),
            ("Ctrl Shift C", "Copy the picture or the text"),
            ("PgUp / PgDn", "Turn the page of a text"),
            ("Esc / Space", "Close"),
        ],
    },
];

/// Shows the list.
pub(super) fn ui(ui: &Ui, screen: &mut Screen, stage: Stage) {
    let Some(search) = &mut screen.search else {
        return;
    };
    let mut close = false;
    let height = (ui.content_rect().height() - 260.0).clamp(160.0, 560.0);
    let ended = window(ui, "keys", "Keys", 460.0, |ui| {
        let id = Id::unique("search-keys");
        let width = ui.available_width();
        let field = search_field(ui, id, search, "Search keys", width);
        if stage == Stage::Opening {
            field.request_focus();
        }
        ScrollArea::vertical()
            .max_height(height)
            .min_scrolled_height(height)
            .auto_shrink(false)
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                list(ui, search);
            });
        actions(ui, |ui| {
            close = quiet_button(ui, ButtonKind::Secondary, None, "Close").clicked();
        });
    });
    if close || ended == Ended::Left {
        screen.search = None;
    }
}

fn list(ui: &mut Ui, search: &str) {
    let tokens = tokens(ui);
    let wanted = search.trim().to_lowercase();
    let mut any = false;
    for group in GROUPS {
        let hits: Vec<_> = group
            .keys
            .iter()
            .filter(|(keys, what)| matches(&wanted, group.name, keys, what))
            .collect();
        if hits.is_empty() {
            continue;
        }
        if any {
            ui.add_space(space::L);
        }
        any = true;
        label(ui, group.name, font::secondary(), tokens.text_tertiary);
        ui.add_space(space::XS);
        for (keys, what) in hits {
            row(ui, keys, what);
        }
    }
    if !any {
        let text = format!("No key for “{}”", search.trim());
        label(ui, text, font::body(), tokens.text_tertiary);
    }
}

fn matches(wanted: &str, group: &str, keys: &str, what: &str) -> bool {
    wanted.split_whitespace().all(|word| {
        [group, keys, what]
            .iter()
            .any(|text| text.to_lowercase().contains(word))
    })
}

fn row(ui: &mut Ui, keys: &str, what: &str) {
    let tokens = tokens(ui);
    let size = vec2(ui.available_width() - space::M, 28.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let left = key_caps(ui, rect, keys, tokens);
    let words = rect.with_max_x(left - space::M);
    label_in(ui.painter(), words, what, font::body(), tokens.text_primary);
    let spoken = format!("{keys}: {what}");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &spoken));
}

/// Keys as small caps at the right; returns where they begin.
fn key_caps(ui: &Ui, rect: Rect, keys: &str, tokens: &Tokens) -> f32 {
    let mut right = rect.right();
    for cap in keys.split(' ').rev() {
        let plain = cap == "/";
        let color = if plain {
            tokens.text_tertiary
        } else {
            tokens.text_secondary
        };
        let galley = ui
            .painter()
            .layout_no_wrap(cap.to_owned(), font::secondary(), color);
        let padding = if plain { 0.0 } else { 6.0 };
        let width = (galley.size().x + padding * 2.0).max(if plain { 0.0 } else { 20.0 });
        let place = Rect::from_min_max(
            pos2(right - width, rect.center().y - 10.0),
            pos2(right, rect.center().y + 10.0),
        );
        if !plain {
            ui.painter()
                .rect_filled(place, radius::FIELD, tokens.bg_active);
        }
        ui.painter()
            .galley(place.center() - galley.size() / 2.0, galley, color);
        right -= width + space::XS;
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_by_what_they_do_and_by_what_is_pressed() {
        let count = |wanted: &str| {
            let all = GROUPS
                .iter()
                .flat_map(|group| group.keys.iter().map(move |(k, w)| (group.name, k, w)));
            all.filter(|(name, keys, what)| matches(wanted, name, keys, what))
                .count()
        };
        assert_eq!(count("larger text"), 1);
        assert!(count("ctrl") > 8);
        assert!(count("large view zoom") == 1);
        assert_eq!(count("nothing like this"), 0);
    }
}
