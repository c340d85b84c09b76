//! The only "is it loading?" in the app.

use crate::model::Problem;

/// Something that is fetched. Fetching never blanks what was there.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Load<T> {
    #[default]
    NotAsked,
    Loading {
        previous: Option<T>,
    },
    Ready(T),
    Failed {
        problem: Problem,
        previous: Option<T>,
    },
}

impl<T> Load<T> {
    /// What there is to show, fresh or not.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::NotAsked => None,
            Self::Ready(value) => Some(value),
            Self::Loading { previous } | Self::Failed { previous, .. } => previous.as_ref(),
        }
    }

    /// As [`Self::value`], to be changed in place.
    pub fn value_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::NotAsked => None,
            Self::Ready(value) => Some(value),
            Self::Loading { previous } | Self::Failed { previous, .. } => previous.as_mut(),
        }
    }

    /// What went wrong with the last fetch.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Failed { problem, .. } => Some(problem),
            _ => None,
        }
    }

    /// Nothing to show yet, and it is on its way.
    pub fn is_first_load(&self) -> bool {
        matches!(self, Self::NotAsked | Self::Loading { previous: None })
    }

    pub fn is_loading(&self) -> bool {
        matches!(self, Self::Loading { .. })
    }

    /// Keeps what is there while it is fetched anew.
    pub fn start(&mut self) {
        *self = Self::Loading {
            previous: self.take(),
        };
    }

    /// Keeps what is there though fetching failed.
    pub fn fail(&mut self, problem: Problem) {
        *self = Self::Failed {
            problem,
            previous: self.take(),
        };
    }

    fn take(&mut self) -> Option<T> {
        match std::mem::take(self) {
            Self::NotAsked => None,
            Self::Ready(value) => Some(value),
            Self::Loading { previous } | Self::Failed { previous, .. } => previous,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Load;
    use crate::model::Problem;

    #[test]
    fn fetching_and_failing_keep_what_was_there() {
        let mut load = Load::Ready(7);
        load.start();
        assert_eq!(load.value(), Some(&7));
        load.fail(Problem::new("No network"));
        assert_eq!(load.value(), Some(&7));
        assert_eq!(load.problem().unwrap().summary, "No network");
    }
}
