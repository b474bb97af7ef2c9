//! The study file beside Optuna: we read what Optuna wrote, and Optuna reads what we write, on the
//! files and numbers of `golden/journal.py`.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails, in its helpers too")]

use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use tempfile::TempDir;
use wellfit_core::card::Scale;
use wellfit_tune::Error;
use wellfit_tune::space::Domain;
use wellfit_tune::study::{
    Attributes, Direction, Distribution, Durability, Journal, NewTrial, Operation, State, Study,
    Trial,
};

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/journal.json")).unwrap()
}

fn folder(log: &str) -> (TempDir, Journal) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("study.log");
    fs::write(&path, log).unwrap();
    let journal = Journal::open(&path, Durability::Cached).unwrap();
    (folder, journal)
}

/// A number as the script writes it, NaN and infinity as Python's words for them.
fn number(value: f64) -> Value {
    match value {
        value if value.is_finite() => json!(value),
        value => json!(value.to_string().to_lowercase()),
    }
}

fn trial(trial: &Trial) -> Value {
    let parameters = trial.parameters.iter().map(|(name, (value, _))| (name.clone(), json!(value)));
    let intermediate = trial.intermediate.iter().map(|(at, v)| (at.to_string(), number(*v)));
    json!({
        "number": trial.number,
        "id": trial.id,
        "state": u8::from(trial.state),
        "values": trial.values.as_ref().map(|v| v.iter().copied().map(number).collect::<Vec<_>>()),
        "params": parameters.collect::<Attributes>(),
        "intermediate": intermediate.collect::<Attributes>(),
        "user_attrs": trial.attributes,
        "has_started": trial.started.is_some(),
        "has_ended": trial.ended.is_some(),
    })
}

fn study(study: &Study) -> Value {
    json!({
        "name": study.name,
        "directions": study.directions,
        "user_attrs": study.attributes,
        "trials": study.trials.iter().map(trial).collect::<Vec<_>>(),
    })
}

/// Whole numbers and others of the same value are equal: Python tells them apart.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(k, a)| b.get(k).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

fn reads_as_optuna(log: &str, name: &str) {
    let (_folder, journal) = folder(log);
    let studies: Vec<Value> = journal.studies().all().map(study).collect();
    let expected = golden()[name].as_array().unwrap().clone();
    assert_eq!(studies.len(), expected.len());
    for (found, expected) in studies.iter().zip(&expected) {
        assert!(same(found, expected), "{found:#}\n\nexpected {expected:#}");
    }
}

#[test]
fn we_read_what_optuna_wrote() {
    reads_as_optuna(include_str!("golden/optuna.log"), "optuna.log");
}

#[test]
fn optuna_reads_what_we_wrote_and_goes_on() {
    reads_as_optuna(include_str!("golden/wellfit.log"), "wellfit.log");
    assert_eq!(golden()["continued"], json!({"before": 3, "complete_after": 3}));
}

const NOW: &str = "2026-11-23T08:30:00.000000+00:00";

fn new_trial(rate: Option<f64>) -> Operation {
    let float = |low, high, scale| Distribution::from(&Domain::Float { low, high, scale });
    let mut new = NewTrial { started: Some(NOW.to_owned()), ..NewTrial::default() };
    let switch = Distribution::from(&Domain::switch());
    let mut set = |name: &str, value, of| new.parameters.insert(name.to_owned(), (value, of));
    set("dropout", f64::from(u8::from(rate.is_some())), switch);
    if let Some(rate) = rate {
        set("dropout.rate", rate, float(0.05, 0.7, Scale::Linear));
    }
    new.attributes.insert("wellfit".to_owned(), json!({"cohort": 0, "note": "NaN ä \"\\"}));
    Operation::CreateTrial(Box::new(new))
}

/// All that we write, of every kind.
fn operations() -> Vec<Operation> {
    let attributes = |key: &str, value: Value| Attributes::from_iter([(key.to_owned(), value)]);
    let time = NOW.to_owned();
    let end =
        |trial, state, values| Operation::SetState { trial, state, values, time: time.clone() };
    let report = |trial, step, value| Operation::SetIntermediate { trial, step, value };
    let directions = vec![Direction::Minimize];
    let lambda = Domain::Float { low: 1e-3, high: 1e2, scale: Scale::Log };
    let patience = Domain::Integer { low: 5, high: 50, scale: Scale::Log };
    let parameter = |name: &str, value, domain| Operation::SetParameter {
        trial: 0,
        name: name.to_owned(),
        value,
        distribution: Distribution::from(domain),
    };
    vec![
        Operation::CreateStudy { name: "gone".to_owned(), directions: directions.clone() },
        Operation::DeleteStudy(0),
        Operation::CreateStudy { name: "gone".to_owned(), directions: directions.clone() },
        Operation::DeleteStudy(1),
        Operation::CreateStudy { name: "zero".to_owned(), directions: directions.clone() },
        Operation::CreateStudy { name: "made by wellfit".to_owned(), directions },
        Operation::SetStudyAttribute {
            study: 3,
            system: false,
            attributes: attributes("wellfit:seed", json!(7)),
        },
        Operation::SetStudyAttribute {
            study: 3,
            system: true,
            attributes: attributes("wellfit", json!([1, 2.5, null])),
        },
        of_study(3, new_trial(Some(0.3))),
        parameter("l2.lambda", 0.001, &lambda),
        parameter("early_stopping.patience", 7.0, &patience),
        report(0, 1, 0.75),
        report(0, 3, f64::NEG_INFINITY),
        Operation::SetTrialAttribute {
            trial: 0,
            system: false,
            attributes: attributes("seconds", json!(1.5)),
        },
        Operation::SetTrialAttribute {
            trial: 0,
            system: true,
            attributes: attributes("wellfit", json!("x")),
        },
        end(0, State::Complete, Some(vec![0.1 + 0.2])),
        of_study(3, new_trial(None)),
        report(1, 1, f64::NAN),
        end(1, State::Pruned, None),
        of_study(3, new_trial(None)),
    ]
}

