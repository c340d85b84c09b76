//! The studio's techniques, one file each. Each does honest work on its inputs.

use super::job::Technique;

/// All techniques, in the order the studio lists them.
pub fn all() -> Vec<Box<dyn Technique>> {
    Vec::new()
}
