//! Where things lie in the workspace.

use crate::Outcome;
use std::path::{Path, PathBuf};

fn room() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A script of PyTorch's side.
pub fn peer(script: &str) -> PathBuf {
    room().join("peer").join(script)
}

/// The packages of PyTorch's side with their versions.
pub fn requirements() -> PathBuf {
    room().join("requirements.txt")
}

/// The folder for what the benchmark makes.
pub fn scratch() -> PathBuf {
    room().join("../../target/bench-train")
}

/// A file there; the folder is made.
pub fn scratch_file(name: &str) -> Outcome<PathBuf> {
    let folder = scratch();
    std::fs::create_dir_all(&folder)
        .map_err(|error| format!("cannot create {}: {error}", folder.display()))?;
    Ok(folder.join(name))
}
