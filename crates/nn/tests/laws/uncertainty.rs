//! What Monte Carlo inference and Bayesian layers must say of a linear model.

use crate::run::{MLP, Small, bits, log_bits};
use std::num::NonZeroUsize;
use wellfit_core::recipe::Recipe;
use wellfit_core::seed::Seed;
use wellfit_data::{Dataset, Target};
use wellfit_nn::Device;
use wellfit_nn::burn::module::Module;
use wellfit_nn::burn::optim::{GradientsParams, SgdConfig};
use wellfit_nn::burn::tensor::{Tensor, TensorData};
use wellfit_nn::chance::StepClock;
use wellfit_nn::layer::Sites;
use wellfit_nn::loss::Loss;
use wellfit_nn::model::{Model, ModelConfig, Network};
use wellfit_nn::snapshot::Snapshot;
use wellfit_nn::technique::Doors;
use wellfit_nn::uncertainty::{classes, sample, values};

fn doors(technique: &str) -> Doors {
    Doors::read(&Recipe::parse("test", &format!("[[regularize]]\n{technique}")).unwrap()).unwrap()
}

fn linear(doors: &Doors, inputs: usize, outputs: usize, clock: &StepClock) -> Model {
    let model: ModelConfig = toml::from_str("linear = { init = \"scaled_normal\" }").unwrap();
    let device = Device::flex().autodiff();
    model.build(&[inputs], outputs, &Sites::new(doors, Seed::new(3), clock, &device)).unwrap()
}

/// Var f = p/(1-p) Σ x² w², by samples of dropped inputs.
#[test]
fn the_variance_of_monte_carlo_dropout_is_that_of_the_formula() {
    let (rate, samples) = (0.3, 4000);
    let doors = doors(&format!("dropout = {{ rate = 0.0, input_rate = {rate} }}"));
    let clock = StepClock::new();
    let model = linear(&doors, 4, 1, &clock).valid();
    let inputs = vec![1.0f32, -2.0, 0.5, 3.0, 0.0, 0.0, 1.0, 0.0];
    let target = Target::Values(vec![0.0; 2]);
    let data = Dataset::new(inputs.clone(), vec![4], target, Vec::new()).unwrap();
    let count = NonZeroUsize::new(samples).unwrap();
    let outputs = sample(&model, &clock, &data, count, 0, &Device::flex()).unwrap();
    let snapshot = Snapshot::of(&model);
    let (_, weight) = snapshot.tensors().iter().find(|(path, _)| path.ends_with("weight")).unwrap();
    let weight: Vec<f64> = weight.clone().try_into_vec_as().unwrap();
    let clean = wellfit_nn::train::outputs(&model, &data, &Device::flex()).unwrap();
    for (example, found) in values(&outputs).unwrap().into_iter().enumerate() {
        let row = inputs[example * 4..][..4].iter().zip(&weight);
        let expected: f64 = row.map(|(x, w)| f64::from(x * x) * w * w).sum::<f64>() * rate / 0.7;
        let deviations = outputs.iter().map(|sample| sample[example] - found.mean);
        let fourth = deviations.map(|d| d.powi(4)).sum::<f64>() / samples as f64;
        let bound = 5.0 * ((fourth - expected * expected) / samples as f64).sqrt();
        let variance = found.std * found.std;
        assert!((variance - expected).abs() < bound, "{variance}, expected {expected} +- {bound}");
        let bound = 5.0 * (expected / samples as f64).sqrt();
        assert!((found.mean - clean[example]).abs() < bound);
    }
}

/// Columns of a Hadamard matrix but the constant one: orthogonal to each other and to the bias.
fn hadamard(rows: usize, columns: usize) -> Vec<f64> {
    let sign = |row: usize, column: usize| {
        if (row & column).count_ones().is_multiple_of(2) { 1.0 } else { -1.0 }
    };
    (0..rows).flat_map(|row| (1..=columns).map(move |column| sign(row, column))).collect()
}

const ROWS: usize = 32;
const COLUMNS: usize = 6;
/// Each output of the model is a linear regression of its own.
const SETS: usize = 500;

fn tensor(values: &[f64], width: usize) -> Tensor<2> {
    let values: Vec<f32> = values.iter().map(|&v| v as f32).collect();
    let shape = [values.len() / width, width];
    Tensor::from_data(TensorData::new(values, shape), &Device::flex().autodiff())
}

