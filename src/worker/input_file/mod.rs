//! A handed-in file: read, checked by its content, hashed and kept, so that the original may move.

mod accept;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::cx::Cx;
use super::download::{self, Urgency};
use super::preview::Thumbs;
use crate::library::{InputContent, StoredInput, store_input};
use crate::media::{self, Limits, MediaError};
use crate::message::Event;
use crate::model::{
    FileCheck, InputFile, InputFileId, MediaKind, MediaSource, OutputKey, Problem, shown_line,
};

/// Checks a file for an input of this kind and tells the form.
pub fn check(cx: &Cx, id: InputFileId, kind: MediaKind, source: MediaSource) {
    let checking = cx.clone();
    cx.spawn(async move {
        let check = match accepted(&checking, kind, source).await {
            Ok(file) => FileCheck::Ready(file),
            Err(problem) => FileCheck::Refused(problem),
        };
        checking
            .outbox()
            .send(Event::FileChecked { id, check })
            .await;
    });
}

/// What was handed in, with a name for people and for the upload.
struct HandedIn {
    name: String,
    content: Content,
}

enum Content {
    File(PathBuf),
    Bytes(Arc<[u8]>),
}

/// What a check needs to know of the places.
struct Desk {
    library: PathBuf,
    thumbs: Thumbs,
}

async fn accepted(cx: &Cx, kind: MediaKind, source: MediaSource) -> Result<InputFile, Problem> {
    let library = cx
        .db()
        .call(|library| Ok(library.root().to_owned()))
        .await?;
    let desk = Desk {
        library,
        thumbs: Thumbs::new(&cx.places().cache),
    };
    let handed_in = match source {
        MediaSource::Output(output) => of_output(cx, output).await?,
        source => {
            let opened = cx.blocking(move || opened(source)).await;
            opened.unwrap_or_else(|| Err(closing()))?
        }
    };
    let checked = cx.blocking(move || desk.take(&handed_in, kind)).await;
    let (file, stored) = checked.unwrap_or_else(|| Err(closing()))?;
    let kept = file.clone();
    let noted = cx
        .db()
        .call(move |library| library.save_input_file(&kept, &stored));
    noted.await?;
    Ok(file)
}

async fn of_output(cx: &Cx, output: OutputKey) -> Result<HandedIn, Problem> {
    let path = download::file_of(cx, output, Urgency::Asked).await?;
    Ok(HandedIn {
        name: name_of(&path),
        content: Content::File(path),
    })
}

/// Makes one thing of the many ways to hand something in.
fn opened(source: MediaSource) -> Result<HandedIn, Problem> {
    let name = source.label();
    let content = match source {
        MediaSource::Path(path) => Content::File(path),
        MediaSource::Bytes { bytes, .. } => Content::Bytes(bytes),
        MediaSource::Pixels {
            width,
            height,
            rgba,
        } => {
            let png = media::pixels_to_png(width, height, &rgba)?;
            return Ok(HandedIn {
                name: format!("{name}.png"),
                content: Content::Bytes(png.into()),
            });
        }
        MediaSource::Output(_) | MediaSource::Url(_) => {
            return Err(Problem::new("A web address is sent as it is"));
        }
    };
    Ok(HandedIn { name, content })
}

impl Desk {
    /// Checks and keeps a file. Blocking. What is refused for its size or format is refused before it is copied.
    fn take(
        &self,
        handed_in: &HandedIn,
        kind: MediaKind,
    ) -> Result<(InputFile, StoredInput), Problem> {
        let name = &handed_in.name;
        accept::length(name, handed_in.length()?)?;
        let sniffed = handed_in.sniffed()?;
        accept::format(name, &sniffed, &kind)?;
        let stored = store_input(&self.library, handed_in.content())?;
        // What was copied counts, should the original have changed meanwhile.
        accept::length(name, stored.bytes)?;
        let kind = sniffed.kind.unwrap_or(kind);
        let facts = media::facts(&stored.path, &Limits::default());
        let facts = facts.or_else(|error| match (&kind, error) {
            (MediaKind::Image, error) => Err(damaged(name, &error)),
            // FLORA may well read what this version cannot measure.
            (_, error) => {
                tracing::debug!(%error, "a handed-in file was not measured");
                Ok(crate::model::MediaFacts {
                    mime: Some(sniffed.mime.to_owned()),
                    format: Some(sniffed.name.to_owned()),
                    ..Default::default()
                })
            }
        })?;
        accept::pixels(name, &facts)?;
        // Shown in the form the next moment; and a picture that cannot be decoded would fail the run.
        match self.thumbs.of(&stored.path, &kind, Some(&stored.hash)) {
            Err(error @ MediaError::Broken { .. }) if kind == MediaKind::Image => {
                return Err(damaged(name, &error));
            }
            Err(error) => tracing::debug!(%error, "no thumbnail of a handed-in file"),
            Ok(_) => {}
        }
        let file = InputFile {
            name: name.clone(),
            kind,
            hash: stored.hash.as_str().into(),
            bytes: stored.bytes,
            facts,
        };
        Ok((file, stored))
    }
}

impl HandedIn {
    fn content(&self) -> InputContent<'_> {
        match &self.content {
            Content::File(path) => InputContent::File(path),
            Content::Bytes(bytes) => InputContent::Bytes(bytes),
        }
    }

    /// In bytes.
    fn length(&self) -> Result<u64, Problem> {
        match &self.content {
            Content::Bytes(bytes) => Ok(bytes.len() as u64),
            Content::File(path) => {
                let meta = path
                    .metadata()
                    .map_err(|error| unreadable(&self.name, &error))?;
                if meta.is_dir() {
                    return Err(Problem::new(format!("{} is a folder", self.name))
                        .with_hint("Choose a file in it"));
                }
                if !meta.is_file() {
                    return Err(Problem::new(format!("{} is not a file", self.name))
                        .with_hint("Choose another"));
                }
                Ok(meta.len())
            }
        }
    }

    fn sniffed(&self) -> Result<media::Sniffed, Problem> {
        match &self.content {
            Content::Bytes(bytes) => Ok(media::sniff(bytes)),
            Content::File(path) => media::sniff_file(path).map_err(|error| match error {
                MediaError::Io(error) => unreadable(&self.name, &error),
                other => other.into(),
            }),
        }
    }
}

fn unreadable(name: &str, error: &std::io::Error) -> Problem {
    use std::io::ErrorKind;
    let (summary, hint) = match error.kind() {
        ErrorKind::NotFound => (
            format!("{name} is not there any more"),
            "It may have been moved, or its disk is not connected",
        ),
        ErrorKind::PermissionDenied => (
            format!("Florist may not read {name}"),
            "Allow reading it, or choose a copy",
        ),
        _ => (format!("{name} could not be read"), "Choose it again"),
    };
    Problem::new(summary)
        .with_hint(hint)
        .with_details(error.to_string())
}

fn damaged(name: &str, error: &MediaError) -> Problem {
    Problem::new(format!("{name} is damaged"))
        .with_hint("Open it in another program and save it again, or choose another")
        .with_details(error.to_string())
}

fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    shown_line(&name.to_string_lossy()).into_owned()
}

fn closing() -> Problem {
    Problem::new("Florist is closing")
}
