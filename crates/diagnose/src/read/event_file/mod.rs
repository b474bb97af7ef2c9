//! TensorBoard event files: every scalar of every file of a run.
//!
//! Source: TensorFlow, `core/lib/io/record_writer.h`, `core/util/event.proto`,
//! `core/framework/summary.proto`, `core/framework/tensor.proto`.

mod proto;
mod record;

use proto::{Value, event};
use record::{Next, Records};
use std::collections::HashMap;
use std::io::{BufReader, Read};

pub(super) use record::is_head;

/// The scalars of one run.
#[derive(Debug, Default)]
pub(super) struct Scalars {
    pub tags: Vec<Tag>,
    pub notes: Vec<String>,
    known: HashMap<Vec<u8>, usize>,
    /// Prefix and tag that were looked up last, kept for its memory.
    key: Vec<u8>,
    /// Points that a restart made void.
    purged: usize,
}

/// The points of one tag, by rising step.
#[derive(Debug)]
pub(super) struct Tag {
    pub name: String,
    pub points: Vec<(f64, f64)>,
    /// Another plugin owns the tag: pictures, histograms, text.
    is_other: bool,
}

impl Scalars {
    /// Adds the scalars of a file of that name under `prefix`. A tail that is cut off or damaged is
    /// left out, with a note.
    pub fn read(&mut self, stream: impl Read, name: &str, prefix: &str) -> std::io::Result<()> {
        let mut records = Records::new(BufReader::with_capacity(1 << 16, stream));
        loop {
            match records.next()? {
                Next::Data(data) => self.take(data, prefix),
                Next::End => return Ok(()),
                Next::Broken(why) => {
                    self.notes.push(format!("{name}: {why}; all before it is kept"));
                    return Ok(());
                }
            }
        }
    }

    /// Closes the reading.
    pub fn finish(mut self) -> (Vec<Tag>, Vec<String>) {
        if self.purged > 0 {
            let note =
                format!("a restart went back: {} points are replaced by later ones", self.purged);
            self.notes.push(note);
        }
        self.tags.retain(|tag| !tag.is_other && !tag.points.is_empty());
        (self.tags, self.notes)
    }

    fn take(&mut self, data: &[u8], prefix: &str) {
        let Some(event) = event(data) else { return };
        if let Some(step) = event.restart {
            self.purge(step as f64, prefix);
        }
        for value in event.values {
            self.put(event.step as f64, &value, prefix);
        }
    }

    fn put(&mut self, step: f64, value: &Value<'_>, prefix: &str) {
        let at = self.tag(value.tag, prefix);
        let tag = &mut self.tags[at];
        tag.is_other |= value.plugin.is_some_and(|plugin| plugin != b"scalars");
        let Some(scalar) = value.scalar else { return };
        // The same step again replaces its value; an earlier one replaces what came after it.
        if tag.points.last().is_some_and(|last| last.0 >= step) {
            let after = tag.points.partition_point(|point| point.0 < step);
            self.purged += tag.points.len() - after - usize::from(tag.points[after].0 == step);
            tag.points.truncate(after);
        }
        tag.points.push((step, scalar));
    }

    /// A restart from a checkpoint says which steps it repeats.
    fn purge(&mut self, step: f64, prefix: &str) {
        for tag in self.tags.iter_mut().filter(|tag| tag.name.starts_with(prefix)) {
            let after = tag.points.partition_point(|point| point.0 < step);
            self.purged += tag.points.len() - after;
            tag.points.truncate(after);
        }
    }

    fn tag(&mut self, name: &[u8], prefix: &str) -> usize {
        self.key.clear();
        self.key.extend_from_slice(prefix.as_bytes());
        self.key.extend_from_slice(name);
        if let Some(&at) = self.known.get(&self.key) {
            return at;
        }
        let name = format!("{prefix}{}", String::from_utf8_lossy(name));
        self.tags.push(Tag { name, points: Vec::new(), is_other: false });
        self.known.insert(self.key.clone(), self.tags.len() - 1);
        self.tags.len() - 1
    }
}
