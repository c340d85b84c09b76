//! The formats that are told apart, and what is done with each.

use crate::model::MediaKind;

/// A file format. [`Format::NameOnly`] stands for the many that are only named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    Png,
    Jpeg,
    WebP,
    Gif,
    Bmp,
    Tiff,
    Avif,
    Heic,
    Jxl,
    Jpeg2000,
    Psd,
    Ico,
    Svg,
    Mp4,
    QuickTime,
    WebM,
    Matroska,
    Avi,
    OggVideo,
    Wav,
    Mp3,
    Ogg,
    Opus,
    Flac,
    Aac,
    M4a,
    Aiff,
    Pdf,
    Rtf,
    Text,
    Html,
    Xml,
    /// Recognised, but nothing more is known of it than its MIME type.
    NameOnly,
    /// Not recognised at all.
    Unknown,
}

/// Which file of this room takes care of a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::media) enum Family {
    Picture,
    IsoMedia,
    Matroska,
    Sound,
    Pdf,
    Text,
    /// Nothing to decode and nothing to measure.
    NameOnly,
}

impl Format {
    /// What kind of media it is.
    pub fn kind(self) -> Option<MediaKind> {
        use Format as F;
        match self {
            F::Png | F::Jpeg | F::WebP | F::Gif | F::Bmp | F::Tiff => Some(MediaKind::Image),
            F::Avif | F::Heic | F::Jxl | F::Jpeg2000 => Some(MediaKind::Image),
            F::Psd | F::Ico | F::Svg => Some(MediaKind::Image),
            F::Mp4 | F::QuickTime | F::WebM | F::Matroska => Some(MediaKind::Video),
            F::Avi | F::OggVideo => Some(MediaKind::Video),
            F::Wav | F::Mp3 | F::Ogg | F::Opus => Some(MediaKind::Audio),
            F::Flac | F::Aac | F::M4a | F::Aiff => Some(MediaKind::Audio),
            F::Pdf | F::Rtf => Some(MediaKind::Document),
            F::Text | F::Html | F::Xml => Some(MediaKind::Text),
            F::NameOnly | F::Unknown => None,
        }
    }

    pub(in crate::media) fn family(self) -> Family {
        use Format as F;
        match self {
            F::Png | F::Jpeg | F::WebP | F::Gif | F::Bmp | F::Tiff => Family::Picture,
            F::Mp4 | F::QuickTime | F::M4a => Family::IsoMedia,
            F::WebM | F::Matroska => Family::Matroska,
            F::Wav | F::Mp3 | F::Ogg | F::Opus | F::Flac | F::Aac | F::Aiff => Family::Sound,
            F::Pdf => Family::Pdf,
            F::Text | F::Html | F::Xml => Family::Text,
            F::Avif | F::Heic | F::Jxl | F::Jpeg2000 | F::Psd | F::Ico | F::Svg => Family::NameOnly,
            F::Avi | F::OggVideo | F::Rtf | F::NameOnly | F::Unknown => Family::NameOnly,
        }
    }

    /// MIME type, extension, and the name for people.
    pub(in crate::media) fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Png => ("image/png", "png", "PNG"),
            Self::Jpeg => ("image/jpeg", "jpg", "JPEG"),
            Self::WebP => ("image/webp", "webp", "WebP"),
            Self::Gif => ("image/gif", "gif", "GIF"),
            Self::Bmp => ("image/bmp", "bmp", "BMP"),
            Self::Tiff => ("image/tiff", "tif", "TIFF"),
            Self::Avif => ("image/avif", "avif", "AVIF"),
            Self::Heic => ("image/heic", "heic", "HEIC"),
            Self::Jxl => ("image/jxl", "jxl", "JPEG XL"),
            Self::Jpeg2000 => ("image/jp2", "jp2", "JPEG 2000"),
            Self::Psd => ("image/vnd.adobe.photoshop", "psd", "Photoshop"),
            Self::Ico => ("image/vnd.microsoft.icon", "ico", "ICO"),
            Self::Svg => ("image/svg+xml", "svg", "SVG"),
            Self::Mp4 => ("video/mp4", "mp4", "MP4"),
            Self::QuickTime => ("video/quicktime", "mov", "QuickTime"),
            Self::WebM => ("video/webm", "webm", "WebM"),
            Self::Matroska => ("video/x-matroska", "mkv", "Matroska"),
            Self::Avi => ("video/x-msvideo", "avi", "AVI"),
            Self::OggVideo => ("video/ogg", "ogv", "Ogg video"),
            Self::Wav => ("audio/wav", "wav", "WAV"),
            Self::Mp3 => ("audio/mpeg", "mp3", "MP3"),
            Self::Ogg => ("audio/ogg", "ogg", "Ogg Vorbis"),
            Self::Opus => ("audio/ogg", "opus", "Opus"),
            Self::Flac => ("audio/flac", "flac", "FLAC"),
            Self::Aac => ("audio/aac", "aac", "AAC"),
            Self::M4a => ("audio/mp4", "m4a", "M4A"),
            Self::Aiff => ("audio/aiff", "aiff", "AIFF"),
            Self::Pdf => ("application/pdf", "pdf", "PDF"),
            Self::Rtf => ("application/rtf", "rtf", "RTF"),
            Self::Text => ("text/plain", "txt", "Text"),
            Self::Html => ("text/html", "html", "HTML"),
            Self::Xml => ("application/xml", "xml", "XML"),
            Self::NameOnly | Self::Unknown => ("application/octet-stream", "", "an unknown file"),
        }
    }
}
