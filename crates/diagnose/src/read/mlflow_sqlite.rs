//! MLflow's SQLite store: table `metrics`, opened read-only.
//!
//! A file may be damaged or made to harm. What SQLite reads is bounded by its size: texts are short,
//! rows are no more than would fit, and tables are tables, as a view may compute for ever.

use super::curves::runs;
use super::mlflow::{curve, joined};
use super::runs::Draft;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags, Row};
use std::collections::HashMap;
use std::path::Path;

/// What every SQLite file begins with.
pub(super) const MAGIC: &[u8] = b"SQLite format 3\0";

/// Bytes of a text or of a row; MLflow's names are shorter.
const LONGEST: i32 = 1 << 16;
/// Bytes that a row takes in a file at least.
const SHORTEST: u64 = 8;

const ODD: &str = "SELECT count(*) FROM sqlite_master WHERE name IN ('metrics', 'runs') \
    AND (type <> 'table' OR sql LIKE 'CREATE VIRTUAL%')";
const RUNS: &str = "SELECT run_uuid, name, lifecycle_stage, start_time FROM runs";
const METRICS: &str = "SELECT run_uuid, key, value, step, is_nan, timestamp FROM metrics";

/// What the store says of a run.
struct About {
    name: String,
    deleted: bool,
    started: i64,
}

/// A value of a metric.
struct Sample {
    run: String,
    key: String,
    step: f64,
    value: f64,
    time: i64,
}

/// The runs in the store, oldest first.
pub(super) fn read(path: &Path) -> rusqlite::Result<Vec<Draft>> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, LONGEST)?;
    let length = std::fs::metadata(path).map_or(0, |about| about.len());
    let most = (length / SHORTEST) as usize;
    if connection.query_row(ODD, [], |row| row.get::<_, i64>(0))? > 0 {
        return Err(rusqlite::Error::InvalidQuery);
    }
    let mut notes = Vec::new();
    let about: HashMap<String, About> =
        rows(&connection, RUNS, most, about, &mut notes)?.into_iter().collect();
    let mut samples = rows(&connection, METRICS, most, sample, &mut notes)?;
    samples.retain(|sample| about.get(&sample.run).is_none_or(|run| !run.deleted));
    let started = |sample: &Sample| about.get(&sample.run).map(|run| run.started);
    samples.sort_by(|a, b| {
        (started(a), &a.run, &a.key, a.time)
            .cmp(&(started(b), &b.run, &b.key, b.time))
            .then(a.step.total_cmp(&b.step))
    });
    let mut drafts = Vec::new();
    for run in samples.chunk_by(|a, b| a.run == b.run) {
        let of_key = run.chunk_by(|a, b| a.key == b.key);
        let curves = of_key.map(|same| {
            (same[0].key.clone(), curve(same.iter().map(|s| (s.step, s.value)).collect()))
        });
        let name = about.get(&run[0].run).map_or(&run[0].run, |about| &about.name);
        for mut draft in runs(curves.collect(), notes.clone()) {
            draft.name = joined(name, &draft.name);
            drafts.push(draft);
        }
    }
    Ok(drafts)
}

/// The rows of a query, as far as they can be read.
fn rows<T>(
    connection: &Connection,
    query: &str,
    most: usize,
    read: fn(&Row<'_>) -> rusqlite::Result<T>,
    notes: &mut Vec<String>,
) -> rusqlite::Result<Vec<T>> {
    let mut statement = connection.prepare(query)?;
    let mut found = Vec::new();
    for row in statement.query_map([], read)? {
        let damage = match row {
            Ok(row) if found.len() < most => {
                found.push(row);
                continue;
            }
            Ok(_) => "it has more rows than its size allows".to_owned(),
            // A damaged page: what was read before it stays.
            Err(error) => error.to_string(),
        };
        notes.push(format!("the store is damaged, what came before is kept: {damage}"));
        break;
    }
    Ok(found)
}

fn about(row: &Row<'_>) -> rusqlite::Result<(String, About)> {
    let id: String = row.get(0)?;
    let name: Option<String> = row.get(1)?;
    let stage: Option<String> = row.get(2)?;
    let about = About {
        name: name.filter(|name| !name.is_empty()).unwrap_or_else(|| id.clone()),
        deleted: stage.as_deref() == Some("deleted"),
        started: row.get::<_, Option<i64>>(3)?.unwrap_or_default(),
    };
    Ok((id, about))
}

fn sample(row: &Row<'_>) -> rusqlite::Result<Sample> {
    let is_nan: bool = row.get(4)?;
    let value: f64 = row.get(2)?;
    // Infinity is stored as the largest finite number.
    let value = match value {
        _ if is_nan => f64::NAN,
        f64::MAX => f64::INFINITY,
        f64::MIN => f64::NEG_INFINITY,
        value => value,
    };
    let step: i64 = row.get(3)?;
    Ok(Sample {
        run: row.get(0)?,
        key: row.get(1)?,
        step: step as f64,
        value,
        time: row.get::<_, Option<i64>>(5)?.unwrap_or_default(),
    })
}
