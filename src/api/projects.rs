//! `GET /projects`.

use super::client::with_query;
use super::{ApiError, Client, Page};
use crate::wire;

/// Which projects to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectQuery {
    /// `ws_…`, required by FLORA.
    pub workspace: String,
    /// Words in the name.
    pub words: Option<String>,
    /// 1 to 100; 100 when absent.
    pub limit: Option<u32>,
}

impl Client {
    /// A page of a workspace's projects, the most recently used first.
    ///
    /// # Errors
    /// As every request.
    pub async fn projects(
        &self,
        query: &ProjectQuery,
        cursor: Option<&str>,
    ) -> Result<Page<wire::Project>, ApiError> {
        let mut url = self.url(&["projects"])?;
        with_query(
            &mut url,
            &[
                ("workspace_id", Some(&query.workspace)),
                ("query", query.words.as_deref()),
                ("cursor", cursor),
            ],
            query.limit,
        );
        self.get_page(url).await
    }
}
