//! A picture on the stage: its small version at once, its pixels as soon as they are there.

use egui::{
    Color32, ColorImage, CursorIcon, Key, Modifiers, Painter, PointerButton, Pos2, Rect, Response,
    TextureHandle, TextureOptions, Ui, vec2,
};

use super::zoom::{Geometry, Zoom};
use super::{Screen as Viewer, Seen, Subject};
use crate::model::{MediaKind, Output, PreviewKey, Problem};
use crate::ui::Frame;
use crate::ui::keys::{is_covered, is_typing, press};
use crate::ui::textures::{Picture, Shown};
use crate::ui::theme::tokens;

/// What it remembers between frames.
#[derive(Default)]
pub(super) struct Screen {
    /// Four squares, repeated; and the colours they were made of.
    checker: Option<([Color32; 2], TextureHandle)>,
    /// How large the picture is painted: screen pixels a picture pixel.
    pub scale: Option<f32>,
    /// The bar's zoom button was pressed.
    pub toggle: bool,
}

/// The best picture there is of an output so far.
pub(super) enum Best<'a> {
    /// With as many pixels as are shown at all.
    Whole(Shown),
    /// The rest is on its way.
    Small(Shown),
    Nothing,
    Failed(&'a Problem, Option<Shown>),
}

impl Best<'_> {
    /// What can be painted.
    pub fn shown(&self) -> Option<&Shown> {
        match self {
            Self::Whole(shown) | Self::Small(shown) => Some(shown),
            Self::Failed(_, shown) => shown.as_ref(),
            Self::Nothing => None,
        }
    }
}

/// Paints the picture and takes wheel, drags, double clicks and keys for it.
pub(super) fn ui(
    ui: &mut Ui,
    viewer: &mut Viewer,
    subject: &Subject<'_>,
    response: &Response,
    best: &Best<'_>,
) {
    let Some(shown) = best.shown() else {
        viewer.picture.scale = None;
        return;
    };
    let (width, height) = shown.original;
    viewer.keep_or_reset_zoom(Seen {
        output: subject.output.key,
        run: subject.run.key,
        pixels: shown.original,
    });
    let geometry = Geometry {
        stage: response.rect,
        picture: vec2(width.max(1) as f32, height.max(1) as f32),
        pixels_per_point: ui.pixels_per_point(),
    };
    if std::mem::take(&mut viewer.picture.toggle) {
        viewer.zoom = geometry.toggled(viewer.zoom, geometry.stage.center());
    }
    viewer.zoom = moved(ui, response, &geometry, viewer.zoom);
    viewer.picture.scale = Some(geometry.scale(viewer.zoom));
    let place = geometry.place(viewer.zoom);
    let painter = ui.painter().with_clip_rect(response.rect);
    if may_be_transparent(subject.output) {
        checker(ui, &mut viewer.picture, &painter, place);
    }
    let whole = Rect::from_min_max(Pos2::ZERO, Pos2::new(1.0, 1.0));
    painter.image(shown.texture.id(), place, whole, Color32::WHITE);
}

/// The full picture, else the small one, which is only asked for while the full one is not there.
pub(super) fn best<'a>(ui: &Ui, output: &Output, frame: &mut Frame<'a>) -> Best<'a> {
    if !matches!(output.kind, MediaKind::Image | MediaKind::Video) {
        return Best::Nothing;
    }
    let previews = &frame.state.previews;
    let full = PreviewKey::full(output.key);
    let small = PreviewKey::thumb(output.key);
    match frame.textures.get(ui, previews, &full, frame.actions) {
        Picture::Shown(shown) => Best::Whole(shown),
        Picture::Loading => match frame.textures.get(ui, previews, &small, frame.actions) {
            Picture::Shown(shown) => Best::Small(shown),
            _ => Best::Nothing,
        },
        Picture::Failed(problem) => Best::Failed(problem, frame.textures.peek(&small)),
    }
}

fn moved(ui: &Ui, response: &Response, geometry: &Geometry, zoom: Zoom) -> Zoom {
    let zoom = keyed(ui, geometry, zoom);
    let zoom = pointed(ui, response, geometry, zoom);
    if geometry.can_pan(zoom) && response.hovered() {
        ui.set_cursor_icon(if response.dragged() {
            CursorIcon::Grabbing
        } else {
            CursorIcon::Grab
        });
    }
    zoom
}

fn keyed(ui: &Ui, geometry: &Geometry, zoom: Zoom) -> Zoom {
    if is_covered(ui) || is_typing(ui) {
        return zoom;
    }
    let pointer = ui.input(|input| input.pointer.hover_pos());
    let at = pointer
        .filter(|at| geometry.stage.contains(*at))
        .unwrap_or(geometry.stage.center());
    let larger = press(ui, Modifiers::NONE, Key::Plus)
        || press(ui, Modifiers::SHIFT, Key::Plus)
        || press(ui, Modifiers::NONE, Key::Equals);
    if larger {
        geometry.stepped(zoom, true)
    } else if press(ui, Modifiers::NONE, Key::Minus) {
        geometry.stepped(zoom, false)
    } else if press(ui, Modifiers::NONE, Key::Num0) {
        Zoom::Fit
    } else if press(ui, Modifiers::NONE, Key::Z) {
        geometry.toggled(zoom, at)
    } else {
        zoom
    }
}

fn pointed(ui: &Ui, response: &Response, geometry: &Geometry, zoom: Zoom) -> Zoom {
    if response.dragged_by(PointerButton::Primary) || response.dragged_by(PointerButton::Middle) {
        return geometry.panned(zoom, response.drag_delta());
    }
    let Some(at) = response.hover_pos() else {
        return zoom;
    };
    if response.double_clicked() {
        return geometry.toggled(zoom, at);
    }
    // A notch of a wheel is 50 points or so: about a fifth larger.
    const WHEEL: f32 = 0.0035;
    let factor =
        ui.input(|input| (input.smooth_scroll_delta().y * WHEEL).exp() * input.zoom_delta());
    if (factor - 1.0).abs() < f32::EPSILON {
        zoom
    } else {
        geometry.zoomed_by(zoom, factor, at)
    }
}

fn may_be_transparent(output: &Output) -> bool {
    let format = output.facts.format.as_deref().unwrap_or_default();
    !format.starts_with("JPEG")
}

/// Squares of 8 points under the picture.
fn checker(ui: &Ui, screen: &mut Screen, painter: &Painter, place: Rect) {
    const SQUARE: f32 = 8.0;
    let colors = tokens(ui).checker;
    if screen
        .checker
        .as_ref()
        .is_none_or(|(made_of, _)| *made_of != colors)
    {
        let [a, b] = colors;
        let image = ColorImage::new([2, 2], vec![a, b, b, a]);
        let texture = ui.load_texture("checker", image, TextureOptions::NEAREST_REPEAT);
        screen.checker = Some((colors, texture));
    }
    if let Some((_, texture)) = &screen.checker {
        let seen = place.intersect(painter.clip_rect());
        let uv = Rect::from_min_max(
            ((seen.min - place.min) / (SQUARE * 2.0)).to_pos2(),
            ((seen.max - place.min) / (SQUARE * 2.0)).to_pos2(),
        );
        painter.image(texture.id(), seen, uv, Color32::WHITE);
    }
}
