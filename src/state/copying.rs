//! Copying a text output whole, though only its beginning travels with its row.

use super::{AppState, Request, nothing};
use crate::message::Command;
use crate::model::{Output, OutputKey, Problem, TextContent, Timestamp};

/// An excerpt may end a few bytes early, so as not to cut a character.
const CUT: usize = 4;

impl AppState {
    pub(super) fn copy_output_text(&mut self, output: OutputKey) -> Vec<Command> {
        let excerpt = self
            .rows
            .find_output(output)
            .and_then(|(_, found)| found.excerpt.clone())
            .filter(|excerpt| excerpt.len() + CUT < Output::EXCERPT);
        match excerpt {
            Some(whole) => self.request(Request::CopyText(whole.to_string())),
            None => {
                self.saving.copying = Some(output);
                vec![Command::LoadText(output)]
            }
        }
    }

    /// A text was read: for the viewer, and for the clipboard when that waits for it.
    pub(super) fn text_loaded(
        &mut self,
        output: OutputKey,
        text: Result<TextContent, Problem>,
        now: Timestamp,
    ) -> Vec<Command> {
        if self.saving.copying.take_if(|wanted| *wanted == output).is_some() {
            match &text {
                Ok(content) => self
                    .requests
                    .push(Request::CopyText(content.text.to_string())),
                Err(problem) => {
                    self.notices.add_problem(problem.clone(), now);
                }
            }
        }
        self.viewer.text_loaded(output, text);
        nothing()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Event;
    use crate::model::now;
    use crate::settings::Settings;
    use crate::state::Action;

    #[test]
    fn a_long_text_is_read_before_it_is_copied() {
        let mut state = AppState::new(Settings::default());
        let output = OutputKey::new(7);
        let commands = state.perform(Action::CopyOutputText(output), now());
        assert!(matches!(commands.as_slice(), [Command::LoadText(asked)] if *asked == output));
        assert!(state.take_requests().is_empty(), "nothing to copy yet");
        let text = TextContent {
            text: "all of it".into(),
            truncated: false,
            words: 3,
            lines: 1,
        };
        let loaded = |text: &TextContent| Event::TextLoaded {
            output,
            text: Ok(text.clone()),
        };
        state.apply(loaded(&text), now());
        assert_eq!(
            state.take_requests(),
            [Request::CopyText("all of it".to_owned())]
        );
        state.apply(loaded(&text), now());
        assert!(state.take_requests().is_empty(), "copied once");
    }
}
