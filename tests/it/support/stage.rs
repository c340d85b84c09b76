//! The window's contents without a window: painted by egui_kittest, clicked by accessible name.

use egui_kittest::Harness;
use florist::settings::{Settings, Theme};
use florist::state::AppState;
use florist::ui::{self, Actions, Screens, theme};

use super::world::{World, noon};

/// A world, what the window remembers, and what was wanted in the last frame.
pub struct Stage {
    pub world: World,
    screens: Screens,
    actions: Actions,
    /// Theme and text size as they were last applied.
    dressed: (Theme, f32),
}

/// A window under test.
pub type Window = Harness<'static, Stage>;

/// A harness of this size (points) over a world.
pub fn stage(world: World, size: [f32; 2]) -> Harness<'static, Stage> {
    // The harness sets a theme of its own after the app was made.
    let painted = match world.state.settings.theme {
        Theme::Light => egui::Theme::Light,
        Theme::Dark | Theme::System => egui::Theme::Dark,
    };
    let mut harness = Harness::builder()
        .with_size(size)
        .with_theme(painted)
        .with_pixels_per_point(1.0)
        .with_max_steps(12)
        .build_eframe(|cc| {
            let settings = &world.state.settings;
            let dressed = (settings.theme, settings.text_scale);
            theme::install_fonts(&cc.egui_ctx);
            theme::apply(&cc.egui_ctx, dressed.0, dressed.1);
            Stage {
                dressed,
                world,
                screens: Screens::default(),
                actions: Actions::default(),
            }
        });
    // Textures and rows come within a few frames.
    harness.run_steps(6);
    harness
}

impl eframe::App for Stage {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let settings = &self.world.state.settings;
        let wanted = (settings.theme, settings.text_scale);
        if self.dressed != wanted {
            theme::apply(ui, wanted.0, wanted.1);
            self.dressed = wanted;
        }
        ui::ui(
            ui,
            &self.world.state,
            &mut self.screens,
            &mut self.actions,
            noon(),
        );
        for action in self.actions.take() {
            self.world.act(action);
        }
    }
}

/// Settings in this theme.
pub fn settings(theme: Theme) -> Settings {
    Settings {
        theme,
        ..Settings::default()
    }
}

/// The state, for assertions.
pub fn state<'a>(harness: &'a Harness<'static, Stage>) -> &'a AppState {
    &harness.state().world.state
}

/// Writes what is painted now to `$FLORIST_SHOTS/NAME.png`, to be looked at. Without that variable it does nothing.
pub fn shoot(harness: &mut Harness<'static, Stage>, name: &str) {
    if let Some(folder) = std::env::var_os("FLORIST_SHOTS") {
        let picture = harness.render().expect("a picture");
        std::fs::create_dir_all(&folder).expect("a folder");
        picture
            .save(std::path::Path::new(&folder).join(format!("{name}.png")))
            .expect("saved");
    }
}
