//! Putting everything together, alike for a person and for tests.

use std::sync::Arc;

use egui::{Context, Vec2, ViewportBuilder, pos2, vec2};

use super::{Florist, NativePicker, Picker};
use crate::library::Places;
use crate::message::Event;
use crate::model::{Notice, NoticeLevel, Problem};
use crate::settings::Settings;
use crate::state::AppState;
use crate::worker::{
    self, Desktop, Environment, KeyVault, StudioOptions, SystemDesktop, SystemVault, Timings,
    WorkerConfig,
};

/// The window's title, and the name by which the system knows it.
pub const WINDOW_TITLE: &str = "Florist";

const DEFAULT_SIZE: Vec2 = vec2(1440.0, 900.0);
const LEAST_SIZE: Vec2 = vec2(960.0, 600.0);

/// Why the window did not open.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("There is no display to open a window on; set DISPLAY or WAYLAND_DISPLAY")]
    NoDisplay,
    #[error("The window could not be opened: {0}")]
    Window(String),
}

/// Everything the app is started with.
pub struct Launcher {
    pub places: Places,
    pub environment: Environment,
    pub picker: Box<dyn Picker>,
    pub desktop: Arc<dyn Desktop>,
    pub vault: Arc<dyn KeyVault>,
    pub studio: StudioOptions,
    pub timings: Timings,
}

impl Launcher {
    /// As a person gets it.
    pub fn for_person(places: Places, environment: Environment) -> Self {
        Self {
            places,
            environment,
            picker: Box::new(NativePicker::default()),
            desktop: Arc::new(SystemDesktop),
            vault: Arc::new(SystemVault),
            studio: StudioOptions::default(),
            timings: Timings::default(),
        }
    }

    /// Starts the worker and builds the app around it.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn build(self, ctx: &Context) -> std::io::Result<Florist> {
        let (settings, problems) = Settings::load(&self.places.settings());
        self.build_with(ctx, settings, problems)
    }

    fn build_with(
        self,
        ctx: &Context,
        settings: Settings,
        problems: Vec<Problem>,
    ) -> std::io::Result<Florist> {
        let chosen = settings.library_folder.clone();
        let library = chosen.unwrap_or_else(|| self.places.library.clone());
        let crashed = super::crash::notice(&self.places);
        let config = WorkerConfig {
            places: self.places,
            settings: settings.clone(),
            environment: self.environment,
            desktop: self.desktop,
            vault: self.vault,
            studio: self.studio,
            timings: self.timings,
        };
        let waker = ctx.clone();
        let worker = worker::start(config, move || {
            #[expect(
                clippy::disallowed_methods,
                reason = "the outbox is what wakes the window"
            )]
            waker.request_repaint();
        })?;
        let mut state = AppState::new(settings);
        state.library_folder = Some(library);
        let mut app = Florist::new(ctx, state, worker, self.picker);
        if let Some(notice) = crashed {
            app.apply(Event::Noticed(notice));
        }
        for problem in problems {
            app.apply(Event::Noticed(notice(problem)));
        }
        Ok(app)
    }
}

fn notice(problem: Problem) -> Notice {
    Notice {
        level: NoticeLevel::Warning,
        text: problem.summary,
        details: problem.details,
        actions: Vec::new(),
    }
}

/// Opens the window and returns when it is closed.
///
/// # Errors
/// When there is no display, or the system refuses a window.
pub fn run_window(launcher: Launcher) -> Result<(), StartError> {
    if cfg!(target_os = "linux") && !has_display() {
        return Err(StartError::NoDisplay);
    }
    let (settings, problems) = Settings::load(&launcher.places.settings());
    let options = eframe::NativeOptions {
        viewport: viewport(&settings),
        renderer: eframe::Renderer::Glow,
        persist_window: false,
        centered: settings.window.is_none(),
        ..eframe::NativeOptions::default()
    };
    let create = move |cc: &eframe::CreationContext<'_>| -> Result<Box<dyn eframe::App>, _> {
        Ok(Box::new(launcher.build_with(
            &cc.egui_ctx,
            settings,
            problems,
        )?))
    };
    eframe::run_native(WINDOW_TITLE, options, Box::new(create))
        .map_err(|error| StartError::Window(error.to_string()))
}

fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

fn viewport(settings: &Settings) -> ViewportBuilder {
    let builder = ViewportBuilder::default()
        .with_title(WINDOW_TITLE)
        .with_app_id("florist")
        .with_min_inner_size(LEAST_SIZE)
        .with_drag_and_drop(true);
    match settings.window {
        Some(window) => builder
            .with_inner_size(vec2(window.width, window.height).max(LEAST_SIZE))
            .with_position(pos2(window.x, window.y))
            .with_maximized(window.maximized),
        None => builder.with_inner_size(DEFAULT_SIZE),
    }
}
