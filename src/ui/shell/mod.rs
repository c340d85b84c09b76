//! The frame around the places: where one is, whom one talks to, and what goes on.

mod activity_bar;
mod banner;
mod notices;
mod profile;
mod sidebar;

pub use activity_bar::activity_bar;
pub use banner::banner;
pub use notices::notices;
pub use profile::strip;
pub use sidebar::sidebar;
