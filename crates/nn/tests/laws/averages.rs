//! Averages of weights in whole runs: what is evaluated and stored is the average of what was
//! trained, with the right running statistics.

use crate::run::{MLP, Small, bits};
use std::collections::BTreeMap;
use wellfit_core::run::Part;
use wellfit_nn::burn::tensor::TensorData;
use wellfit_nn::snapshot::Snapshot;
use wellfit_nn::technique::Doors;
use wellfit_nn::train::{Checkpoint, Progress, Watch, Wish, check, evaluate};
use wellfit_nn::{Device, Error, Subject};

/// Steps of an epoch of the small run.
const EPOCH: usize = 9;

const BUSY: &str = "optimizer = { sgd = { momentum = 0.9 } }
[[regularize]]
batch_norm = {}
[[regularize]]
dropout = { rate = 0.2 }
";

fn busy(technique: &str) -> Small {
    Small::of(&format!("{MLP}{BUSY}[[regularize]]\n{technique}\n"))
}

/// Keeps the training model after every step.
#[derive(Default)]
struct Recorder(Vec<Snapshot>);

impl Watch for Recorder {
    fn after_step(&mut self, _: &Progress<'_>) -> Wish {
        Wish::Save
    }

    fn save(&mut self, checkpoint: &Checkpoint) -> Result<(), Error> {
        self.0.push(checkpoint.model.clone());
        Ok(())
    }
}

fn values(data: &TensorData) -> Vec<f64> {
    data.clone().try_into_vec_as::<f64>().unwrap()
}

fn is_statistic(path: &str) -> bool {
    path.contains("running")
}

/// Σ share x snapshot over the trained tensors.
fn mean(shares: &[(f64, &Snapshot)]) -> BTreeMap<String, Vec<f64>> {
    let paths = shares[0].1.tensors().keys().filter(|path| !is_statistic(path));
    let of = |path: &String| {
        let mut sum = vec![0.0; values(&shares[0].1.tensors()[path]).len()];
        for (share, snapshot) in shares {
            let values = values(&snapshot.tensors()[path]);
            sum.iter_mut().zip(values).for_each(|(sum, value)| *sum += share * value);
        }
        (path.clone(), sum)
    };
    paths.map(of).collect()
}

fn assert_averaged(found: &Snapshot, expected: &BTreeMap<String, Vec<f64>>) {
    for (path, expected) in expected {
        let found = values(&found.tensors()[path]);
        let close = found.iter().zip(expected).all(|(f, e)| (f - e).abs() < 1e-5);
        assert!(close && found.len() == expected.len(), "{path}: {found:?}, {expected:?}");
    }
}

#[test]
fn the_moving_average_is_stored_with_the_statistics_of_the_training_model() {
    let mut recorder = Recorder::default();
    let run = busy("ema = { half_life = 5 }").watched(None, &mut recorder);
    // 36 steps, and one more save at the end.
    assert_eq!(recorder.0.len(), 4 * EPOCH + 1);
    let decay = |step: usize| 2f64.powf(-0.2).min(1.0 - (step as f64).powf(-2.0 / 3.0));
    let steps = 4 * EPOCH;
    let share = |step: usize| (1.0 - decay(step)) * (step + 1..=steps).map(decay).product::<f64>();
    let shares: Vec<(f64, &Snapshot)> =
        (1..=steps).map(|step| (share(step), &recorder.0[step - 1])).collect();
    assert!((shares.iter().map(|(share, _)| share).sum::<f64>() - 1.0).abs() < 1e-12);
    let stored = Snapshot::of(&run.last);
    assert_averaged(&stored, &mean(&shares));
    let training = recorder.0.last().unwrap();
    for (path, data) in stored.tensors().iter().filter(|(path, _)| is_statistic(path)) {
        assert_eq!(data, &training.tensors()[path], "{path}");
    }
    assert_ne!(stored, *training);
}

#[test]
fn an_average_that_forgets_at_once_is_the_run_without_it() {
    let plain = Small::of(&format!("{MLP}{BUSY}")).run();
    let forgetful = busy("ema = { half_life = 0.01, warm_up = false }").run();
    assert!(bits(&forgetful) == bits(&plain));
}

