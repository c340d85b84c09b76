//! Copies of outputs at places of the person's choice.

use futures_util::future::join_all;

use super::cx::Cx;
use super::download::{self, Urgency};
use crate::library::{self, CopyJob, CopyPlan};
use crate::message::Event;
use crate::model::{OutputKey, Problem, SaveRequest, SavedFile};

/// Copies outputs; those that are not here are fetched first. What can be saved is, whatever becomes of the rest.
pub fn save(cx: &Cx, request: SaveRequest) {
    let saving = cx.clone();
    cx.spawn(async move {
        let (files, problem) = match copies(&saving, &request).await {
            Ok((files, problems)) => (files, sum_up(problems)),
            Err(problem) => (Vec::new(), Some(problem)),
        };
        saving.outbox().send(Event::Saved { files, problem }).await;
    });
}

/// The copies that were made, and what went wrong with the others.
async fn copies(cx: &Cx, request: &SaveRequest) -> Result<(Vec<SavedFile>, Vec<Problem>), Problem> {
    let mut problems = Vec::new();
    let mut plan = planned(cx, request).await?;
    if !plan.missing.is_empty() {
        problems = fetched(cx, &plan.missing).await;
        plan = planned(cx, request).await?;
    }
    let mut files = Vec::new();
    for job in plan.jobs {
        match copied(cx, job).await {
            Ok(file) => files.extend(file),
            Err(problem) => problems.push(problem),
        }
    }
    Ok((files, problems))
}

async fn planned(cx: &Cx, request: &SaveRequest) -> Result<CopyPlan, Problem> {
    let request = request.clone();
    let plan = cx.db().call(move |library| library.plan_copies(&request));
    Ok(plan.await?)
}

/// Has outputs fetched, all at once; why some are not here.
async fn fetched(cx: &Cx, outputs: &[OutputKey]) -> Vec<Problem> {
    let files = outputs
        .iter()
        .map(|output| download::file_of(cx, *output, Urgency::Asked));
    let problems = join_all(files).await.into_iter();
    problems.filter_map(Result::err).collect()
}

/// Makes one copy; none when its name is taken and the rule is to skip.
async fn copied(cx: &Cx, job: CopyJob) -> Result<Option<SavedFile>, Problem> {
    match cx.blocking(move || library::copy(&job)).await {
        Some(copy) => Ok(copy?),
        None => Err(Problem::new("Florist is closing")),
    }
}

/// One problem for all: the first says why, the number says how many.
fn sum_up(problems: Vec<Problem>) -> Option<Problem> {
    let count = problems.len();
    let mut first = problems.into_iter().next()?;
    if count > 1 {
        first.summary = format!("{count} files were not saved: {}", first.summary);
    } else {
        first.summary = format!("1 file was not saved: {}", first.summary);
    }
    Some(first)
}
