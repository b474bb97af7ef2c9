//! The Python that has PyTorch: one of the user's, or a virtual environment of our own.

use crate::{Outcome, place};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Names an interpreter that has the packages already.
const OWN: &str = "WELLFIT_TORCH_PYTHON";

/// Wheels without the libraries of graphics processors, which are gigabytes.
const CPU_WHEELS: &str = "https://download.pytorch.org/whl/cpu";

/// The interpreter, where it is there already.
pub fn found() -> Option<PathBuf> {
    let own = std::env::var_os(OWN).filter(|path| !path.is_empty());
    own.map(PathBuf::from).or_else(|| {
        let wanted = std::fs::read_to_string(place::requirements()).ok()?;
        let installed = std::fs::read_to_string(stamp(&folder())).ok()?;
        (wanted == installed).then(|| python(&folder()))
    })
}

/// The interpreter; where there is none, the virtual environment is made.
pub fn found_or_made() -> Outcome<PathBuf> {
    found().map_or_else(|| make(&folder()), Ok)
}

fn folder() -> PathBuf {
    place::scratch().join("venv")
}

fn python(folder: &Path) -> PathBuf {
    folder.join("bin/python")
}

/// What is installed; written last, so that half an installation is none.
fn stamp(folder: &Path) -> PathBuf {
    folder.join("requirements.txt")
}

fn make(folder: &Path) -> Outcome<PathBuf> {
    let (requirements, python) = (place::requirements(), python(folder));
    let wanted = std::fs::read_to_string(&requirements)?;
    let torch = wanted.lines().find(|line| line.starts_with("torch=="));
    let torch = torch.ok_or("requirements.txt pins no torch")?;
    show(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder))?;
    let pip = || {
        let mut command = Command::new(&python);
        command.args(["-m", "pip", "install", "--quiet"]);
        command
    };
    if show(pip().args(["--retries", "1", "--index-url", CPU_WHEELS, torch])).is_err() {
        eprintln!("{CPU_WHEELS} is out of reach: {torch} comes from pip's own index");
    }
    show(pip().arg("-r").arg(&requirements))?;
    std::fs::write(stamp(folder), wanted)?;
    Ok(python)
}

fn show(command: &mut Command) -> Outcome<()> {
    let words = format!("{command:?}").replace('"', "");
    eprintln!("$ {words}");
    let status = command.status().map_err(|error| format!("`{words}` did not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{words}`: {status}").into()) }
}
