//! File URLs: composed from the file origin of the day, read back whatever day they were told on.

use std::net::SocketAddr;

use url::{Host, Url};

/// The path under which files are served.
const FILES: &str = "files";

/// `http://127.0.0.1:PORT`.
pub(super) fn origin(addr: SocketAddr) -> String {
    format!("http://{addr}")
}

/// Where a file is served now. The name is for people and programs that look at the extension; the id decides.
pub(super) fn file_url(origin: &str, file_id: &str, name: &str) -> String {
    format!("{origin}/{FILES}/{file_id}/{}", plain_name(name))
}

/// The id of one of our own files, from a URL told now or before a restart with another port. `None` for any other URL.
pub(super) fn own_file(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    if url.scheme() != "http" || !url.host().is_some_and(|host| is_loopback(&host)) {
        return None;
    }
    let mut segments = url.path_segments()?;
    match (segments.next(), segments.next()) {
        (Some(FILES), Some(id)) if is_file_id(id) => Some(id.to_owned()),
        _ => None,
    }
}

/// Whether this can be the id of a file: what [`super::ids::fresh`] makes, so never a path.
pub(super) fn is_file_id(id: &str) -> bool {
    super::ids::well_formed("file_", id)
}

/// Whether a host is this computer.
pub(super) fn is_loopback<S: AsRef<str>>(host: &Host<S>) -> bool {
    match host {
        Host::Domain(name) => name.as_ref().eq_ignore_ascii_case("localhost"),
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
    }
}

/// A name that needs no escaping in a URL: ASCII letters, digits, dots and dashes, at most 80 of them.
fn plain_name(name: &str) -> String {
    let mut plain = String::with_capacity(name.len().min(80));
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '_') {
            plain.push(c);
        } else if !plain.ends_with('-') {
            plain.push('-');
        }
    }
    let trimmed = plain.trim_matches(['.', '-']);
    // The end carries the extension, so a long name loses its beginning.
    let start = trimmed.len().saturating_sub(80);
    if trimmed.is_empty() {
        "file".to_owned()
    } else {
        trimmed[start..].to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_url_is_read_back_from_any_loopback_port() {
        let id = crate::studio::ids::fresh("file_");
        let url = file_url("http://127.0.0.1:4000", &id, "Été à la plage (1).png");
        assert_eq!(
            url,
            format!("http://127.0.0.1:4000/files/{id}/t-la-plage-1-.png")
        );
        for origin in [
            "http://127.0.0.1:9",
            "http://localhost:4001",
            "http://[::1]:5",
        ] {
            assert_eq!(own_file(&file_url(origin, &id, "a.png")), Some(id.clone()));
        }
    }

    #[test]
    fn other_hosts_and_other_paths_are_not_our_files() {
        for url in [
            "https://example.com/files/file_1/a.png",
            "http://127.0.0.1.example.com/files/file_1/a.png",
            "http://127.0.0.1:4000/files/../../etc/passwd",
            "http://127.0.0.1:4000/files/..%2f..%2fetc/passwd",
            "http://127.0.0.1:4000/etc/passwd",
            "file:///files/file_1",
            "asset_1",
            "",
        ] {
            assert_eq!(own_file(url), None, "{url}");
        }
    }

    #[test]
    fn long_names_keep_their_extension() {
        let name = plain_name(&format!("{}.jpeg", "x".repeat(300)));
        assert_eq!(name.len(), 80);
        assert!(name.ends_with(".jpeg"), "{name}");
        assert_eq!(plain_name("../..//"), "file");
        assert_eq!(plain_name("日本"), "file");
    }
}
