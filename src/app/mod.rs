//! The one room that knows both sides: receives events before a frame, runs actions after it.

pub mod crash;
mod picker;
mod start;
mod window;

pub use picker::{NativePicker, Picker, ScriptedPicker};
pub use start::{Launcher, StartError, WINDOW_TITLE, run_window};

use egui::{ColorImage, Context};

use crate::message::{Command, Event};
use crate::model::{Pixels, now};
use crate::state::{Action, AppState, Request};
use crate::ui::{self, Actions, Screens, theme};
use crate::worker::Handle;
use window::WindowMemory;

/// The app: state, what the window remembers, and the worker.
pub struct Florist {
    state: AppState,
    screens: Screens,
    actions: Actions,
    picker: Box<dyn Picker>,
    window: WindowMemory,
    /// Theme and text size as they were last applied.
    dressed: Option<(crate::settings::Theme, f32)>,
    worker: Handle,
}

impl Florist {
    /// Puts the sides together and asks for what the first frame shows.
    pub fn new(
        ctx: &Context,
        mut state: AppState,
        worker: Handle,
        picker: Box<dyn Picker>,
    ) -> Self {
        theme::install_fonts(ctx);
        for command in state.opening_commands() {
            worker.send(command);
        }
        let mut app = Self {
            state,
            screens: Screens::default(),
            actions: Actions::default(),
            picker,
            window: WindowMemory::default(),
            dressed: None,
            worker,
        };
        app.dress(ctx);
        app
    }

    /// What is known; for tests.
    pub fn state(&self) -> &AppState {
        &self.state
    }

    /// Carries out an action as if the person had asked for it.
    pub fn perform(&mut self, action: Action) {
        let commands = self.state.perform(action, now());
        self.send(commands);
    }

    fn receive(&mut self) {
        for event in self.worker.try_events() {
            self.apply(event);
        }
        for picked in self.picker.answers() {
            self.perform(Action::Picked(picked));
        }
    }

    fn apply(&mut self, event: Event) {
        let commands = self.state.apply(event, now());
        self.send(commands);
    }

    fn send(&self, commands: Vec<Command>) {
        for command in commands {
            self.worker.send(command);
        }
    }

    /// Runs what the frame gathered. What it changed is painted at once.
    fn run_actions(&mut self, ctx: &Context) {
        let actions = self.actions.take();
        if actions.is_empty() {
            return;
        }
        for action in actions {
            self.perform(action);
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "what an action changed must be painted"
        )]
        ctx.request_repaint();
    }

    fn serve_requests(&mut self, ctx: &Context) {
        for request in self.state.take_requests() {
            match request {
                Request::Pick(request) => {
                    let ctx = ctx.clone();
                    let wake = move || {
                        #[expect(clippy::disallowed_methods, reason = "a dialog was answered")]
                        ctx.request_repaint();
                    };
                    self.picker.ask(request, Box::new(wake));
                }
                Request::CopyText(text) => ctx.copy_text(text),
                Request::CopyRuns { runs, what } => {
                    ctx.copy_text(ui::run_text::of_runs(&runs, what, now()));
                }
                Request::CopyPicture(pixels) => ctx.copy_image(color_image(&pixels)),
            }
        }
    }

    fn dress(&mut self, ctx: &Context) {
        let wanted = (self.state.settings.theme, self.state.settings.text_scale);
        if self.dressed != Some(wanted) {
            theme::apply(ctx, wanted.0, wanted.1);
            self.dressed = Some(wanted);
        }
    }
}

fn color_image(pixels: &Pixels) -> ColorImage {
    let size = [pixels.width as usize, pixels.height as usize];
    ColorImage::from_rgba_premultiplied(size, &pixels.rgba)
}

impl eframe::App for Florist {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        self.receive();
        self.serve_requests(ctx);
        if let Some(action) = self.window.observe(ctx) {
            self.perform(action);
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.dress(ui.ctx());
        ui::ui(ui, &self.state, &mut self.screens, &mut self.actions, now());
        let ctx = ui.ctx().clone();
        self.run_actions(&ctx);
        self.serve_requests(&ctx);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        if let Some(action) = self.window.leave() {
            self.perform(action);
        }
    }

    fn persist_egui_memory(&self) -> bool {
        false
    }
}
