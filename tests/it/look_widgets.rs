//! Every widget once, in both themes.

use egui::{Id, Ui, vec2};
use egui_kittest::Harness;
use florist::model::RunStage;
use florist::settings::Theme;
use florist::ui::theme::{self, Icon};
use florist::ui::widgets::{
    ButtonKind, TextField, button, chip_button, filter_chip, icon_button, link, progress_bar,
    quiet_button, run_pill, search_field, segmented, small_icon_button, stepper, tabs, text_field,
};

/// A sheet with the widgets on it.
struct Sheet {
    words: [String; 3],
}

impl eframe::App for Sheet {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let ground = egui::Frame::new().fill(theme::tokens(ui).bg_app);
        ground.inner_margin(16.0).show(ui, |ui| {
            ui.set_min_size(ui.available_size());
            ui.spacing_mut().item_spacing = vec2(8.0, 12.0);
            ui.horizontal(pills);
            ui.horizontal(buttons);
            ui.horizontal(choices);
            ui.horizontal(|ui| fields(ui, &mut self.words));
            progress_bar(ui, Some(0.62));
        });
    }
}

fn pills(ui: &mut Ui) {
    for stage in [
        RunStage::Waiting,
        RunStage::Running,
        RunStage::Downloading,
        RunStage::Done,
        RunStage::Failed,
        RunStage::Unknown,
    ] {
        run_pill(ui, stage);
    }
}

fn buttons(ui: &mut Ui) {
    quiet_button(ui, ButtonKind::Primary, Some(Icon::Download), "Save as…");
    button(ui, Some(Icon::RefreshCw), "Refresh");
    button(ui, None, "Cancel");
    icon_button(ui, Icon::Copy, "Copy");
    small_icon_button(ui, Icon::X, "Close");
    link(ui, "Connect FLORA…");
}

fn choices(ui: &mut Ui) {
    segmented(ui, 1, &[(0, "Dark"), (1, "Light"), (2, "System")]);
    stepper::stepper(ui, 3, 1..=20, "Times to run");
    chip_button(ui, "Status");
    filter_chip(ui, "Status is", "Failed");
    tabs(ui, 0, &[(0, "Output"), (1, "Inputs")]);
}

fn fields(ui: &mut Ui, words: &mut [String; 3]) {
    let [search, plain, wrong] = words;
    search_field(ui, Id::unique("search"), search, "Search runs", 180.0);
    for (text, name, error) in [(plain, "Words", false), (wrong, "Seconds", true)] {
        let field = TextField {
            text,
            name,
            hint: "",
            width: 180.0,
            masked: false,
            error,
        };
        text_field(ui, Id::unique(name), field, (0.0, |_: &mut Ui| {}));
    }
}

fn sheet(theme: Theme) -> Harness<'static, Sheet> {
    let painted = match theme {
        Theme::Light => egui::Theme::Light,
        Theme::Dark | Theme::System => egui::Theme::Dark,
    };
    let mut harness = Harness::builder()
        .with_size([620.0, 260.0])
        .with_theme(painted)
        .with_pixels_per_point(1.0)
        .build_eframe(|cc| {
            theme::install_fonts(&cc.egui_ctx);
            theme::apply(&cc.egui_ctx, theme, 1.0);
            Sheet {
                words: ["", "quiet harbour", "twelve"].map(str::to_owned),
            }
        });
    harness.run_steps(4);
    harness
}

#[test]
fn the_widgets_in_dark() {
    sheet(Theme::Dark).snapshot("widgets-dark");
}

#[test]
fn the_widgets_in_light() {
    sheet(Theme::Light).snapshot("widgets-light");
}
