//! The Python that has PyTorch.

use crate::ROOM;
use bench_peer::{Outcome, install_torch};
use std::path::PathBuf;

/// The interpreter; where there is none, a virtual environment is made.
pub fn found_or_made() -> Outcome<PathBuf> {
    ROOM.python_after(install_torch)
}
