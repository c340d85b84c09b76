//! Names of colours: from a measured colour to a name, and from a person's words to colours.

use oklab::Oklab;

use super::colour::{self, Lch, Pixel, parse_hex};

/// The name closest to a pixel, such as `deep teal`.
pub fn name_of(pixel: Pixel) -> &'static str {
    nearest(colour::lab(pixel))
}

fn nearest(lab: Oklab) -> &'static str {
    // Hue counts for more than lightness: a person forgives "teal" being dark sooner than being blue.
    let far = |hex: u32| {
        let named = colour::lab(unpack(hex));
        let (l, a, b) = (named.l - lab.l, named.a - lab.a, named.b - lab.b);
        0.4 * l * l + 2.0 * (a * a + b * b)
    };
    NAMED
        .iter()
        .min_by(|one, other| far(one.1).total_cmp(&far(other.1)))
        .map_or("grey", |entry| entry.0)
}

/// Reads one colour: a name such as `rust`, or a hex code.
pub fn colour_called(text: &str) -> Option<Lch> {
    let wanted = text.trim().to_lowercase();
    if let Some(pixel) = parse_hex(&wanted) {
        return Some(Lch::from_pixel(pixel));
    }
    NAMED
        .iter()
        .find(|entry| entry.0 == wanted)
        .map(|entry| Lch::from_pixel(unpack(entry.1)))
        .or_else(|| ink_called(&wanted))
}

/// All colours named in a text, in order: hex codes, two-word names, then single words.
pub fn colours_in(text: &str) -> Vec<Lch> {
    let words: Vec<String> = text
        .split(|letter: char| !letter.is_alphanumeric() && letter != '#')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let mut found = Vec::new();
    let mut index = 0;
    while index < words.len() {
        let pair = words
            .get(index + 1)
            .map(|next| format!("{} {next}", words[index]));
        if let Some(colour) = pair.as_deref().and_then(colour_called) {
            found.push(colour);
            index += 2;
            continue;
        }
        if let Some(colour) = single_word(&words[index]) {
            found.push(colour);
        }
        index += 1;
    }
    found
}

/// A word alone: six digits count as a hex code only with their `#`, so that years and prices do not.
fn single_word(word: &str) -> Option<Lch> {
    (word.starts_with('#') || word.chars().any(char::is_alphabetic))
        .then_some(word)
        .filter(|word| word.starts_with('#') || parse_hex(word).is_none())
        .and_then(colour_called)
}

/// The atmosphere words of a text: places, times, materials.
pub fn moods_in(text: &str) -> Vec<Mood> {
    let lower = text.to_lowercase();
    let mut found: Vec<(usize, Mood)> = MOODS
        .iter()
        .filter_map(|(word, mood)| {
            let at = lower.find(word)?;
            let starts = lower[..at]
                .chars()
                .next_back()
                .is_none_or(|before| !before.is_alphabetic());
            starts.then_some((at, *mood))
        })
        .collect();
    found.sort_by_key(|entry| entry.0);
    found.into_iter().map(|entry| entry.1).collect()
}

/// What a word such as `dawn` or `forest` does to a palette.
#[derive(Clone, Copy, Debug)]
pub struct Mood {
    /// A hue it brings, in degrees.
    pub hue: Option<f32>,
    /// What chroma is multiplied with.
    pub chroma: f32,
    /// Below zero darkens the ground, above zero lightens it.
    pub light: f32,
}

const fn hued(hue: f32, chroma: f32, light: f32) -> Mood {
    Mood {
        hue: Some(hue),
        chroma,
        light,
    }
}

const fn toned(chroma: f32, light: f32) -> Mood {
    Mood {
        hue: None,
        chroma,
        light,
    }
}

fn unpack(hex: u32) -> Pixel {
    [(hex >> 16) as u8, (hex >> 8) as u8, hex as u8]
}

fn ink_called(name: &str) -> Option<Lch> {
    INKS.iter()
        .find(|entry| entry.0 == name)
        .map(|entry| Lch::from_pixel(unpack(entry.1)))
}

/// Plain words mean printing inks rather than screen primaries.
const INKS: &[(&str, u32)] = &[
    ("red", 0xE23D3A),
    ("blue", 0x1F5FC4),
    ("green", 0x1E8A52),
    ("yellow", 0xF7C927),
    ("orange", 0xF37A2B),
    ("pink", 0xF26D9B),
    ("purple", 0x7A4BB3),
    ("brown", 0x7A4B2E),
    ("cyan", 0x1AA5C8),
    ("gold", 0xC9962F),
    ("gray", 0x8A8A8A),
    ("federal blue", 0x3D5588),
    ("fluorescent pink", 0xFF48B0),
    ("fluorescent orange", 0xFF7477),
    ("sunflower", 0xFFB511),
    ("medium blue", 0x3255A4),
    ("bright red", 0xF15060),
    ("crimson red", 0xE45D50),
];

