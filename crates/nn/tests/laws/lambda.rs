//! Laws of `lambda = "auto"`.

use crate::run::{MLP, Small, bits};
use toml::{Table, Value};
use wellfit_core::recipe::Recipe;
use wellfit_nn::Device;
use wellfit_nn::Error;
use wellfit_nn::lambda::chosen;
use wellfit_nn::model::Model;
use wellfit_nn::snapshot::Snapshot;
use wellfit_nn::technique::Doors;
use wellfit_nn::train::{Checkpoint, Progress, Trained, Watch, Wish, evaluate};

/// Interrupts after a number of steps and keeps the checkpoint's bytes.
struct Until {
    step: u64,
    saved: Vec<u8>,
}

impl Watch for Until {
    fn after_step(&mut self, progress: &Progress<'_>) -> Wish {
        if progress.step >= self.step { Wish::Interrupt } else { Wish::Continue }
    }

    fn save(&mut self, checkpoint: &Checkpoint) -> Result<(), Error> {
        self.saved = checkpoint.to_bytes("recipe")?;
        Ok(())
    }
}

fn until(small: &Small, from: Option<Checkpoint>, step: u64) -> (Checkpoint, Trained<Model>) {
    let mut watch = Until { step, saved: Vec::new() };
    let trained = small.watched(from, &mut watch);
    (Checkpoint::from_bytes(&watch.saved, "recipe").unwrap(), trained)
}

/// One list of the descent's state.
fn list(checkpoint: &Checkpoint, key: &str) -> Vec<f64> {
    let state = Table::try_from(checkpoint.lambda.as_ref().unwrap()).unwrap();
    state[key].as_array().unwrap().iter().map(|value| value.as_float().unwrap()).collect()
}

fn with_lambdas(checkpoint: &Checkpoint, lambdas: &[f64]) -> Checkpoint {
    let mut state = Table::try_from(checkpoint.lambda.as_ref().unwrap()).unwrap();
    let values = lambdas.iter().map(|&lambda| Value::Float(lambda)).collect();
    state.insert("lambdas".to_owned(), Value::Array(values));
    let lambda = Some(state.try_into().unwrap());
    Checkpoint { lambda, ..checkpoint.clone() }
}

fn recipe(optimizer: &str, technique: &str) -> String {
    format!("{MLP}optimizer = {optimizer}\n[[regularize]]\n{technique}\n")
}

/// The slope of the validation loss behind one step by ln λ, layer by layer, from the state that
/// the step leaves, and the same by finite differences of whole steps.
fn assert_slopes(optimizer: &str, technique: &str, strength: f64) {
    let small = Small::of(&recipe(optimizer, technique));
    // 9 steps an epoch, and λ moves behind every 23rd: 40 rows of validation, 4 · 40 / 7 steps.
    let (before, _) = until(&small, None, 22);
    let layers = list(&before, "lambdas").len();
    assert_eq!(layers, 3);
    let base = vec![strength; layers];
    let (after, _) = until(&small, Some(with_lambdas(&before, &base)), 23);
    // The mean of one derivative, of which a tenth was taken in.
    let slopes: Vec<f64> = list(&after, "means").iter().map(|mean| mean / 0.1).collect();
    let device = Device::flex();
    let loss = |layer: usize, step: f64| {
        let mut lambdas = base.clone();
        lambdas[layer] *= step.exp();
        let (_, trained) = until(&small, Some(with_lambdas(&before, &lambdas)), 23);
        let loss = small.config.loss(&small.train.target);
        evaluate(&trained.last, &small.validation, loss, &device).unwrap().get("loss").unwrap()
    };
    for (layer, slope) in slopes.iter().enumerate() {
        let difference = (loss(layer, 0.05) - loss(layer, -0.05)) / 0.1;
        let error = (slope - difference).abs();
        let scale = slopes.iter().fold(0.0, |most: f64, slope| most.max(slope.abs()));
        assert!(
            slope.abs() > 1e-7 && error < 0.01 * scale,
            "{technique} {optimizer} layer {layer}: {slopes:?}, by differences {difference}"
        );
    }
}

