//! Where things lie in the workspace.

use crate::Outcome;
use std::path::{Path, PathBuf};

fn room() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The script of the other sampler.
pub fn peer(script: &str) -> PathBuf {
    room().join("peer").join(script)
}

/// The packages of the other sampler with their versions.
pub fn requirements() -> PathBuf {
    room().join("requirements.txt")
}

/// A folder for what the benchmark makes; it is made.
pub fn scratch(name: &str) -> Outcome<PathBuf> {
    let folder = room().join("../../target/bench-tune").join(name);
    std::fs::create_dir_all(&folder)
        .map_err(|error| format!("cannot create {}: {error}", folder.display()))?;
    Ok(folder)
}
