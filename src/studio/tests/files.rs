//! The file origin: whole files and parts of them, for anyone who knows the URL and for nothing else.

use reqwest::{Client, Method, Response};

use super::support::{Bench, png, send, text};

struct Served {
    bench: Bench,
    url: String,
    bytes: Vec<u8>,
}

async fn served() -> Served {
    let bench = Bench::new().await;
    let bytes = png(64, 64);
    let asset = bench.upload(bytes.clone(), "a picture.png").await.body;
    let url = text(&asset["url"]).to_owned();
    Served { bench, url, bytes }
}

async fn get(client: &Client, url: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = client.get(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

#[tokio::test]
async fn a_file_needs_no_key_and_says_what_it_is() {
    let Served { bench, url, bytes } = served().await;
    let response = get(&bench.client, &url, &[]).await;
    assert_eq!(response.status(), 200);
    let headers = response.headers().clone();
    assert_eq!(headers["content-type"], "image/png");
    assert_eq!(headers["accept-ranges"], "bytes");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["content-length"], bytes.len().to_string().as_str());
    assert_eq!(response.bytes().await.unwrap(), bytes);

    let head = bench
        .client
        .request(Method::HEAD, &url)
        .send()
        .await
        .unwrap();
    assert_eq!(head.status(), 200);
    assert_eq!(head.headers()["content-length"], headers["content-length"]);
    assert_eq!(head.headers()["etag"], headers["etag"]);
    assert!(head.bytes().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_download_can_go_on_where_it_broke_off() {
    let Served { bench, url, bytes } = served().await;
    let etag = get(&bench.client, &url, &[]).await.headers()["etag"]
        .to_str()
        .unwrap()
        .to_owned();
    let rest = get(
        &bench.client,
        &url,
        &[("range", "bytes=40-"), ("if-range", &etag)],
    )
    .await;
    assert_eq!(rest.status(), 206);
    let told = format!("bytes 40-{}/{}", bytes.len() - 1, bytes.len());
    assert_eq!(rest.headers()["content-range"], told.as_str());
    assert_eq!(rest.bytes().await.unwrap(), bytes[40..]);
    let middle = get(&bench.client, &url, &[("range", "bytes=10-19")]).await;
    assert_eq!(middle.headers()["content-length"], "10");
    assert_eq!(middle.bytes().await.unwrap(), bytes[10..20]);
    let changed = get(
        &bench.client,
        &url,
        &[("range", "bytes=40-"), ("if-range", "\"old\"")],
    )
    .await;
    assert_eq!(changed.status(), 200);
    assert_eq!(changed.bytes().await.unwrap(), bytes);
    let beyond = get(&bench.client, &url, &[("range", "bytes=99999-")]).await;
    assert_eq!(beyond.status(), 416);
    let size = format!("bytes */{}", bytes.len());
    assert_eq!(beyond.headers()["content-range"], size.as_str());
    let same = get(&bench.client, &url, &[("if-none-match", &etag)]).await;
    assert_eq!(same.status(), 304);
}

#[tokio::test]
async fn nothing_else_on_the_disk_is_served() {
    let Served { bench, url, .. } = served().await;
    let origin = bench.studio.file_origin();
    let id = url.split('/').nth(4).unwrap();
    for path in [
        "/",
        "/files",
        "/studio.db",
        "/files/../studio.key",
        "/files/..%2fstudio.key/a",
        "/files/%2e%2e%2f%2e%2e%2fetc%2fpasswd/a",
        "/files/file_..%2f..%2fstudio.db/a",
        "/files/file_none/a.png",
        "/api/v1/workspaces",
    ] {
        let answer = send(bench.client.get(format!("{origin}{path}"))).await;
        answer.assert_refused(404, "not_found");
    }
    // The name is decoration: it picks no other file.
    let renamed = format!("{origin}/files/{id}/..%2f..%2fstudio.key");
    let answer = get(&bench.client, &renamed, &[]).await;
    assert_eq!(answer.headers()["content-type"], "image/png");
    let wrong = send(bench.client.delete(url)).await;
    assert_eq!(wrong.status, 405);
}

#[tokio::test]
async fn a_file_removed_by_hand_is_not_found() {
    let Served { bench, url, .. } = served().await;
    for entry in std::fs::read_dir(bench.home.path().join("files")).unwrap() {
        std::fs::remove_file(entry.unwrap().path()).unwrap();
    }
    send(bench.client.get(url))
        .await
        .assert_refused(404, "not_found");
}
