//! Making one preview, one text or one picture.

use std::path::PathBuf;
use std::sync::Arc;

use super::Thumbs;
use crate::library::ArchivedOutput;
use crate::media::{self, Limits, MediaError};
use crate::model::{
    Archive, MediaKind, OutputKey, Pixels, PreviewKey, PreviewSize, PreviewSource, Problem,
    ProblemAction, TextContent,
};
use crate::worker::cx::Cx;
use crate::worker::download::{self, Urgency};
use crate::worker::news;

/// What became of a wish.
pub(super) enum Made {
    Now(Result<Pixels, Problem>),
    /// The file is at FLORA; it can be made once it is here.
    OnceHere(OutputKey),
}

/// A file with a picture in it.
struct PictureFile {
    path: PathBuf,
    kind: MediaKind,
    hash: Option<Arc<str>>,
}

/// Makes a preview, from the cache if it is there.
pub(super) async fn preview(cx: &Cx, key: &PreviewKey) -> Made {
    match &key.source {
        PreviewSource::Input(hash) => Made::Now(of_input(cx, Arc::clone(hash), key.size).await),
        PreviewSource::Output(output) => of_output(cx, *output, key.size).await,
    }
}

async fn of_input(cx: &Cx, hash: Arc<str>, size: PreviewSize) -> Result<Pixels, Problem> {
    let asked = Arc::clone(&hash);
    let file = cx.db().call(move |library| {
        let file = library.input_file(&asked)?;
        Ok(file.zip(library.input_path(&asked)?))
    });
    let Some((file, path)) = file.await? else {
        return Err(
            Problem::new("This file is not in the library any more").with_hint("Choose it again")
        );
    };
    let file = PictureFile {
        path,
        kind: file.kind,
        hash: Some(hash),
    };
    picture(cx, file, size).await
}

async fn of_output(cx: &Cx, output: OutputKey, size: PreviewSize) -> Made {
    let archived = match cx
        .db()
        .call(move |library| library.archived_output(output))
        .await
    {
        Ok(archived) => archived,
        Err(error) => return Made::Now(Err(error.into())),
    };
    if archived.kind == MediaKind::Text {
        return Made::Now(Err(no_picture(&archived.kind)));
    }
    match (&archived.archive, archived.path.clone()) {
        (Archive::Remote | Archive::Fetching, _) => Made::OnceHere(output),
        (Archive::Stored, Some(path)) => Made::Now(of_file(cx, archived, path, size).await),
        (archive, _) => {
            let absence = absence(archive);
            let kept = kept_thumb(cx, &archived, size).await;
            Made::Now(kept.ok_or(absence))
        }
    }
}

/// A preview of an archived file. Facts that were never measured are, and a file that has gone is noted.
async fn of_file(
    cx: &Cx,
    archived: ArchivedOutput,
    path: PathBuf,
    size: PreviewSize,
) -> Result<Pixels, Problem> {
    if !path.exists() {
        note_missing(cx, &archived).await;
        let kept = kept_thumb(cx, &archived, size).await;
        return kept.ok_or_else(|| absence(&Archive::Missing));
    }
    if archived.facts.mime.is_none() {
        download::measure(cx, archived.key, archived.run, path.clone()).await;
    }
    let file = PictureFile {
        path,
        kind: archived.kind,
        hash: archived.sha256,
    };
    picture(cx, file, size).await
}

async fn picture(cx: &Cx, file: PictureFile, size: PreviewSize) -> Result<Pixels, Problem> {
    let thumbs = Thumbs::new(&cx.places().cache);
    let made = cx.blocking(move || {
        let PictureFile { path, kind, hash } = &file;
        let made = match size {
            PreviewSize::Thumb => thumbs.of(path, kind, hash.as_deref()),
            PreviewSize::Full => {
                media::full(path, kind, PreviewSize::FULL_SIDE, &Limits::default())
            }
        };
        made?.ok_or_else(|| no_picture(kind).into())
    });
    made.await
        .unwrap_or_else(|| Err(closing().into()))
        .map_err(Why::into_problem)
}

/// The thumbnail of a file that is not here, from when it was.
async fn kept_thumb(cx: &Cx, archived: &ArchivedOutput, size: PreviewSize) -> Option<Pixels> {
    if size != PreviewSize::Thumb {
        return None;
    }
    let hash = archived.sha256.clone()?;
    let thumbs = Thumbs::new(&cx.places().cache);
    cx.blocking(move || thumbs.load(&hash)).await.flatten()
}

async fn note_missing(cx: &Cx, archived: &ArchivedOutput) {
    let run = archived.run;
    let noted = cx.db().call(move |library| library.verify_outputs(&[run]));
    match noted.await {
        Ok(changed) => news::saved(cx, &changed),
        Err(error) => tracing::warn!(%error, "a missing file was not noted"),
    }
}

/// Reads a text output: from the library, else from its file, which is fetched first if need be.
pub(super) async fn text(cx: &Cx, output: OutputKey) -> Result<TextContent, Problem> {
    let kept = cx
        .db()
        .call(move |library| library.output_text(output))
        .await?;
    let read = match kept {
        Some(text) => {
            let shown = move || Ok(media::shown(&text, &Limits::default()));
            cx.blocking(shown).await
        }
        None => {
            let path = download::file_of(cx, output, Urgency::Asked).await?;
            cx.blocking(move || media::text(&path, &Limits::default()))
                .await
        }
    };
    Ok(read.ok_or_else(closing)??)
}

/// Reads a picture with all its pixels.
pub(super) async fn whole_picture(cx: &Cx, output: OutputKey) -> Result<Pixels, Problem> {
    let path = download::file_of(cx, output, Urgency::Asked).await?;
    let read = cx.blocking(move || {
        let kind = MediaKind::Image;
        media::full(&path, &kind, u32::MAX, &Limits::default())
    });
    let picture = read.await.ok_or_else(closing)??;
    picture.ok_or_else(|| Problem::new("There is no picture to copy"))
}

/// Why there is no picture.
enum Why {
    Media(MediaError),
    Problem(Problem),
}

impl Why {
    fn into_problem(self) -> Problem {
        match self {
            Self::Media(error) => error.into(),
            Self::Problem(problem) => problem,
        }
    }
}

impl From<MediaError> for Why {
    fn from(error: MediaError) -> Self {
        Self::Media(error)
    }
}

impl From<Problem> for Why {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// Not an error: the window paints a waveform, words or an icon from the facts.
fn no_picture(kind: &MediaKind) -> Problem {
    Problem::new(format!("No picture for {}", kind.noun()))
}

fn closing() -> Problem {
    Problem::new("Florist is closing")
}

/// Why a file is not here, and what helps.
fn absence(archive: &Archive) -> Problem {
    match archive {
        Archive::LinkDead => Problem::new("FLORA no longer serves this file"),
        Archive::Failed(reason) => Problem::new("Finished, file not fetched yet")
            .with_details(reason.clone())
            .with_hint("Fetching it again is free")
            .with_action(ProblemAction::Retry),
        Archive::Missing | Archive::Stored => {
            Problem::new("The file is not in the library's folder any more")
                .with_hint("Fetching it again is free")
                .with_action(ProblemAction::Retry)
        }
        Archive::Remote | Archive::Fetching => Problem::new("The file is on its way"),
    }
}
