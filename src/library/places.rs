//! Which folders Florist uses on this computer.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;

/// Where things are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// Settings and whatever else belongs to this person on this computer.
    pub data: PathBuf,
    /// The database and the archived files; the settings may name another folder.
    pub library: PathBuf,
    /// What can be made again: thumbnails.
    pub cache: PathBuf,
}

impl Places {
    /// Everything under one folder: `--data DIR`.
    pub fn under(dir: &Path) -> Self {
        Self {
            data: dir.to_owned(),
            library: dir.join("library"),
            cache: dir.join("cache"),
        }
    }

    /// The platform's folders; `None` when there is no home directory to find them in.
    pub fn of_platform() -> Option<Self> {
        let dirs = ProjectDirs::from("", "", "Florist")?;
        Some(Self {
            cache: dirs.cache_dir().to_owned(),
            ..Self::under(dirs.data_dir())
        })
    }

    /// With the library where the settings say.
    #[must_use]
    pub fn with_library(self, library: Option<PathBuf>) -> Self {
        match library {
            Some(library) => Self { library, ..self },
            None => self,
        }
    }

    /// The settings' file.
    pub fn settings(&self) -> PathBuf {
        self.data.join("settings.json")
    }

    /// The log's file.
    pub fn log(&self) -> PathBuf {
        self.data.join("florist.log")
    }

    /// The local studio's own data: it is a service like any other and shares nothing with the library.
    pub fn studio(&self) -> PathBuf {
        self.data.join("studio")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_folder_can_hold_everything() {
        let places = Places::under(Path::new("/x"));
        for path in [
            &places.library,
            &places.cache,
            &places.log(),
            &places.settings(),
            &places.studio(),
        ] {
            assert!(path.starts_with("/x"), "{}", path.display());
        }
        let moved = places.clone().with_library(Some("/y".into()));
        assert_eq!(moved.library, Path::new("/y"));
        assert_eq!(moved.settings(), places.settings());
    }
}
