//! Lists: their query parameters, their cursors, their pages.

use std::collections::HashMap;

use axum::http::{StatusCode, Uri};
use url::form_urlencoded;

use super::ids;
use super::refusal::Refusal;
use super::store::Place;
use super::store::files::hex;
use crate::wire::{Meta, RunStatus};

const DEFAULT_LIMIT: usize = 20;
const MAX_LIMIT: usize = 100;

/// The query parameters of a list. An empty one counts as left out.
pub(super) struct Params(HashMap<String, String>);

impl Params {
    pub(super) fn of(uri: &Uri) -> Self {
        let query = uri.query().unwrap_or_default();
        Self(
            form_urlencoded::parse(query.as_bytes())
                .filter(|(_, value)| !value.trim().is_empty())
                .map(|(name, value)| (name.into_owned(), value.trim().to_owned()))
                .collect(),
        )
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }

    pub(super) fn limit(&self) -> Result<usize, Refusal> {
        let Some(limit) = self.0.get("limit") else {
            return Ok(DEFAULT_LIMIT);
        };
        limit
            .parse()
            .ok()
            .filter(|limit| (1..=MAX_LIMIT).contains(limit))
            .ok_or_else(|| Refusal::field("limit", "must be a number from 1 to 100"))
    }

    pub(super) fn status(&self) -> Result<Option<RunStatus>, Refusal> {
        match self
            .0
            .get("status")
            .map(|word| RunStatus::from(word.as_str()))
        {
            Some(RunStatus::Unknown(_)) => Err(Refusal::field(
                "status",
                "must be pending, running, completed or failed",
            )),
            status => Ok(status),
        }
    }

    /// The project filter. A project we do not have is not found; a malformed id is FLORA's 500.
    pub(super) fn project(&self) -> Result<Option<String>, Refusal> {
        let id = self.text("project_id");
        check_project(id.as_deref())?;
        Ok(id)
    }

    /// Checks the workspace filter: there is one workspace, so it changes nothing else.
    pub(super) fn workspace(&self) -> Result<(), Refusal> {
        self.0
            .get("workspace_id")
            .map_or(Ok(()), |id| check_workspace(id))
    }

    /// As [`Params::workspace`], and it must be there.
    pub(super) fn required_workspace(&self) -> Result<(), Refusal> {
        match self.0.get("workspace_id") {
            Some(id) => check_workspace(id),
            None => Err(Refusal::field("workspace_id", "is required")),
        }
    }

    /// Where the page begins, for a list ordered by time.
    pub(super) fn start(&self, list: &str) -> Result<Start, Refusal> {
        let Some(parts) = self.cursor(list)? else {
            return Ok(Start::First);
        };
        let numbers: Option<Vec<i64>> = parts.iter().map(|part| part.parse().ok()).collect();
        match numbers.as_deref() {
            Some(&[created_at, seq, total]) => Ok(Start::After {
                place: Place { created_at, seq },
                total: u64::try_from(total).unwrap_or_default(),
            }),
            _ => Err(bad_cursor()),
        }
    }

    /// What [`cursor`] put in, if there is a cursor.
    pub(super) fn cursor(&self, list: &str) -> Result<Option<Vec<String>>, Refusal> {
        let Some(cursor) = self.0.get("cursor") else {
            return Ok(None);
        };
        let text = unhex(cursor).ok_or_else(bad_cursor)?;
        let mut parts = text.split('\n').map(str::to_owned);
        if parts.next().as_deref() != Some(list) {
            return Err(bad_cursor());
        }
        Ok(Some(parts.collect()))
    }
}

/// Where a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    First,
    After {
        place: Place,
        /// The estimate the first page gave: counted once a walk, not once a page.
        total: u64,
    },
}

impl Start {
    pub(super) fn place(self) -> Option<Place> {
        match self {
            Self::First => None,
            Self::After { place, .. } => Some(place),
        }
    }
}

