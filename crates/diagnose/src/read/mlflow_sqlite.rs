//! MLflow's SQLite store: table `metrics`, opened read-only.

use super::curves::runs;
use super::mlflow::{curve, joined};
use super::runs::Draft;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;

/// What every SQLite file begins with.
pub(super) const MAGIC: &[u8] = b"SQLite format 3\0";

const QUERY: &str = "SELECT m.run_uuid, coalesce(r.name, m.run_uuid), m.key, m.value, m.step, m.is_nan \
    FROM metrics m LEFT JOIN runs r ON r.run_uuid = m.run_uuid \
    WHERE coalesce(r.lifecycle_stage, 'active') = 'active' \
    ORDER BY r.start_time, m.run_uuid, m.key, m.timestamp, m.step";

/// A row of the query.
struct Sample {
    run: (String, String),
    key: String,
    step: f64,
    value: f64,
}

/// The runs in the store, oldest first.
pub(super) fn read(path: &Path) -> rusqlite::Result<Vec<Draft>> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut statement = connection.prepare(QUERY)?;
    let mut notes = Vec::new();
    let mut samples = Vec::new();
    for sample in statement.query_map([], sample)? {
        match sample {
            Ok(sample) => samples.push(sample),
            // A damaged page: what was read before it stays.
            Err(error) => {
                notes.push(format!("the store is damaged, what came before is kept: {error}"));
                break;
            }
        }
    }
    let mut drafts = Vec::new();
    for run in samples.chunk_by(|a, b| a.run == b.run) {
        let of_key = run.chunk_by(|a, b| a.key == b.key);
        let curves = of_key.map(|same| {
            (same[0].key.clone(), curve(same.iter().map(|s| (s.step, s.value)).collect()))
        });
        for mut draft in runs(curves.collect(), notes.clone()) {
            draft.name = joined(&run[0].run.1, &draft.name);
            drafts.push(draft);
        }
    }
    Ok(drafts)
}

fn sample(row: &rusqlite::Row<'_>) -> rusqlite::Result<Sample> {
    let is_nan: bool = row.get(5)?;
    let value: f64 = row.get(3)?;
    // Infinity is stored as the largest finite number.
    let value = match value {
        _ if is_nan => f64::NAN,
        f64::MAX => f64::INFINITY,
        f64::MIN => f64::NEG_INFINITY,
        value => value,
    };
    let step: i64 = row.get(4)?;
    Ok(Sample { run: (row.get(0)?, row.get(1)?), key: row.get(2)?, step: step as f64, value })
}
