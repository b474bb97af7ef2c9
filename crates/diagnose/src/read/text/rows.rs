//! Lines put together: batches to epochs, and what is printed after an epoch's number to that epoch.

use super::line::{Reading, bare};
use crate::read::name::{PartWord, part_word, words};
use crate::read::table::Table;
use std::collections::{HashMap, HashSet};

/// What the lines so far amount to.
#[derive(Default)]
pub(super) struct Rows {
    table: Table,
    /// The first spelling of every name, by its words: `Train Loss` and `train_loss` are one.
    spelling: HashMap<String, String>,
    epoch: Option<f64>,
    step: Option<f64>,
    /// Names seen since the last number of an epoch or step, where there is none to go by.
    uncounted: Vec<String>,
    count: f64,
    /// Rows that were numbered so; before the first number they tell of settings.
    counted: HashSet<u32>,
    /// What the batches of the present epoch gave, by name.
    batches: HashMap<String, Batches>,
    order: Vec<String>,
    /// Names without a part that only lines of batches have.
    only_batches: HashSet<String>,
}

#[derive(Default)]
struct Batches {
    sum: f64,
    count: f64,
    last: f64,
    running: bool,
}

impl Rows {
    /// Takes a line in.
    pub fn add(&mut self, mut reading: Reading) {
        if reading.epoch.is_some() && reading.epoch != self.epoch {
            self.flush();
            (self.epoch, self.step) = (reading.epoch, None);
        }
        // Without epochs, or within a long one, batches are all that counts.
        self.step = reading.step.or(reading.of_many).or(self.step);
        if reading.values.is_empty() {
            return;
        }
        for (name, _) in &mut reading.values {
            let first = self.spelling.entry(words(name).join(" ")).or_insert_with(|| name.clone());
            name.clone_from(first);
        }
        if (reading.batch || reading.running) && self.epoch.is_some() {
            return self.batch(&reading);
        }
        let columns = self.table.columns();
        let of_batch = |name: &&String| {
            bare(name) && (self.only_batches.contains(*name) || !columns.contains(name))
        };
        let names = reading.values.iter().map(|(name, _)| name).filter(|_| reading.batch);
        let of_batches: Vec<String> = names.filter(of_batch).cloned().collect();
        self.row(&reading.values);
        self.only_batches.extend(of_batches);
    }

    /// The table of all lines.
    pub fn finish(mut self) -> Table {
        self.flush();
        if self.table.rows() > self.counted.len() + 1 {
            self.table = self.table.without(&self.counted);
        } else if self.count > 0.0 {
            self.table.notes.push("the log numbers no epochs: they are counted from 1".to_owned());
        }
        self.table.renamed(|name| {
            let beside = self.only_batches.contains(name) && self.names_training_of(name);
            if beside { format!("train batch {name}") } else { name.clone() }
        })
    }

    /// Whether another column says that it is of training and measures the same.
    fn names_training_of(&self, name: &str) -> bool {
        let is_part = |word: &String| part_word(word) == Some(PartWord::Train);
        self.table.columns().iter().map(|column| words(column)).any(|column| {
            column.iter().any(is_part)
                && column.iter().filter(|word| !is_part(word)).eq(words(name).iter())
        })
    }

    fn batch(&mut self, reading: &Reading) {
        for (name, value) in &reading.values {
            if !self.batches.contains_key(name) {
                self.order.push(name.clone());
                let new = bare(name) && !self.table.columns().contains(name);
                new.then(|| self.only_batches.insert(name.clone()));
            }
            let batches = self.batches.entry(name.clone()).or_default();
            batches.sum += value;
            batches.count += 1.0;
            batches.last = *value;
            batches.running |= reading.running;
        }
    }

    fn row(&mut self, values: &[(String, f64)]) {
        self.table.begin_row();
        match (self.epoch, self.step) {
            (None, None) => self.count_by_names(values),
            (epoch, step) => {
                epoch.into_iter().for_each(|epoch| self.table.put("epoch", epoch));
                step.into_iter().for_each(|step| self.table.put("step", step));
            }
        }
        for (name, value) in values {
            // A line that sums the epoch up stands for its batches.
            self.batches.remove(name);
            self.only_batches.remove(name);
            self.table.put(name, *value);
        }
    }

    /// Without any number to go by, a name that comes again begins the next epoch.
    fn count_by_names(&mut self, values: &[(String, f64)]) {
        if self.count == 0.0 || values.iter().any(|(name, _)| self.uncounted.contains(name)) {
            self.count += 1.0;
            self.uncounted.clear();
        }
        self.uncounted.extend(values.iter().map(|(name, _)| name.clone()));
        self.counted.insert(self.table.rows() as u32 - 1);
        self.table.put("epoch", self.count);
    }

    /// The end of an epoch: its batches become a row.
    fn flush(&mut self) {
        let order = std::mem::take(&mut self.order);
        let batches = std::mem::take(&mut self.batches);
        let value = |b: &Batches| if b.running { b.last } else { b.sum / b.count };
        let values: Vec<(String, f64)> = order
            .into_iter()
            .filter_map(|name| batches.get(&name).map(|b| (name.clone(), value(b))))
            .collect();
        if !values.is_empty() {
            self.step = None;
            let only_batches = std::mem::take(&mut self.only_batches);
            self.row(&values);
            self.only_batches = only_batches;
        }
    }
}
