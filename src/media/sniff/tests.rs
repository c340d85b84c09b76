//! Telling files apart by their content.

use super::*;

fn format(head: &[u8]) -> Format {
    sniff(head).format
}

#[test]
fn pictures_are_told_by_their_signatures() {
    assert_eq!(format(b"\x89PNG\r\n\x1a\n...."), Format::Png);
    assert_eq!(format(b"\xff\xd8\xff\xe0\0\x10JFIF"), Format::Jpeg);
    assert_eq!(format(b"RIFF\x10\0\0\0WEBPVP8 "), Format::WebP);
    assert_eq!(format(b"GIF89a\x01\0\x01\0"), Format::Gif);
    assert_eq!(format(b"II*\0\x08\0\0\0\0\0\0\0"), Format::Tiff);
}

#[test]
fn apple_and_avif_pictures_are_told_by_their_brands() {
    assert_eq!(format(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"), Format::Heic);
    assert_eq!(
        format(b"\0\0\0\x1cftypmif1\0\0\0\0mif1heicmiaf"),
        Format::Heic
    );
    assert_eq!(
        format(b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf"),
        Format::Avif
    );
    assert_eq!(format(b"\0\0\0\x18ftypavif\0\0\0\0mif1avif"), Format::Avif);
    assert_eq!(format(b"\xff\x0a\xfa\x1f"), Format::Jxl);
}

#[test]
fn films_and_sounds_are_told_apart() {
    assert_eq!(format(b"\0\0\0\x18ftypisom\0\0\x02\0isomavc1"), Format::Mp4);
    assert_eq!(format(b"\0\0\0\x14ftypqt  \0\0\0\0qt  "), Format::QuickTime);
    assert_eq!(format(b"\0\0\0\x14ftypM4A \0\0\0\0isom"), Format::M4a);
    assert_eq!(
        format(b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm\x42"),
        Format::WebM
    );
    assert_eq!(
        format(b"\x1a\x45\xdf\xa3\xa3\x42\x82\x88matroska"),
        Format::Matroska
    );
    assert_eq!(format(b"RIFF\x24\0\0\0WAVEfmt "), Format::Wav);
    assert_eq!(format(b"ID3\x04\0\0\0\0\0\0"), Format::Mp3);
    assert_eq!(format(b"\xff\xfb\x90\x64\0\0"), Format::Mp3);
    assert_eq!(format(b"\xff\xf1\x50\x80\0\0"), Format::Aac);
    assert_eq!(format(b"fLaC\0\0\0\x22"), Format::Flac);
    let opus = [b"OggS\0\x02".as_slice(), &[0; 22], b"OpusHead\x01"].concat();
    assert_eq!(format(&opus), Format::Opus);
}

#[test]
fn text_is_text_even_if_it_begins_like_something_else() {
    for text in [
        "BMW builds cars, and this line is long enough for a header",
        "GIF is a format",
        "MZ and PK are the initials of two people",
        "ID3 tags hold titles",
        "Ünïcödé — 花",
        "\u{1b}[31mred\u{1b}[0m\n",
    ] {
        assert_eq!(format(text.as_bytes()), Format::Text, "{text}");
    }
}

#[test]
fn text_is_known_in_other_encodings() {
    let utf16: Vec<u8> = "\u{feff}Grüße"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(format(&utf16), Format::Text);
    let unmarked: Vec<u8> = "plain words"
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    assert_eq!(format(&unmarked), Format::Text);
    assert_eq!(format(b"\xef\xbb\xbfwith a mark"), Format::Text);
    assert_eq!(
        format(b"caf\xe9 and cr\xe8me are Latin-1 words"),
        Format::Text
    );
}

#[test]
fn a_character_cut_off_at_the_end_of_the_head_is_no_objection() {
    let mut text = "x".repeat(SNIFF_BYTES - 1);
    text.push('花');
    assert_eq!(format(text.as_bytes()), Format::Text);
}

#[test]
fn markup_is_named() {
    assert_eq!(format(b"\n<!DOCTYPE html><html>"), Format::Html);
    assert_eq!(
        format(b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        Format::Svg
    );
    assert_eq!(
        format(b"<?xml version='1.0'?>\n<!-- x --><svg/>"),
        Format::Svg
    );
    assert_eq!(format(b"<?xml version='1.0'?><feed/>"), Format::Xml);
}

#[test]
fn documents_and_others_have_a_mime_type_and_an_extension() {
    let pdf = sniff(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3");
    assert_eq!(
        (pdf.kind, pdf.extension),
        (Some(MediaKind::Document), "pdf")
    );
    let zip = sniff(b"PK\x03\x04\x14\0\0\0\x08\0");
    assert_eq!((zip.kind, zip.extension), (None, "zip"));
    let noise = sniff(&[0x00, 0x9b, 0x1c, 0xd3, 0x05, 0xff, 0x00, 0x80]);
    assert_eq!(noise.format, Format::Unknown);
    assert_eq!(noise.mime, "application/octet-stream");
}

#[test]
fn no_bytes_are_an_empty_text_and_an_empty_file_is_an_error() {
    assert_eq!(
        sniff(b"").format,
        Format::Text,
        "no bytes are an empty text"
    );
    let file = tempfile::NamedTempFile::new().unwrap();
    assert!(matches!(sniff_file(file.path()), Err(MediaError::Empty)));
}
