//! Inter for words, Hack for ids, Lucide for icons; what they lack comes from the system.

use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily, FontId, FontTweak};

const MEDIUM: &str = "medium";
const ICONS: &str = "icons";

/// The type scale: sizes in points, regular and medium only.
pub mod font {
    use super::{FontFamily, FontId, ICONS, MEDIUM};

    /// Badges and captions.
    pub fn caption() -> FontId {
        FontId::proportional(11.0)
    }
    /// Second lines and table headers.
    pub fn secondary() -> FontId {
        FontId::proportional(12.0)
    }
    /// Tables, lists, buttons.
    pub fn body() -> FontId {
        FontId::proportional(13.0)
    }
    /// Names in lists, buttons that matter.
    pub fn body_medium() -> FontId {
        medium(13.0)
    }
    /// What is typed into forms.
    pub fn field() -> FontId {
        FontId::proportional(14.0)
    }
    pub fn section() -> FontId {
        medium(16.0)
    }
    pub fn title() -> FontId {
        medium(20.0)
    }
    pub fn hero() -> FontId {
        medium(28.0)
    }
    /// Long texts.
    pub fn reading() -> FontId {
        FontId::proportional(15.0)
    }
    /// Ids and paths.
    pub fn mono() -> FontId {
        FontId::monospace(12.0)
    }
    pub fn medium(size: f32) -> FontId {
        FontId::new(size, FontFamily::Name(MEDIUM.into()))
    }
    pub fn icon(size: f32) -> FontId {
        FontId::new(size, FontFamily::Name(ICONS.into()))
    }
}

/// Registers the bundled fonts. Glyphs they lack fall back to the system's, in every family.
pub fn install_fonts(ctx: &egui::Context) {
    let mut fonts = FontDefinitions::default();
    let inter = include_bytes!("../../../assets/fonts/Inter-Regular.ttf");
    let inter_medium = include_bytes!("../../../assets/fonts/Inter-Medium.ttf");
    add(&mut fonts, "inter", FontData::from_static(inter));
    add(
        &mut fonts,
        "inter-medium",
        FontData::from_static(inter_medium),
    );
    let lucide = FontData::from_static(lucide_icons::LUCIDE_FONT_BYTES);
    // Lucide's glyphs sit on the baseline; icons are centred on the line instead.
    let tweak = FontTweak {
        hinting: Some(false),
        ..FontTweak::default()
    };
    add(&mut fonts, "lucide", lucide.tweak(tweak));

    prepend(&mut fonts, FontFamily::Proportional, "inter");
    append(&mut fonts, FontFamily::Proportional, "lucide");
    let fallback = fonts
        .families
        .get(&FontFamily::Proportional)
        .cloned()
        .unwrap_or_default();
    let mut medium = vec!["inter-medium".to_owned()];
    medium.extend(fallback);
    fonts
        .families
        .insert(FontFamily::Name(MEDIUM.into()), medium);
    fonts.families.insert(
        FontFamily::Name(ICONS.into()),
        vec!["lucide".to_owned(), "inter".to_owned()],
    );
    append(&mut fonts, FontFamily::Monospace, "inter");
    ctx.set_fonts(fonts);
}

fn add(fonts: &mut FontDefinitions, name: &str, data: FontData) {
    fonts.font_data.insert(name.to_owned(), Arc::new(data));
}

fn prepend(fonts: &mut FontDefinitions, family: FontFamily, name: &str) {
    fonts
        .families
        .entry(family)
        .or_default()
        .insert(0, name.to_owned());
}

fn append(fonts: &mut FontDefinitions, family: FontFamily, name: &str) {
    fonts
        .families
        .entry(family)
        .or_default()
        .push(name.to_owned());
}
