//! Finding runs by their words.
//!
//! One line of the full-text index per run. Scripts that write without spaces are taken apart into characters, both
//! when they are filed and when they are looked for, so that any part of a sentence is found.

use rusqlite::Connection;

use super::Result;
use crate::model::RowKey;

/// Bytes of a run's output texts that can be found; the rest of a very long text cannot.
const MAX_TEXT: usize = 100_000;
/// More words than anybody types.
const MAX_WORDS: usize = 16;

/// Files a run's words anew, inside the transaction that changed them.
pub(super) fn index(connection: &Connection, run: RowKey) -> Result<()> {
    let names = "SELECT technique_name, summary FROM runs WHERE key = ?1";
    let (technique, summary): (String, String) = connection
        .prepare_cached(names)?
        .query_row([run.get()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let inputs = texts(
        connection,
        "SELECT value FROM inputs WHERE run = ?1 ORDER BY idx",
        run,
    )?;
    let outputs = texts(
        connection,
        "SELECT text FROM outputs WHERE run = ?1 AND text IS NOT NULL ORDER BY idx",
        run,
    )?;
    let sql = "INSERT OR REPLACE INTO search (rowid, technique, summary, inputs, outputs) VALUES (?1, ?2, ?3, ?4, ?5)";
    connection.prepare_cached(sql)?.execute((
        run.get(),
        spaced(&technique),
        spaced(&summary),
        spaced(&inputs),
        spaced(&outputs),
    ))?;
    Ok(())
}

/// Forgets a run's words.
pub(super) fn forget(connection: &Connection, run: RowKey) -> Result<()> {
    let sql = "DELETE FROM search WHERE rowid = ?1";
    connection.prepare_cached(sql)?.execute([run.get()])?;
    Ok(())
}

/// What a person typed as an FTS5 expression: every word must be there, the last may be a beginning.
/// `None` when there is no word in it. Whatever is typed, it is never a syntax error.
pub(super) fn expression(typed: &str) -> Option<String> {
    let words: Vec<&str> = typed
        .split(|c: char| c.is_whitespace() || c.is_control() || c == '"')
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .take(MAX_WORDS)
        .collect();
    if words.is_empty() {
        return None;
    }
    let phrases: Vec<String> = words
        .iter()
        .map(|word| format!("\"{}\"", spaced(word).trim()))
        .collect();
    Some(format!("{} *", phrases.join(" AND ")))
}

fn texts(connection: &Connection, sql: &str, run: RowKey) -> Result<String> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([run.get()])?;
    let mut all = String::new();
    while let Some(row) = rows.next()? {
        let text = row.get_ref(0)?.as_str()?;
        let mut end = text.len().min(MAX_TEXT.saturating_sub(all.len()));
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        all.push_str(&text[..end]);
        all.push('\n');
    }
    Ok(all)
}

/// Puts spaces around characters of scripts that write without them.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unspaced(c) {
            spaced.extend([' ', c, ' ']);
        } else {
            spaced.push(c);
        }
    }
    spaced
}

/// Han, kana, hangul, Thai, Lao, Khmer, Burmese.
fn is_unspaced(c: char) -> bool {
    matches!(c as u32,
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3040..=0x30FF | 0x3400..=0x4DBF
        | 0x4E00..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0xFF66..=0xFF9F | 0x20000..=0x3FFFF)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rusqlite::Connection;

    use super::*;

    fn index_of(texts: &[&str]) -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(
                "CREATE VIRTUAL TABLE search USING fts5 (text, content = '', contentless_delete = 1, \
                 tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')",
            )
            .unwrap();
        for text in texts {
            connection
                .execute("INSERT INTO search (text) VALUES (?1)", [spaced(text)])
                .unwrap();
        }
        connection
    }

    fn found(connection: &Connection, typed: &str) -> Vec<i64> {
        let Some(expression) = expression(typed) else {
            return Vec::new();
        };
        let sql = "SELECT rowid FROM search WHERE search MATCH ?1 ORDER BY rowid";
        let mut statement = connection.prepare_cached(sql).unwrap();
        let rows = statement.query_map([expression], |row| row.get(0)).unwrap();
        rows.map(|row| row.expect("no query is an error")).collect()
    }

    #[test]
    fn every_word_must_be_there_and_the_last_may_be_a_beginning() {
        let index = index_of(&["A lemon in the sea", "A lemon tree", "The Seagull"]);
        assert_eq!(found(&index, "lemon"), [1, 2]);
        assert_eq!(found(&index, "lemon sea"), [1]);
        assert_eq!(found(&index, "sea"), [1, 3]);
        assert_eq!(found(&index, "sea lemon"), [1]);
        assert_eq!(found(&index, "lem sea"), [] as [i64; 0]);
    }

    #[test]
    fn accents_and_case_do_not_matter() {
        let index = index_of(&["Žluťoučký kůň", "ÉTUDE en bleu"]);
        assert_eq!(found(&index, "zlutoucky"), [1]);
        assert_eq!(found(&index, "étude"), [2]);
    }

    #[test]
    fn any_part_of_a_sentence_without_spaces_is_found() {
        let index = index_of(&["夕焼けの海と灯台", "바다의 등대", "海 焼"]);
        assert_eq!(found(&index, "海と"), [1]);
        assert_eq!(found(&index, "焼けの"), [1]);
        assert_eq!(found(&index, "등대"), [2]);
        assert_eq!(found(&index, "海"), [1, 3]);
    }

    #[test]
    fn operators_and_quotes_are_plain_words() {
        let index = index_of(&[
            "cats AND dogs",
            "say \"hello\"",
            "a NOT b",
            "don't stop",
            "C++ (draft)",
        ]);
        assert_eq!(found(&index, "AND"), [1]);
        assert_eq!(found(&index, "\"hello"), [2]);
        assert_eq!(found(&index, "don't"), [4]);
        assert_eq!(found(&index, "(draft"), [5]);
        assert_eq!(found(&index, "NEAR(cats dogs)"), [] as [i64; 0]);
        assert_eq!(expression(" !!! \" * "), None);
    }

    proptest! {
        #[test]
        fn no_typing_is_a_syntax_error(typed in any::<String>()) {
            found(&index_of(&["text"]), &typed);
        }

        #[test]
        fn no_operator_soup_is_a_syntax_error(
            typed in r#"(["*^:+(){}\-]|AND|OR|NOT|NEAR|text|夏|[\x00-\x1f ]|é|text:){0,12}"#
        ) {
            found(&index_of(&["text"]), &typed);
        }

        #[test]
        fn a_run_is_found_by_each_of_its_words(words in prop::collection::vec("[a-zA-Zéü0-9]{1,12}", 1..8), pick in 0usize..8) {
            let text = words.join(" ");
            let word = &words[pick % words.len()];
            let rows = found(&index_of(&[&text, "unrelated !"]), word);
            prop_assert_eq!(rows.first(), Some(&1));
        }
    }
}
