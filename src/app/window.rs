//! What the window itself does: it is moved, resized, focused and left.

use egui::{Context, ViewportInfo};

use crate::settings::WindowGeometry;
use crate::state::{Action, SettingsChange};

/// The window as it was seen last.
#[derive(Default)]
pub(super) struct WindowMemory {
    focused: Option<bool>,
    geometry: Option<WindowGeometry>,
}

impl WindowMemory {
    /// Looks at the window once a frame. Says so when it got the focus: something may have happened elsewhere.
    pub fn observe(&mut self, ctx: &Context) -> Option<Action> {
        // Asked for outside: the context's lock is held within.
        let zoom = ctx.zoom_factor();
        let (focused, geometry) =
            ctx.input(|input| (input.focused, geometry(input.viewport(), zoom)));
        self.geometry = geometry.or(self.geometry);
        let before = self.focused.replace(focused);
        (before == Some(false) && focused).then_some(Action::WindowFocused)
    }

    /// The size to come back with.
    pub fn leave(&mut self) -> Option<Action> {
        let geometry = self.geometry.take()?;
        Some(Action::ChangeSettings(SettingsChange::Window(geometry)))
    }
}

/// In points of the unzoomed window, as it is asked for at the start.
fn geometry(viewport: &ViewportInfo, zoom: f32) -> Option<WindowGeometry> {
    let inner = viewport.inner_rect? * zoom;
    let outer = viewport.outer_rect? * zoom;
    if viewport.minimized == Some(true) || inner.width() < 1.0 {
        return None;
    }
    Some(WindowGeometry {
        x: outer.left(),
        y: outer.top(),
        width: inner.width(),
        height: inner.height(),
        maximized: viewport.maximized.unwrap_or(false),
    })
}
