//! The Python that has Optuna: one of the user's, or a virtual environment of our own.

use crate::{Outcome, place};
use std::path::PathBuf;
use std::process::Command;

/// Names an interpreter that has the packages already.
const OWN: &str = "WELLFIT_OPTUNA_PYTHON";

/// The interpreter; where there is none, the virtual environment is made.
pub fn found_or_made() -> Outcome<PathBuf> {
    if let Some(own) = std::env::var_os(OWN).filter(|path| !path.is_empty()) {
        return Ok(own.into());
    }
    let folder = place::scratch("venv")?;
    let python = folder.join("bin/python");
    let wanted = std::fs::read_to_string(place::requirements())?;
    // Written last, so that half an installation is none.
    let stamp = folder.join("requirements.txt");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    show(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    let pip = ["-m", "pip", "install", "--quiet", "-r"];
    show(Command::new(&python).args(pip).arg(place::requirements()))?;
    std::fs::write(stamp, wanted)?;
    Ok(python)
}

/// Runs a command that the reader of the terminal sees.
pub fn show(command: &mut Command) -> Outcome<()> {
    let words = format!("{command:?}").replace('"', "");
    eprintln!("$ {words}");
    let status = command.status().map_err(|error| format!("`{words}` did not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{words}`: {status}").into()) }
}
