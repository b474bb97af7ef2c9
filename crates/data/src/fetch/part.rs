//! A file that is not whole yet.

use super::attempt::Fault;
use super::client::Answer;
use super::{Progress, unwritable};
use crate::catalogue::Download;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

/// What is there of `file`, at `path`.
pub(super) struct Part<'a> {
    pub path: PathBuf,
    pub file: &'a Download,
}

impl Part<'_> {
    pub fn length(&self) -> u64 {
        fs::metadata(&self.path).map_or(0, |about| about.len())
    }

    /// Writes what comes, behind what is there or over it.
    pub fn take(&self, answer: Answer, watch: &mut dyn FnMut(Progress<'_>)) -> Result<(), Fault> {
        let mut out = self.open(answer.start).map_err(|why| self.unwritable(why))?;
        let total = answer.total.unwrap_or(self.file.bytes);
        let (mut done, mut body) = (answer.start, answer.body);
        let mut buffer = vec![0; 64 * 1024];
        loop {
            watch(Progress { file: self.file.name, done, total });
            let count = match body.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(why) if why.kind() == ErrorKind::Interrupted => continue,
                Err(why) => return Err(broken(done, total, &why)),
            };
            out.write_all(&buffer[..count]).map_err(|why| self.unwritable(why))?;
            done += count as u64;
            if done > 4 * self.file.bytes.max(1 << 20) {
                drop(out);
                let _ = self.discard("");
                return Err(Fault::Lasting("it sends far more than the file is long".to_owned()));
            }
        }
        if answer.total.is_some_and(|total| done < total) {
            return Err(broken(done, total, &ErrorKind::UnexpectedEof.into()));
        }
        out.sync_all().map_err(|why| self.unwritable(why))
    }

    /// The file to be written on from `start`.
    fn open(&self, start: u64) -> io::Result<fs::File> {
        let mut out =
            OpenOptions::new().create(true).write(true).truncate(false).open(&self.path)?;
        out.set_len(start)?;
        out.seek(SeekFrom::End(0))?;
        Ok(out)
    }

    pub fn discard(&self, why: &str) -> Result<(), Fault> {
        match fs::remove_file(&self.path) {
            Err(why) if why.kind() != ErrorKind::NotFound => return Err(self.unwritable(why)),
            _ => {}
        }
        Err(Fault::Passing(why.to_owned()))
    }

    pub fn unwritable(&self, why: io::Error) -> Fault {
        Fault::Local(unwritable(&self.path)(why))
    }
}

fn broken(done: u64, total: u64, why: &io::Error) -> Fault {
    let how = match why.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => "it fell silent".to_owned(),
        ErrorKind::UnexpectedEof => "it broke off".to_owned(),
        _ => format!("it broke off ({why})"),
    };
    Fault::Passing(format!("{how} after {done} of {total} bytes"))
}