const NAMED: &[(&str, u32)] = &[
    ("black", 0x0E0E10),
    ("charcoal", 0x2C2E33),
    ("graphite", 0x4A4D52),
    ("slate", 0x5E6B78),
    ("grey", 0x8A8A8A),
    ("silver", 0xB9BDC1),
    ("mist", 0xD6DCDF),
    ("white", 0xFCFCFC),
    ("paper", 0xF4F0E6),
    ("ivory", 0xF3EBD3),
    ("cream", 0xF6E7C1),
    ("sand", 0xDCC9A3),
    ("wheat", 0xE6C98B),
    ("straw", 0xE3D37A),
    ("khaki", 0xB5A76C),
    ("stone", 0xA79F91),
    ("taupe", 0x857769),
    ("umber", 0x5E4A38),
    ("sepia", 0x6E4B2A),
    ("espresso", 0x2F211B),
    ("chocolate", 0x56301E),
    ("chestnut", 0x7B3F2A),
    ("cinnamon", 0xA8592F),
    ("rust", 0xA9482A),
    ("terracotta", 0xC6684A),
    ("brick", 0x9C3B32),
    ("clay", 0xB78467),
    ("copper", 0xB9703F),
    ("bronze", 0x94702F),
    ("ochre", 0xC98F2B),
    ("amber", 0xEBA32E),
    ("saffron", 0xF2B632),
    ("mustard", 0xCDA52F),
    ("honey", 0xDDA247),
    ("lemon", 0xF4E04D),
    ("butter", 0xF7E59A),
    ("apricot", 0xF5B587),
    ("peach", 0xF8C4A4),
    ("tangerine", 0xF28A34),
    ("persimmon", 0xE4602F),
    ("coral", 0xF2735F),
    ("salmon", 0xEE9581),
    ("vermilion", 0xDE432B),
    ("scarlet", 0xC9202B),
    ("crimson", 0xA5152F),
    ("cherry", 0x8A1631),
    ("burgundy", 0x5E1429),
    ("wine", 0x6D2440),
    ("raspberry", 0xBD2A5B),
    ("rose", 0xDB6E88),
    ("blush", 0xF1CBC8),
    ("shell pink", 0xF5B5B8),
    ("fuchsia", 0xCE2C95),
    ("magenta", 0xB51F7A),
    ("orchid", 0xC377C5),
    ("mauve", 0xA9829D),
    ("plum", 0x6B2F5F),
    ("aubergine", 0x3D1D3F),
    ("lilac", 0xC4AEDD),
    ("lavender", 0xB3A6E6),
    ("violet", 0x7B4FC4),
    ("amethyst", 0x8F62B5),
    ("iris", 0x5B52C6),
    ("indigo", 0x38308A),
    ("midnight", 0x17193F),
    ("navy", 0x1B2A54),
    ("ink", 0x1C2433),
    ("cobalt", 0x2350A8),
    ("ultramarine", 0x3242B8),
    ("azure", 0x3B86D8),
    ("denim", 0x3F618C),
    ("cornflower", 0x7295E0),
    ("sky", 0x93C3EA),
    ("ice", 0xD5E8F0),
    ("powder blue", 0xB4CDDD),
    ("steel", 0x6D8799),
    ("petrol", 0x14495A),
    ("cerulean", 0x2593BF),
    ("turquoise", 0x33BDB8),
    ("aqua", 0x7CD6D2),
    ("teal", 0x187A7C),
    ("deep teal", 0x0D4B50),
    ("bottle green", 0x06362E),
    ("dark teal", 0x05343A),
    ("lagoon", 0x2AA198),
    ("seafoam", 0xA5DCC6),
    ("mint", 0xB6E8CF),
    ("jade", 0x2B9C74),
    ("emerald", 0x128A52),
    ("pine", 0x1D4B3C),
    ("forest", 0x244A2B),
    ("fern", 0x568A4A),
    ("leaf", 0x4F9C3F),
    ("moss", 0x6C7B33),
    ("olive", 0x74702B),
    ("lichen", 0xA3AD7A),
    ("sage", 0x9DAE93),
    ("celery", 0xC4D48F),
    ("pistachio", 0xB5CF82),
    ("lime", 0xA6D233),
    ("chartreuse", 0xCBDB38),
];

