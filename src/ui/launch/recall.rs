//! `Alt ↑` and `Alt ↓` in a text field: what was written there before.

use egui::Id;

/// Which field is leafing through its past, and where it is.
#[derive(Default)]
pub struct Recall {
    at: Option<At>,
}

struct At {
    field: Id,
    /// Position in the past, 0 for the newest.
    step: usize,
    /// What was in the field before the first step.
    typed: String,
    /// What the last step put there; anything else means that the person typed on.
    shown: String,
}

/// A step through the past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaf {
    Older,
    Newer,
}

impl Recall {
    /// The text to show after a step from `current`; nothing when there is no further step that way.
    pub fn step(
        &mut self,
        field: Id,
        current: &str,
        past: &[String],
        leaf: Leaf,
    ) -> Option<String> {
        let same = |at: &&mut At| at.field == field && at.shown == current;
        let Some(at) = self.at.as_mut().filter(same) else {
            return self.begin(field, current, past, leaf);
        };
        let shown = match leaf {
            Leaf::Older => {
                at.step = next_other(past, at.step + 1, current)?;
                past[at.step].clone()
            }
            Leaf::Newer if at.step == 0 => {
                let typed = std::mem::take(&mut at.typed);
                self.at = None;
                return Some(typed);
            }
            Leaf::Newer => {
                at.step -= 1;
                past[at.step].clone()
            }
        };
        at.shown.clone_from(&shown);
        Some(shown)
    }

    fn begin(&mut self, field: Id, current: &str, past: &[String], leaf: Leaf) -> Option<String> {
        if leaf == Leaf::Newer {
            return None;
        }
        let step = next_other(past, 0, current)?;
        self.at = Some(At {
            field,
            step,
            typed: current.to_owned(),
            shown: past[step].clone(),
        });
        Some(past[step].clone())
    }
}

/// The next one from `step` on that is not what the field shows already.
fn next_other(past: &[String], step: usize, current: &str) -> Option<usize> {
    (step..past.len()).find(|step| past[*step] != current)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_go_back_in_time_and_return_to_what_was_typed() {
        let past: Vec<String> = ["third", "second", "first"].map(str::to_owned).into();
        let field = Id::unique("field");
        let mut recall = Recall::default();
        let mut shown = "half a thou".to_owned();
        let mut walk = |leaf| {
            if let Some(text) = recall.step(field, &shown, &past, leaf) {
                shown = text;
            }
            shown.clone()
        };
        assert_eq!(walk(Leaf::Newer), "half a thou", "there is no future");
        assert_eq!(walk(Leaf::Older), "third");
        assert_eq!(walk(Leaf::Older), "second");
        assert_eq!(walk(Leaf::Older), "first");
        assert_eq!(walk(Leaf::Older), "first", "the past has an end");
        assert_eq!(walk(Leaf::Newer), "second");
        assert_eq!(walk(Leaf::Newer), "third");
        assert_eq!(walk(Leaf::Newer), "half a thou");
    }

    #[test]
    fn what_the_field_shows_already_is_no_step() {
        let past: Vec<String> = ["harbour", "quay"].map(str::to_owned).into();
        let mut recall = Recall::default();
        let shown = recall.step(Id::unique("field"), "harbour", &past, Leaf::Older);
        assert_eq!(shown.as_deref(), Some("quay"));
    }

    #[test]
    fn typing_on_begins_anew() {
        let past: Vec<String> = ["third", "second"].map(str::to_owned).into();
        let field = Id::unique("field");
        let mut recall = Recall::default();
        recall.step(field, "", &past, Leaf::Older);
        let shown = recall.step(field, "third, but better", &past, Leaf::Older);
        assert_eq!(shown.as_deref(), Some("third"));
        let back = recall.step(field, "third", &past, Leaf::Newer);
        assert_eq!(back.as_deref(), Some("third, but better"));
    }
}
