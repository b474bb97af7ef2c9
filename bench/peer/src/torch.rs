//! The small wheel of PyTorch.

use crate::{Outcome, show};
use std::path::Path;
use std::process::Command;

/// Wheels without the libraries of graphics processors, which are gigabytes.
const CPU_WHEELS: &str = "https://download.pytorch.org/whl/cpu";

/// Installs the small wheel of the PyTorch that `wanted` pins, where its index can be reached.
///
/// # Errors
/// `wanted` pins none.
pub fn install_torch(python: &Path, wanted: &str) -> Outcome<()> {
    let torch = wanted.lines().find(|line| line.starts_with("torch=="));
    let torch = torch.ok_or("requirements.txt pins no torch")?;
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "install", "--quiet", "--retries", "1"]);
    if show(pip.args(["--index-url", CPU_WHEELS, torch])).is_err() {
        eprintln!("{CPU_WHEELS} is out of reach: {torch} comes from pip's own index");
    }
    Ok(())
}
