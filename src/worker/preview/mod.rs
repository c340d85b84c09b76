//! Pictures and texts made ready to be shown.
//!
//! The window says what is in view, most wanted first; a few makers take the first wish that nobody has begun. A wish
//! whose file is still at FLORA waits aside until it is here, so that one slow server holds up no picture.

mod make;
mod thumbs;
mod wishes;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use thumbs::Thumbs;

use self::make::Made;
use self::wishes::Wishes;
use super::cx::Cx;
use super::download::{self, Urgency};
use crate::message::Event;
use crate::model::{OutputKey, Pixels, PreviewKey, Problem};

/// Thumbnails that are kept, in bytes.
const CACHE_BYTES: u64 = 2 << 30;

/// What is wanted and being made.
#[derive(Default)]
pub struct State {
    wishes: Mutex<Wishes>,
}

impl State {
    fn wishes(&self) -> MutexGuard<'_, Wishes> {
        self.wishes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// These previews are wanted, most wanted first, and no others any more.
pub fn want(cx: &Cx, keys: Vec<PreviewKey>) {
    cx.memory().preview.wishes().replace(keys);
    download::keep_looks(cx, |output| cx.memory().preview.wishes().awaits(output));
    hire(cx);
}

/// Makes room in the cache of thumbnails, once a session: what was not looked at for longest goes first.
pub fn prune(cx: &Cx) {
    let thumbs = Thumbs::new(&cx.places().cache);
    let pruning = cx.clone();
    cx.spawn(async move {
        pruning.blocking(move || thumbs.prune(CACHE_BYTES)).await;
    });
}

/// Reads a text output whole.
pub fn load_text(cx: &Cx, output: OutputKey) {
    let reading = cx.clone();
    cx.spawn(async move {
        let text = make::text(&reading, output).await;
        reading
            .outbox()
            .send(Event::TextLoaded { output, text })
            .await;
    });
}

/// Reads a picture at its full size, for the clipboard.
pub fn read_picture(cx: &Cx, output: OutputKey) {
    let reading = cx.clone();
    cx.spawn(async move {
        let picture = make::whole_picture(&reading, output).await;
        let event = Event::PictureRead { output, picture };
        reading.outbox().send(event).await;
    });
}

/// Starts as many makers as there is work for.
fn hire(cx: &Cx) {
    let hired = cx.memory().preview.wishes().hire();
    for _ in 0..hired {
        let maker = cx.clone();
        cx.spawn(async move {
            loop {
                // Not held while making: the list may be replaced meanwhile.
                let wish = maker.memory().preview.wishes().begin();
                let Some(key) = wish else {
                    return;
                };
                fulfil(&maker, key).await;
            }
        });
    }
}

async fn fulfil(cx: &Cx, key: PreviewKey) {
    match make::preview(cx, &key).await {
        Made::Now(preview) => tell(cx, key, preview).await,
        Made::OnceHere(output) => wait_for(cx, key, output),
    }
}

/// Sends a preview, or why there is none, unless nobody wants it any more.
async fn tell(cx: &Cx, key: PreviewKey, preview: Result<Pixels, Problem>) {
    if cx.memory().preview.wishes().finish(&key) {
        cx.outbox().send(Event::PreviewMade { key, preview }).await;
    }
}

/// Has the file fetched, and makes the preview then.
fn wait_for(cx: &Cx, key: PreviewKey, output: OutputKey) {
    if !cx.memory().preview.wishes().wait(&key) {
        return;
    }
    let arrival = download::bring(cx, output, Urgency::Look);
    let waiting = cx.clone();
    cx.spawn(async move {
        match arrival.await {
            Some(Ok(())) => {
                waiting.memory().preview.wishes().arrived(&key);
                hire(&waiting);
            }
            Some(Err(problem)) => tell(&waiting, key, Err(problem)).await,
            // Scrolled away before it was begun; if it is back in view by now, it is begun anew.
            None => {
                waiting.memory().preview.wishes().arrived(&key);
                hire(&waiting);
            }
        }
    });
}
