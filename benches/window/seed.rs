//! A library with a long history.

use std::path::Path;

use florist::library::{Library, Places};
use florist::model::{
    MediaKind, OutputId, OutputUpdate, ProfileId, RunId, RunStatus, RunUpdate, TechniqueId,
    Timestamp, Usd, WorkspaceId, now,
};

const PAGE: usize = 1000;

/// Puts this many finished runs, with a text each, into the studio's part of the library.
pub fn fill(places: &Places, runs: usize) {
    std::fs::create_dir_all(&places.library).expect("a folder");
    let opened = Library::open(Path::new(&places.library)).expect("a library");
    let begin = now();
    let all: Vec<usize> = (0..runs).collect();
    for page in all.chunks(PAGE) {
        let updates: Vec<RunUpdate> = page.iter().map(|number| finished(*number, begin)).collect();
        opened
            .library
            .save_page(&ProfileId::studio(), &updates)
            .expect("saved");
    }
    opened.library.close().expect("closed");
}

fn finished(number: usize, begin: Timestamp) -> RunUpdate {
    let minutes_ago = |minutes: usize| {
        let milliseconds = begin.as_millisecond() - (minutes as i64) * 60_000;
        Timestamp::from_millisecond(milliseconds).expect("in range")
    };
    RunUpdate {
        run_id: RunId::new(format!("run_{number:08}")),
        technique: TechniqueId::new(format!("tech_{}", number % 12)),
        technique_name: Some(format!("Technique {}", number % 12).into()),
        workspace: Some(WorkspaceId::new("ws_studio")),
        project: None,
        status: RunStatus::Completed,
        progress: 100.0,
        created_at: minutes_ago(number + 2),
        started_at: Some(minutes_ago(number + 2)),
        completed_at: Some(minutes_ago(number + 1)),
        charged_cost: Some(Usd::from_micros(20_000)),
        error_code: None,
        error_message: None,
        outputs: vec![OutputUpdate {
            output_id: OutputId::new(format!("out_{number:08}")),
            kind: MediaKind::Text,
            url_or_text: format!(
                "Notes on number {number}: the horizon sits close to the lower third."
            ),
        }],
        poll_url: None,
    }
}
