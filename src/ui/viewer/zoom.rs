//! Where a picture lies on the stage. Pure: points in, points out.

use egui::{Pos2, Rect, Vec2, vec2};

/// Free ground around a fitted picture, in points.
const MARGIN: f32 = 24.0;

/// Screen pixels a picture pixel may become at most.
const MOST: f32 = 16.0;

/// The scales that `+` and `−` stop at.
const STOPS: [f32; 17] = [
    0.05, 0.1, 0.17, 0.25, 0.33, 0.5, 0.67, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0, 12.0, MOST,
];

/// How large a picture is shown, and which part of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Zoom {
    /// The whole picture; small ones are not blown up.
    #[default]
    Fit,
    At {
        /// Screen pixels a picture pixel.
        scale: f32,
        /// What lies in the middle of the stage: 0 to 1 across the picture.
        center: Vec2,
    },
}

/// A stage and a picture.
#[derive(Clone, Copy, Debug)]
pub struct Geometry {
    /// In points.
    pub stage: Rect,
    /// In pixels.
    pub picture: Vec2,
    pub pixels_per_point: f32,
}

impl Geometry {
    /// The scale at which the whole picture is seen.
    pub fn fit_scale(&self) -> f32 {
        let room = (self.stage.size() - Vec2::splat(MARGIN * 2.0)).max(Vec2::splat(16.0))
            * self.pixels_per_point;
        let fitting = (room.x / self.picture.x).min(room.y / self.picture.y);
        // A picture pixel never fills more than a point.
        fitting.min(self.pixels_per_point)
    }

    /// Screen pixels a picture pixel.
    pub fn scale(&self, zoom: Zoom) -> f32 {
        match zoom {
            Zoom::Fit => self.fit_scale(),
            Zoom::At { scale, .. } => scale.clamp(self.fit_scale().min(1.0), MOST),
        }
    }

    /// Where the picture lies, in points, on whole screen pixels.
    pub fn place(&self, zoom: Zoom) -> Rect {
        let scale = self.scale(zoom) / self.pixels_per_point;
        let size = self.picture * scale;
        let center = self.center(zoom, size);
        let min = self.stage.center() - size * center;
        let snap = |value: f32| (value * self.pixels_per_point).round() / self.pixels_per_point;
        let min = Pos2::new(snap(min.x), snap(min.y));
        Rect::from_min_size(min, vec2(snap(size.x), snap(size.y)))
    }

    /// The middle that may be had: no empty ground where the picture is larger than the stage.
    fn center(&self, zoom: Zoom, size: Vec2) -> Vec2 {
        let wanted = match zoom {
            Zoom::Fit => Vec2::splat(0.5),
            Zoom::At { center, .. } => center,
        };
        let along = |wanted: f32, size: f32, stage: f32| {
            if size <= stage {
                return 0.5;
            }
            let edge = stage / size / 2.0;
            wanted.clamp(edge, 1.0 - edge)
        };
        vec2(
            along(wanted.x, size.x, self.stage.width()),
            along(wanted.y, size.y, self.stage.height()),
        )
    }

    /// Whether there is more of the picture than the stage shows.
    pub fn can_pan(&self, zoom: Zoom) -> bool {
        let place = self.place(zoom);
        place.width() > self.stage.width() + 0.5 || place.height() > self.stage.height() + 0.5
    }

    /// Another scale, with the same spot of the picture under `at`.
    pub fn zoomed_to(&self, zoom: Zoom, scale: f32, at: Pos2) -> Zoom {
        let fit = self.fit_scale();
        if scale <= fit * 1.001 {
            return Zoom::Fit;
        }
        let scale = scale.min(MOST.max(fit));
        let before = self.place(zoom);
        let spot = (at - before.min) / before.size();
        let size = self.picture * scale / self.pixels_per_point;
        let center = spot + (self.stage.center() - at) / size;
        Zoom::At {
            scale,
            center: self.center(Zoom::At { scale, center }, size),
        }
    }

    /// Larger or smaller by a factor, at the pointer.
    pub fn zoomed_by(&self, zoom: Zoom, factor: f32, at: Pos2) -> Zoom {
        self.zoomed_to(zoom, self.scale(zoom) * factor, at)
    }

