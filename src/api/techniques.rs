//! `GET /techniques`, all of them or one.

use super::client::with_query;
use super::{ApiError, Client, Page};
use crate::wire;

/// More pages than any catalogue has: a server that hands out cursors for ever is not followed for ever.
const MAX_PAGES: usize = 200;

/// Which techniques to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TechniqueQuery {
    /// `ws_…`
    pub workspace: Option<String>,
    /// Words in the name.
    pub words: Option<String>,
    /// 1 to 100; 100 when absent.
    pub limit: Option<u32>,
}

impl Client {
    /// A page of the catalogue.
    ///
    /// # Errors
    /// As every request.
    pub async fn techniques(
        &self,
        query: &TechniqueQuery,
        cursor: Option<&str>,
    ) -> Result<Page<wire::Technique>, ApiError> {
        let mut url = self.url(&["techniques"])?;
        with_query(
            &mut url,
            &[
                ("workspace_id", query.workspace.as_deref()),
                ("query", query.words.as_deref()),
                ("cursor", cursor),
            ],
            query.limit,
        );
        self.get_page(url).await
    }

    /// Every page of the catalogue as one, with everything that was skipped.
    ///
    /// # Errors
    /// As every request; a page that fails fails the whole, so that no half catalogue passes for a whole one.
    pub async fn all_techniques(
        &self,
        query: &TechniqueQuery,
    ) -> Result<Page<wire::Technique>, ApiError> {
        let mut all = self.techniques(query, None).await?;
        for _ in 1..MAX_PAGES {
            let Some(cursor) = all.next_cursor.take() else {
                return Ok(all);
            };
            let next = self.techniques(query, Some(&cursor)).await?;
            let stuck = next.next_cursor.as_ref() == Some(&cursor);
            all.append(next);
            if stuck {
                tracing::warn!("a cursor that leads to itself ended the list");
                all.next_cursor = None;
            }
        }
        Ok(all)
    }

    /// One technique, by id or slug.
    ///
    /// # Errors
    /// As every request; 404 when it is gone.
    pub async fn technique(&self, id: &str) -> Result<wire::Technique, ApiError> {
        self.get(self.url(&["techniques", id])?).await
    }
}
