//! What was typed and chosen just before closing is there the next time.

use std::sync::Arc;

use super::desk::Desk;
use super::florist::World;
use crate::message::{Command, Event};
use crate::model::{InputId, LaunchDraft, TechniqueId};
use crate::settings::{Settings, Theme};
use crate::worker::{drafts, settings};

fn draft(technique: &str, words: &str) -> Arc<LaunchDraft> {
    let mut draft = LaunchDraft::new(TechniqueId::new(technique));
    draft.edit_text(&InputId::new("words"), 0, words.to_owned());
    Arc::new(draft)
}

impl Desk {
    async fn kept_drafts(&mut self) -> Vec<LaunchDraft> {
        drafts::load(&self.cx, &self.session).await;
        self.until("the forms are there", |event| match event {
            Event::DraftsLoaded(drafts) => Some(drafts.clone()),
            _ => None,
        })
        .await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_typed_just_before_closing_are_kept() {
    let desk = Desk::new().await;
    for words in ["h", "ha", "harbour"] {
        drafts::save(&desk.cx, draft("tech_a", words));
    }
    drafts::save(&desk.cx, draft("tech_b", "lilac"));
    let home = desk.close().await;

    let mut desk = Desk::at(home).await;
    let mut kept = desk.kept_drafts().await;
    kept.sort_by(|a, b| a.technique.cmp(&b.technique));
    let texts: Vec<&str> = kept
        .iter()
        .map(|draft| draft.text(&InputId::new("words"), 0))
        .collect();
    assert_eq!(texts, ["harbour", "lilac"]);
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_written_while_the_app_is_open_too() {
    let mut desk = Desk::new().await;
    drafts::save(&desk.cx, draft("tech_a", "harbour"));
    // No closing: what a crash would find.
    while desk.kept_drafts().await.is_empty() {
        tokio::task::yield_now().await;
    }
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_chosen_just_before_closing_are_kept() {
    let desk = Desk::new().await;
    for text_scale in [1.1, 1.2, 1.3] {
        let chosen = Settings {
            theme: Theme::Light,
            text_scale,
            ..Settings::default()
        };
        settings::save(&desk.cx, Arc::new(chosen));
    }
    assert_eq!(desk.cx.settings().theme, Theme::Light, "in use at once");
    let path = desk.cx.places().settings();
    let _home = desk.close().await;
    let (kept, problems) = Settings::load(&path);
    assert_eq!(problems, Vec::new());
    assert_eq!((kept.theme, kept.text_scale), (Theme::Light, 1.3));
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_cannot_be_written_are_said() {
    let mut desk = Desk::new().await;
    std::fs::create_dir(desk.cx.places().settings()).unwrap();
    settings::save(&desk.cx, Arc::new(Settings::default()));
    desk.until("the disk refuses", |event| match event {
        Event::Noticed(notice) => Some(notice.clone()),
        _ => None,
    })
    .await;
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_the_window_writes_what_was_just_handed_over() {
    let world = World::new().await;
    let florist = world.florist().await;
    let path = world.config().places.settings();
    let chosen = Settings {
        theme: Theme::Light,
        ..Settings::default()
    };
    florist.send(Command::SaveDraft(draft("tech_kit", "typed in a hurry")));
    florist.send(Command::SaveSettings(Arc::new(chosen)));
    drop(florist);
    assert_eq!(Settings::load(&path).0.theme, Theme::Light);

    let mut florist = world.florist().await;
    let kept = florist.event("the forms are there", |event| match event {
        Event::DraftsLoaded(drafts) => drafts.first().cloned(),
        _ => None,
    });
    let kept = kept.await;
    assert_eq!(kept.text(&InputId::new("words"), 0), "typed in a hurry");
}
