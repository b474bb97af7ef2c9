//! Downloads that can be broken off and go on, and that count only with the right checksum.

mod checksum;
mod http;
mod tls;

use crate::catalogue::{Download, Set};
use crate::{Error, cache::Cache};
use checksum::Verdict;
use http::{Answer, Timeouts};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

/// How a set is fetched.
#[derive(Debug, Clone)]
pub struct Fetch {
    /// Where the files go.
    pub cache: Cache,
    /// Address or local folder with the files, in place of [`Set::mirrors`].
    pub mirror: Option<String>,
    /// How often a file is asked of one mirror while it breaks off or is busy; at least once.
    pub attempts: u32,
    /// Wait before the second attempt; it doubles with each further one.
    pub pause: Duration,
    /// Longest wait for a connection, and for the next bytes.
    pub timeout: Duration,
}

/// How far a download is, for whoever shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'a> {
    /// Name of the file.
    pub file: &'a str,
    /// Bytes that are there.
    pub done: u64,
    /// Bytes of the whole file, as the mirror says or else as published.
    pub total: u64,
}

impl Fetch {
    /// Four attempts, half a second apart at first, and half a minute of silence.
    pub fn into_cache(cache: Cache) -> Self {
        let (pause, timeout) = (Duration::from_millis(500), Duration::from_secs(30));
        Self { cache, mirror: None, attempts: 4, pause, timeout }
    }

    /// Fetches the files of `set` that the cache does not hold yet, and returns their folder.
    ///
    /// A file grows under its name with `.part` behind it, from where an earlier call left off, and
    /// gets its name when its SHA-256 is right. `watch` hears of every piece.
    ///
    /// # Errors
    /// [`Error::Write`] when the cache cannot be written, [`Error::Download`] when no mirror gave a
    /// file with the right checksum; it says what each of them did.
    pub fn set(&self, set: &Set, watch: &mut dyn FnMut(Progress<'_>)) -> Result<PathBuf, Error> {
        let folder = self.cache.folder(set.name);
        fs::create_dir_all(&folder).map_err(unwritable(&folder))?;
        for file in &set.files {
            self.file(set, file, &folder, watch)?;
        }
        Ok(folder)
    }

    fn file(
        &self,
        set: &Set,
        file: &Download,
        folder: &Path,
        watch: &mut dyn FnMut(Progress<'_>),
    ) -> Result<(), Error> {
        let done = folder.join(file.name);
        if matches!(Verdict::of(&done, file), Ok(Verdict::Right)) {
            return Ok(());
        }
        let part = Part { path: folder.join(format!("{}.part", file.name)), file };
        let mut tried = Vec::new();
        let mirrors = match &self.mirror {
            Some(mirror) => vec![mirror.as_str()],
            None => set.mirrors.to_vec(),
        };
        for mirror in mirrors {
            let address = format!("{}/{}", mirror.trim_end_matches('/'), file.name);
            match self.from(&address, &part, watch) {
                Ok(()) => return fs::rename(&part.path, &done).map_err(unwritable(&done)),
                Err(Refusal::Local(error)) => return Err(error),
                Err(Refusal::Mirror(why)) => tried.push(format!("  {address}: {why}")),
            }
        }
        Err(Error::Download {
            name: set.name.to_owned(),
            tried: tried.join("\n"),
            folder: folder.to_owned(),
        })
    }

    /// Asks one mirror until the file is whole, or there is no use in asking again.
    fn from(
        &self,
        address: &str,
        part: &Part<'_>,
        watch: &mut dyn FnMut(Progress<'_>),
    ) -> Result<(), Refusal> {
        let mut last = String::new();
        for attempt in 0..self.attempts.max(1) {
            if attempt > 0 {
                sleep(self.pause * 2_u32.saturating_pow(attempt - 1));
            }
            match self.attempt(address, part, watch) {
                Err(Fault::Passing(why)) => last = why,
                Err(Fault::Lasting(why)) => return Err(Refusal::Mirror(why)),
                Err(Fault::Local(error)) => return Err(Refusal::Local(error)),
                Ok(()) => return Ok(()),
            }
        }
        Err(Refusal::Mirror(format!("{last} ({} attempts)", self.attempts.max(1))))
    }

    fn attempt(
        &self,
        address: &str,
        part: &Part<'_>,
        watch: &mut dyn FnMut(Progress<'_>),
    ) -> Result<(), Fault> {
        let from = part.length();
        let answer = self.open(address, from)?;
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

    fn open(&self, address: &str, from: u64) -> Result<Answer, Fault> {
        if !address.contains("://") {
            return local(Path::new(address)).map_err(|why| Fault::Lasting(why.to_string()));
        }
        let timeouts = Timeouts { connect: self.timeout.min(CONNECT), read: self.timeout };
        http::get(address, from, timeouts).map_err(|error| match error.kind() {
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

/// A machine that does not take a connection in this time will not take it later.
const CONNECT: Duration = Duration::from_secs(10);

/// A file of a local folder, as a mirror that answers.
fn local(path: &Path) -> io::Result<Answer> {
    let file = File::open(path)?;
    let total = Some(file.metadata()?.len());
    Ok(Answer { status: 200, start: 0, total, body: Box::new(file) })
}

fn wrong(file: &Download, found: &str) -> String {
    format!("it has another file: expected the SHA-256 {}, found {found}", file.sha256)
}

/// Why an attempt failed.
enum Fault {
    /// It may go better next time.
    Passing(String),
    /// Not from this mirror.
    Lasting(String),
    /// Not on this machine.
    Local(Error),
}

/// Why all attempts at one mirror failed.
enum Refusal {
    Mirror(String),
    Local(Error),
}

/// A file that is not whole yet.
struct Part<'a> {
    path: PathBuf,
    file: &'a Download,
}

impl Part<'_> {
    fn length(&self) -> u64 {
        fs::metadata(&self.path).map_or(0, |about| about.len())
    }

    /// Writes what comes, behind what is there or over it.
    fn take(&self, answer: Answer, watch: &mut dyn FnMut(Progress<'_>)) -> Result<(), Fault> {
        let mut options = OpenOptions::new();
        options.create(true).write(true).truncate(false);
        let mut out = options.open(&self.path).map_err(|why| self.unwritable(why))?;
        out.set_len(answer.start).map_err(|why| self.unwritable(why))?;
        io::Seek::seek(&mut out, io::SeekFrom::End(0)).map_err(|why| self.unwritable(why))?;
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

    fn discard(&self, why: &str) -> Result<(), Fault> {
        match fs::remove_file(&self.path) {
            Err(why) if why.kind() != ErrorKind::NotFound => return Err(self.unwritable(why)),
            _ => {}
        }
        Err(Fault::Passing(why.to_owned()))
    }

    fn unwritable(&self, why: io::Error) -> Fault {
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

fn unwritable(path: &Path) -> impl Fn(io::Error) -> Error + '_ {
    |error| Error::Write { path: path.into(), why: error.to_string() }
}

#[cfg(test)]
mod tests;
