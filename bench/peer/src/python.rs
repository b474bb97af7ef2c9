//! The Python that has the other side: one of the user's, or a virtual environment of our own.

use crate::{Outcome, Room};
use std::path::{Path, PathBuf};
use std::process::Command;

impl Room {
    /// The interpreter, where it is there already.
    pub fn python_found(&self) -> Option<PathBuf> {
        self.own_python().or_else(|| {
            let wanted = std::fs::read_to_string(self.requirements()).ok()?;
            let folder = self.place("venv");
            let installed = std::fs::read_to_string(stamp(&folder)).ok()?;
            (wanted == installed).then(|| folder.join("bin/python"))
        })
    }

    /// The interpreter; where there is none, the virtual environment is made.
    ///
    /// # Errors
    /// It cannot be made, or a package cannot be installed.
    pub fn python(&self) -> Outcome<PathBuf> {
        self.python_after(|_, _| Ok(()))
    }

    /// The same; `first` sees the new environment's interpreter and the wanted packages before they
    /// are installed.
    ///
    /// # Errors
    /// Those of [`Self::python`], and of `first`.
    pub fn python_after(&self, first: impl FnOnce(&Path, &str) -> Outcome<()>) -> Outcome<PathBuf> {
        if let Some(python) = self.python_found() {
            return Ok(python);
        }
        let (folder, wanted) =
            (self.scratch("venv")?, std::fs::read_to_string(self.requirements())?);
        let python = folder.join("bin/python");
        show(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
        first(&python, &wanted)?;
        let pip = ["-m", "pip", "install", "--quiet", "-r"];
        show(Command::new(&python).args(pip).arg(self.requirements()))?;
        std::fs::write(stamp(&folder), wanted)?;
        Ok(python)
    }
}

/// What is installed; written last, so that half an installation is none.
fn stamp(folder: &Path) -> PathBuf {
    folder.join("requirements.txt")
}

/// Runs a command that the reader of the terminal sees.
///
/// # Errors
/// It does not start, or does not end well.
pub fn show(command: &mut Command) -> Outcome<()> {
    let words = format!("{command:?}").replace('"', "");
    eprintln!("$ {words}");
    let status = command.status().map_err(|error| format!("`{words}` did not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{words}`: {status}").into()) }
}
