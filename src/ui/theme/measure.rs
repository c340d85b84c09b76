//! Sizes in points, on a grid of four.

/// Distances.
pub mod space {
    pub const HAIR: f32 = 2.0;
    pub const XS: f32 = 4.0;
    pub const S: f32 = 8.0;
    pub const M: f32 = 12.0;
    pub const L: f32 = 16.0;
    pub const XL: f32 = 24.0;
    pub const XXL: f32 = 32.0;
    pub const HUGE: f32 = 48.0;
}

/// Heights and widths of things.
pub mod size {
    pub const BUTTON: f32 = 32.0;
    pub const BUTTON_SMALL: f32 = 24.0;
    pub const BUTTON_PRIMARY: f32 = 36.0;
    pub const FIELD: f32 = 32.0;
    pub const LIST_ROW: f32 = 28.0;
    pub const PLACE_ROW: f32 = 32.0;
    pub const PILL: f32 = 20.0;
    pub const TOP_BAR: f32 = 40.0;
    pub const VIEWER_BAR: f32 = 48.0;
    pub const FILMSTRIP: f32 = 88.0;
    pub const ACTIVITY_BAR: f32 = 28.0;
    pub const SIDEBAR: f32 = 224.0;
    pub const SIDEBAR_ICONS: f32 = 56.0;
    pub const TECHNIQUES: f32 = 280.0;
    pub const ICON: f32 = 16.0;
    /// Smallest target for a pointer.
    pub const HIT: f32 = 28.0;
    pub const THUMB_ROW: f32 = 40.0;
}

/// Corner radii.
pub mod radius {
    pub const THUMB: u8 = 2;
    pub const FIELD: u8 = 4;
    pub const TILE: u8 = 4;
    pub const PILL: u8 = 4;
    pub const BUTTON: u8 = 6;
    pub const CARD: u8 = 6;
    pub const POPUP: u8 = 8;
}
