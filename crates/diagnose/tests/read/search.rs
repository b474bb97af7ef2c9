//! A folder is searched: every log once, and nothing that is no log.

use crate::goldens::logs;
use flate2::{Compression, write::GzEncoder};
use std::io::Write;
use std::path::{Path, PathBuf};
use wellfit_diagnose::read::{Format, read, sources};

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

/// An empty folder of this name.
fn empty(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn downloads_of_tensorboard_join_to_runs() {
    let folder = empty("downloads");
    for (run, values) in [
        ("exp1_train", [0.5, 0.25]),
        ("exp1_validation", [0.75, 0.875]),
        ("exp2_validation", [1.0, 2.0]),
    ] {
        let [first, second] = values;
        let text = format!("Wall time,Step,Value\n1.5,0,{first}\n2.5,1,{second}\n");
        let name = format!("run-{run}-tag-epoch_loss.csv");
        std::fs::write(folder.join(name), text).unwrap();
    }
    let found: Vec<_> = read(&folder, None).into_iter().map(Result::unwrap).collect();
    let shown: Vec<String> = found
        .iter()
        .flat_map(|log| log.run.series.iter().map(|s| format!("{} {:?}", s.name(), s.points)))
        .collect();
    assert_eq!(
        shown,
        [
            "train.loss [(0.0, 0.5), (1.0, 0.25)]",
            "validation.loss [(0.0, 0.75), (1.0, 0.875)]",
            "validation.loss [(0.0, 1.0), (1.0, 2.0)]"
        ]
    );
    assert_eq!(found.len(), 2);
}

#[test]
fn a_file_for_each_epoch_is_one_run() {
    let folder = empty("epochs");
    for (epoch, [train, validation]) in
        [[0.5, 0.75], [0.25, 0.875], [0.125, 1.0]].iter().enumerate()
    {
        // As AllenNLP writes it, but for the memory and the times.
        let text = format!(
            "{{\n  \"best_epoch\": 0,\n  \"epoch\": {epoch},\n  \"training_loss\": {train},\n  \
             \"validation_loss\": {validation},\n  \"best_validation_loss\": 0.75\n}}"
        );
        std::fs::write(folder.join(format!("metrics_epoch_{epoch}.json")), text).unwrap();
        std::fs::write(folder.join(format!("fold_{epoch}.json")), "{\"accuracy\": 0.5}").unwrap();
    }
    let found: Vec<_> = read(&folder, None).into_iter().map(Result::unwrap).collect();
    assert_eq!(found.len(), 1);
    let points = |at: usize| found[0].run.series[at].points.clone();
    assert_eq!(points(0), [(0.0, 0.5), (1.0, 0.25), (2.0, 0.125)]);
    assert_eq!(points(1), [(0.0, 0.75), (1.0, 0.875), (2.0, 1.0)]);
}

#[test]
fn packed_logs_are_found_and_read() {
    let folder = empty("packed");
    let file = std::fs::File::create(folder.join("history.csv.gz")).unwrap();
    let mut encoder = GzEncoder::new(file, Compression::default());
    encoder.write_all(b"epoch,loss,val_loss\n1,0.5,0.75\n2,0.25,0.875\n").unwrap();
    encoder.finish().unwrap();
    let log = read(&folder, None).remove(0).unwrap();
    assert_eq!(log.run.series.len(), 2);
    assert_eq!(log.run.series[1].points, [(1.0, 0.75), (2.0, 0.875)]);
}
