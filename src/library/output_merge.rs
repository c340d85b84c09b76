//! Taking in the outputs that an update lists.

use rusqlite::{Connection, params};

use super::Result;
use super::output_rows::archive_word;
use super::run_row::RunRow;
use crate::model::{Archive, MediaKind, Output, OutputUpdate, RowKey};

/// What merging an update's outputs did.
#[derive(Clone, Copy, Default)]
pub(super) struct Merged {
    pub changed: bool,
    /// A text came or changed: the search needs to know.
    pub texts: bool,
}

/// Takes in the outputs an update lists. None is ever removed: a stale page may know fewer.
pub(super) fn merge(
    connection: &Connection,
    row: &RunRow,
    updates: &[OutputUpdate],
) -> Result<Merged> {
    let mut merged = Merged::default();
    if updates.is_empty() {
        return Ok(merged);
    }
    let mut known = known(connection, row.key)?;
    for (position, update) in updates.iter().enumerate() {
        let position = u32::try_from(position).unwrap_or(u32::MAX);
        let same = known.iter().find(|known| known.is(update, position));
        let one = match same {
            Some(same) => refresh(connection, same, update)?,
            None => {
                let index = free_index(&known, position);
                known.push(insert(connection, row, index, update)?);
                Merged {
                    changed: true,
                    texts: update.kind == MediaKind::Text,
                }
            }
        };
        merged.changed |= one.changed;
        merged.texts |= one.texts;
    }
    Ok(merged)
}

struct Known {
    key: i64,
    output_id: String,
    index: u32,
    url: Option<String>,
    text: Option<String>,
}

impl Known {
    /// Odd answers lack ids; the position decides then.
    fn is(&self, update: &OutputUpdate, position: u32) -> bool {
        let id = update.output_id.as_str();
        if id.is_empty() || self.output_id.is_empty() {
            self.index == position
        } else {
            self.output_id == id
        }
    }
}

fn known(connection: &Connection, run: RowKey) -> Result<Vec<Known>> {
    let sql = "SELECT key, output_id, idx, url, text FROM outputs WHERE run = ?1 ORDER BY idx";
    let mut statement = connection.prepare_cached(sql)?;
    let known = statement.query_map([run.get()], |row| {
        Ok(Known {
            key: row.get(0)?,
            output_id: row.get(1)?,
            index: row.get(2)?,
            url: row.get(3)?,
            text: row.get(4)?,
        })
    })?;
    Ok(known.collect::<rusqlite::Result<_>>()?)
}

fn free_index(known: &[Known], wanted: u32) -> u32 {
    if known.iter().all(|known| known.index != wanted) {
        return wanted;
    }
    known
        .iter()
        .map(|known| known.index)
        .max()
        .map_or(0, |last| last.saturating_add(1))
}

/// A new address is no news to anybody, only to the next fetch; a new text is.
fn refresh(connection: &Connection, known: &Known, update: &OutputUpdate) -> Result<Merged> {
    let (url, text) = content(update);
    let changed = text.is_some() && text != known.text.as_deref();
    if changed {
        let sql = "UPDATE outputs SET text = ?2, excerpt = ?3 WHERE key = ?1";
        let values = params![known.key, text, text.map(excerpt)];
        connection.prepare_cached(sql)?.execute(values)?;
    }
    if url.is_some() && url != known.url.as_deref() {
        let sql = "UPDATE outputs SET url = ?2 WHERE key = ?1";
        connection
            .prepare_cached(sql)?
            .execute(params![known.key, url])?;
    }
    Ok(Merged {
        changed,
        texts: changed,
    })
}

fn insert(
    connection: &Connection,
    row: &RunRow,
    index: u32,
    update: &OutputUpdate,
) -> Result<Known> {
    let (url, text) = content(update);
    let archive = first_archive(row.launch.is_some(), text.is_some());
    let sql = "INSERT INTO outputs (run, output_id, idx, kind, url, excerpt, archive, text) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    connection.prepare_cached(sql)?.execute(params![
        row.key.get(),
        update.output_id.as_str(),
        index,
        update.kind.as_str(),
        url,
        text.map(excerpt),
        archive_word(&archive),
        text,
    ])?;
    Ok(Known {
        key: connection.last_insert_rowid(),
        output_id: update.output_id.as_str().to_owned(),
        index,
        url: url.map(str::to_owned),
        text: text.map(str::to_owned),
    })
}

/// What was started here is fetched; what is from elsewhere stays there until it is asked for, except that a
/// text came along with its run.
fn first_archive(is_ours: bool, is_text: bool) -> Archive {
    match (is_ours, is_text) {
        (true, _) => Archive::Fetching,
        (false, true) => Archive::Stored,
        (false, false) => Archive::Remote,
    }
}

/// Where the outputs of a run from elsewhere are when it is first heard of.
pub(super) fn first_archives(updates: &[OutputUpdate]) -> Vec<Archive> {
    let texts = updates.iter().map(|update| content(update).1.is_some());
    texts.map(|is_text| first_archive(false, is_text)).collect()
}

/// After a run from elsewhere turned out to be one of ours.
pub(super) fn move_to_launch(connection: &Connection, from: RowKey, to: RowKey) -> Result<()> {
    let sql = "UPDATE outputs SET run = ?2, archive = CASE \
               WHEN archive = 'remote' OR (archive = 'stored' AND file IS NULL) THEN 'fetching' ELSE archive END \
               WHERE run = ?1";
    connection
        .prepare_cached(sql)?
        .execute((from.get(), to.get()))?;
    Ok(())
}

/// `(url, text)`: a kind to come may hold either.
fn content(update: &OutputUpdate) -> (Option<&str>, Option<&str>) {
    let content = update.url_or_text.as_str();
    let is_url = content.starts_with("https://") || content.starts_with("http://");
    match &update.kind {
        MediaKind::Text => (None, Some(content)),
        MediaKind::Other(_) if !is_url => (None, Some(content)),
        _ => (Some(content), None),
    }
}

fn excerpt(text: &str) -> &str {
    let mut end = Output::EXCERPT.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
