//! egui's own widgets in Florist's colours.

use egui::style::{ScrollStyle, WidgetVisuals, Widgets};
use egui::{
    Color32, Context, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, Style, TextStyle,
    Theme, ThemePreference, Vec2, Visuals,
};

use super::{Tokens, font, radius, size, space};
use crate::settings;

/// Makes both themes and chooses one. Cheap enough to call whenever the settings change.
pub fn apply(ctx: &Context, theme: settings::Theme, text_scale: f32) {
    for theme in [Theme::Dark, Theme::Light] {
        ctx.style_mut_of(theme, |style| dress(style, theme));
    }
    ctx.set_theme(match theme {
        settings::Theme::Dark => ThemePreference::Dark,
        settings::Theme::Light => ThemePreference::Light,
        settings::Theme::System => ThemePreference::System,
    });
    // The text size is a setting; egui's own shortcuts would bypass it.
    ctx.options_mut(|options| options.zoom_with_keyboard = false);
    if (ctx.zoom_factor() - text_scale).abs() > f32::EPSILON {
        ctx.set_zoom_factor(text_scale);
    }
}

fn dress(style: &mut Style, theme: Theme) {
    let tokens = Tokens::of(theme);
    style.text_styles = [
        (TextStyle::Small, font::caption()),
        (TextStyle::Body, font::body()),
        (TextStyle::Button, font::body()),
        (TextStyle::Heading, font::title()),
        (
            TextStyle::Monospace,
            FontId::new(12.0, FontFamily::Monospace),
        ),
    ]
    .into();
    style.visuals = visuals(tokens, theme);
    style.animation_time = 0.08;
    let spacing = &mut style.spacing;
    spacing.item_spacing = Vec2::new(space::S, space::S);
    spacing.button_padding = Vec2::new(space::M, space::XS);
    spacing.interact_size = Vec2::new(size::HIT, size::HIT);
    spacing.menu_margin = Margin::same(6);
    spacing.window_margin = Margin::same(24);
    spacing.icon_width = 16.0;
    spacing.tooltip_width = 360.0;
    spacing.scroll = ScrollStyle {
        bar_width: 8.0,
        floating_width: 6.0,
        foreground_color: true,
        dormant_background_opacity: 0.0,
        active_background_opacity: 0.0,
        interact_background_opacity: 0.0,
        ..ScrollStyle::floating()
    };
    style.interaction.tooltip_delay = 0.5;
    style.interaction.selectable_labels = false;
    style.url_in_tooltip = true;
}

fn visuals(tokens: &Tokens, theme: Theme) -> Visuals {
    let mut visuals = match theme {
        Theme::Dark => Visuals::dark(),
        Theme::Light => Visuals::light(),
    };
    visuals.panel_fill = tokens.bg_app;
    visuals.window_fill = tokens.bg_raised;
    visuals.window_stroke = Stroke::new(1.0, tokens.border_subtle);
    visuals.window_corner_radius = CornerRadius::same(radius::POPUP);
    visuals.menu_corner_radius = CornerRadius::same(radius::POPUP);
    let shadow = Shadow {
        offset: [0, 6],
        blur: 24,
        spread: 0,
        // On light ground as dark a shadow would look like dirt.
        color: match theme {
            Theme::Dark => Color32::from_black_alpha(96),
            Theme::Light => Color32::from_black_alpha(40),
        },
    };
    visuals.window_shadow = shadow;
    visuals.popup_shadow = shadow;
    visuals.extreme_bg_color = tokens.bg_input;
    visuals.text_edit_bg_color = Some(tokens.bg_input);
    visuals.faint_bg_color = tokens.bg_panel;
    visuals.code_bg_color = tokens.bg_raised;
    visuals.hyperlink_color = tokens.accent;
    visuals.warn_fg_color = tokens.needs_you.text;
    visuals.error_fg_color = tokens.failed.text;
    visuals.weak_text_color = Some(tokens.text_tertiary);
    visuals.override_text_color = None;
    visuals.selection.bg_fill = tokens.selection;
    visuals.selection.stroke = Stroke::new(1.0, tokens.text_primary);
    visuals.text_cursor.stroke = Stroke::new(2.0, tokens.accent);
    visuals.striped = false;
    visuals.widgets = widgets(tokens, theme);
    visuals
}

fn widgets(tokens: &Tokens, theme: Theme) -> Widgets {
    let state = |fill: Color32, border: Color32, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, border),
        corner_radius: CornerRadius::same(radius::BUTTON),
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    };
    let clear = Color32::TRANSPARENT;
    // On white and nearly white grounds a raised button would not be seen.
    let at_rest = match theme {
        Theme::Dark => tokens.bg_raised,
        Theme::Light => tokens.bg_hover,
    };
    Widgets {
        noninteractive: state(tokens.bg_panel, tokens.border_subtle, tokens.text_primary),
        inactive: state(at_rest, clear, tokens.text_primary),
        hovered: state(tokens.bg_hover, clear, tokens.text_primary),
        active: state(tokens.bg_active, clear, tokens.text_primary),
        open: state(tokens.bg_hover, clear, tokens.text_primary),
    }
}
