//! What the desktop does for us: show a file, open an output, open a page.

use std::io;
use std::path::{Path, PathBuf};

use super::cx::Cx;
use super::download::{self, Urgency};
use crate::model::{OutputKey, Problem};

/// The desktop, or a record of what was asked of it (in tests). Its methods may block for a moment.
pub trait Desktop: Send + Sync {
    /// Shows a file in the file manager.
    ///
    /// # Errors
    /// When neither the file nor its folder could be shown.
    fn reveal(&self, path: &Path) -> io::Result<()>;

    /// Opens a file in its default app.
    ///
    /// # Errors
    /// When there is no way to open files.
    fn open(&self, path: &Path) -> io::Result<()>;

    /// Opens a web page in the browser.
    ///
    /// # Errors
    /// When there is no way to open pages.
    fn open_url(&self, url: &str) -> io::Result<()>;
}

/// The real one.
pub struct SystemDesktop;

impl Desktop for SystemDesktop {
    fn reveal(&self, path: &Path) -> io::Result<()> {
        // A file manager that cannot select gets the folder; so does a file that has gone meanwhile.
        opener::reveal(path).or_else(|error| match path.parent() {
            Some(folder) if folder.is_dir() => opener::open(folder).map_err(io::Error::other),
            _ => Err(io::Error::other(error)),
        })
    }

    fn open(&self, path: &Path) -> io::Result<()> {
        opener::open(path).map_err(io::Error::other)
    }

    fn open_url(&self, url: &str) -> io::Result<()> {
        opener::open_browser(url).map_err(io::Error::other)
    }
}

/// Shows a file in the file manager.
pub fn reveal(cx: &Cx, path: PathBuf) {
    let desktop = cx.desktop();
    let words = format!("{} could not be shown", name_of(&path));
    ask(cx, words, move || desktop.reveal(&path));
}

/// Opens an output in its default app; fetches it first when it is not here.
pub fn open_output(cx: &Cx, output: OutputKey) {
    let asking = cx.clone();
    cx.spawn(async move {
        match download::file_of(&asking, output, Urgency::Asked).await {
            Ok(path) => {
                let desktop = asking.desktop();
                let words = format!("{} could not be opened", name_of(&path));
                ask(&asking, words, move || desktop.open(&path));
            }
            Err(problem) => asking.outbox().warn(&problem).await,
        }
    });
}

/// Opens a web page; anything but http and https is refused, for it could start a program.
pub fn open_url(cx: &Cx, url: String) {
    let is_web = url::Url::parse(&url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    let desktop = cx.desktop();
    ask(cx, "The page could not be opened".to_owned(), move || {
        if is_web {
            desktop.open_url(&url)
        } else {
            Err(io::Error::other("only web pages are opened"))
        }
    });
}

/// Asks the desktop on a thread that may block; a failure is told with these words.
fn ask(cx: &Cx, words: String, what: impl FnOnce() -> io::Result<()> + Send + 'static) {
    let asking = cx.clone();
    cx.spawn(async move {
        if let Some(Err(error)) = asking.blocking(what).await {
            let problem = Problem::new(words).with_details(error.to_string());
            asking.outbox().warn(&problem).await;
        }
    });
}

fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}
