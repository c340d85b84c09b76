//! How Florist looks: every colour, size and font has a role, and its only literal is here.

mod fonts;
mod icon;
mod measure;
mod style;
mod tokens;

pub use fonts::{font, install_fonts};
pub use icon::{icon, icon_text};
pub use measure::{radius, size, space};
pub use style::apply;
pub use tokens::{PillColors, Tokens, tokens};

/// The icon set; one family for the whole app.
pub use lucide_icons::Icon;
