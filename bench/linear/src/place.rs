//! Where things lie in the workspace.

use crate::Outcome;
use std::path::{Path, PathBuf};

fn room() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A script of the other solvers.
pub fn peer(script: &str) -> PathBuf {
    room().join("peer").join(script)
}

/// The packages of the other solvers with their versions.
pub fn requirements() -> PathBuf {
    room().join("requirements.txt")
}

/// A folder for what the benchmark makes; it is made.
pub fn scratch(name: &str) -> Outcome<PathBuf> {
    let folder = room().join("../../target/bench-linear").join(name);
    std::fs::create_dir_all(&folder)
        .map_err(|error| format!("cannot create {}: {error}", folder.display()))?;
    Ok(folder)
}

/// A number that was kept in a file.
pub fn number(file: &Path) -> Option<f64> {
    std::fs::read_to_string(file).ok()?.trim().parse().ok()
}
