//! Whole runs: the best model is the best, parallel runs are serial runs, divergence is a fact.

use crate::run::{MLP, Small, bits};
use wellfit_core::run::Part;
use wellfit_nn::burn::module::Module;
use wellfit_nn::burn::tensor::Device;
use wellfit_nn::parameter::{Role, parameters};
use wellfit_nn::snapshot::Snapshot;
use wellfit_nn::train::{StoppedBy, evaluate};

const BUSY: &str = "optimizer = { sgd = { momentum = 0.9 } }
[[regularize]]
batch_norm = {}
[[regularize]]
dropout = { rate = 0.2 }
";

#[test]
fn the_restored_model_reproduces_its_recorded_metrics_to_the_last_bit() {
    for monitor in ["validation.loss", "validation.f1", "train.accuracy"] {
        let small = Small::of(&format!("{MLP}monitor = \"{monitor}\"\n{BUSY}")).epochs(12);
        let run = small.run();
        let epoch = run.best_epoch.unwrap();
        let loss = small.config.loss(&small.validation.target);
        let scores = evaluate(&run.best, &small.validation, loss, &Device::flex()).unwrap();
        for (metric, value) in scores.iter() {
            let series = run.log.get(Part::Validation, metric).unwrap();
            let recorded = series.points[epoch as usize - 1].1;
            assert_eq!(value.to_bits(), recorded.to_bits(), "{monitor}: {metric}");
        }
        let values: Vec<f64> =
            run.log.series.iter().find(|s| s.name() == monitor).unwrap().values();
        let at_best = values[epoch as usize - 1];
        let higher = monitor != "validation.loss";
        assert!(values.iter().all(|&v| if higher { v <= at_best } else { v >= at_best }));
    }
}

/// What variational dropout prunes when the run has ended had no part in its evaluations before.
#[test]
fn a_pruned_model_reproduces_its_recorded_metrics_too() {
    let technique = "variational_dropout = { initial_std = 0.5, kl_weight = 3 }";
    let recipe = format!("{MLP}optimizer = \"adam\"\n[[regularize]]\n{technique}\n");
    let small = Small::of(&recipe).epochs(20);
    let run = small.run();
    let zeros = Snapshot::of(&run.best).tensors().iter().map(zeros_of).sum::<usize>();
    assert!(zeros > 20, "{zeros} weights are zero");
    let loss = small.config.loss(&small.validation.target);
    let scores = evaluate(&run.best, &small.validation, loss, &Device::flex()).unwrap();
    let series = run.log.get(Part::Validation, "loss").unwrap();
    let recorded = series.points[run.best_epoch.unwrap() as usize - 1].1;
    assert_eq!(scores.get("loss").unwrap().to_bits(), recorded.to_bits());
}

fn zeros_of((path, tensor): (&String, &wellfit_nn::burn::tensor::TensorData)) -> usize {
    let values: Vec<f32> = tensor.clone().try_into_vec().unwrap();
    if path.ends_with("weight") { values.iter().filter(|&&w| w == 0.0).count() } else { 0 }
}

#[test]
fn two_threads_give_the_bits_of_one_after_the_other() {
    let recipe = format!("{MLP}{BUSY}");
    let other = format!("{MLP}[[regularize]]\ndropout = {{ rate = 0.6 }}\n");
    let serial = [bits(&Small::of(&recipe).run()), bits(&Small::of(&other).run())];
    let parallel = std::thread::scope(|scope| {
        let a = scope.spawn(|| bits(&Small::of(&recipe).run()));
        let b = scope.spawn(|| bits(&Small::of(&other).run()));
        [a.join().unwrap(), b.join().unwrap()]
    });
    assert!(serial == parallel);
}

#[test]
fn a_diverged_run_says_so_and_keeps_the_best_model() {
    // ηλ/n = 2.5: every step turns the weights around and makes them half as large again.
    let recipe = format!("{MLP}[[regularize]]\nl2 = {{ lambda = 3000 }}\n");
    let small = Small::of(&recipe).epochs(100);
    let run = small.run();
    assert_eq!(run.stopped_by, StoppedBy::Diverged);
    assert!(run.epochs < 100);
    let epoch = run.best_epoch.unwrap();
    assert!(epoch < run.epochs);
    let loss = small.config.loss(&small.validation.target);
    let scores = evaluate(&run.best, &small.validation, loss, &Device::flex()).unwrap();
    let recorded = run.log.get(Part::Validation, "loss").unwrap().points[epoch as usize - 1].1;
    assert_eq!(scores.get("loss").unwrap().to_bits(), recorded.to_bits());
}

#[test]
fn the_clean_training_loss_is_lower_than_the_online_one_under_dropout() {
    let recipe = format!("{MLP}[[regularize]]\ndropout = {{ rate = 0.5 }}\n");
    let run = Small::of(&recipe).epochs(8).run();
    let last = |part| run.log.get(part, "loss").unwrap().points.last().unwrap().1;
    assert!(last(Part::Train) < last(Part::Online));
}

/// One step on one batch, so that a penalty can have reached nothing but what it acts on itself.
#[test]
fn only_weights_are_penalized() {
    let one_step = |technique: &str| {
        let recipe = MLP.replace("batch_size = 7", "batch_size = 60");
        let recipe = format!("{recipe}[[regularize]]\nbatch_norm = {{}}\n{technique}");
        Snapshot::of(&Small::of(&recipe).epochs(1).run().last)
    };
    let plain = one_step("");
    for technique in [
        "l1 = { lambda = 9.0 }",
        "l1 = { lambda = 9.0, method = \"subgradient\" }",
        "l2 = { lambda = 9.0 }",
        "elastic_net = { lambda = 9.0, ratio = 0.5 }",
        "weight_decay = { lambda = 0.5 }",
    ] {
        let penalized = one_step(&format!("[[regularize]]\n{technique}\n"));
        for (path, tensor) in penalized.tensors() {
            let weight = path.ends_with("weight");
            assert_eq!(*tensor != plain.tensors()[path], weight, "{technique}: {path}");
        }
        assert_eq!(penalized.tensors().len(), 6 + 2 * 4, "weights, biases, γ, β, mean, variance");
    }
}

#[test]
fn tensors_are_known_by_their_owner_and_rank() {
    let run = Small::of(&format!("{MLP}{BUSY}")).run();
    let found = parameters(&run.last.train());
    let all = |end: &str, role: Role| {
        let mut matching = found.iter().filter(|p| p.path.ends_with(end)).peekable();
        assert!(matching.peek().is_some(), "no tensor ends with {end}: {found:?}");
        assert!(matching.all(|p| p.role == role), "{end}: {found:?}");
    };
    all("linear.weight", Role::Weight);
    all("linear.bias", Role::Bias);
    all("gamma", Role::Norm);
    all("beta", Role::Norm);
    all("running_mean", Role::Fixed);
    all("running_var", Role::Fixed);
}