/// Trains on targets [rows, sets] with squared error; gives means and ρ, [columns, sets] each.
fn posterior(estimator: &str, design: &[f64], targets: &[f64]) -> [Vec<f64>; 2] {
    let clock = StepClock::new();
    let doors = doors(&format!("bayes_linear = {{ prior_std = 1, estimator = \"{estimator}\" }}"));
    let mut model = linear(&doors, COLUMNS, SETS, &clock);
    let (inputs, targets) = (tensor(design, COLUMNS), tensor(targets, SETS));
    let mut sgd = SgdConfig::new().init();
    let steps = 3000;
    for step in 0..steps {
        clock.begin(step, 0);
        let outputs = model.forward(inputs.clone());
        // A mean over examples, so the divergence is divided by their number.
        let loss = Loss::SquaredError.mean(outputs, targets.clone());
        let loss = loss + clock.take_terms().unwrap() / ROWS as f64;
        let gradients = GradientsParams::from_grads(loss.backward(), &model);
        // Long steps until the spreads have arrived, which takes about n / 2 of them over the rate,
        // then ever shorter ones to average the noise.
        let rate = 0.3 / (1.0 + (step as f64 - 1500.0).max(0.0) / 50.0);
        model = sgd.step(rate, model, gradients);
    }
    let snapshot = Snapshot::of(&model);
    ["weight", "rho"].map(|end| {
        let (_, found) = snapshot.tensors().iter().find(|(path, _)| path.ends_with(end)).unwrap();
        found.clone().try_into_vec_as().unwrap()
    })
}

/// On an orthogonal design X'X = n I the posterior of ridge regression has independent weights:
/// N(X'y / (n + 1), 1 / (n + 1)) for a prior N(0, 1) and noise of variance 1.
#[test]
fn bayes_by_backprop_recovers_the_conjugate_posterior_and_its_intervals_cover() {
    let mut draw = Seed::new(21).stream("data sets").step(0);
    let design = hadamard(ROWS, COLUMNS);
    let truth: Vec<f64> = (0..COLUMNS * SETS).map(|_| draw.standard_normal()).collect();
    let targets: Vec<f64> = (0..ROWS * SETS)
        .map(|at| {
            let (row, set) = (at / SETS, at % SETS);
            let of = |column: usize| design[row * COLUMNS + column] * truth[column * SETS + set];
            (0..COLUMNS).map(of).sum::<f64>() + draw.standard_normal()
        })
        .collect();
    let precision = ROWS as f64 + 1.0;
    let exact: Vec<f64> = (0..COLUMNS * SETS)
        .map(|at| {
            let (column, set) = (at / SETS, at % SETS);
            let of = |row: usize| design[row * COLUMNS + column] * targets[row * SETS + set];
            (0..ROWS).map(of).sum::<f64>() / precision
        })
        .collect();
    for estimator in ["local", "flipout"] {
        let [means, rho] = posterior(estimator, &design, &targets);
        let size = exact.iter().map(|w| w * w).sum::<f64>();
        let off = means.iter().zip(&exact).map(|(found, w)| (found - w).powi(2)).sum::<f64>();
        let error = (off / size).sqrt();
        assert!(error < 0.01, "{estimator}: means are off by {error}");
        let stds: Vec<f64> = rho.iter().map(|rho| rho.exp().ln_1p()).collect();
        let mean = stds.iter().sum::<f64>() / stds.len() as f64;
        let ratio = mean * precision.sqrt();
        assert!((ratio - 1.0).abs() < 0.03, "{estimator}: spreads are {ratio} of the posterior's");
        let inside = |at: &usize| (truth[*at] - means[*at]).abs() <= 1.644_854 * stds[*at];
        let covered = (0..truth.len()).filter(inside).count() as f64 / truth.len() as f64;
        assert!((0.86..=0.94).contains(&covered), "{estimator}: intervals cover {covered}");
        eprintln!("{estimator}: means {error:.5}, spreads {ratio:.4}, coverage {covered:.4}");
    }
}

const SAMPLED: [&str; 6] = [
    "dropout = { rate = 0.3 }",
    "drop_connect = { rate = 0.3 }",
    "drop_connect = { rate = 0.3, mask = \"batch\" }",
    "variational_dropout = { kind = \"gaussian\", initial_alpha = 0.3 }",
    "variational_dropout = { initial_std = 0.2 }",
    "bayes_linear = { estimator = \"flipout\", mixture = { std = 0.1 } }",
];

