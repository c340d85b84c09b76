//! What launches were given: for the inspector, the search, and to use again.

use rusqlite::{Connection, params};

use super::sql::PROFILE;
use super::{Library, LibraryError, Result};
use crate::model::{InputId, OrderInput, OrderValue, ProfileId, RowKey, TechniqueId};

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

    /// The inputs of a run as they were ordered; none for runs from elsewhere, and none when another version wrote
    /// them in a way we cannot read.
    pub(super) fn inputs(&self, run: RowKey) -> Result<Vec<OrderInput>> {
        match self.order(run) {
            Err(LibraryError::Json(_)) => Ok(Vec::new()),
            order => Ok(order?.map(|order| order.inputs).unwrap_or_default()),
        }
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
