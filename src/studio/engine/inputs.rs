//! A run's inputs, read from the studio's own files. Nothing is fetched from anywhere else.

use std::collections::BTreeMap;
use std::fs;

use crate::studio::context::Cx;
use crate::studio::job::{Failure, Input, Media};
use crate::studio::origin;
use crate::studio::store::files::FileRow;
use crate::studio::store::runs::{RunRow, StoredInput};
use crate::studio::store::{StoreError, assets, files};
use crate::wire::{AssetStatus, IoType};

/// Reads every input.
///
/// # Errors
/// `input_unreachable` for a file that is not there.
pub(super) fn gather(cx: &Cx, run: &RunRow) -> Result<BTreeMap<String, Input>, Failure> {
    run.inputs
        .iter()
        .map(|(id, input)| Ok((id.clone(), read(cx, id, input)?)))
        .collect()
}

fn read(cx: &Cx, id: &str, input: &StoredInput) -> Result<Input, Failure> {
    if input.kind == IoType::Text {
        return Ok(Input::Text(input.value.clone()));
    }
    let unreachable = || {
        Failure::new(
            "input_unreachable",
            format!("The file given for \"{id}\" cannot be read"),
        )
    };
    let (file, name) = find(cx, &input.value)
        .map_err(|error| Failure::new("internal_error", error.to_string()))?
        .ok_or_else(unreachable)?;
    let bytes = fs::read(cx.data.join(&file.path)).map_err(|_| unreachable())?;
    Ok(Input::Media(Media {
        name,
        content_type: file.content_type,
        bytes: bytes.into(),
    }))
}

/// The file behind one of our URLs, or behind an element: in the studio, an element is an asset by its id.
fn find(cx: &Cx, value: &str) -> Result<Option<(FileRow, String)>, StoreError> {
    cx.store.now(|db| {
        let file_id = match origin::own_file(value) {
            Some(file_id) => Some(file_id),
            None => assets::find(db, value)?
                .filter(|asset| asset.state == AssetStatus::Ready)
                .and_then(|asset| asset.file_id),
        };
        let Some(file_id) = file_id else {
            return Ok(None);
        };
        let Some(file) = files::find(db, &file_id)? else {
            return Ok(None);
        };
        let name = assets::name_of_file(db, &file_id)?.unwrap_or_else(|| last_segment(value));
        Ok(Some((file, name)))
    })
}

/// The name in a URL of an output, which was never uploaded under one.
fn last_segment(url: &str) -> String {
    url.rsplit('/').next().unwrap_or(url).to_owned()
}