#[test]
fn slopes_are_finite_differences_of_the_validation_loss() {
    let (sgd, momentum) = ("{ sgd = {} }", "{ sgd = { momentum = 0.9 } }");
    assert_slopes(sgd, "l2 = { lambda = \"auto\" }", 30.0);
    assert_slopes(momentum, "l2 = { lambda = \"auto\" }", 30.0);
    let nesterov = "{ sgd = { momentum = 0.9, nesterov = true } }";
    assert_slopes(nesterov, "l2 = { lambda = \"auto\" }", 30.0);
    assert_slopes(sgd, "l2 = { lambda = \"auto\", layers = { head = 0.5 } }", 30.0);
    assert_slopes(sgd, "l1 = { lambda = \"auto\", method = \"subgradient\" }", 8.0);
    assert_slopes(
        sgd,
        "elastic_net = { lambda = \"auto\", ratio = 0.3, method = \"subgradient\" }",
        9.0,
    );
    assert_slopes(sgd, "weight_decay = { lambda = \"auto\" }", 0.5);
    assert_slopes("{ adam = {} }", "weight_decay = { lambda = \"auto\" }", 0.5);
}

/// Proximal operators act behind the step, so that their slopes take the weights that are left. With
/// Adam, whose thresholds are long, the strength is small: weights that reach zero between the two ends
/// of a difference have a kink there.
#[test]
fn slopes_of_proximal_penalties_are_finite_differences() {
    for (optimizer, strength) in [("{ sgd = {} }", 2.0), ("{ adam = {} }", 0.5)] {
        assert_slopes(optimizer, "l1 = { lambda = \"auto\" }", strength);
        assert_slopes(optimizer, "elastic_net = { lambda = \"auto\", ratio = 0.3 }", strength);
    }
}

const CHANCE: &str = "[[regularize]]\ndropout = { rate = 0.3 }\n[[regularize]]\nbatch_norm = {}\n";

#[test]
fn at_rate_zero_it_is_the_fixed_strength_bit_for_bit() {
    let middle = (1e-3f64 * 1e2).sqrt();
    for optimizer in ["{ sgd = { momentum = 0.9 } }", "{ adam = {} }"] {
        let text = recipe(optimizer, "l2 = { lambda = \"auto\" }") + CHANCE;
        let still = text.replace("epochs", "lambda_rate = 0\nepochs");
        let fixed = recipe(optimizer, &format!("l2 = {{ lambda = {middle:?} }}")) + CHANCE;
        let last = |text: &str| Snapshot::of(&Small::of(text).epochs(9).run().last);
        assert!(last(&still) == last(&fixed), "{optimizer}");
        assert!(last(&text) != last(&fixed), "at its own rate λ moves");
    }
}

#[test]
fn it_repeats_and_resumes_with_the_same_bits() {
    let small = Small::of(&(recipe("{ adam = {} }", "l2 = { lambda = \"auto\" }") + CHANCE));
    let small = small.epochs(9);
    let whole = bits(&small.run());
    assert!(bits(&small.run()) == whole);
    for after in [5, 22, 23, 24, 50, 80] {
        let (checkpoint, _) = until(&small, None, after);
        assert!(bits(&small.watched(Some(checkpoint), &mut ())) == whole, "after step {after}");
    }
}

#[test]
fn the_found_strengths_are_logged_by_technique_and_tensor() {
    let technique = "l2 = { lambda = \"auto\", layers = { head = 0.0 } }";
    let trained = Small::of(&recipe("{ sgd = {} }", technique)).epochs(9).run();
    let found = chosen(&trained.log, 9);
    assert_eq!(found.len(), 3);
    for layer in found {
        assert_eq!(layer.id, "l2");
        assert_eq!(layer.lambda == 0.0, layer.path.contains("head"), "{layer:?}");
    }
}

#[test]
fn other_words_and_other_techniques_are_refused_with_their_place() {
    for (technique, column) in [
        ("l2 = { lambda = \"automatic\" }", 17),
        ("group_lasso = { lambda = \"auto\" }", 26),
        ("elastic_net = { lambda = 1.0, ratio = \"auto\" }", 39),
    ] {
        let text = format!("[[regularize]]\n{technique}\n");
        let recipe = Recipe::parse("a.toml", &text).unwrap();
        let Err(error) = Doors::read(&recipe) else { panic!("{technique} is read") };
        let place = format!("a.toml:2:{column}");
        assert!(error.to_string().contains(&place), "{error}");
    }
    let mut small = Small::of(&recipe("{ sgd = {} }", "l2 = { lambda = \"auto\" }"));
    small.validation = small.validation.select(&[]);
    let Err(error) = small.try_run() else { panic!("λ from nothing") };
    assert!(error.to_string().contains("hold some back"), "{error}");
}
