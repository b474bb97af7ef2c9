//! Where the things of a benchmark lie.

use crate::Outcome;
use std::path::{Path, PathBuf};

/// A benchmark's folder in the workspace.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    folder: &'static str,
    own_python: &'static str,
}

impl Room {
    /// The room in `folder`, its `CARGO_MANIFEST_DIR`. The environment variable `own_python` names
    /// an interpreter that has the packages already.
    pub const fn new(folder: &'static str, own_python: &'static str) -> Self {
        Self { folder, own_python }
    }

    /// A script of the other side.
    pub fn script(&self, name: &str) -> PathBuf {
        Path::new(self.folder).join("peer").join(name)
    }

    /// The packages of the other side with their versions.
    pub fn requirements(&self) -> PathBuf {
        Path::new(self.folder).join("requirements.txt")
    }

    /// The interpreter that the user named.
    pub(crate) fn own_python(&self) -> Option<PathBuf> {
        std::env::var_os(self.own_python).filter(|path| !path.is_empty()).map(PathBuf::from)
    }

    /// A folder for what the benchmark makes. `""` is the one that holds all of them.
    pub fn place(&self, name: &str) -> PathBuf {
        let room = Path::new(self.folder);
        let own = room.file_name().unwrap_or_default().to_string_lossy();
        room.join(format!("../../target/bench-{own}")).join(name)
    }

    /// The same; it is made.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn scratch(&self, name: &str) -> Outcome<PathBuf> {
        let folder = self.place(name);
        std::fs::create_dir_all(&folder)
            .map_err(|error| format!("cannot create {}: {error}", folder.display()))?;
        Ok(folder)
    }
}
