//! Every log of `tests/logs` against the numbers that its library had in memory; `make.py` there
//! made both.

use serde_json::Value;
use std::path::{Path, PathBuf};
use wellfit_core::run::{Run, Series};
use wellfit_diagnose::read::{Log, read};

pub fn logs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/logs")
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| value.as_str().unwrap().parse().unwrap())
}

/// Event files hold 32 bits of a value.
fn same(a: f64, b: f64) -> bool {
    a.is_nan() && b.is_nan() || a == b || (a - b).abs() <= 1e-6 * a.abs().max(b.abs())
}

fn series<'a>(run: &'a Run, name: &str) -> Option<&'a Series> {
    run.series.iter().find(|series| series.name() == name)
}

/// What differs between a log and what it should be; nothing where all agrees.
pub fn difference(log: &Log, expected: &Value) -> Option<String> {
    for (name, points) in expected.as_object().unwrap() {
        let found = match series(&log.run, name) {
            Some(series) => &series.points,
            None => return Some(format!("no {name}")),
        };
        let points: Vec<(f64, f64)> = points
            .as_array()
            .unwrap()
            .iter()
            .map(|point| (number(&point[0]), number(&point[1])))
            .collect();
        let agree = found.len() == points.len()
            && found.iter().zip(&points).all(|(a, b)| same(a.0, b.0) && same(a.1, b.1));
        if !agree {
            return Some(format!("{name}: expected {points:?}, found {found:?}"));
        }
    }
    None
}

#[test]
fn every_log_reads_as_its_library_knew_it() {
    let mut wrong = Vec::new();
    let mut count = 0;
    let mut names: Vec<PathBuf> = std::fs::read_dir(logs().join("expected"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    for path in names {
        let golden: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy();
        let log = golden["log"].as_str().unwrap();
        let found: Vec<Log> = match read(&logs().join(log), None).into_iter().collect() {
            Ok(found) => found,
            Err(error) => {
                wrong.push(format!("{name}: {error}"));
                continue;
            }
        };
        count += 1;
        let runs = golden["runs"].as_array().unwrap();
        if runs.len() != found.len() {
            wrong.push(format!("{name}: expected {} runs, found {}", runs.len(), found.len()));
        }
        for run in runs {
            let differences: Vec<String> =
                found.iter().filter_map(|log| difference(log, run)).collect();
            if differences.len() == found.len() {
                wrong.push(format!("{name}: {}", differences.join("\n    ")));
            }
        }
        for log in &found {
            if log.format.name() != golden["format"].as_str().unwrap() {
                wrong.push(format!("{name}: read as {}", log.format));
            }
            assert_eq!(log.columns.len(), log.run.series.len(), "{name}");
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 25, "{count} logs");
}
