//! A whole run: ten epochs of MNIST with the perceptron, from the start of the process to its end.

use crate::case::Case;
use crate::side;
use crate::turns::send;
use bench_peer::Outcome;
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;
use wellfit::Experiment;
use wellfit_core::recipe::Recipe;
use wellfit_nn::train::evaluate;

/// Name for `--cases`.
pub const ID: &str = "mnist";

const EPOCHS: u64 = 10;

/// Where the four files of MNIST lie.
const DIR: &str = "${WELLFIT_DATA}/mnist";

/// Images that are not trained on; they choose the best epoch.
const VALIDATION: usize = 10_000;

/// What a side tells of its own run.
#[derive(Debug, Serialize, Deserialize)]
struct Told {
    /// From the first step to the last evaluation, without start and loading.
    training_seconds: f64,
    /// Highest resident memory of the process, in MiB; NaN where the system does not tell.
    peak_mib: Option<f64>,
    /// Share of the test images that the best model gets right.
    test_accuracy: f64,
}

/// One whole run of one side.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Whole {
    /// From the start of the process to its end.
    pub seconds: f64,
    /// Of these, without start and loading.
    pub training_seconds: f64,
    /// Highest resident memory of the process, in MiB; NaN where the system does not tell.
    pub peak_mib: f64,
    /// Share of the test images that the best model gets right.
    pub test_accuracy: f64,
}

/// The perceptron of the case `mlp` on the training images that are left.
fn case() -> Outcome<Case> {
    let mlp = Case::named("mlp").ok_or("there is no case `mlp`")?;
    Ok(mlp.with_examples(60_000 - VALIDATION))
}

fn recipe() -> Outcome<Recipe> {
    let data = format!("[data]\nidx = {{ dir = \"{DIR}\" }}\nvalidation = {VALIDATION}\n");
    Ok(Recipe::parse(ID, &(data + &case()?.recipe(EPOCHS)))?)
}

/// Our side as a process.
pub fn serve(mut answers: impl Write) -> Outcome<()> {
    let experiment = Experiment::new(recipe()?, Path::new("."))?;
    let began = Instant::now();
    let trained = experiment.train(None, &mut ())?;
    let training_seconds = began.elapsed().as_secs_f64();
    let test = experiment.data.test.as_ref().ok_or("MNIST without test images")?;
    let scores = evaluate(&trained.best, test, experiment.loss(), &experiment.device)?;
    let test_accuracy = scores.get("accuracy").ok_or("no accuracy")?;
    send(&mut answers, &Told { training_seconds, peak_mib: peak_mib(), test_accuracy })
}

/// The highest resident memory of this process so far.
///
/// Not what `getrusage` tells, which after `exec` still remembers the parent's.
fn peak_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib / 1024.0)
}

/// Runs both sides `runs` times, in turns: ours, and PyTorch's.
pub fn measure(python: &Path, threads: usize, runs: usize) -> Outcome<[Vec<Whole>; 2]> {
    let folder = wellfit_data::place::resolve(DIR, Path::new("."))?;
    let settings = serde_json::json!({
        "case": case()?.json()?, "epochs": EPOCHS, "validation": VALIDATION,
    });
    let mut all = [Vec::new(), Vec::new()];
    for _ in 0..runs {
        all[0].push(whole(side::ours(ID, threads)?)?);
        let mut theirs = side::pytorch(python, "mnist.py", threads);
        theirs.arg(&folder).arg(settings.to_string());
        all[1].push(whole(theirs)?);
    }
    Ok(all)
}

fn whole(mut command: Command) -> Outcome<Whole> {
    let began = Instant::now();
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output()?;
    let seconds = began.elapsed().as_secs_f64();
    if !output.status.success() {
        return Err(format!("{command:?}: {}", output.status).into());
    }
    let Told { training_seconds, peak_mib, test_accuracy } =
        serde_json::from_slice(&output.stdout)?;
    let peak_mib = peak_mib.unwrap_or(f64::NAN);
    Ok(Whole { seconds, training_seconds, peak_mib, test_accuracy })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wellfit_nn::train::TrainConfig;

    #[test]
    fn the_run_is_the_perceptron_s_with_the_same_decay() {
        let recipe = recipe().unwrap();
        let config: TrainConfig = recipe.section("train").unwrap();
        assert_eq!((config.epochs.get(), config.batch_size.get()), (10, 128));
        // 5e-4 for each of 50,000 images.
        assert!(recipe.canonical().unwrap().contains("lambda = 25"));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_peak_holds_what_was_touched_once() {
        let before = peak_mib().unwrap();
        let touched = vec![1u8; 256 << 20];
        assert_eq!(touched[touched.len() - 1], 1);
        drop(touched);
        assert!(peak_mib().unwrap() - before > 100.0);
    }
}
