//! MLflow's file store: `<run>/metrics/<name>` with lines `timestamp value step`, and the name of
//! the run in `<run>/meta.yaml`.

use super::curves::{Curve, runs};
use super::number::{Field, field};
use super::runs::Draft;
use std::path::Path;

/// Whether a folder is of a run.
pub(super) fn fits(folder: &Path) -> bool {
    folder.join("metrics").is_dir() && folder.join("meta.yaml").is_file()
}

/// The run in the folder. None where it was deleted.
pub(super) fn read(folder: &Path) -> std::io::Result<Vec<Draft>> {
    let about = std::fs::read_to_string(folder.join("meta.yaml")).unwrap_or_default();
    let say = |key: &str| {
        let line = about.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
        line.map(|value| value.trim().trim_matches(['\'', '"']).to_owned())
    };
    if say("lifecycle_stage").as_deref() == Some("deleted") {
        return Ok(Vec::new());
    }
    let (mut curves, mut notes) = (Vec::new(), Vec::new());
    gather(&folder.join("metrics"), "", &mut curves, &mut notes, 0)?;
    curves.sort_by(|a: &Curve, b| a.0.cmp(&b.0));
    let tagged = || std::fs::read_to_string(folder.join("tags").join("mlflow.runName")).ok();
    let name = say("run_name").filter(|name| !name.is_empty()).or_else(tagged).unwrap_or_default();
    let mut drafts = runs(curves, notes);
    drafts.iter_mut().for_each(|draft| draft.name = joined(&name, &draft.name));
    Ok(drafts)
}

/// Name of a run and of its evaluation set.
pub(super) fn joined(run: &str, set: &str) -> String {
    [run, set].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// The curve in samples of (step, value), oldest first. MLflow numbers all steps 0 where the
/// program did not say any.
pub(super) fn curve(mut samples: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    if samples.len() > 1 && samples.iter().all(|sample| sample.0 == samples[0].0) {
        return samples.iter().enumerate().map(|(at, sample)| (at as f64, sample.1)).collect();
    }
    samples.sort_by(|a, b| a.0.total_cmp(&b.0));
    // The last value of a step counts.
    samples.chunk_by(|a, b| a.0 == b.0).map(|same| same[same.len() - 1]).collect()
}

fn gather(
    folder: &Path,
    above: &str,
    curves: &mut Vec<Curve>,
    notes: &mut Vec<String>,
    depth: usize,
) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = if above.is_empty() { name.into_owned() } else { format!("{above}/{name}") };
        if path.is_dir() {
            if depth < 8 {
                gather(&path, &name, curves, notes, depth + 1)?;
            }
            continue;
        }
        let text = String::from_utf8_lossy(&std::fs::read(&path)?).into_owned();
        let (mut samples, mut bad) = (Vec::new(), 0);
        for line in text.lines() {
            let mut words = line.split_whitespace();
            let (_, value, step) =
                (words.next(), words.next().map(field), words.next().unwrap_or("0"));
            match (value, step.parse()) {
                (Some(Field::Number(value)), Ok(step)) => samples.push((step, value)),
                _ => bad += 1,
            }
        }
        if bad > 0 {
            notes.push(format!("{name}: {bad} lines are not `timestamp value step`"));
        }
        curves.push((name, curve(samples)));
    }
    Ok(())
}
