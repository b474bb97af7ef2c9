//! The event files as TensorBoard's own reader sees them. `WELLFIT_PYTHON` names a Python that has
//! the package tensorboard; without one the test says that it was skipped.

use crate::desk::Desk;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// What TensorBoard reads below `folder`: run, tag, points.
fn read(folder: &Path) -> Option<Value> {
    let python = std::env::var_os("WELLFIT_PYTHON").unwrap_or_else(|| "python3".into());
    let probe = Command::new(&python).args(["-c", "import tensorboard"]).output();
    if !probe.is_ok_and(|output| output.status.success()) {
        eprintln!("SKIPPED: {python:?} has no tensorboard; set WELLFIT_PYTHON");
        return None;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/program/read_event_files.py");
    let output = Command::new(&python).arg(script).arg(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn tensorboard_shows_what_the_log_holds_and_a_resumed_run_repeats_nothing() {
    let desk = Desk::with_recipe();
    let more = ["train", "recipe.toml", "--out", "runs/o", "--set", "train.epochs=8"];
    desk.done(&more);
    // As after a crash behind the last checkpoint: the files end before the checkpoint does.
    let file = "runs/o/events/validation/events.out.tfevents.wellfit";
    let whole = desk.read(file);
    desk.write(file, &whole[..whole.len() / 2]);
    desk.done(&[&more[..], &["--resume"]].concat());

    let Some(found) = read(&desk.path("runs")) else { return };
    for part in ["train", "validation", "online"] {
        let run = &found[format!("o/events/{part}")];
        for (epoch, line) in desk.log("runs/o").iter().enumerate() {
            for (metric, value) in line[part].as_object().unwrap() {
                let points = run[metric].as_array().unwrap();
                assert_eq!(points.len(), 8, "{part} {metric}: {points:?}");
                let value = value.as_f64().unwrap() as f32;
                let shown: f64 = points[epoch][1].as_str().unwrap().parse().unwrap();
                assert_eq!(points[epoch][0].as_u64(), Some(epoch as u64 + 1));
                assert_eq!(shown as f32, value, "{part} {metric} epoch {epoch}");
            }
        }
    }
    let tags = |part: &str| {
        let tags = found[format!("o/events/{part}")].as_object().unwrap();
        tags.keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(tags("train"), tags("validation"), "one chart for both");
}
