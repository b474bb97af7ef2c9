//! MLflow's SQLite store: the tables `runs` and `metrics`.

use super::curves::runs;
use super::mlflow::{curve, joined};
use super::runs::Draft;
use super::sqlite::{Database, Value};
use std::collections::HashMap;
use std::path::Path;

const RUNS: [&str; 4] = ["run_uuid", "name", "lifecycle_stage", "start_time"];
const METRICS: [&str; 6] = ["run_uuid", "key", "value", "step", "is_nan", "timestamp"];

/// What the store says of a run.
#[derive(Default)]
struct About {
    name: String,
    deleted: bool,
    started: i64,
}

/// A value of a metric; its run and its name by their numbers.
struct Sample {
    run: u32,
    key: u32,
    step: f64,
    value: f64,
    time: i64,
}

/// Texts that come again and again, by their numbers.
#[derive(Default)]
struct Names {
    numbers: HashMap<String, u32>,
}

/// The runs in the store, oldest first. What was not yet put into the file stands beside it.
///
/// # Errors
/// It is no SQLite file, or one without MLflow's tables.
pub(super) fn read(path: &Path, file: &[u8]) -> Result<Vec<Draft>, String> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let log = std::fs::read(log).unwrap_or_default();
    let store = Database::open(file, &log)?;
    let (mut run_names, mut keys, mut samples) = (Names::default(), Names::default(), Vec::new());
    let damage = store.rows("metrics", METRICS, |row| {
        samples.extend(sample(&row, &mut run_names, &mut keys));
    })?;
    let mut about: HashMap<u32, About> = HashMap::new();
    let of_runs = store.rows("runs", RUNS, |row| {
        let run = row[0].text().and_then(|id| run_names.numbers.get(id));
        about.extend(run.map(|run| (*run, self::about(&row))));
    });
    let damage = damage.or(of_runs.unwrap_or_else(Some));
    let kept = |why| format!("the store is damaged, the rest is kept: {why}");
    let notes: Vec<String> = damage.map(kept).into_iter().collect();
    samples.retain(|sample| about.get(&sample.run).is_none_or(|run| !run.deleted));
    let (ids, keys) = (run_names.texts(), keys.texts());
    let place = |sample: &Sample| {
        let started = about.get(&sample.run).map(|run| run.started);
        (started, &ids[sample.run as usize], &keys[sample.key as usize], sample.time)
    };
    samples.sort_by(|a, b| place(a).cmp(&place(b)).then(a.step.total_cmp(&b.step)));
    let mut drafts = Vec::new();
    for run in samples.chunk_by(|a, b| a.run == b.run) {
        let curves = run.chunk_by(|a, b| a.key == b.key).map(|same| {
            let points = same.iter().map(|sample| (sample.step, sample.value)).collect();
            (keys[same[0].key as usize].clone(), curve(points))
        });
        let id = &ids[run[0].run as usize];
        let name = about.get(&run[0].run).map(|about| &about.name).filter(|name| !name.is_empty());
        for mut draft in runs(curves.collect(), notes.clone()) {
            draft.name = joined(name.unwrap_or(id), &draft.name);
            drafts.push(draft);
        }
    }
    Ok(drafts)
}

fn about([_, name, stage, started]: &[Value<'_>; 4]) -> About {
    About {
        name: name.text().unwrap_or_default().to_owned(),
        deleted: stage.text() == Some("deleted"),
        started: started.integer().unwrap_or_default(),
    }
}

fn sample(row: &[Value<'_>; 6], runs: &mut Names, keys: &mut Names) -> Option<Sample> {
    let [run, key, value, step, is_nan, time] = row;
    // Infinity is stored as the largest finite number.
    let value = match value.number()? {
        _ if is_nan.integer() == Some(1) => f64::NAN,
        f64::MAX => f64::INFINITY,
        f64::MIN => f64::NEG_INFINITY,
        value => value,
    };
    Some(Sample {
        run: runs.number(run.text()?),
        key: keys.number(key.text()?),
        step: step.number().unwrap_or_default(),
        value,
        time: time.integer().unwrap_or_default(),
    })
}

impl Names {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        let number = self.numbers.len() as u32;
        self.numbers.insert(text.to_owned(), number);
        number
    }

    /// The texts in the order of their numbers.
    fn texts(self) -> Vec<String> {
        let mut texts = vec![String::new(); self.numbers.len()];
        for (text, number) in self.numbers {
            texts[number as usize] = text;
        }
        texts
    }
}