#[test]
fn samples_differ_repeat_and_leave_evaluation_as_it_was() {
    for technique in SAMPLED {
        let clock = StepClock::new();
        let doors = doors(technique);
        let model: ModelConfig = toml::from_str("mlp = { widths = [16] }").unwrap();
        let device = Device::flex().autodiff();
        let sites = Sites::new(&doors, Seed::new(3), &clock, &device);
        let small = Small::of(MLP);
        let model = model.build(&small.train, 3, &sites).unwrap().valid();
        let evaluated = || wellfit_nn::train::outputs(&model, &small.train, &device).unwrap();
        let sampled = || {
            let count = NonZeroUsize::new(3).unwrap();
            sample(&model, &clock, &small.train, count, 2, &device).unwrap()
        };
        let (plain, first) = (evaluated(), sampled());
        assert!(first[0] != first[1] && first[1] != first[2] && first[0] != plain, "{technique}");
        assert_eq!(sampled(), first, "{technique}");
        assert_eq!(evaluated(), plain, "{technique}");
        for found in classes(&first, 3, Loss::CrossEntropy).unwrap() {
            let sum: f64 = found.probabilities.iter().sum();
            assert!((sum - 1.0).abs() < 1e-9 && found.entropies.epistemic > 0.0);
        }
    }
}

/// The online loss is the data loss alone; the divergence moves weights and is not logged in it.
#[test]
fn the_divergence_is_divided_by_the_number_of_examples_whatever_the_batch() {
    let first_loss = |kl_weight: f64| {
        let recipe = format!("{MLP}[[regularize]]\nbayes_linear = {{ kl_weight = {kl_weight:?} }}");
        let run = Small::of(&recipe).epochs(1).run();
        let norm = Snapshot::of(&run.last);
        (log_bits(&run.log), norm)
    };
    assert!(first_loss(0.0) != first_loss(1.0));
    // One step on all examples from the same start: the change that the divergence makes of a mean
    // is η/n μ/prior², with n = 60.
    let step = |kl_weight: f64| {
        let recipe = MLP.replace("batch_size = 7", "batch_size = 60");
        let recipe =
            format!("{recipe}[[regularize]]\nbayes_linear = {{ kl_weight = {kl_weight:?} }}");
        bits(&Small::of(&recipe).epochs(1).run()).2
    };
    let plain = MLP.replace("batch_size = 7", "batch_size = 60").replace("0.05", "1e-30");
    let start = bits(&Small::of(&plain).epochs(1).run()).2;
    let (without, with) = (step(0.0), step(1.0));
    let values = |snapshot: &Snapshot, path: &str| -> Vec<f64> {
        snapshot.tensors()[path].clone().try_into_vec_as().unwrap()
    };
    let mut seen = 0;
    for path in start.tensors().keys().filter(|path| path.ends_with("weight")) {
        let values = [&start, &without, &with].map(|snapshot| values(snapshot, path));
        for ((start, without), with) in values[0].iter().zip(&values[1]).zip(&values[2]) {
            let expected = -0.05 / 60.0 * start;
            assert!((with - without - expected).abs() < 2e-7, "{path}: {}", with - without);
            seen += 1;
        }
    }
    assert!(seen > 300);
}

/// Three steps of 20 of the 60 examples: the divergence still moves a mean by η/n μ in each. Divided
/// by the size of a batch it would move it three times as far.
#[test]
fn the_divergence_knows_nothing_of_batches() {
    let after = |kl_weight: f64, rate: &str| {
        let recipe = MLP.replace("batch_size = 7", "batch_size = 20").replace("0.05", rate);
        let recipe =
            format!("{recipe}[[regularize]]\nbayes_linear = {{ kl_weight = {kl_weight:?} }}");
        bits(&Small::of(&recipe).epochs(1).run()).2
    };
    let [start, without, with] = [after(0.0, "1e-30"), after(0.0, "1e-2"), after(1.0, "1e-2")];
    let values = |snapshot: &Snapshot| -> Vec<f64> {
        let weights = snapshot.tensors().iter().filter(|(path, _)| path.ends_with("weight"));
        weights.flat_map(|(_, data)| data.clone().try_into_vec_as::<f64>().unwrap()).collect()
    };
    let [start, without, with] = [start, without, with].map(|snapshot| values(&snapshot));
    let moved = with.iter().zip(&without).map(|(with, without)| with - without);
    let along: f64 = moved.zip(&start).map(|(moved, start)| moved * start).sum();
    let share = along / start.iter().map(|w| w * w).sum::<f64>();
    let expected = -3.0 * 1e-2 / 60.0;
    assert!((share / expected - 1.0).abs() < 0.2, "{share}, expected {expected}");
}
