//! Which addresses may be asked for what.

use reqwest::Url;
use url::Host;

use super::ApiError;

/// Whether a URL points at this computer.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Scheme, host and port are the same.
pub(super) fn same_origin(one: &Url, other: &Url) -> bool {
    one.origin() == other.origin()
}

/// A base URL is https, or http on loopback, and carries no name, password, query or fragment.
///
/// # Errors
/// [`ApiError::Refused`] otherwise.
pub(super) fn check_base(url: &Url) -> Result<(), ApiError> {
    check_secure(url, is_loopback(url))?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(ApiError::refused("a base URL has no query"));
    }
    Ok(())
}

/// A file's URL is https, or http on loopback where that is `loopback_allowed`, without name and password.
///
/// # Errors
/// [`ApiError::Refused`] otherwise.
pub(super) fn check_file(url: &Url, loopback_allowed: bool) -> Result<(), ApiError> {
    check_secure(url, loopback_allowed && is_loopback(url))
}

fn check_secure(url: &Url, http_allowed: bool) -> Result<(), ApiError> {
    let secure = url.scheme() == "https" || (url.scheme() == "http" && http_allowed);
    if !secure {
        return Err(ApiError::refused(format!(
            "{} is not https",
            url.origin().ascii_serialization()
        )));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(ApiError::refused(
            "an address with a name or password in it",
        ));
    }
    Ok(())
}

/// Reads a file's or `poll_url`'s address.
///
/// # Errors
/// [`ApiError::Refused`] when it is none.
pub(super) fn parse(address: &str) -> Result<Url, ApiError> {
    Url::parse(address).map_err(|error| ApiError::refused(format!("not an address: {error}")))
}

#[cfg(test)]
mod tests {
    use super::{check_base, check_file, is_loopback, parse};

    #[test]
    fn plain_http_is_for_this_computer_only() {
        for good in [
            "https://app.flora.ai/api/v1",
            "http://127.0.0.1:8080/api/v1",
            "http://[::1]:1/",
            "http://localhost:3/",
        ] {
            assert!(check_base(&parse(good).unwrap()).is_ok(), "{good}");
        }
        for bad in [
            "http://app.flora.ai/api/v1",
            "http://localhost.evil.test/",
            "http://127.0.0.1.evil.test/",
            "ftp://127.0.0.1/",
            "https://me:pw@app.flora.ai/",
            "https://app.flora.ai/?a=b",
        ] {
            assert!(check_base(&parse(bad).unwrap()).is_err(), "{bad}");
        }
    }

    #[test]
    fn files_on_loopback_are_read_only_beside_a_studio() {
        let here = parse("http://127.0.0.1:9/f.png").unwrap();
        assert!(is_loopback(&here));
        assert!(check_file(&here, true).is_ok());
        assert!(check_file(&here, false).is_err());
        assert!(check_file(&parse("file:///etc/passwd").unwrap(), true).is_err());
    }
}
