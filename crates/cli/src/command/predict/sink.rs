//! Where predictions go: standard output, or a file that is whole or not there.

use crate::error::Failure;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// An open place to write to.
pub struct Sink {
    writer: Box<dyn Write>,
    /// As errors name it.
    name: String,
    /// The name the file has while it is written, and the one it gets.
    renaming: Option<(PathBuf, PathBuf)>,
    /// Nobody reads any more.
    closed: bool,
}

impl Sink {
    /// Opens `path`, or standard output.
    pub fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path else {
            let (writer, name) = (Box::new(io::stdout()), "standard output".to_owned());
            return Ok(Self { writer, name, renaming: None, closed: false });
        };
        let name = path.display().to_string();
        // A link stays a link to the new file; a device or a pipe is no file to replace.
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let special = target.exists() && !target.is_file() && !target.is_dir();
        let file_name = target.file_name().unwrap_or_default().to_string_lossy();
        let part = target.with_file_name(format!(".{file_name}.part"));
        let written = if special { &target } else { &part };
        let opened = match target.is_dir() {
            true => Err(io::Error::new(ErrorKind::IsADirectory, "it is a folder")),
            false if special => fs::OpenOptions::new().write(true).open(written),
            false => File::create(written),
        };
        let writer = Box::new(opened.map_err(|error| refused(&name, &error))?);
        let renaming = (!special).then_some((part, target));
        Ok(Self { writer, name, renaming, closed: false })
    }

    /// Writes `text`; a reader that has seen enough is no error.
    pub fn write(&mut self, text: &[u8]) -> Result<(), Failure> {
        match self.writer.write_all(text).and_then(|()| self.writer.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => self.closed = true,
            written => written.map_err(|error| refused(&self.name, &error))?,
        }
        Ok(())
    }

    /// Whether nobody reads any more.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Gives the file its name.
    pub fn finish(mut self) -> Result<(), Failure> {
        let Some((part, target)) = self.renaming.take() else { return Ok(()) };
        let named = File::open(&part).and_then(|file| {
            file.sync_all()?;
            fs::rename(&part, &target)
        });
        named.map_err(|error| {
            let _ = fs::remove_file(&part);
            refused(&self.name, &error)
        })
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        if let Some((part, _)) = &self.renaming {
            let _ = fs::remove_file(part);
        }
    }
}

fn refused(name: &str, error: &io::Error) -> Failure {
    Failure::new(format!("cannot write to {name}: {error}"), None)
}
