//! The folder of `--out`: whole or not there.

use crate::error::Failure;
use crate::screen::tell;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether files are being written, which takes moments and is not to be cut.
static WRITING: AtomicBool = AtomicBool::new(false);

/// Ends the program on Ctrl-C with nothing written; while files are written it lets them be.
pub fn listen_to_ctrl_c() -> Result<(), Failure> {
    let handler = || {
        if !WRITING.load(Ordering::SeqCst) {
            tell!("interrupted; nothing was written");
            std::process::exit(130);
        }
    };
    ctrlc::set_handler(handler)
        .map_err(|error| Failure::new(format!("cannot listen to Ctrl-C: {error}"), None))
}

/// A folder that is new, or empty.
pub struct Out {
    path: PathBuf,
    /// The folder while it is written.
    part: PathBuf,
}

impl Out {
    /// Refuses a folder that holds something, and removes what a killed run left beside it; makes
    /// none yet.
    pub fn claim(path: &Path) -> Result<Self, Failure> {
        let hint = || Some("name a new folder by --out".to_owned());
        let Some(name) = path.file_name() else {
            let message = format!("{} is no name of a folder to make", path.display());
            return Err(Failure::new(message, hint()));
        };
        let empty = match fs::read_dir(path) {
            Ok(mut entries) => entries.next().is_none(),
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        };
        if !empty {
            let message = format!("{} is there already, and is no empty folder", path.display());
            return Err(Failure::new(message, hint()));
        }
        let part = path.with_file_name(format!(".{}.part", name.to_string_lossy()));
        if part.exists() {
            // What a run left that was killed.
            let failed =
                |error| Failure::new(format!("cannot remove {}: {error}", part.display()), None);
            fs::remove_dir_all(&part).map_err(failed)?;
        }
        Ok(Self { path: path.to_owned(), part })
    }

    /// Writes all files beside the folder, and gives it its name when they are whole.
    pub fn write(&self, files: &[(&str, Vec<u8>)]) -> Result<(), Failure> {
        WRITING.store(true, Ordering::SeqCst);
        let written = self.stage(files).and_then(|()| self.name());
        if written.is_err() {
            let _ = fs::remove_dir_all(&self.part);
        }
        WRITING.store(false, Ordering::SeqCst);
        let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
        if written.is_ok() {
            tell!("written to {}: {}", self.path.display(), names.join(", "));
        }
        written.map_err(|error| {
            Failure::new(format!("cannot write to {}: {error}", self.path.display()), None)
        })
    }

    fn stage(&self, files: &[(&str, Vec<u8>)]) -> io::Result<()> {
        fs::create_dir_all(&self.part)?;
        for (name, bytes) in files {
            let mut file = File::create(self.part.join(name))?;
            file.write_all(bytes)?;
            file.sync_all()?;
        }
        Ok(())
    }

    fn name(&self) -> io::Result<()> {
        if self.path.exists() {
            fs::remove_dir(&self.path)?;
        }
        fs::rename(&self.part, &self.path)
    }
}