#[test]
fn averages_beside_training_leave_it_alone() {
    let path = |technique: &str| {
        let mut recorder = Recorder::default();
        busy(technique).watched(None, &mut recorder);
        recorder.0
    };
    let plain = path("clip_value = { max = 1e9 }");
    for technique in ["ema = { half_life = 5 }", "swa = { start = 0.25 }"] {
        assert!(path(technique) == plain, "{technique}");
    }
    assert!(path("lookahead = { k = 2 }") != plain);
}

/// Also with averages, whose statistics are shared or collected.
#[test]
fn the_stored_model_reproduces_its_recorded_metrics_to_the_last_bit() {
    for technique in ["ema = { half_life = 5 }", "swa = { start = 0.25 }", "lookahead = {}"] {
        let small = busy(technique).epochs(6);
        let run = small.run();
        let loss = small.config.loss(&small.validation.target);
        for (model, epoch) in [(&run.best, run.best_epoch.unwrap()), (&run.last, run.epochs)] {
            let scores = evaluate(model, &small.validation, loss, &Device::flex()).unwrap();
            for (metric, value) in scores.iter() {
                let recorded = &run.log.get(Part::Validation, metric).unwrap().points;
                let recorded = recorded[epoch as usize - 1].1;
                assert_eq!(value.to_bits(), recorded.to_bits(), "{technique}: {metric}");
            }
        }
    }
}

#[test]
fn the_mean_over_epochs_is_stored_with_statistics_of_its_own() {
    let mut recorder = Recorder::default();
    // Batches of one size: the mean of their means is that of all examples.
    let recipe = format!("{MLP}{BUSY}[[regularize]]\nswa = {{ start = 0.5 }}\n");
    let small = Small::of(&recipe.replace("batch_size = 7", "batch_size = 6"));
    let run = small.watched(None, &mut recorder);
    let ends = [30, 40].map(|step| (0.5, &recorder.0[step - 1]));
    let (stored, expected) = (Snapshot::of(&run.last), mean(&ends));
    assert_averaged(&stored, &expected);
    // The first norm stands behind a linear layer alone.
    let of = |end: &str| &expected.iter().find(|(path, _)| path.ends_with(end)).unwrap().1[..];
    let (weight, bias) = (of("blocks.0.linear.weight"), of("blocks.0.linear.bias"));
    let rows = small.train.len();
    let sum = |row: usize, unit: usize| -> f64 {
        let inputs = small.train.row(row).iter().enumerate();
        inputs.map(|(j, &x)| f64::from(x) * weight[j * bias.len() + unit]).sum::<f64>() + bias[unit]
    };
    let is_first = |p: &&String| p.contains("blocks.0.norm") && p.ends_with("running_mean");
    let path = stored.tensors().keys().find(is_first);
    let path = path.unwrap_or_else(|| panic!("{:?}", stored.tensors().keys()));
    let found = values(&stored.tensors()[path]);
    let mean_of = |unit| (0..rows).map(|row| sum(row, unit)).sum::<f64>() / rows as f64;
    for (unit, found) in found.iter().enumerate() {
        let expected = mean_of(unit);
        assert!((found - expected).abs() < 1e-5, "unit {unit}: {found}, expected {expected}");
    }
    assert_ne!(found, values(&recorder.0.last().unwrap().tensors()[path]));
}

#[test]
fn one_average_is_evaluated() {
    let small = Small::of(MLP);
    let doors = |techniques: &[&str]| {
        let entries = techniques.iter().map(|t| format!("[[regularize]]\n{t}\n"));
        let text = entries.collect::<String>();
        Doors::read(&wellfit_core::recipe::Recipe::parse("test", &text).unwrap()).unwrap()
    };
    let both = doors(&["ema = { decay = 0.9 }", "swa = {}"]);
    let refused = check(&both, &small.config, &small.train);
    let Err(Error::Refused { subject, message }) = refused else { panic!("both pass") };
    assert_eq!(subject, Subject::Technique("swa"));
    assert!(message.contains("ema and swa both say which average is evaluated"), "{message}");
    let apart = doors(&["lookahead = {}", "swa = {}"]);
    check(&apart, &small.config, &small.train).unwrap();
}
