//! Bundled sample pictures: assets that are there from the first start, so that a first run needs no file of one's own.

use std::sync::Arc;

use super::context::Cx;
use super::store::assets::{self, AssetRow};
use super::store::{self, StoreError, files};
use super::{accept, ids};
use crate::wire::AssetStatus;

/// The folder they are in.
const FOLDER: &str = "samples";
/// The note that they were made.
const MADE: &str = "samples";

pub use super::techniques::samples::{Sample, samples as bundled};

/// Puts the samples among the assets, once in the life of a data directory, without making the start wait.
pub(super) async fn provide(cx: Arc<Cx>, make: fn() -> Vec<Sample>) {
    let work = tokio::task::spawn_blocking(move || put(&cx, make));
    match work.await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(%error, "the samples cannot be kept"),
        Err(error) => tracing::error!(%error, "the samples cannot be made"),
    }
}

fn put(cx: &Cx, make: fn() -> Vec<Sample>) -> Result<(), StoreError> {
    if cx.store.now(|db| store::note(db, MADE))?.is_some() {
        return Ok(());
    }
    let mut made = Vec::new();
    for sample in make() {
        if cx.closing.is_cancelled() {
            return Ok(());
        }
        let file = files::write(&cx.data, sample.content_type, &sample.bytes)?;
        let facts = accept::examine(&cx.data.join(&file.path))?;
        let size = facts.ok().and_then(|facts| facts.size);
        made.push((asset(cx, &sample, &file.file_id, size), file));
    }
    // All at once: a kill before this makes them again, and none twice.
    cx.store.now(|db| {
        for (asset, file) in &made {
            files::insert(db, file)?;
            assets::insert(db, asset)?;
        }
        store::set_note(db, MADE, "made")
    })
}

fn asset(cx: &Cx, sample: &Sample, file_id: &str, size: Option<(u32, u32)>) -> AssetRow {
    AssetRow {
        seq: 0,
        asset_id: ids::fresh(ids::ASSET_PREFIX),
        project_id: None,
        name: sample.name.to_owned(),
        folder: Some(FOLDER.to_owned()),
        state: AssetStatus::Ready,
        uploaded_via: "direct".to_owned(),
        upload_content_type: Some(sample.content_type.to_owned()),
        content_type: Some(sample.content_type.to_owned()),
        width: size.map(|(width, _)| width),
        height: size.map(|(_, height)| height),
        file_id: Some(file_id.to_owned()),
        size: None,
        token: None,
        expires_at: None,
        ready_at: None,
        failure_message: None,
        created_at: cx.clock.now(),
    }
}
