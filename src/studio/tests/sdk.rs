//! FLORA's official TypeScript SDK, unchanged, against the studio.

use std::path::Path;
use std::process::Command;

use super::support::Bench;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs node and the SDK: npm install in tests/it/sdk first, as tests/run.sh does"]
async fn the_official_sdk_uses_the_studio_unchanged() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/sdk");
    assert!(
        folder.join("node_modules/@flora-ai/flora").is_dir(),
        "run npm install in {}",
        folder.display()
    );
    let bench = Bench::new().await;
    let mut node = Command::new("node");
    node.arg("check.mjs")
        .current_dir(folder)
        .env("FLORA_BASE_URL", bench.studio.base_url())
        .env("FLORA_API_KEY", bench.studio.api_key())
        .env("NO_PROXY", "127.0.0.1,localhost");
    let output = tokio::task::spawn_blocking(move || node.output())
        .await
        .unwrap()
        .expect("node runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{errors}");
    assert_eq!(said.lines().last(), Some("ok"), "{said}{errors}");
    assert_eq!(
        bench.studio.stray_keys(),
        0,
        "the SDK sent its key to the file origin"
    );
}
