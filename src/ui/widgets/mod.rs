//! Small parts that every place uses. Functions until they must remember.

mod button;
mod checkbox;
mod chip;
mod empty;
mod field;
mod link;
mod menu;
mod pill;
mod progress;
mod segmented;
mod splitter;
pub mod stepper;
mod tabs;
mod text;
mod thumb;

pub use button::{
    ButtonKind, button, icon_button, on_raised_card, on_stage, primary_button, quiet_button,
    small_icon_button, tiny_icon_button,
};
pub use checkbox::select_box;
pub use chip::{chip_button, chip_button_width, filter_chip, filter_chip_width};
pub use empty::{empty_state, loading_state};
pub use field::{TextField, field_frame, search_field, text_field};
pub use link::{link, row_link};
pub use menu::{menu_choice, menu_item, menu_line, menu_title};
pub use pill::run_pill;
pub use progress::{progress_bar, ring};
pub use segmented::segmented;
pub use splitter::splitter;
pub use tabs::tabs;
pub use text::{focus_ring, label, label_in, label_right, truncated};
pub use thumb::{Fit, badge, picture, thumb, waveform};