    /// The next stop up or down.
    pub fn stepped(&self, zoom: Zoom, up: bool) -> Zoom {
        let now = self.scale(zoom);
        let next = if up {
            STOPS.iter().copied().find(|stop| *stop > now * 1.01)
        } else {
            STOPS.iter().rev().copied().find(|stop| *stop < now * 0.99)
        };
        match next {
            Some(scale) => self.zoomed_to(zoom, scale, self.stage.center()),
            None => zoom,
        }
    }

    /// Fitted, or pixel for pixel at `at`. A picture that fits pixel for pixel is shown twice as large.
    pub fn toggled(&self, zoom: Zoom, at: Pos2) -> Zoom {
        match zoom {
            Zoom::At { .. } => Zoom::Fit,
            Zoom::Fit if self.fit_scale() > 0.99 => self.zoomed_to(zoom, 2.0, at),
            Zoom::Fit => self.zoomed_to(zoom, 1.0, at),
        }
    }

    /// Dragged by so many points.
    pub fn panned(&self, zoom: Zoom, by: Vec2) -> Zoom {
        let Zoom::At { scale, center } = zoom else {
            return zoom;
        };
        let size = self.picture * scale / self.pixels_per_point;
        let center = center - by / size;
        Zoom::At {
            scale,
            center: self.center(Zoom::At { scale, center }, size),
        }
    }
}

/// "68 %"
pub fn percent(scale: f32) -> String {
    format!("{:.0} %", scale * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::pos2;

    fn geometry(picture: Vec2) -> Geometry {
        Geometry {
            stage: Rect::from_min_size(pos2(100.0, 50.0), vec2(1000.0, 600.0)),
            picture,
            pixels_per_point: 1.0,
        }
    }

    #[test]
    fn a_large_picture_is_seen_whole_and_a_small_one_is_not_blown_up() {
        let large = geometry(vec2(4000.0, 2000.0));
        let place = large.place(Zoom::Fit);
        assert!(large.stage.contains_rect(place), "{place}");
        assert!((place.aspect_ratio() - 2.0).abs() < 0.01);
        assert_eq!(geometry(vec2(64.0, 64.0)).place(Zoom::Fit).width(), 64.0);
    }

    #[test]
    fn the_spot_under_the_pointer_stays_there() {
        let geometry = geometry(vec2(4000.0, 3000.0));
        let at = pos2(640.0, 420.0);
        let spot = |zoom| {
            let place = geometry.place(zoom);
            (at - place.min) / place.size()
        };
        // Along a side that fits the stage, the picture stays in the middle instead.
        let mut zoom = geometry.toggled(Zoom::Fit, at);
        let before = spot(zoom);
        for _ in 0..6 {
            zoom = geometry.zoomed_by(zoom, 1.3, at);
        }
        let after = spot(zoom);
        assert!((before - after).length() < 0.002, "{before} {after}");
    }

    #[test]
    fn dragging_shows_no_empty_ground() {
        let geometry = geometry(vec2(4000.0, 3000.0));
        let zoom = geometry.toggled(Zoom::Fit, geometry.stage.center());
        let far = geometry.panned(zoom, vec2(-99_999.0, 99_999.0));
        let place = geometry.place(far);
        assert!(place.contains_rect(geometry.stage), "{place}");
        assert!((place.right() - geometry.stage.right()).abs() <= 1.0);
        assert!((place.top() - geometry.stage.top()).abs() <= 1.0);
    }

    #[test]
    fn zooming_out_ends_at_the_whole_picture_and_in_at_a_limit() {
        let geometry = geometry(vec2(4000.0, 3000.0));
        let mut zoom = Zoom::Fit;
        for _ in 0..40 {
            zoom = geometry.stepped(zoom, true);
        }
        assert_eq!(geometry.scale(zoom), MOST);
        for _ in 0..40 {
            zoom = geometry.stepped(zoom, false);
        }
        assert_eq!(zoom, Zoom::Fit);
    }

    #[test]
    fn pixel_for_pixel_means_screen_pixels() {
        let geometry = Geometry {
            pixels_per_point: 2.0,
            ..geometry(vec2(4000.0, 3000.0))
        };
        let zoom = geometry.toggled(Zoom::Fit, geometry.stage.center());
        assert_eq!(geometry.place(zoom).width(), 2000.0);
        assert_eq!(percent(geometry.scale(zoom)), "100 %");
    }
}
