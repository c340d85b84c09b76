//! Values for the tests of this room.

use std::sync::Arc;

use tempfile::TempDir;

use super::Library;
use crate::model::{
    InputId, LaunchId, LaunchOrder, MediaKind, OrderInput, OrderValue, OutputId, OutputUpdate,
    ProfileId, ProjectId, RunId, RunStatus, RunUpdate, TechniqueId, Timestamp, Usd, WorkspaceId,
};

pub fn library() -> (TempDir, Library) {
    let dir = tempfile::tempdir().expect("a folder for the test");
    let opened = Library::open(dir.path()).expect("a new library");
    (dir, opened.library)
}

pub fn profile() -> ProfileId {
    ProfileId::flora("https://flora.test")
}

pub fn time(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(1_700_000_000_000 + ms).expect("a time in range")
}

pub fn update(run: &str, status: RunStatus) -> RunUpdate {
    RunUpdate {
        run_id: RunId::new(run),
        technique: TechniqueId::new("tech_poster"),
        technique_name: Some(Arc::from("Poster")),
        workspace: Some(WorkspaceId::new("ws_1")),
        project: Some(ProjectId::new("prj_1")),
        progress: 0.0,
        created_at: time(0),
        started_at: Some(time(1_000)),
        completed_at: status.is_over().then(|| time(5_000)),
        status,
        charged_cost: None,
        error_code: None,
        error_message: None,
        outputs: Vec::new(),
        poll_url: None,
    }
}

pub fn image(id: &str) -> OutputUpdate {
    OutputUpdate {
        output_id: OutputId::new(id),
        kind: MediaKind::Image,
        url_or_text: format!("https://media.test/{id}"),
    }
}

pub fn text(id: &str, text: &str) -> OutputUpdate {
    OutputUpdate {
        output_id: OutputId::new(id),
        kind: MediaKind::Text,
        url_or_text: text.to_owned(),
    }
}

pub fn order(words: &str) -> LaunchOrder {
    LaunchOrder {
        id: LaunchId::fresh(),
        technique: TechniqueId::new("tech_poster"),
        technique_name: Arc::from("Poster"),
        listed_cost: Usd::from_dollars(0.15),
        inputs: vec![OrderInput {
            id: InputId::new("words"),
            name: "Words".to_owned(),
            kind: MediaKind::Text,
            value: OrderValue::Text(words.to_owned()),
        }],
        created_at: time(0),
    }
}
