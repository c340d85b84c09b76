//! Ids: their prefixes, their shape, and new ones.

use uuid::Uuid;

/// The one workspace.
pub(super) const WORKSPACE: &str = "ws_studio";
/// The one project, where every run and asset goes.
pub(super) const PROJECT: &str = "prj_studio";

pub(super) const WORKSPACE_PREFIX: &str = "ws_";
pub(super) const PROJECT_PREFIX: &str = "prj_";
pub(super) const TECHNIQUE_PREFIX: &str = "tech_";
pub(super) const ASSET_PREFIX: &str = "asset_";

/// A new id with this prefix, not to be guessed.
pub(super) fn fresh(prefix: &str) -> String {
    format!("{prefix}{}", Uuid::new_v4().simple())
}

/// Whether `id` has the prefix and a plain rest.
pub(super) fn well_formed(prefix: &str, id: &str) -> bool {
    id.strip_prefix(prefix).is_some_and(|rest| {
        !rest.is_empty()
            && rest.len() <= 64
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_needs_its_prefix_and_a_plain_rest() {
        assert!(well_formed(WORKSPACE_PREFIX, WORKSPACE));
        assert!(well_formed("run_", &fresh("run_")));
        for bad in ["", "ws_", "studio", "prj_x", "ws_a b", "ws_../x", "ws_é"] {
            assert!(!well_formed(WORKSPACE_PREFIX, bad), "{bad:?}");
        }
    }
}
