//! A long history: complete, in order, and quick to page through.

use std::collections::HashSet;

use super::support::{Bench, text};
use crate::wire::{RunList, RunStatus};

#[tokio::test]
async fn a_seeded_history_is_walked_without_a_gap_or_a_repeat() {
    let bench = Bench::new().await;
    let real = bench.start("mine").await;
    bench.over(&real).await;
    bench.studio.seed_history(700).unwrap();
    bench.studio.seed_history(300).unwrap();
    let mut seen = HashSet::new();
    let mut times = Vec::new();
    let mut path = "/technique-runs?limit=100".to_owned();
    let mut pages = 0;
    loop {
        let page: RunList = serde_json::from_value(bench.get(&path).await.body).unwrap();
        pages += 1;
        for item in &page.technique_runs {
            assert!(
                seen.insert(item.run.run_id.clone()),
                "{} twice",
                item.run.run_id
            );
            times.push(item.run.created_at);
        }
        match page.meta.next_cursor {
            Some(cursor) => path = format!("/technique-runs?limit=100&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!((seen.len(), pages), (1001, 11));
    assert!(times.is_sorted_by(|a, b| a >= b), "newest first");
    assert!(seen.contains(text(&real["run_id"])));
}

#[tokio::test]
async fn seeded_runs_are_finished_and_their_files_are_served() {
    let bench = Bench::new().await;
    bench.studio.seed_history(300).unwrap();
    let runs = bench.studio.runs().unwrap();
    let count = |status: RunStatus| runs.iter().filter(|run| run.status == status).count();
    let (completed, failed) = (count(RunStatus::Completed), count(RunStatus::Failed));
    assert_eq!(completed + failed, 300);
    assert!((5..60).contains(&failed), "{failed} failed");
    let files: HashSet<_> = runs
        .iter()
        .flat_map(|run| &run.outputs)
        .filter_map(|output| output.sha256.as_ref())
        .collect();
    assert!((10..=24).contains(&files.len()), "{} files", files.len());

    let page = bench
        .get("/technique-runs?status=completed&technique_id=echo&limit=1")
        .await
        .body;
    let item = &page["technique_runs"][0];
    let picture = bench
        .client
        .get(text(&item["outputs"][1]["url"]))
        .send()
        .await
        .unwrap();
    let bytes = picture.bytes().await.unwrap();
    assert!(image::load_from_memory(&bytes).unwrap().width() >= 160);
    assert!(text(&item["outputs"][0]["url"]).contains("Notes on"));
    assert_eq!(item["charged_cost"], 0.25);
}
