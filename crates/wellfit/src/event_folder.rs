//! The event files of a run: a folder for each part of the data, with the same tags in all, so that
//! TensorBoard draws training and validation in one chart.

use crate::Error;
use crate::event_file::{intact, scalars, version};
use crate::folder::failed;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use wellfit_core::run::{Part, Run};

/// The folder of event files in the folder of a run.
pub const EVENTS: &str = "events";
/// TensorBoard knows its files by the middle of this name.
const FILE: &str = "events.out.tfevents.wellfit";
const PARTS: [Part; 3] = [Part::Train, Part::Validation, Part::Online];

/// The open event files of a run.
pub struct EventFolder {
    files: Vec<EventFile>,
}

struct EventFile {
    part: Part,
    path: PathBuf,
    file: File,
}

impl EventFolder {
    /// Opens the event files below `run` with the first `epochs` epochs of `log` in them: those
    /// that are there stay, with their time; those that a crash lost are written again; what came
    /// later is cut off, in place, so that a TensorBoard that reads the file goes on.
    pub fn begin(run: &Path, log: &Run, epochs: u64) -> Result<Self, Error> {
        let open = |part: Part| EventFile::begin(run, part, log, epochs);
        Ok(Self { files: PARTS.into_iter().map(open).collect::<Result<_, _>>()? })
    }

    /// Appends one epoch, numbered from 1.
    pub fn append(&mut self, log: &Run, epoch: u64) -> Result<(), Error> {
        self.files.iter_mut().try_for_each(|file| file.append(log, epoch))
    }
}

impl EventFile {
    fn begin(run: &Path, part: Part, log: &Run, epochs: u64) -> Result<Self, Error> {
        let folder = run.join(EVENTS).join(part.name());
        fs::create_dir_all(&folder).map_err(failed("create", &folder))?;
        let path = folder.join(FILE);
        let (file, records) =
            cut(&path, epochs.saturating_add(1)).map_err(failed("write", &path))?;
        let mut events = Self { part, path, file };
        if records == 0 {
            events.write(&version(now()))?;
        }
        (records.max(1)..=epochs).try_for_each(|epoch| events.append(log, epoch))?;
        Ok(events)
    }

    fn append(&mut self, log: &Run, epoch: u64) -> Result<(), Error> {
        let series = log.series.iter().filter(|series| series.part == self.part);
        let values = series.filter_map(|series| {
            let point = series.points.iter().rfind(|point| point.0 == epoch as f64)?;
            Some((series.metric.as_str(), point.1))
        });
        let record = scalars(now(), epoch, values);
        self.write(&record)
    }

    fn write(&mut self, record: &[u8]) -> Result<(), Error> {
        self.file.write_all(record).map_err(failed("write", &self.path))
    }
}

/// The file, with `most` whole records left in it, and how many they are.
fn cut(path: &Path, most: u64) -> std::io::Result<(File, u64)> {
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let (length, records) = intact(&bytes, most);
    file.set_len(length as u64)?;
    Ok((file, records))
}

/// Seconds since 1970.
fn now() -> f64 {
    SystemTime::UNIX_EPOCH.elapsed().map_or(0.0, |elapsed| elapsed.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(epochs: u64) -> Run {
        let mut run = Run::new("r");
        for epoch in 1..=epochs {
            for part in PARTS {
                run.push(part, "loss", epoch as f64, 1.0 / epoch as f64);
            }
        }
        run
    }

    fn file(folder: &Path) -> Vec<u8> {
        fs::read(folder.join(EVENTS).join("validation").join(FILE)).unwrap()
    }

    /// A run whose epochs are all appended.
    fn whole(folder: &Path, epochs: u64) -> Vec<u8> {
        let mut events = EventFolder::begin(folder, &Run::default(), 0).unwrap();
        (1..=epochs).for_each(|epoch| events.append(&log(epoch), epoch).unwrap());
        file(folder)
    }

    /// Bytes of the records without wall time and what depends on it.
    fn timeless(file: &[u8]) -> Vec<Vec<u8>> {
        let (mut records, mut rest) = (Vec::new(), file);
        while !rest.is_empty() {
            let (size, _) = intact(rest, 1);
            // Behind length, checksum, key and time; before the checksum.
            records.push(rest[12 + 9..size - 4].to_vec());
            rest = &rest[size..];
        }
        records
    }

    #[test]
    fn a_resumed_run_repeats_no_epoch_and_misses_none() {
        let folder = tempfile::tempdir().unwrap();
        let uninterrupted = whole(folder.path(), 9);
        assert_eq!(timeless(&uninterrupted).len(), 10);
        // The log was ahead of the checkpoint, level with it, cut off in a record, or lost.
        for (logged, torn) in [(9, 0), (4, 0), (7, 5), (4, 3), (2, 9), (0, 0)] {
            let folder = tempfile::tempdir().unwrap();
            let before = whole(folder.path(), logged);
            let path = folder.path().join(EVENTS).join("validation").join(FILE);
            fs::write(&path, &before[..before.len() - torn]).unwrap();
            let mut events = EventFolder::begin(folder.path(), &log(4), 4).unwrap();
            let kept = intact(&before[..before.len() - torn], 5).0;
            assert_eq!(file(folder.path())[..kept], before[..kept], "old times stay");
            (5..=9).for_each(|epoch| events.append(&log(epoch), epoch).unwrap());
            assert_eq!(timeless(&file(folder.path())), timeless(&uninterrupted), "{logged} {torn}");
        }
    }

    #[test]
    fn a_new_run_keeps_nothing_of_an_old_one() {
        let folder = tempfile::tempdir().unwrap();
        whole(folder.path(), 5);
        EventFolder::begin(folder.path(), &Run::default(), 0).unwrap();
        assert_eq!(timeless(&file(folder.path())).len(), 1);
    }
}
