//! Outputs come into the library whole, whatever happens to them on the way.

use std::path::Path;

use super::desk::{Desk, files_in};
use super::kit;
use crate::library::PartFile;
use crate::message::Event;
use crate::model::{Archive, Connection, MediaKind, RunStage};
use crate::studio::{Fault, Rule};
use crate::worker::download::{self, Urgency};
use crate::worker::sidecars;

fn part_files(folder: &Path) -> Vec<String> {
    let mut files = files_in(folder);
    files.retain(|file| file.ends_with(".part"));
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_a_run_made_is_archived_measured_and_told() {
    let mut desk = Desk::new().await;
    let run = desk.run_elsewhere("picture text sound document").await;
    assert_eq!(run.stage, RunStage::Done);
    download::run_completed(&desk.cx, &desk.session, run.key);
    desk.until_outputs(run.key, "an output is here", |output| {
        output.archive == Archive::Stored && output.facts.mime.is_some()
    })
    .await;
    let run = desk.row(run.key).await;
    assert_eq!(run.stage, RunStage::Done);
    let [picture, text, sound, document] = run.outputs.as_slice() else {
        panic!("{:?}", run.outputs);
    };
    let bytes =
        |output: &crate::model::Output| std::fs::read(output.file.as_ref().unwrap()).unwrap();
    assert_eq!(bytes(picture), kit::picture(1), "the original bytes");
    assert_eq!(
        (picture.facts.width, picture.facts.height),
        (Some(64), Some(48))
    );
    assert!(
        String::from_utf8(bytes(text))
            .unwrap()
            .starts_with("Thing number 2")
    );
    assert_eq!(text.facts.words, Some(8));
    assert_eq!(sound.facts.duration_ms, Some(500));
    assert!(!sound.facts.peaks.is_empty(), "a waveform can be painted");
    assert_eq!(document.facts.pages, Some(2));
    let names: Vec<String> = run
        .outputs
        .iter()
        .map(|output| {
            let file = output.file.as_ref().unwrap();
            file.file_name().unwrap().to_string_lossy().into_owned()
        })
        .collect();
    assert_eq!(names, ["Kit 1.png", "Kit 2.txt", "Kit 3.wav", "Kit 4.pdf"]);
    let folder = run.outputs[0].file.as_ref().unwrap().parent().unwrap();
    sidecars::flush(&desk.cx).await;
    let told = std::fs::read_to_string(folder.join("run.json")).unwrap();
    assert!(told.contains("Kit 4.pdf"), "{told}");
    assert_eq!(desk.studio.stray_keys(), 0, "the key stays at home");
    let thumbs = files_in(&desk.home.path().join("cache/thumbs"));
    assert_eq!(thumbs.len(), 1, "the picture's is ready: {thumbs:?}");
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_download_goes_on_where_it_ended() {
    let mut desk = Desk::new().await;
    let run = desk.run_here("noise").await;
    assert_eq!(run.stage, RunStage::Downloading, "ours is to be fetched");
    desk.studio
        .faults()
        .add(Rule::on("GET /files/**", Fault::Cut).times(2));
    let before = desk.studio.requests_to("GET /files/*");
    download::run_completed(&desk.cx, &desk.session, run.key);
    let output = desk
        .until_output(run.outputs[0].key, "it is here", |archive| {
            *archive == Archive::Stored
        })
        .await;
    assert_eq!(std::fs::read(output.file.unwrap()).unwrap(), kit::noise(1));
    assert_eq!(desk.studio.requests_to("GET /files/*"), before + 3);
    assert_eq!(desk.row(run.key).await.stage, RunStage::Done);
    assert_eq!(part_files(desk.home.path()), Vec::<String>::new());
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_closed_app_left_unfinished_goes_on_at_the_next_start() {
    let mut desk = Desk::new().await;
    let run = desk.run_here("noise picture").await;
    // The file server is down for as long as the app is open.
    desk.studio
        .faults()
        .add(Rule::on("GET /files/**", Fault::Empty(503)).always());
    download::run_completed(&desk.cx, &desk.session, run.key);
    desk.until_outputs(run.key, "it was given up", |output| {
        matches!(output.archive, Archive::Failed(_))
    })
    .await;
    assert_eq!(desk.row(run.key).await.stage, RunStage::Done);
    let home = desk.close().await;

    let mut desk = Desk::at(home).await;
    download::resume(&desk.cx, &desk.session);
    desk.until_outputs(run.key, "it is here", |output| {
        output.archive == Archive::Stored
    })
    .await;
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_flora_no_longer_serves_is_a_dead_link_and_asked_for_once() {
    let mut desk = Desk::new().await;
    let run = desk.run_here("picture").await;
    desk.studio
        .faults()
        .add(Rule::on("GET /files/**", Fault::Empty(410)).always());
    let asked = desk.studio.requests_to("GET /files/*");
    download::run_completed(&desk.cx, &desk.session, run.key);
    desk.until_output(run.outputs[0].key, "the link is dead", |archive| {
        *archive == Archive::LinkDead
    })
    .await;
    assert_eq!(desk.studio.requests_to("GET /files/*"), asked + 1);
    assert_eq!(desk.row(run.key).await.stage, RunStage::Done);
    let profile = desk.session.id().clone();
    let again = desk.db(move |library| library.want_failed_again(&profile));
    assert_eq!(again.await, [], "nor at the next start");
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_page_and_an_empty_file_are_not_kept_as_pictures() {
    let mut desk = Desk::new().await;
    let run = desk.run_here("page nothing").await;
    download::run_completed(&desk.cx, &desk.session, run.key);
    desk.until_outputs(run.key, "it was refused", |output| {
        matches!(output.archive, Archive::Failed(_))
    })
    .await;
    let mut kept = files_in(&desk.home.path().join("library"));
    kept.retain(|file| file.ends_with(".png") || file.ends_with(".txt"));
    assert_eq!(kept, Vec::<String>::new());
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_file_is_fetched_again_when_asked_for() {
    let mut desk = Desk::new().await;
    let run = desk.run_here("picture").await;
    let output = run.outputs[0].key;
    desk.studio
        .faults()
        .add(Rule::on("GET /files/**", Fault::Html(502)).always());
    download::run_completed(&desk.cx, &desk.session, run.key);
    let failed = desk
        .until_output(output, "it was given up", |archive| {
            matches!(archive, Archive::Failed(_))
        })
        .await;
    let Archive::Failed(words) = failed.archive else {
        unreachable!("it was looked for");
    };
    assert!(words.contains("not fetched"), "{words}");
    desk.studio.faults().clear();
    download::fetch(&desk.cx, vec![output]);
    desk.until_output(output, "it is here", |archive| *archive == Archive::Stored)
        .await;
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_output_whose_address_has_changed_is_looked_up() {
    let mut desk = Desk::new().await;
    let run = desk.run_here("picture").await;
    let output = run.outputs[0].key;
    // As if the studio had had another port the last time.
    let url = desk.db(move |library| library.output_content(output)).await;
    let crate::library::OutputContent::Url(url) = url.content else {
        panic!("a picture has an address");
    };
    let mut moved = desk.studio_update(&run).await;
    moved.outputs[0].url_or_text = url.replace("/files/", "/gone/");
    let profile = desk.session.id().clone();
    desk.db(move |library| library.save_run(&profile, &moved))
        .await;
    download::run_completed(&desk.cx, &desk.session, run.key);
    desk.until_output(output, "it is here", |archive| *archive == Archive::Stored)
        .await;
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_cannot_be_written_is_said_and_nothing_is_lost() {
    let mut desk = Desk::new().await;
    let run = desk.run_here("picture").await;
    let output = run.outputs[0].key;
    let place = desk.db(move |library| library.output_place(output)).await;
    // A folder where the file would be begun: nobody can write there, not even root.
    std::fs::create_dir_all(place.folder.join(format!("{}.part", place.stem))).unwrap();
    download::run_completed(&desk.cx, &desk.session, run.key);
    desk.until("the disk refuses", |event| match event {
        Event::Noticed(notice) => Some(notice.text.clone()),
        _ => None,
    })
    .await;
    desk.until_output(output, "it was given up", |archive| {
        matches!(archive, Archive::Failed(_))
    })
    .await;
    std::fs::remove_dir(place.folder.join(format!("{}.part", place.stem))).unwrap();
    download::fetch(&desk.cx, vec![output]);
    desk.until_output(output, "it is here", |archive| *archive == Archive::Stored)
        .await;
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_at_an_old_run_does_not_put_it_back_in_progress() {
    let mut desk = Desk::new().await;
    let run = desk.run_elsewhere("picture").await;
    assert_eq!(run.outputs[0].archive, Archive::Remote);
    let path = download::file_of(&desk.cx, run.outputs[0].key, Urgency::Look)
        .await
        .unwrap();
    assert_eq!(std::fs::read(path).unwrap(), kit::picture(1));
    let mut stages = Vec::new();
    for event in desk.rest() {
        if let Event::RowsLoaded(runs) = event {
            stages.extend(runs.into_iter().map(|run| run.stage));
        }
    }
    assert!(
        stages.iter().all(|stage| *stage == RunStage::Done),
        "{stages:?}"
    );
    assert_eq!(run.outputs[0].kind, MediaKind::Image);
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_to_be_kept_waits_out_an_outage() {
    let mut desk = Desk::new().await;
    let run = desk.run_here("picture").await;
    desk.studio
        .faults()
        .add(Rule::on("GET /files/**", Fault::LostBefore).always());
    desk.session.set_connection(Connection::Offline);
    // Asking tells at once that there is no network; the run goes on waiting for its file.
    let output = run.outputs[0].key;
    let problem = download::file_of(&desk.cx, output, Urgency::Look).await;
    assert!(problem.is_err());
    assert_eq!(desk.row(run.key).await.stage, RunStage::Downloading);
    desk.studio.faults().clear();
    desk.session.set_connection(Connection::Connected);
    download::resume(&desk.cx, &desk.session);
    desk.until_output(output, "it is here", |archive| *archive == Archive::Stored)
        .await;
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_an_earlier_session_left_is_gone_on_with() {
    let mut desk = Desk::new().await;
    let run = desk.run_here("noise").await;
    let output = run.outputs[0].key;
    let place = desk.db(move |library| library.output_place(output)).await;
    let bytes = kit::noise(1);
    // With a mark in it that only a resumed download carries on.
    let mut begun = bytes[..1000].to_vec();
    begun[999] ^= 0xff;
    let mut part = PartFile::begin(&place.folder, &place.stem).unwrap();
    part.write(&begun).unwrap();
    drop(part);
    download::resume(&desk.cx, &desk.session);
    let output = desk
        .until_output(output, "it is here", |archive| *archive == Archive::Stored)
        .await;
    let stored = std::fs::read(output.file.unwrap()).unwrap();
    assert_eq!(stored[..1000], begun);
    assert_eq!(stored[1000..], bytes[1000..]);
    desk.close().await;
}
