//! Workspaces and projects.

use serde::{Deserialize, Serialize};

use super::lenient::null_as_default;
use super::{Extra, Meta, Moment};

/// A workspace the key can see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Workspace {
    #[serde(alias = "workspaceId")]
    pub workspace_id: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    #[serde(default, alias = "createdAt")]
    pub created_at: Option<Moment>,
    #[serde(flatten)]
    pub extra: Extra,
}

/// The answer to `GET /workspaces`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkspaceList {
    pub workspaces: Vec<Workspace>,
}

/// A project of a workspace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Project {
    #[serde(alias = "projectId")]
    pub project_id: String,
    #[serde(alias = "workspaceId")]
    pub workspace_id: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub name: String,
    #[serde(default)]
    pub origin: Option<String>,
    #[serde(default, alias = "createdAt")]
    pub created_at: Option<Moment>,
    #[serde(default, alias = "lastModified")]
    pub last_modified: Option<Moment>,
    #[serde(flatten)]
    pub extra: Extra,
}

/// A page of `GET /projects`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProjectList {
    pub projects: Vec<Project>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub meta: Meta,
}
