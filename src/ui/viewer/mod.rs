//! The large view of one output: a stage, a bar above it, and the neighbours below it.

mod filmstrip;
mod keys;
mod markdown;
mod media;
mod picture;
mod reading;
mod stage;
mod top_bar;
mod zoom;

use std::sync::Arc;

use egui::{EventFilter, Id, Ui};

use super::Frame;
use super::inspector;
use super::widgets::loading_state;
use crate::model::{MediaKind, Output, OutputKey, PreviewKey, RowKey, Run};
use crate::settings::InspectorPanel;
use crate::state::{Action, AppState, Viewing};
use zoom::Zoom;

/// What the viewer remembers between frames.
#[derive(Default)]
pub struct Screen {
    opening: Opening,
    zoom: Zoom,
    /// What was shown in the last frame, to decide whether the zoom stays.
    seen: Option<Seen>,
    ground: Ground,
    chrome: Chrome,
    /// Tab was pressed: from then on the stage shows when it has the keyboard.
    walked: bool,
    picture: picture::Screen,
    reading: reading::Screen,
}

/// Whether the viewer is open, and what to give the keyboard back to.
#[derive(Default)]
enum Opening {
    #[default]
    Closed,
    Open {
        focused_before: Option<Id>,
    },
}

/// An output and the size of its picture.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Seen {
    output: OutputKey,
    run: RowKey,
    pixels: (u32, u32),
}

/// The colour around a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Ground {
    #[default]
    Theme,
    Black,
    Grey,
    White,
}

/// Bars around the stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Chrome {
    #[default]
    Shown,
    Hidden,
}

/// What is in view.
struct Subject<'a> {
    viewing: &'a Viewing,
    run: &'a Arc<Run>,
    output: &'a Output,
}

impl Screen {
    /// Whether the picture has the whole window.
    pub fn hides_chrome(&self, state: &AppState) -> bool {
        state.viewer.open.is_some() && self.chrome == Chrome::Hidden
    }

    /// Zoom and pan stay within a run and between equal sizes; else the picture is fitted again.
    fn keep_or_reset_zoom(&mut self, now: Seen) {
        if let Some(before) = self.seen
            && before.output != now.output
        {
            let alike = before.run == now.run || before.pixels == now.pixels;
            if !alike {
                self.zoom = Zoom::Fit;
            }
        }
        self.seen = Some(now);
    }
}

/// Paints the viewer over the whole window but the activity bar.
pub fn ui(ui: &mut Ui, screen: &mut Screen, frame: &mut Frame<'_>) {
    let Some(viewing) = frame.state.viewer.open.clone() else {
        return;
    };
    enter(ui, screen);
    let Some(run) = frame.state.rows.get(viewing.run).cloned() else {
        return loading_state(ui, "Reading the run…");
    };
    let Some(output) = run
        .outputs
        .iter()
        .find(|output| output.key == viewing.output)
    else {
        // It was merged into another or discarded meanwhile.
        return frame.actions.push(Action::CloseViewer);
    };
    let subject = Subject {
        viewing: &viewing,
        run: &run,
        output,
    };
    keys::ui(ui, screen, &subject, frame);
    // Before the strip's small pictures: what is asked for first is made first.
    let best = picture::best(ui, output, frame);
    if screen.chrome == Chrome::Shown {
        top_bar::ui(ui, screen, &subject, frame);
        filmstrip::ui(ui, &subject, frame);
        if frame.state.settings.panels.inspector == InspectorPanel::Shown {
            inspector::viewer_panel(ui, frame);
        }
    }
    stage::ui(ui, screen, &subject, best, frame);
    prefetch(ui, &subject, frame);
}

/// The keyboard goes back to what had it before.
pub fn leave(ui: &Ui, screen: &mut Screen) {
    let Opening::Open { focused_before } = std::mem::take(&mut screen.opening) else {
        return;
    };
    screen.chrome = Chrome::Shown;
    screen.walked = false;
    screen.zoom = Zoom::Fit;
    screen.seen = None;
    if let Some(id) = focused_before {
        ui.memory_mut(|memory| memory.request_focus(id));
    }
}

fn enter(ui: &Ui, screen: &mut Screen) {
    if matches!(screen.opening, Opening::Closed) {
        let focused_before = ui.memory(|memory| memory.focused());
        screen.opening = Opening::Open { focused_before };
        ui.memory_mut(|memory| memory.request_focus(stage_id()));
    }
    // Arrows step through outputs here, wherever the keyboard is; they do not wander between the buttons.
    let filter = EventFilter {
        tab: false,
        horizontal_arrows: true,
        vertical_arrows: true,
        escape: false,
    };
    ui.memory_mut(|memory| {
        if let Some(id) = memory.focused() {
            memory.set_focus_lock_filter(id, filter);
        }
    });
}

fn stage_id() -> Id {
    Id::unique("viewer-stage")
}

/// "Picture 3 of 4, Glam Shots, done"
fn spoken_name(subject: &Subject<'_>) -> String {
    let mut noun = subject.output.kind.noun().to_owned();
    if let Some(first) = noun.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    format!(
        "{noun} {} of {}, {}, {}",
        subject.output.index + 1,
        subject.run.outputs.len(),
        subject.run.technique_name,
        subject.run.stage.word().to_lowercase()
    )
}

/// The outputs that a step is likely to lead to next are made ready, as long as they are small enough to be kept.
fn prefetch(ui: &Ui, subject: &Subject<'_>, frame: &mut Frame<'_>) {
    const BUDGET: u64 = 96 << 20;
    let mut left = BUDGET;
    for (run, output) in filmstrip::neighbours(subject, frame.state, 1, 3) {
        let output = &run.outputs[output];
        let pixels = output.facts.width.zip(output.facts.height);
        let bytes = pixels.map_or(16 << 20, |(width, height)| {
            u64::from(width) * u64::from(height) * 4
        });
        if output.kind != MediaKind::Image || bytes > left {
            continue;
        }
        left -= bytes;
        let key = PreviewKey::full(output.key);
        frame
            .textures
            .get(ui, &frame.state.previews, &key, frame.actions);
    }
}
