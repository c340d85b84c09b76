//! `GET /workspaces`.

use super::{ApiError, Client};
use crate::wire;

impl Client {
    /// The workspaces the key can see; the cheapest way to find out whether it is accepted.
    ///
    /// # Errors
    /// As every request.
    pub async fn workspaces(&self) -> Result<Vec<wire::Workspace>, ApiError> {
        let url = self.url(&["workspaces"])?;
        Ok(self.get_page(url).await?.items)
    }
}
