//! What a technique made, put where it can be served from.

use super::worker::Kept;
use crate::studio::context::Cx;
use crate::studio::ids;
use crate::studio::job::{Body, Made};
use crate::studio::store::runs::{RunRow, StoredBody, StoredOutput};
use crate::studio::store::{StoreError, files};

/// Writes the files. Nothing is told of them before the run's ending is in the store.
pub(super) fn write(cx: &Cx, run: &RunRow, made: Vec<Made>) -> Result<Kept, StoreError> {
    let mut kept = Kept {
        files: Vec::new(),
        outputs: Vec::with_capacity(made.len()),
    };
    for (index, made) in made.into_iter().enumerate() {
        let body = match made.body {
            Body::Text(text) => StoredBody::Text(text),
            Body::File {
                extension,
                content_type,
                bytes,
            } => {
                let file = files::write(&cx.data, content_type, &bytes)?;
                let file_id = file.file_id.clone();
                kept.files.push(file);
                let name =
                    format!("{}-{}.{extension}", run.technique_name, index + 1).to_lowercase();
                StoredBody::File { file_id, name }
            }
        };
        kept.outputs.push(StoredOutput {
            output_id: ids::fresh(""),
            kind: made.kind,
            body,
        });
    }
    Ok(kept)
}