const MOODS: &[(&str, Mood)] = &[
    ("harbour", hued(225.0, 0.95, 0.0)),
    ("harbor", hued(225.0, 0.95, 0.0)),
    ("sea", hued(220.0, 1.0, 0.0)),
    ("ocean", hued(235.0, 1.05, -0.1)),
    ("lake", hued(230.0, 0.85, 0.1)),
    ("river", hued(205.0, 0.85, 0.1)),
    ("rain", hued(240.0, 0.6, -0.05)),
    ("storm", hued(255.0, 0.65, -0.35)),
    ("sky", hued(240.0, 1.0, 0.2)),
    ("ice", hued(220.0, 0.6, 0.35)),
    ("snow", hued(235.0, 0.45, 0.45)),
    ("winter", hued(240.0, 0.6, 0.25)),
    ("frost", hued(220.0, 0.5, 0.35)),
    ("fog", toned(0.5, 0.15)),
    ("mist", toned(0.55, 0.2)),
    ("dawn", hued(50.0, 1.0, 0.25)),
    ("morning", hued(70.0, 0.95, 0.3)),
    ("noon", toned(1.1, 0.3)),
    ("sun", hued(75.0, 1.1, 0.15)),
    ("sunset", hued(35.0, 1.15, -0.1)),
    ("dusk", hued(320.0, 0.95, -0.25)),
    ("evening", hued(300.0, 0.9, -0.25)),
    ("twilight", hued(290.0, 0.95, -0.3)),
    ("night", hued(275.0, 1.0, -0.5)),
    ("moon", hued(265.0, 0.7, -0.3)),
    ("star", hued(275.0, 0.9, -0.35)),
    ("forest", hued(150.0, 0.9, -0.2)),
    ("wood", hued(60.0, 0.75, -0.1)),
    ("garden", hued(140.0, 1.05, 0.15)),
    ("meadow", hued(130.0, 1.0, 0.2)),
    ("fern", hued(142.0, 0.95, 0.0)),
    ("moss", hued(118.0, 0.85, -0.05)),
    ("lichen", hued(112.0, 0.7, 0.1)),
    ("spring", hued(135.0, 1.05, 0.3)),
    ("summer", hued(85.0, 1.15, 0.25)),
    ("autumn", hued(48.0, 1.05, -0.05)),
    ("harvest", hued(70.0, 1.0, 0.0)),
    ("desert", hued(62.0, 0.9, 0.2)),
    ("dune", hued(68.0, 0.8, 0.2)),
    ("fire", hued(35.0, 1.25, -0.2)),
    ("ember", hued(32.0, 1.2, -0.35)),
    ("volcano", hued(25.0, 1.15, -0.4)),
    ("rose", hued(10.0, 1.0, 0.1)),
    ("flower", hued(355.0, 1.1, 0.15)),
    ("petal", hued(0.0, 1.0, 0.2)),
    ("peony", hued(355.0, 1.05, 0.2)),
    ("berry", hued(355.0, 1.1, -0.1)),
    ("citrus", hued(100.0, 1.25, 0.3)),
    ("wine", hued(8.0, 0.95, -0.25)),
    ("coffee", hued(55.0, 0.6, -0.25)),
    ("chocolate", hued(50.0, 0.6, -0.3)),
    ("paper", toned(0.75, 0.25)),
    ("linen", hued(80.0, 0.5, 0.35)),
    ("wool", hued(70.0, 0.5, 0.15)),
    ("slate", hued(250.0, 0.5, -0.15)),
    ("stone", hued(75.0, 0.4, 0.05)),
    ("lighthouse", hued(28.0, 1.05, 0.1)),
    ("regatta", hued(245.0, 1.15, 0.15)),
    ("jazz", hued(290.0, 1.15, -0.3)),
    ("carnival", hued(350.0, 1.3, 0.1)),
    ("festival", hued(20.0, 1.25, 0.1)),
    ("neon", hued(330.0, 1.4, -0.5)),
    ("tropic", hued(175.0, 1.25, 0.2)),
    ("jungle", hued(155.0, 1.1, -0.2)),
    ("quiet", toned(0.8, 0.05)),
    ("calm", toned(0.8, 0.1)),
    ("soft", toned(0.75, 0.2)),
    ("pale", toned(0.6, 0.35)),
    ("faded", toned(0.55, 0.15)),
    ("muted", toned(0.6, 0.0)),
    ("dusty", toned(0.6, 0.1)),
    ("dark", toned(0.95, -0.5)),
    ("deep", toned(1.05, -0.35)),
    ("black", toned(0.9, -0.5)),
    ("white", toned(0.8, 0.4)),
    ("light", toned(0.95, 0.2)),
    ("bright", toned(1.25, 0.2)),
    ("bold", toned(1.25, 0.0)),
    ("vivid", toned(1.35, 0.0)),
    ("loud", toned(1.35, 0.0)),
    ("joy", toned(1.2, 0.2)),
    ("party", toned(1.3, 0.0)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measured_colours_get_the_name_a_person_would_use() {
        assert_eq!(name_of([24, 122, 124]), "teal");
        assert_eq!(name_of([250, 250, 250]), "white");
        assert_eq!(name_of([168, 70, 44]), "rust");
        assert_eq!(name_of([28, 30, 70]), "midnight");
    }

    #[test]
    fn colours_are_found_in_words_in_order() {
        let found = colours_in("Quiet harbour, deep teal and rust, #FFAA00; 1999, 123456");
        let hexes: Vec<String> = found
            .iter()
            .map(|colour| colour::hex(colour.pixel()))
            .collect();
        assert_eq!(hexes, ["#0D4B50", "#A9482A", "#FFAA00"]);
    }

    #[test]
    fn moods_begin_at_the_start_of_a_word() {
        assert_eq!(moods_in("quiet harbour at dawn").len(), 3);
        assert!(
            moods_in("chelsea").is_empty(),
            "sea is not a word of its own there"
        );
    }
}
