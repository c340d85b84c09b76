//! After a file has arrived: it is noted, measured, and its picture is made, so that the first look is instant.

use std::path::PathBuf;

use crate::library::{StoredFile, WantedOutput};
use crate::media::{self, Limits};
use crate::model::{MediaFacts, MediaKind, OutputKey, Problem, RowKey};
use crate::worker::cx::Cx;
use crate::worker::preview::Thumbs;
use crate::worker::{news, questions};

/// Notes a file that is whole and in its place, and makes it ready to be shown.
///
/// # Errors
/// When the library cannot note it.
pub(super) async fn stored(
    cx: &Cx,
    wanted: &WantedOutput,
    file: StoredFile,
) -> Result<(), Problem> {
    let output = wanted.key;
    let (path, hash) = (file.path.clone(), file.sha256.clone());
    // Noted before it is decoded: a file that brings a decoder down is not fetched again at every start.
    let noted = cx
        .db()
        .call(move |library| library.output_stored(output, &file));
    let saved = noted.await?;
    if let Some(facts) = examine(cx, path, wanted.kind.clone(), hash).await {
        keep_facts(cx, output, facts).await;
    }
    news::saved(cx, &[saved]);
    Ok(())
}

/// Measures a file that was archived unmeasured, and tells the window.
pub async fn measure(cx: &Cx, output: OutputKey, run: RowKey, path: PathBuf) {
    let measured = cx.blocking(move || facts_of(&path)).await;
    if let Some(Some(facts)) = measured {
        keep_facts(cx, output, facts).await;
        questions::rows_changed(cx, &[run]);
    }
}

/// Measures a file and makes its thumbnail.
async fn examine(cx: &Cx, path: PathBuf, kind: MediaKind, hash: String) -> Option<MediaFacts> {
    let thumbs = Thumbs::new(&cx.places().cache);
    let examined = cx.blocking(move || {
        if kind != MediaKind::Text {
            note("no thumbnail", thumbs.of(&path, &kind, Some(&hash)));
        }
        facts_of(&path)
    });
    examined.await.flatten()
}

fn facts_of(path: &std::path::Path) -> Option<MediaFacts> {
    media::facts(path, &Limits::default())
        .inspect_err(|error| tracing::debug!(%error, "an output was not measured"))
        .ok()
}

/// What is nice to have beside a file is no reason not to keep it.
fn note<T>(what: &str, result: Result<T, impl std::fmt::Display>) {
    if let Err(error) = result {
        tracing::warn!(%error, "{what}");
    }
}

async fn keep_facts(cx: &Cx, output: OutputKey, facts: MediaFacts) {
    let kept = cx
        .db()
        .call(move |library| library.set_output_facts(output, &facts));
    if let Err(error) = kept.await {
        tracing::warn!(%error, "what was measured of an output was not kept");
    }
}
