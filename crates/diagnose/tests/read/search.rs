//! A folder is searched: every log once, and nothing that is no log.

use crate::goldens::logs;
use wellfit_diagnose::read::{Format, sources};

#[test]
fn every_log_in_a_folder_is_found_once() {
    let found = sources(&logs(), None).unwrap();
    let paths: Vec<String> = found
        .iter()
        .map(|source| source.path().strip_prefix(logs()).unwrap().to_string_lossy().into_owned())
        .collect();
    let has = |path: &str| paths.iter().any(|found| found == path);
    for path in [
        "catboost/catboost_info",
        "catboost/catboost_info/fold-0",
        "keras/board",
        "keras/training.csv",
        "mlflow/mlflow.db",
        "torch/tags",
        "torch/scalars",
        "transformers/checkpoint-30/trainer_state.json",
        "xgboost/evals_result.json",
    ] {
        assert!(has(path), "{path} is missing in {paths:#?}");
    }
    for path in [
        "keras/board/train",
        "transformers/checkpoint-24/trainer_state.json",
        "requirements.txt",
        "catboost/catboost_info/catboost_training.json",
        "catboost/catboost_info/time_left.tsv",
    ] {
        assert!(!has(path), "{path} is no log of its own");
    }
    for source in &found {
        source.read().unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn a_forced_format_leaves_out_the_others() {
    let found = sources(&logs(), Some(Format::Mlflow)).unwrap();
    assert_eq!(found.len(), 2);
}

#[test]
fn a_folder_without_logs_says_so() {
    let error = sources(&logs().join("makers"), None).unwrap_err().to_string();
    assert!(error.contains("no training log found"), "{error}");
}