/// An opaque cursor for this list.
pub(super) fn cursor(list: &str, parts: &[&str]) -> String {
    let mut text = list.to_owned();
    for part in parts {
        text.push('\n');
        text.push_str(part);
    }
    hex(text.as_bytes())
}

/// Cuts `rows` (up to one more than `limit`) to a page, and says where the next one begins.
pub(super) fn cut<T>(
    list: &str,
    mut rows: Vec<T>,
    limit: usize,
    total: u64,
    place: impl Fn(&T) -> Place,
) -> (Vec<T>, Meta) {
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next_cursor = rows.last().filter(|_| more).map(|last| {
        let Place { created_at, seq } = place(last);
        cursor(
            list,
            &[
                &created_at.to_string(),
                &seq.to_string(),
                &total.to_string(),
            ],
        )
    });
    let meta = Meta {
        next_cursor,
        total_estimate: Some(total),
    };
    (rows, meta)
}

/// A key belongs to one workspace: another one is forbidden, a malformed id is FLORA's 500.
pub(super) fn check_workspace(id: &str) -> Result<(), Refusal> {
    if !ids::well_formed(ids::WORKSPACE_PREFIX, id) {
        Err(Refusal::malformed_id())
    } else if id != ids::WORKSPACE {
        Err(Refusal::new(
            StatusCode::FORBIDDEN,
            "forbidden",
            "This key has no access to that workspace",
        ))
    } else {
        Ok(())
    }
}

/// The project, if one is named, must be ours.
pub(super) fn check_project(id: Option<&str>) -> Result<(), Refusal> {
    match id {
        Some(id) if !ids::well_formed(ids::PROJECT_PREFIX, id) => Err(Refusal::malformed_id()),
        Some(id) if id != ids::PROJECT => Err(Refusal::not_found("The project")),
        _ => Ok(()),
    }
}

fn bad_cursor() -> Refusal {
    Refusal::field("cursor", "is not a cursor of this list")
}

fn unhex(hex: &str) -> Option<String> {
    if !hex.is_ascii() || !hex.len().is_multiple_of(2) {
        return None;
    }
    let bytes: Option<Vec<u8>> = (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).ok())
        .collect();
    String::from_utf8(bytes?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(query: &str) -> Params {
        Params::of(&format!("/list?{query}").parse().unwrap())
    }

    #[test]
    fn a_cursor_comes_back_as_it_was_and_only_to_its_own_list() {
        let (rows, meta) = cut("runs", vec![1, 2, 3], 2, 40, |n| Place {
            created_at: 1_700_000_000_000,
            seq: *n,
        });
        assert_eq!(rows, [1, 2]);
        let cursor = meta.next_cursor.unwrap();
        let start = params(&format!("cursor={cursor}")).start("runs").unwrap();
        let place = Place {
            created_at: 1_700_000_000_000,
            seq: 2,
        };
        assert_eq!(start, Start::After { place, total: 40 });
        assert!(params(&format!("cursor={cursor}")).start("assets").is_err());
    }

    #[test]
    fn the_last_page_has_no_cursor() {
        let place = |n: &i64| Place {
            created_at: *n,
            seq: *n,
        };
        assert_eq!(cut("runs", vec![1, 2], 2, 2, place).1.next_cursor, None);
    }

    #[test]
    fn limits_and_cursors_out_of_range_are_refused() {
        assert_eq!(params("").limit().unwrap(), 20);
        assert_eq!(params("limit=100").limit().unwrap(), 100);
        for limit in ["0", "101", "-1", "ten", "1.5"] {
            assert!(
                params(&format!("limit={limit}")).limit().is_err(),
                "{limit}"
            );
        }
        for cursor in ["abc", "zz", "é1", "72756e73", "72756e730a31"] {
            assert!(
                params(&format!("cursor={cursor}")).start("runs").is_err(),
                "{cursor}"
            );
        }
    }
}
