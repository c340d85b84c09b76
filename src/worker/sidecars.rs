//! `run.json` beside the files: written a little after a run changed, and at the start for what an earlier end of the
//! program left undone.

use std::time::Duration;

use super::cx::Cx;
use super::soon::Soon;

/// Several changes of one run make one file.
const WAIT: Duration = Duration::from_millis(500);

/// Files a turn: others want the library's thread, too.
const MOST: u32 = 16;

/// When the next turn comes.
#[derive(Default)]
pub struct State {
    soon: Soon,
}

/// Something may be due.
pub fn changed(cx: &Cx) {
    cx.memory()
        .sidecars
        .soon
        .call(cx, WAIT, |cx| async move { flush(&cx).await });
}

/// Writes what is due now.
pub async fn flush(cx: &Cx) {
    let mut after = None;
    loop {
        let written = cx
            .db()
            .call(move |library| library.write_due_sidecars(after, MOST));
        match written.await {
            Ok(None) => return,
            Ok(last) => after = last,
            Err(error) => {
                tracing::warn!(%error, "what is due cannot be read");
                return;
            }
        }
    }
}
