//! What launches were given: for the inspector, the search, and to use again.

use rusqlite::{Connection, Row, params};

use super::sql::PROFILE;
use super::{Library, Result};
use crate::model::{
    InputId, InputRecord, MediaKind, OrderInput, OrderValue, ProfileId, RowKey, TechniqueId,
};

impl Library {
    /// The texts given to one input of a technique, newest first, each once.
    ///
    /// # Errors
    /// What the database says.
    pub fn recent_texts(
        &self,
        profile: &ProfileId,
        technique: &TechniqueId,
        input: &InputId,
    ) -> Result<Vec<String>> {
        const MOST: usize = 50;
        let sql = format!(
            "SELECT i.value FROM runs r JOIN inputs i ON i.run = r.key \
             WHERE r.profile = {PROFILE} AND r.technique_id = ?2 AND i.input_id = ?3 AND i.form = 'text' \
             ORDER BY r.created_ms DESC, r.key DESC"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query((profile.as_str(), technique.as_str(), input.as_str()))?;
        let mut texts: Vec<String> = Vec::new();
        while let Some(row) = rows.next()? {
            let text = row.get_ref(0)?.as_str()?;
            if texts.iter().all(|known| known != text) {
                texts.push(text.to_owned());
            }
            if texts.len() == MOST {
                break;
            }
        }
        Ok(texts)
    }

    /// The recorded inputs of a run, with the local copies of its files.
    pub(super) fn inputs(&self, run: RowKey) -> Result<Vec<InputRecord>> {
        let sql = "SELECT i.input_id, i.name, i.kind, i.value, f.file FROM inputs i \
                   LEFT JOIN input_files f ON f.hash = i.hash WHERE i.run = ?1 ORDER BY i.idx";
        let mut statement = self.connection().prepare_cached(sql)?;
        let inputs = statement.query_map([run.get()], |row| self.read_input(row))?;
        Ok(inputs.collect::<rusqlite::Result<_>>()?)
    }

    fn read_input(&self, row: &Row<'_>) -> rusqlite::Result<InputRecord> {
        let file: Option<String> = row.get(4)?;
        Ok(InputRecord {
            id: InputId::new(row.get::<_, String>(0)?),
            name: row.get(1)?,
            kind: MediaKind::parse(row.get_ref(2)?.as_str()?),
            value: row.get(3)?,
            file: file
                .map(|file| self.absolute(&file))
                .filter(|file| file.exists()),
        })
    }
}

/// Records what a launch was given, in its own transaction.
pub(super) fn insert(connection: &Connection, run: RowKey, inputs: &[OrderInput]) -> Result<()> {
    let sql = "INSERT INTO inputs (run, idx, input_id, name, kind, form, value, hash) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let mut statement = connection.prepare_cached(sql)?;
    for (index, input) in (0_i64..).zip(inputs) {
        let (form, value, hash) = match &input.value {
            OrderValue::Text(text) => ("text", text.as_str(), None),
            OrderValue::File(file) => ("file", file.name.as_str(), Some(&*file.hash)),
            OrderValue::Url(url) => ("url", url.as_str(), None),
            OrderValue::Element(id) => ("element", id.as_str(), None),
        };
        statement.execute(params![
            run.get(),
            index,
            input.id.as_str(),
            input.name,
            input.kind.as_str(),
            form,
            value,
            hash,
        ])?;
    }
    Ok(())
}
