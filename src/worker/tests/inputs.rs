//! Handed-in files are checked by their content before they cost anything.

use std::path::PathBuf;
use std::sync::Arc;

use super::desk::{Desk, files_in};
use super::kit;
use crate::message::Event;
use crate::model::{
    FileCheck, InputFile, InputFileId, MediaKind, MediaSource, PreviewKey, Problem,
};
use crate::worker::{input_file, preview};

impl Desk {
    async fn checked(&mut self, kind: MediaKind, source: MediaSource) -> FileCheck {
        let id = InputFileId::fresh();
        input_file::check(&self.cx, id, kind, source);
        self.until("a file is checked", |event| match event {
            Event::FileChecked { id: checked, check } if *checked == id => Some(check.clone()),
            _ => None,
        })
        .await
    }

    async fn ready(&mut self, kind: MediaKind, source: MediaSource) -> InputFile {
        match self.checked(kind, source).await {
            FileCheck::Ready(file) => file,
            FileCheck::Refused(problem) => panic!("{problem:?}"),
        }
    }

    async fn refused(&mut self, kind: MediaKind, source: MediaSource) -> Problem {
        match self.checked(kind, source).await {
            FileCheck::Ready(file) => panic!("{file:?}"),
            FileCheck::Refused(problem) => problem,
        }
    }

    fn file(&self, name: &str, bytes: &[u8]) -> MediaSource {
        let path = self.home.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        MediaSource::Path(path)
    }
}

fn dropped(name: &str, bytes: Vec<u8>) -> MediaSource {
    MediaSource::Bytes {
        name: name.to_owned(),
        bytes: bytes.into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_kept_so_that_its_original_may_go() {
    let mut desk = Desk::new().await;
    let source = desk.file("holiday.jpeg", &kit::picture(3));
    let MediaSource::Path(path) = source.clone() else {
        unreachable!("it was just made");
    };
    let file = desk.ready(MediaKind::Image, source).await;
    assert_eq!(file.name, "holiday.jpeg");
    assert_eq!(file.facts.mime.as_deref(), Some("image/png"), "by content");
    assert_eq!((file.facts.width, file.facts.height), (Some(64), Some(48)));
    std::fs::remove_file(path).unwrap();

    let hash = Arc::clone(&file.hash);
    let kept = desk.db(move |library| library.input_path(&hash)).await;
    assert_eq!(std::fs::read(kept.unwrap()).unwrap(), kit::picture(3));

    let key = PreviewKey::input(file.hash);
    preview::want(&desk.cx, vec![key]);
    let preview = desk.until("its preview is made", |event| match event {
        Event::PreviewMade { preview, .. } => Some(preview.clone()),
        _ => None,
    });
    assert_eq!(preview.await.unwrap().original, (64, 48));
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_is_taken_from_every_source() {
    let mut desk = Desk::new().await;
    let sound = desk
        .ready(MediaKind::Audio, dropped("beat.wav", kit::sound()))
        .await;
    assert_eq!(sound.facts.duration_ms, Some(500));
    let paper = desk.file("guide.pdf", &kit::document());
    let paper = desk.ready(MediaKind::Document, paper).await;
    assert_eq!(paper.facts.pages, Some(2));
    let pasted = MediaSource::Pixels {
        width: 2,
        height: 1,
        rgba: vec![255, 0, 0, 255, 0, 255, 0, 128].into(),
    };
    let pasted = desk.ready(MediaKind::Image, pasted).await;
    assert_eq!(pasted.name, "Pasted picture.png");
    assert_eq!(pasted.facts.width, Some(2));
    let run = desk.run_elsewhere("picture").await;
    let output = MediaSource::Output(run.outputs[0].key);
    let output = desk.ready(MediaKind::Image, output).await;
    assert_eq!(output.bytes, kit::picture(1).len() as u64);
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_content_is_kept_once() {
    let mut desk = Desk::new().await;
    let first = desk
        .ready(MediaKind::Image, dropped("a.png", kit::picture(1)))
        .await;
    let second = desk
        .ready(MediaKind::Image, dropped("b.png", kit::picture(1)))
        .await;
    assert_eq!(first.hash, second.hash);
    assert_eq!(second.name, "b.png");
    assert_eq!(files_in(&desk.home.path().join("library/inputs")).len(), 1);
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_used_says_why_and_leaves_nothing_behind() {
    let mut desk = Desk::new().await;
    let mut half = kit::noise(1);
    half.truncate(half.len() / 2);
    let folder = desk.home.path().join("pictures");
    std::fs::create_dir(&folder).unwrap();
    let cases = [
        (
            MediaKind::Image,
            dropped("beat.wav", kit::sound()),
            "beat.wav is a sound; here goes a picture",
        ),
        (
            MediaKind::Audio,
            dropped("a.mp3", kit::picture(1)),
            "a.mp3 is a picture; here goes a sound",
        ),
        (
            MediaKind::Document,
            dropped("notes.txt", b"plain words".to_vec()),
            "notes.txt is text; here goes a document",
        ),
        (
            MediaKind::Image,
            dropped("empty.png", Vec::new()),
            "empty.png is empty",
        ),
        (
            MediaKind::Image,
            MediaSource::Path(folder),
            "pictures is a folder",
        ),
        (
            MediaKind::Image,
            MediaSource::Path(PathBuf::from("/nowhere/gone.png")),
            "gone.png is not there any more",
        ),
        (
            MediaKind::Image,
            MediaSource::Path(PathBuf::from("/dev/null")),
            "null is not a file",
        ),
    ];
    for (kind, source, summary) in cases {
        assert_eq!(desk.refused(kind, source).await.summary, summary);
    }
    let inputs = desk.home.path().join("library/inputs");
    assert_eq!(files_in(&inputs), Vec::<String>::new());
    let problem = desk
        .refused(MediaKind::Image, dropped("cut.png", half))
        .await;
    assert_eq!(problem.summary, "cut.png is damaged");
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_too_large_is_refused_unread() {
    let mut desk = Desk::new().await;
    let path = desk.home.path().join("film.mp4");
    // Takes no room on the disk.
    std::fs::File::create(&path)
        .unwrap()
        .set_len(3_200_000_000)
        .unwrap();
    let problem = desk
        .refused(MediaKind::Video, MediaSource::Path(path))
        .await;
    assert_eq!(problem.summary, "film.mp4 is too large: 3.2 GB");
    desk.close().await;
}
