//! Asking one mirror for one file until it is whole, or there is no use in asking again.

use super::Progress;
use super::checksum::Verdict;
use super::client::{Answer, Client};
use super::part::Part;
use crate::Error;
use crate::catalogue::Download;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

/// Why an attempt failed.
pub(super) enum Fault {
    /// It may go better next time.
    Passing(String),
    /// Not from this mirror.
    Lasting(String),
    /// Not on this machine.
    Local(Error),
}

/// Why all attempts at one mirror failed.
pub(super) enum Refusal {
    Mirror(String),
    Local(Error),
}

/// One mirror, and how patient we are with it.
pub(super) struct Mirror<'a> {
    pub client: &'a Client,
    pub address: &'a str,
    pub attempts: u32,
    pub pause: Duration,
}

impl Mirror<'_> {
    /// Brings the file into `part`.
    pub fn fetch(
        &self,
        part: &Part<'_>,
        watch: &mut dyn FnMut(Progress<'_>),
    ) -> Result<(), Refusal> {
        let (attempts, mut last) = (self.attempts.max(1), String::new());
        for attempt in 0..attempts {
            if attempt > 0 {
                sleep(self.pause * 2_u32.saturating_pow(attempt - 1));
            }
            match self.attempt(part, watch) {
                Err(Fault::Passing(why)) => last = why,
                Err(Fault::Lasting(why)) => return Err(Refusal::Mirror(why)),
                Err(Fault::Local(error)) => return Err(Refusal::Local(error)),
                Ok(()) => return Ok(()),
            }
        }
        Err(Refusal::Mirror(format!("{last} ({attempts} attempts)")))
    }

    fn attempt(&self, part: &Part<'_>, watch: &mut dyn FnMut(Progress<'_>)) -> Result<(), Fault> {
        let from = part.length();
        let answer = self.open(from)?;
        match answer.status {
            200 | 206 if answer.start <= from => part.take(answer, watch)?,
            // What we have is as long as the file or longer: whole, or of another file.
            416 if from > 0 => {}
            200 | 206 => part.discard("it sent another part of the file than asked for")?,
            404 | 410 => return Err(Fault::Lasting("there is no such file (HTTP 404)".to_owned())),
            408 | 425 | 429 | 500..=599 => {
                return Err(Fault::Passing(format!("it is busy (HTTP {})", answer.status)));
            }
            status => return Err(Fault::Lasting(format!("it refused (HTTP {status})"))),
        }
        match Verdict::of(&part.path, part.file).map_err(|why| part.unwritable(why))? {
            Verdict::Right => Ok(()),
            // A piece of an older file may stand in front: once more, from the beginning.
            Verdict::Wrong(found) if from > 0 => part.discard(&wrong(part.file, &found)),
            Verdict::Wrong(found) => {
                let _ = part.discard("");
                Err(Fault::Lasting(wrong(part.file, &found)))
            }
        }
    }

    fn open(&self, from: u64) -> Result<Answer, Fault> {
        if !self.address.contains("://") {
            return local(Path::new(self.address)).map_err(|why| Fault::Lasting(why.to_string()));
        }
        self.client.get(self.address, from).map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted => Fault::Passing("the connection broke off".to_owned()),
            ErrorKind::WouldBlock | ErrorKind::TimedOut => {
                Fault::Passing("no answer in time".to_owned())
            }
            _ => Fault::Lasting(error.to_string()),
        })
    }
}

/// A file of a local folder, as a mirror that answers.
fn local(path: &Path) -> io::Result<Answer> {
    let file = File::open(path)?;
    let total = Some(file.metadata()?.len());
    Ok(Answer { status: 200, start: 0, total, body: Box::new(file) })
}

fn wrong(file: &Download, found: &str) -> String {
    format!("it has another file: expected the SHA-256 {}, found {found}", file.sha256)
}
