//! The lock that Optuna's writers take: a file beside the journal that only one can make.

use crate::Error;
use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

/// A lock whose holder has written nothing for so long is taken for dead, as Optuna does.
const GRACE: Duration = Duration::from_secs(30);

/// A taken lock; it is given back when dropped.
#[derive(Debug)]
pub(super) struct Lock {
    file: PathBuf,
}

impl Lock {
    /// Waits until the lock of this journal is free, and takes it. Who has claimed the journal need
    /// not wait for a lock of an earlier one that did: that one is dead.
    pub(super) fn take(journal: &Path, claimed: bool) -> Result<Self, Error> {
        Self::take_after(journal, claimed, GRACE)
    }

    fn take_after(journal: &Path, claimed: bool, grace: Duration) -> Result<Self, Error> {
        let mut file = journal.as_os_str().to_owned();
        file.push(".lock");
        let file = PathBuf::from(file);
        let (mut pause, mut quiet_since, mut seen) =
            (Duration::from_millis(1), Instant::now(), None);
        loop {
            match make(&target(journal, claimed), &file) {
                Ok(()) => return Ok(Self { file }),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => (),
                Err(source) => return Err(Error::File { path: file, source }),
            }
            if claimed && std::fs::read_link(&file).is_ok_and(|t| t == target(journal, true)) {
                release(&file);
                continue;
            }
            let written = last_write(&file);
            if written != seen {
                (seen, quiet_since) = (written, Instant::now());
            }
            if quiet_since.elapsed() > grace {
                release(&file);
                (pause, quiet_since) = (Duration::from_millis(1), Instant::now());
            }
            sleep(pause);
            pause = (pause * 2).min(Duration::from_secs(1));
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        release(&self.file);
    }
}

/// Where the link leads: to the journal beside it, by way of `./` if its maker has claimed it.
fn target(journal: &Path, claimed: bool) -> PathBuf {
    let mut target = OsString::from(if claimed { "./" } else { "" });
    target.push(journal.file_name().unwrap_or_default());
    target.into()
}

/// When the journal was last written to: the link leads there.
fn last_write(lock: &Path) -> Option<SystemTime> {
    std::fs::metadata(lock).and_then(|metadata| metadata.modified()).ok()
}

/// Made in one step or not at all, also on NFS.
#[cfg(unix)]
fn make(target: &Path, lock: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, lock)
}

#[cfg(not(unix))]
fn make(_: &Path, lock: &Path) -> io::Result<()> {
    std::fs::File::create_new(lock).map(|_| ())
}

/// Renamed before it is removed: of several that find it stale, one takes it away, and a lock that
/// another took meanwhile has a name of its own again.
fn release(lock: &Path) {
    let nanos = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |time| time.as_nanos());
    let mut name = lock.as_os_str().to_owned();
    name.push(format!(".{}-{nanos}.rename", std::process::id()));
    if std::fs::rename(lock, &name).is_ok() {
        // What is left behind blocks nobody.
        let _ = std::fs::remove_file(&name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("study.log");
        std::fs::write(&journal, "").unwrap();
        let inside = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..20 {
                        let lock = Lock::take(&journal, false).unwrap();
                        assert!(!inside.swap(true, std::sync::atomic::Ordering::SeqCst));
                        std::thread::yield_now();
                        inside.store(false, std::sync::atomic::Ordering::SeqCst);
                        drop(lock);
                    }
                });
            }
        });
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_dead_writers_lock_is_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("study.log");
        std::fs::write(&journal, "").unwrap();
        std::mem::forget(Lock::take(&journal, false).unwrap());
        let begun = Instant::now();
        let lock = Lock::take_after(&journal, false, Duration::from_millis(50)).unwrap();
        assert!(begun.elapsed() >= Duration::from_millis(50));
        drop(lock);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_dead_claimants_lock_is_taken_over_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("study.log");
        std::fs::write(&journal, "").unwrap();
        std::mem::forget(Lock::take(&journal, true).unwrap());
        let begun = Instant::now();
        drop(Lock::take(&journal, true).unwrap());
        assert!(begun.elapsed() < Duration::from_secs(10));
        // Nobody else's is.
        std::mem::forget(Lock::take(&journal, false).unwrap());
        let begun = Instant::now();
        drop(Lock::take_after(&journal, true, Duration::from_millis(50)).unwrap());
        assert!(begun.elapsed() >= Duration::from_millis(50));
    }

    #[test]
    fn a_folder_that_is_not_there_is_told() {
        let message = Lock::take(Path::new("nowhere/at/all.log"), false).unwrap_err().to_string();
        assert!(message.starts_with("cannot use the study file nowhere/at/all.log.lock"));
    }
}
