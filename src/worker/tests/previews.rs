//! Pictures are made for what is in view, once, and from wherever they are.

use super::desk::{Desk, files_in};
use super::kit;
use crate::message::Event;
use crate::model::{Archive, OutputKey, Pixels, PreviewKey, PreviewSize, Problem};
use crate::studio::{Fault, Rule};
use crate::worker::download::{self, Urgency};
use crate::worker::preview;

impl Desk {
    async fn until_made(&mut self, key: &PreviewKey) -> Result<Pixels, Problem> {
        self.until("a preview is made", |event| match event {
            Event::PreviewMade { key: made, preview } if made == key => Some(preview.clone()),
            _ => None,
        })
        .await
    }

    /// The outputs of a run, all here.
    async fn archived(&mut self, things: &str) -> Vec<OutputKey> {
        let run = self.run_here(things).await;
        let outputs: Vec<OutputKey> = run.outputs.iter().map(|output| output.key).collect();
        for output in &outputs {
            download::file_of(&self.cx, *output, Urgency::Asked)
                .await
                .expect("it can be fetched");
        }
        outputs
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_of_an_old_run_is_fetched_when_it_comes_into_view() {
    let mut desk = Desk::new().await;
    let run = desk.run_elsewhere("picture").await;
    let output = run.outputs[0].key;
    assert_eq!(run.outputs[0].archive, Archive::Remote);
    let key = PreviewKey::thumb(output);
    preview::want(&desk.cx, vec![key.clone()]);
    let pixels = desk.until_made(&key).await.unwrap();
    assert_eq!(pixels.original, (64, 48));
    assert_eq!(desk.output(output).await.archive, Archive::Stored);
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thumbnail_is_made_once_and_outlives_its_file() {
    let mut desk = Desk::new().await;
    let output = desk.archived("picture").await[0];
    let key = PreviewKey::thumb(output);
    preview::want(&desk.cx, vec![key.clone()]);
    let made = desk.until_made(&key).await.unwrap();
    assert_eq!(files_in(&desk.home.path().join("cache/thumbs")).len(), 1);
    let file = desk.output(output).await.file.unwrap();
    std::fs::remove_file(&file).unwrap();

    preview::want(&desk.cx, vec![key.clone()]);
    let kept = desk.until_made(&key).await.unwrap();
    assert_eq!((kept.width, kept.height), (made.width, made.height));
    desk.until_output(output, "the file is missing", |archive| {
        *archive == Archive::Missing
    })
    .await;

    let full = PreviewKey::full(output);
    preview::want(&desk.cx, vec![full.clone()]);
    let problem = desk.until_made(&full).await.unwrap_err();
    assert!(
        problem.summary.contains("not in the library"),
        "{problem:?}"
    );
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_in_view_is_fetched() {
    let mut desk = Desk::new().await;
    let run = desk
        .run_elsewhere("picture picture picture picture picture picture picture")
        .await;
    let keys: Vec<PreviewKey> = run
        .outputs
        .iter()
        .map(|output| PreviewKey::thumb(output.key))
        .collect();
    // Scrolled past before anything could be begun; then the last two are in view, the last one most wanted.
    preview::want(&desk.cx, keys[..5].to_vec());
    preview::want(&desk.cx, vec![keys[6].clone(), keys[5].clone()]);
    desk.until_made(&keys[6]).await.unwrap();
    desk.until_made(&keys[5]).await.unwrap();
    for event in desk.rest() {
        if let Event::PreviewMade { key, .. } = event {
            panic!("{key:?} was out of view");
        }
    }
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_preview_has_every_pixel_and_a_thumbnail_few() {
    let mut desk = Desk::new().await;
    let output = desk.archived("noise").await[0];
    let keys = [PreviewKey::full(output), PreviewKey::thumb(output)];
    preview::want(&desk.cx, keys.to_vec());
    let full = desk.until_made(&keys[0]).await.unwrap();
    assert_eq!((full.width, full.height), (256, 256));
    assert!(full.width <= PreviewSize::FULL_SIDE);
    let thumb = desk.until_made(&keys[1]).await.unwrap();
    assert!(thumb.width <= PreviewSize::THUMB_SIDE);
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_picture_says_so_and_is_measured() {
    let mut desk = Desk::new().await;
    let run = desk.run_elsewhere("sound document text").await;
    let keys: Vec<PreviewKey> = run
        .outputs
        .iter()
        .map(|output| PreviewKey::thumb(output.key))
        .collect();
    preview::want(&desk.cx, keys.clone());
    for (key, noun) in keys.iter().zip(["sound", "document", "text"]) {
        let problem = desk.until_made(key).await.unwrap_err();
        assert_eq!(problem.summary, format!("No picture for {noun}"));
    }
    let sound = desk.output(run.outputs[0].key).await;
    assert!(!sound.facts.peaks.is_empty());
    let document = desk.output(run.outputs[1].key).await;
    assert_eq!(document.facts.pages, Some(2));
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_link_in_view_is_told_and_asked_for_once() {
    let mut desk = Desk::new().await;
    let run = desk.run_elsewhere("picture").await;
    desk.studio
        .faults()
        .add(Rule::on("GET /files/**", Fault::Empty(404)).always());
    let key = PreviewKey::thumb(run.outputs[0].key);
    preview::want(&desk.cx, vec![key.clone()]);
    let problem = desk.until_made(&key).await.unwrap_err();
    assert_eq!(problem.summary, "FLORA no longer serves this file");
    let asked = desk.studio.requests_to("GET /files/*");
    preview::want(&desk.cx, vec![key.clone()]);
    desk.until_made(&key).await.unwrap_err();
    assert_eq!(desk.studio.requests_to("GET /files/*"), asked);
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_and_pictures_are_read_whole() {
    let mut desk = Desk::new().await;
    let run = desk.run_elsewhere("text noise").await;
    let [text, noise] = [run.outputs[0].key, run.outputs[1].key];
    preview::load_text(&desk.cx, text);
    let read = desk.until("a text is read", |event| match event {
        Event::TextLoaded { output, text: read } if *output == text => Some(read.clone()),
        _ => None,
    });
    let read = read.await.unwrap();
    assert_eq!(&*read.text, "Thing number 1, in five words or so.");
    assert_eq!((read.words, read.truncated), (8, false));

    preview::read_picture(&desk.cx, noise);
    let picture = desk.until("a picture is read", |event| match event {
        Event::PictureRead { output, picture } if *output == noise => Some(picture.clone()),
        _ => None,
    });
    let picture = picture.await.unwrap();
    let original = image::load_from_memory(&kit::noise(2)).unwrap().to_rgba8();
    assert_eq!(*picture.rgba, **original.as_raw());
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_picture_is_no_picture_to_copy() {
    let mut desk = Desk::new().await;
    let sound = desk.archived("sound").await[0];
    preview::read_picture(&desk.cx, sound);
    let picture = desk.until("a picture is read", |event| match event {
        Event::PictureRead { picture, .. } => Some(picture.clone()),
        _ => None,
    });
    assert!(picture.await.is_err());
    desk.close().await;
}
