//! Outputs come from anybody's server: what it is told, and what is made of what it sends.

use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_util::{StreamExt, TryStreamExt};
use reqwest::Url;

use super::server::{Server, raw, reply};
use super::{client, config};
use crate::api::{ApiError, Client, Download};

async fn bytes(download: Download) -> Result<Vec<u8>, ApiError> {
    let chunks: Vec<Bytes> = download.stream.try_collect().await?;
    Ok(chunks.concat())
}

#[tokio::test]
async fn a_file_server_gets_neither_key_nor_cookie_nor_referer() {
    let files = Server::start(|_, _| {
        reply(
            200,
            &[
                ("content-type", "image/png"),
                ("etag", "\"v1\""),
                ("set-cookie", "a=b"),
            ],
            "12345",
        )
    })
    .await;
    let base = Server::start(|_, _| reply(500, &[], "")).await;
    let client = client(&base.base);
    let download = client.download(&files.at("/o.png"), None).await.unwrap();
    assert_eq!(
        (download.status, download.content_length, download.total),
        (200, Some(5), Some(5))
    );
    assert_eq!(download.content_type.as_deref(), Some("image/png"));
    assert_eq!(download.etag.as_deref(), Some("\"v1\""));
    assert!(!download.is_resumed());
    assert_eq!(bytes(download).await.unwrap(), b"12345");
    client.download(&files.at("/o.png"), None).await.unwrap();
    for seen in files.seen() {
        for name in ["authorization", "cookie", "referer", "range"] {
            assert_eq!(seen.header(name), None, "{name}");
        }
        assert_eq!(
            seen.header("accept-encoding"),
            None,
            "bytes must arrive as they are"
        );
    }
    assert_eq!(base.seen().len(), 0);
}

#[tokio::test]
async fn the_rest_of_a_file_can_be_asked_for() {
    let files = Server::start(|_, seen| match seen.header("range") {
        Some("bytes=3-") => reply(206, &[("content-range", "bytes 3-9/10")], "3456789"),
        Some("bytes=4-") => reply(206, &[("content-range", "bytes 0-9/10")], "0123456789"),
        Some("bytes=10-") => reply(416, &[("content-range", "bytes */10")], ""),
        _ => reply(200, &[], "0123456789"),
    })
    .await;
    let client = client(&files.base);
    let rest = client.download(&files.at("/f"), Some(3)).await.unwrap();
    assert!(rest.is_resumed());
    assert_eq!((rest.content_length, rest.total), (Some(7), Some(10)));
    assert_eq!(bytes(rest).await.unwrap(), b"3456789");

    let other = client.download(&files.at("/f"), Some(4)).await.unwrap_err();
    assert!(matches!(other, ApiError::Refused { .. }), "{other:?}");
    let beyond = client
        .download(&files.at("/f"), Some(10))
        .await
        .unwrap_err();
    assert_eq!(beyond.status(), Some(416));
    let whole = client.download(&files.at("/f"), Some(0)).await.unwrap();
    assert!(!whole.is_resumed(), "from the beginning is no range");
}

#[tokio::test]
async fn redirects_are_followed_when_each_hop_is_safe() {
    let target = Server::start(|_, _| reply(200, &[], "here")).await;
    let elsewhere = target.at("/there");
    let files = Server::start(move |_, seen| match seen.path.as_str() {
        "/near" => reply(302, &[("location", &elsewhere)], ""),
        "/out" => reply(302, &[("location", "http://example.com/x")], ""),
        "/secret" => reply(302, &[("location", "https://me:pw@example.com/x")], ""),
        path => reply(302, &[("location", path)], ""),
    })
    .await;
    let client = client(&files.base);
    let near = client.download(&files.at("/near"), None).await.unwrap();
    assert_eq!(bytes(near).await.unwrap(), b"here");
    assert_eq!(target.seen()[0].header("referer"), None);
    for refused in ["/out", "/secret", "/loop"] {
        let error = client.download(&files.at(refused), None).await.unwrap_err();
        assert!(
            matches!(error, ApiError::Refused { .. }),
            "{refused}: {error:?}"
        );
    }
    let hops = files
        .seen()
        .iter()
        .filter(|seen| seen.path == "/loop")
        .count();
    assert_eq!(hops, 6);
}

#[tokio::test]
async fn addresses_that_are_not_public_files_are_refused() {
    let files = Server::start(|_, _| reply(200, &[], "private")).await;
    let flora = Url::parse("https://app.flora.ai/api/v1").unwrap();
    let client = client(&flora);
    for address in [
        files.at("/f").as_str(),
        "http://example.com/f",
        "file:///etc/passwd",
        "data:text/plain,hello",
        "https://me:pw@example.com/f",
        "not an address",
    ] {
        let error = client.download(address, None).await.unwrap_err();
        assert!(
            matches!(error, ApiError::Refused { .. }),
            "{address}: {error:?}"
        );
    }
    assert_eq!(files.seen().len(), 0);
}

#[tokio::test]
async fn a_file_that_is_gone_says_so() {
    let files = Server::start(|_, _| reply(404, &[], "<html>gone</html>")).await;
    let error = client(&files.base)
        .download(&files.at("/f"), None)
        .await
        .unwrap_err();
    assert!(
        matches!(error, ApiError::FileServer { status: 404, .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_file_cut_short_gives_its_beginning_and_then_the_cut() {
    let base = raw(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345").await;
    let download = client(&base)
        .download(base.join("/f").unwrap().as_str(), None)
        .await
        .unwrap();
    assert_eq!(download.content_length, Some(10));
    let parts: Vec<_> = download.stream.collect().await;
    let (end, beginning) = parts.split_last().unwrap();
    assert!(matches!(end, Err(ApiError::Cut { .. })), "{end:?}");
    let beginning: Vec<_> = beginning
        .iter()
        .map(|part| part.as_ref().unwrap().clone())
        .collect();
    assert_eq!(beginning.concat(), b"12345");
}

#[tokio::test]
async fn a_file_that_stands_still_is_given_up() {
    let files = Server::start(|_, _| {
        let begun = futures_util::stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"1"))]);
        reply(
            200,
            &[],
            Body::from_stream(begun.chain(futures_util::stream::pending())),
        )
    })
    .await;
    let mut config = config(&files.base);
    config.timeout = Duration::from_millis(100);
    let client = Client::new(config).unwrap();
    let download = client.download(&files.at("/f"), None).await.unwrap();
    let error = bytes(download).await.unwrap_err();
    assert!(matches!(error, ApiError::Timeout), "{error:?}");
}
