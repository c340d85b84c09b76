//! The palettes that ship with the studio.

/// A palette that ships with the studio and can be named instead of a picture.
#[derive(Debug)]
pub struct Element {
    /// `elem_…`.
    pub id: &'static str,
    pub name: &'static str,
    pub(super) light: f32,
    /// Deep, main, second, soft, pale and accent.
    pub(super) colours: [u32; 6],
}

/// The studio's elements: palettes a person can name by id wherever an input accepts an element.
pub const ELEMENTS: &[Element] = &[
    Element {
        id: "elem_harbour",
        name: "Harbour",
        light: 0.2,
        colours: [0x12303D, 0x187A7C, 0xC6684A, 0xF0BE94, 0xF7F0E4, 0xF2A53A],
    },
    Element {
        id: "elem_lichen",
        name: "Lichen",
        light: 0.1,
        colours: [0x23302A, 0x5F7355, 0xA3AD5A, 0xD9D7A0, 0xF3F2E6, 0xD98E48],
    },
    Element {
        id: "elem_ember",
        name: "Ember",
        light: -0.6,
        colours: [0x2A1218, 0xA12A35, 0xEE6A3B, 0xFBBF7A, 0xFFF1DF, 0x4FB7B0],
    },
    Element {
        id: "elem_dusk",
        name: "Dusk",
        light: -0.4,
        colours: [0x1D1838, 0x5C3F96, 0xD76F9A, 0xF5B7B4, 0xFBF0EE, 0xF6C95C],
    },
    Element {
        id: "elem_orchard",
        name: "Orchard",
        light: 0.4,
        colours: [0x20351F, 0x3E7D4A, 0xE0503F, 0xF4C27B, 0xFAF4E2, 0xF08AA0],
    },
    Element {
        id: "elem_glacier",
        name: "Glacier",
        light: 0.5,
        colours: [0x152A45, 0x3B73A8, 0x78BFC9, 0xC2E2E2, 0xF3F8F7, 0xEE8866],
    },
];
