//! Colours by role. Pictures are the only saturated thing: greys are neutral, one restrained accent.

use egui::Color32;

use crate::model::StatusPill;

/// Every colour of one theme.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tokens {
    /// Ground of the viewer.
    pub stage: Color32,
    /// Other grounds of the viewer, the same in both themes: black, 18 % grey for judging tone, white for print.
    pub stage_black: Color32,
    pub stage_grey: Color32,
    pub stage_white: Color32,
    /// Behind what is transparent in a picture.
    pub checker: [Color32; 2],
    pub bg_app: Color32,
    pub bg_panel: Color32,
    pub bg_raised: Color32,
    pub bg_input: Color32,
    pub bg_hover: Color32,
    pub bg_active: Color32,
    /// Decoration only.
    pub border_subtle: Color32,
    /// Fields and checkboxes.
    pub border_control: Color32,
    pub text_primary: Color32,
    pub text_secondary: Color32,
    pub text_tertiary: Color32,
    /// Never the only carrier of meaning.
    pub text_disabled: Color32,
    /// Links and the icon of where one is.
    pub accent: Color32,
    pub accent_fill: Color32,
    pub accent_fill_hover: Color32,
    pub on_accent: Color32,
    pub selection: Color32,
    pub focus: Color32,
    pub danger_fill: Color32,
    pub star: Color32,
    /// Behind badges on pictures.
    pub scrim: Color32,
    pub on_scrim: Color32,
    /// Behind a dialog.
    pub backdrop: Color32,
    pub waiting: PillColors,
    pub running: PillColors,
    pub done: PillColors,
    pub failed: PillColors,
    pub needs_you: PillColors,
    pub cloud: PillColors,
}

/// Text or icon, and the ground of its pill.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PillColors {
    pub text: Color32,
    pub ground: Color32,
}