fn of_study(study: u64, operation: Operation) -> Operation {
    match operation {
        Operation::CreateTrial(mut new) => {
            new.study = study;
            Operation::CreateTrial(new)
        }
        other => other,
    }
}

#[test]
fn what_we_write_is_the_file_that_optuna_reads() {
    let (_folder, mut journal) = folder("");
    journal.append(&operations()).unwrap();
    let written = fs::read_to_string(journal.path()).unwrap();
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/wellfit.log");
    if std::env::var_os("WELLFIT_WRITE_GOLDEN").is_some() {
        fs::write(&committed, &written).unwrap();
    }
    assert_eq!(written, fs::read_to_string(committed).unwrap());
}

#[test]
fn what_was_written_reads_the_same() {
    let (_folder, mut journal) = folder("");
    for operation in operations() {
        journal.append(&[operation]).unwrap();
    }
    let again = Journal::open(journal.path(), Durability::Synced).unwrap();
    // NaN differs from itself.
    assert_eq!(format!("{:?}", again.studies()), format!("{:?}", journal.studies()));
}

#[test]
fn a_torn_last_line_is_passed_over_and_cut() {
    let whole = include_str!("golden/wellfit.log");
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    for torn in ["{", "{\"op_code\":4,", "\0\0\0", "{\"op_code\":4}\n", "\n"] {
        let (_folder, mut journal) = folder(&format!("{whole}{torn}"));
        assert_eq!(journal.studies().next_trial(), 3);
        journal.append(&[of_study(3, new_trial(None))]).unwrap();
        assert_eq!(journal.studies().next_trial(), 4);
        let text = fs::read_to_string(journal.path()).unwrap();
        assert!(text.starts_with(whole) && text.lines().count() == lines.len() + 1, "{torn:?}");
    }
}

#[test]
fn a_broken_line_in_the_middle_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("study.log");
    let whole = include_str!("golden/wellfit.log");
    for broken in ["{\n", "{\"op_code\":6,\"trial_id\":0,\"state\":7,\"values\":null}\n"] {
        fs::write(&path, format!("{broken}{whole}")).unwrap();
        match Journal::open(&path, Durability::Cached).unwrap_err() {
            Error::Line { line, .. } => assert_eq!(line, 1),
            other => panic!("{other}"),
        }
    }
}

#[test]
fn one_search_at_a_time() {
    let (_folder, mut journal) = folder("");
    journal.claim().unwrap();
    let mut other = Journal::open(journal.path(), Durability::Cached).unwrap();
    assert!(other.claim().unwrap_err().to_string().ends_with("another search is running on it"));
    drop(journal);
    assert!(other.claim().is_ok());
}

#[test]
fn several_writers_lose_nothing() {
    let (_folder, mut journal) = folder("");
    let create = "one".to_owned();
    journal
        .append(&[Operation::CreateStudy { name: create, directions: vec![Direction::Minimize] }])
        .unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut own = Journal::open(journal.path(), Durability::Cached).unwrap();
                (0..25).for_each(|_| own.append(&[new_trial(None)]).unwrap());
            });
        }
    });
    journal.refresh().unwrap();
    assert_eq!(journal.studies().named("one").unwrap().trials.len(), 100);
}

#[test]
fn who_looks_at_a_study_file_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("study.log");
    assert!(matches!(Journal::view(&path), Err(Error::File { .. })));
    assert!(!path.exists());
    let (name, directions) = ("a".to_owned(), vec![Direction::Minimize]);
    let create = Operation::CreateStudy { name, directions };
    let mut journal = Journal::open(&path, Durability::Cached).unwrap();
    let mut viewed = Journal::view(&path).unwrap();
    journal.append(std::slice::from_ref(&create)).unwrap();
    viewed.refresh().unwrap();
    assert!(viewed.studies().named("a").is_some());
    let before = fs::read(&path).unwrap();
    assert!(matches!(viewed.append(&[create]), Err(Error::File { .. })));
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no lock is left");
    fs::remove_file(&path).unwrap();
    assert!(viewed.refresh().is_err() && !path.exists());
}
