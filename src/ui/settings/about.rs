//! What this is, and whose work it is built on.

use egui::{ScrollArea, Ui};

use super::card::{card, line, row};
use crate::state::Action;
use crate::ui::Frame;
use crate::ui::theme::{Icon, font, tokens};
use crate::ui::widgets::{button, label};

/// Which licence is unfolded.
#[derive(Default)]
pub(super) struct Screen {
    open: Option<usize>,
}

/// Something bundled, and the terms it comes with.
struct Bundled {
    name: &'static str,
    about: &'static str,
    licence: &'static str,
}

const BUNDLED: [Bundled; 3] = [
    Bundled {
        name: "Inter",
        about: "The typeface · SIL Open Font License 1.1",
        licence: include_str!("../../../assets/fonts/OFL.txt"),
    },
    Bundled {
        name: "Hack",
        about: "The typeface of ids and paths · MIT and Bitstream Vera licences",
        licence: include_str!("../../../assets/fonts/HACK-LICENSE.txt"),
    },
    Bundled {
        name: "Lucide",
        about: "The icons · ISC License",
        licence: include_str!("../../../assets/fonts/LUCIDE-LICENSE.txt"),
    },
];

/// Paints the card.
pub(super) fn ui(ui: &mut Ui, screen: &mut Screen, frame: &mut Frame<'_>) {
    let version = format!("Florist {}", env!("CARGO_PKG_VERSION"));
    card(ui, Icon::Info, "About", |ui| {
        let terms = "Under the MIT or the Apache 2.0 licence, as you like";
        row(ui, &version, terms, |ui| {
            if button(ui, None, "Copy version").clicked() {
                let system = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
                let text = format!("{version} on {system}");
                frame.actions.push(Action::CopyText(text));
            }
        });
        for (index, bundled) in BUNDLED.iter().enumerate() {
            line(ui);
            let open = screen.open == Some(index);
            row(ui, bundled.name, bundled.about, |ui| {
                let name = if open {
                    format!("Hide {}'s licence", bundled.name)
                } else {
                    format!("Show {}'s licence", bundled.name)
                };
                if button(ui, None, &name).clicked() {
                    screen.open = (!open).then_some(index);
                }
            });
            if open {
                licence(ui, bundled);
            }
        }
    });
}

fn licence(ui: &mut Ui, bundled: &Bundled) {
    ScrollArea::vertical()
        .id_salt(bundled.name)
        .max_height(220.0)
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            let color = tokens(ui).text_secondary;
            label(ui, bundled.licence, font::secondary(), color);
        });
}
