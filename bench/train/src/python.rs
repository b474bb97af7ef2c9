//! The Python that has PyTorch.

use crate::ROOM;
use bench_peer::{Outcome, show};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Wheels without the libraries of graphics processors, which are gigabytes.
const CPU_WHEELS: &str = "https://download.pytorch.org/whl/cpu";

/// The interpreter; where there is none, a virtual environment is made.
pub fn found_or_made() -> Outcome<PathBuf> {
    ROOM.python_after(install_torch)
}

/// Installs the small wheel of PyTorch, where its index can be reached.
fn install_torch(python: &Path, wanted: &str) -> Outcome<()> {
    let torch = wanted.lines().find(|line| line.starts_with("torch=="));
    let torch = torch.ok_or("requirements.txt pins no torch")?;
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "install", "--quiet", "--retries", "1"]);
    if show(pip.args(["--index-url", CPU_WHEELS, torch])).is_err() {
        eprintln!("{CPU_WHEELS} is out of reach: {torch} comes from pip's own index");
    }
    Ok(())
}
