//! The large view of one output.

use std::collections::HashMap;
use std::sync::Arc;

use super::{AppState, Load, Place, Request, Step, nothing};
use crate::message::Command;
use crate::model::{MediaKind, OutputKey, Problem, RowKey, TextContent};

/// What the viewer shows.
#[derive(Debug, Default)]
pub struct ViewerState {
    pub open: Option<Viewing>,
    texts: HashMap<OutputKey, Load<TextContent>>,
    /// A text that goes to the clipboard as soon as it is read.
    copying: Option<OutputKey>,
}

/// One output in view, and the runs to step through.
#[derive(Clone, Debug, PartialEq)]
pub struct Viewing {
    pub output: OutputKey,
    pub run: RowKey,
    /// The runs of the list it was opened from.
    pub runs: Arc<[RowKey]>,
}

/// Texts kept at most; older ones are read again when they are opened again.
const TEXTS: usize = 32;

impl ViewerState {
    /// A text output, as far as it was read.
    pub fn text(&self, output: OutputKey) -> Option<&Load<TextContent>> {
        self.texts.get(&output)
    }

    fn want_text(&mut self, output: OutputKey) -> Vec<Command> {
        if matches!(
            self.texts.get(&output),
            Some(Load::Ready(_) | Load::Loading { .. })
        ) {
            return nothing();
        }
        if self.texts.len() >= TEXTS {
            self.texts.clear();
        }
        self.texts.entry(output).or_default().start();
        vec![Command::LoadText(output)]
    }

    pub(super) fn close(&mut self) -> Vec<Command> {
        self.open = None;
        nothing()
    }

    pub(super) fn reset(&mut self) {
        *self = Self::default();
    }
}

impl AppState {
    pub(super) fn text_loaded(
        &mut self,
        output: OutputKey,
        text: Result<TextContent, Problem>,
    ) -> Vec<Command> {
        let copies = self.viewer.copying.take_if(|wanted| *wanted == output);
        let load = match text {
            Ok(text) => Load::Ready(text),
            Err(problem) => Load::Failed {
                problem,
                previous: None,
            },
        };
        self.viewer.texts.insert(output, load);
        match copies {
            Some(output) => self.copy_read_text(output),
            None => nothing(),
        }
    }

    /// Copies a text output whole, reading it first if need be.
    pub(super) fn copy_output_text(&mut self, output: OutputKey) -> Vec<Command> {
        if let Some(Load::Ready(_)) = self.viewer.text(output) {
            return self.copy_read_text(output);
        }
        self.viewer.copying = Some(output);
        self.viewer.want_text(output)
    }

    fn copy_read_text(&mut self, output: OutputKey) -> Vec<Command> {
        match self.viewer.text(output) {
            Some(Load::Ready(content)) => {
                let text = content.text.to_string();
                self.request(Request::CopyText(text))
            }
            Some(Load::Failed { problem, .. }) => {
                let problem = problem.clone();
                self.notices.add_problem(problem, crate::model::now())
            }
            _ => nothing(),
        }
    }

    pub(super) fn open_viewer(&mut self, output: OutputKey) -> Vec<Command> {
        let Some(run) = self.rows.find_output(output).map(|(run, _)| run.key) else {
            return nothing();
        };
        let runs = match self.navigation.place {
            Place::History => self.history.keys().into(),
            _ => self.results.keys.value().cloned().unwrap_or_default(),
        };
        self.view(Viewing { output, run, runs })
    }

    fn view(&mut self, viewing: Viewing) -> Vec<Command> {
        let mut commands = self.inspect(viewing.run);
        self.inspector.output = Some(viewing.output);
        let kind = self
            .rows
            .output(viewing.run, viewing.output)
            .map(|output| output.kind.clone());
        if kind == Some(MediaKind::Text) {
            commands.extend(self.viewer.want_text(viewing.output));
        }
        commands.extend(self.rows.want(&neighbours(&viewing)));
        self.viewer.open = Some(viewing);
        commands
    }

    pub(super) fn step_viewer(&mut self, step: Step) -> Vec<Command> {
        let Some(viewing) = self.viewer.open.clone() else {
            return nothing();
        };
        let target = match step {
            Step::By(count) => self.output_away(&viewing, count),
            Step::RunBy(count) => self.run_away(&viewing, count),
            Step::First => self.first_output_of(viewing.runs.first().copied()),
            Step::Last => self.first_output_of(viewing.runs.last().copied()),
        };
        match target {
            Some((run, output)) => self.view(Viewing {
                output,
                run,
                ..viewing
            }),
            None => nothing(),
        }
    }

    /// The next or previous output, crossing into the neighbouring run at a run's end.
    fn output_away(&self, viewing: &Viewing, count: i32) -> Option<(RowKey, OutputKey)> {
        let run = self.rows.get(viewing.run)?;
        let at = run
            .outputs
            .iter()
            .position(|output| output.key == viewing.output)?;
        match at
            .checked_add_signed(count as isize)
            .and_then(|at| run.outputs.get(at))
        {
            Some(output) => Some((run.key, output.key)),
            None => self.run_away(viewing, count.signum()),
        }
    }

    /// The nearest run in that direction that has outputs; forwards it starts at its first, backwards at its last.
    fn run_away(&self, viewing: &Viewing, count: i32) -> Option<(RowKey, OutputKey)> {
        let at = viewing.runs.iter().position(|row| *row == viewing.run)?;
        let mut at = at.checked_add_signed(count as isize)?;
        loop {
            let row = *viewing.runs.get(at)?;
            let run = self.rows.get(row)?;
            let output = if count < 0 {
                run.outputs.last()
            } else {
                run.outputs.first()
            };
            if let Some(output) = output {
                return Some((row, output.key));
            }
            at = at.checked_add_signed(count.signum() as isize)?;
        }
    }

    fn first_output_of(&self, row: Option<RowKey>) -> Option<(RowKey, OutputKey)> {
        let run = self.rows.get(row?)?;
        Some((run.key, run.outputs.first()?.key))
    }
}

/// The runs around the one in view: their rows must be here before a step can be taken.
fn neighbours(viewing: &Viewing) -> Vec<RowKey> {
    const REACH: usize = 12;
    let Some(at) = viewing.runs.iter().position(|row| *row == viewing.run) else {
        return Vec::new();
    };
    let end = (at + REACH + 1).min(viewing.runs.len());
    let mut keys = viewing.runs[at.saturating_sub(REACH)..end].to_vec();
    keys.extend(viewing.runs.first().copied());
    keys.extend(viewing.runs.last().copied());
    keys
}