#[expect(clippy::disallowed_methods, reason = "this is the theme")]
const fn hex(rgb: u32) -> Color32 {
    Color32::from_rgb((rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8)
}

const fn pill(text: u32, ground: u32) -> PillColors {
    PillColors {
        text: hex(text),
        ground: hex(ground),
    }
}

const DARK: Tokens = Tokens {
    stage: hex(0x10_1010),
    stage_black: hex(0x00_0000),
    stage_grey: hex(0x77_7777),
    stage_white: hex(0xFF_FFFF),
    checker: [hex(0x2A_2A2A), hex(0x38_3838)],
    bg_app: hex(0x16_1616),
    bg_panel: hex(0x1C_1C1C),
    bg_raised: hex(0x24_2424),
    bg_input: hex(0x12_1212),
    bg_hover: hex(0x2E_2E2E),
    bg_active: hex(0x38_3838),
    border_subtle: hex(0x30_3030),
    border_control: hex(0x7C_7C7C),
    text_primary: hex(0xED_EDED),
    text_secondary: hex(0xB8_B8B8),
    text_tertiary: hex(0x9A_9A9A),
    text_disabled: hex(0x6A_6A6A),
    accent: hex(0x7A_A9FF),
    accent_fill: hex(0x2F_6FDE),
    accent_fill_hover: hex(0x3D_7BE6),
    on_accent: hex(0xFF_FFFF),
    selection: hex(0x23_3960),
    focus: hex(0x9C_C0FF),
    danger_fill: hex(0xC9_3A34),
    star: hex(0xFF_C94D),
    scrim: Color32::from_rgba_premultiplied(10, 10, 10, 200),
    on_scrim: hex(0xFF_FFFF),
    backdrop: Color32::from_rgba_premultiplied(0, 0, 0, 150),
    waiting: pill(0xB8_B8B8, 0x35_3535),
    running: pill(0x6C_B6FF, 0x29_3540),
    done: pill(0x4C_C38A, 0x24_372E),
    failed: pill(0xFF_8A80, 0x40_2E2C),
    needs_you: pill(0xF2_B84B, 0x3E_3524),
    cloud: pill(0xB9_A3FF, 0x35_3240),
};

const LIGHT: Tokens = Tokens {
    stage: hex(0xE4_E4E4),
    stage_black: hex(0x00_0000),
    stage_grey: hex(0x77_7777),
    stage_white: hex(0xFF_FFFF),
    checker: [hex(0xFF_FFFF), hex(0xE2_E2E2)],
    bg_app: hex(0xEF_EFEF),
    bg_panel: hex(0xF7_F7F7),
    bg_raised: hex(0xFF_FFFF),
    bg_input: hex(0xFF_FFFF),
    bg_hover: hex(0xE6_E6E6),
    bg_active: hex(0xDA_DADA),
    border_subtle: hex(0xD9_D9D9),
    border_control: hex(0x7F_7F7F),
    text_primary: hex(0x1A_1A1A),
    text_secondary: hex(0x4D_4D4D),
    text_tertiary: hex(0x64_6464),
    text_disabled: hex(0x94_9494),
    accent: hex(0x1D_5BC7),
    accent_fill: hex(0x1D_5BC7),
    accent_fill_hover: hex(0x18_50B3),
    on_accent: hex(0xFF_FFFF),
    selection: hex(0xDF_E8F7),
    focus: hex(0x0B_3E99),
    danger_fill: hex(0xB3_261E),
    star: hex(0x8A_5A00),
    scrim: Color32::from_rgba_premultiplied(10, 10, 10, 200),
    on_scrim: hex(0xFF_FFFF),
    backdrop: Color32::from_rgba_premultiplied(0, 0, 0, 90),
    waiting: pill(0x59_5959, 0xE4_E4E4),
    running: pill(0x0B_63B8, 0xDB_E5EF),
    done: pill(0x12_693F, 0xDC_E6E1),
    failed: pill(0xB3_261E, 0xEF_DEDD),
    needs_you: pill(0x7D_5200, 0xE8_E3D9),
    cloud: pill(0x5B_3FB0, 0xE4_E1EE),
};

impl Tokens {
    /// The colours of one theme.
    pub fn of(theme: egui::Theme) -> &'static Self {
        match theme {
            egui::Theme::Dark => &DARK,
            egui::Theme::Light => &LIGHT,
        }
    }

    /// A status's colours.
    pub fn pill(&self, pill: StatusPill) -> PillColors {
        match pill {
            StatusPill::Waiting => self.waiting,
            StatusPill::Running => self.running,
            StatusPill::Done => self.done,
            StatusPill::Failed => self.failed,
            StatusPill::NeedsYou => self.needs_you,
            StatusPill::CloudOnly => self.cloud,
        }
    }
}

/// The colours in force where this is painted.
pub fn tokens(ui: &egui::Ui) -> &'static Tokens {
    Tokens::of(ui.theme())
}

#[cfg(test)]
mod tests {
    use super::{DARK, LIGHT, Tokens};
    use crate::model::StatusPill;
    use egui::Color32;

    fn luminance(color: Color32) -> f32 {
        let linear = |channel: u8| {
            let c = f32::from(channel) / 255.0;
            if c <= 0.040_45 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(color.r()) + 0.7152 * linear(color.g()) + 0.0722 * linear(color.b())
    }

    fn contrast(a: Color32, b: Color32) -> f32 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn check(tokens: &Tokens) {
        for text in [
            tokens.text_primary,
            tokens.text_secondary,
            tokens.text_tertiary,
        ] {
            assert!(contrast(text, tokens.bg_panel) >= 4.5);
            assert!(contrast(text, tokens.bg_hover) >= 4.5);
        }
        let pills = [
            StatusPill::Waiting,
            StatusPill::Running,
            StatusPill::Done,
            StatusPill::Failed,
            StatusPill::NeedsYou,
            StatusPill::CloudOnly,
        ];
        for pill in pills {
            let colors = tokens.pill(pill);
            assert!(contrast(colors.text, colors.ground) >= 4.5, "{pill:?}");
        }
        assert!(contrast(tokens.on_accent, tokens.accent_fill) >= 4.5);
        assert!(contrast(tokens.border_control, tokens.bg_panel) >= 3.0);
    }

    #[test]
    fn text_can_be_read_on_every_ground() {
        check(&DARK);
        check(&LIGHT);
    }
}
