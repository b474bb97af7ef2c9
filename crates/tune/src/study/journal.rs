//! The file: read from where the last reading ended, written to line by line under Optuna's lock.

use super::lock::Lock;
use super::{Operation, Studies};
use crate::Error;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Whether what is appended is on the disk when appending returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// It is, and outlives a crash of the machine.
    #[default]
    Synced,
    /// The system writes it when it likes; it outlives a crash of the program alone.
    Cached,
}

/// An open study file.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    durability: Durability,
    /// Bytes and lines that were read.
    offset: u64,
    lines: usize,
    studies: Studies,
    /// Open and locked by the system, where this is the one that searches.
    claim: Option<File>,
    access: Access,
}

/// What is done with the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    /// It is read, added to, and made where there is none.
    Write,
    /// It is read.
    Read,
}

impl Journal {
    /// Opens a study file and reads it; makes an empty one where there is none.
    ///
    /// # Errors
    /// [`Error::File`] when it cannot be read or made, [`Error::Line`] for a line that is no
    /// operation. A last line that was not written to its end is passed over.
    pub fn open(path: &Path, durability: Durability) -> Result<Self, Error> {
        Self::opened(path, durability, Access::Write)
    }

    /// Opens a study file to look at it: nothing is made or written, and adding to it fails.
    ///
    /// # Errors
    /// As [`Self::open`], and [`Error::File`] where there is none.
    pub fn view(path: &Path) -> Result<Self, Error> {
        Self::opened(path, Durability::Cached, Access::Read)
    }

    fn opened(path: &Path, durability: Durability, access: Access) -> Result<Self, Error> {
        let (path, studies) = (path.to_owned(), Studies::default());
        let mut journal =
            Self { path, durability, offset: 0, lines: 0, studies, claim: None, access };
        journal.refresh()?;
        Ok(journal)
    }

    /// What the file says, as far as it was read.
    pub fn studies(&self) -> &Studies {
        &self.studies
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes this the only program of ours that searches in the file, until the journal is dropped
    /// or the program dies. Optuna does not ask for it.
    ///
    /// # Errors
    /// [`Error::File`] when another has claimed it.
    pub fn claim(&mut self) -> Result<(), Error> {
        let file = self.file()?;
        match file.try_lock() {
            Ok(()) => {
                self.claim = Some(file);
                Ok(())
            }
            Err(TryLockError::WouldBlock) => {
                let busy = "another search is running on it";
                Err(self.failed(std::io::Error::new(ErrorKind::ResourceBusy, busy)))
            }
            Err(TryLockError::Error(source)) => Err(self.failed(source)),
        }
    }

    /// Reads what was added since.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn refresh(&mut self) -> Result<(), Error> {
        let mut file = self.file()?;
        let mut added = Vec::new();
        let read =
            file.seek(SeekFrom::Start(self.offset)).and_then(|_| file.read_to_end(&mut added));
        read.map_err(|source| self.failed(source))?;
        let mut rest = &added[..];
        while let Some(end) = rest.iter().position(|&byte| byte == b'\n') {
            let (line, after) = (&rest[..end], &rest[end + 1..]);
            match operation(line) {
                Ok(operation) => self.studies.apply(operation),
                // The last line may be torn; what comes before it was once the last.
                Err(_) if after.is_empty() => break,
                Err(message) => {
                    let (path, line) = (self.path.clone(), self.lines + 1);
                    return Err(Error::Line { path, line, message });
                }
            }
            self.offset += end as u64 + 1;
            self.lines += 1;
            rest = after;
        }
        Ok(())
    }

    /// Adds operations, all or (after a crash) the first few, and reads the file up to its end.
    /// A torn last line is cut off first.
    ///
    /// # Errors
    /// [`Error::File`] when it cannot be written, [`Error::Line`] as [`Self::open`].
    pub fn append(&mut self, operations: &[Operation]) -> Result<(), Error> {
        self.append_with(|_| operations.to_vec())
    }

    /// Adds operations that depend on what the file says when nobody else may write.
    ///
    /// # Errors
    /// As [`Self::append`].
    pub fn append_with(
        &mut self,
        operations: impl FnOnce(&Studies) -> Vec<Operation>,
    ) -> Result<(), Error> {
        if self.access == Access::Read {
            let message = "it was opened to be looked at";
            return Err(self.failed(std::io::Error::new(ErrorKind::PermissionDenied, message)));
        }
        let _lock = Lock::take(&self.path, self.claim.is_some())?;
        self.refresh()?;
        let mut text = String::new();
        for operation in operations(&self.studies) {
            let line = operation.line().map_err(|error| self.failed(error.into()))?;
            text.extend(line.map(|line| line + "\n"));
        }
        self.write(text.as_bytes()).map_err(|source| self.failed(source))?;
        self.refresh()
    }

    fn write(&self, text: &[u8]) -> std::io::Result<()> {
        let mut file = OpenOptions::new().write(true).open(&self.path)?;
        // Whoever wrote what lies behind the last whole line is dead: the lock is ours.
        file.set_len(self.offset)?;
        file.seek(SeekFrom::End(0))?;
        file.write_all(text)?;
        match self.durability {
            Durability::Synced => file.sync_all(),
            Durability::Cached => Ok(()),
        }
    }

    fn file(&self) -> Result<File, Error> {
        let writes = self.access == Access::Write;
        let opened = OpenOptions::new().read(true).append(writes).create(writes).open(&self.path);
        opened.map_err(|source| self.failed(source))
    }

    fn failed(&self, source: std::io::Error) -> Error {
        Error::File { path: self.path.clone(), source }
    }
}

fn operation(line: &[u8]) -> Result<Operation, String> {
    let text = str::from_utf8(line).map_err(|error| error.to_string())?;
    Operation::read(text).map_err(|error| error.to_string())
}
