//! Whole runs: the best model is the best, parallel runs are serial runs, divergence is a fact.

use crate::run::{MLP, Small, bits};
use wellfit_core::run::Part;
use wellfit_nn::burn::module::Module;
use wellfit_nn::burn::tensor::Device;
use wellfit_nn::parameter::{Role, parameters};
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
    let recipe = MLP.replace("learning_rate = 0.05", "learning_rate = 1e20");
    let run = Small::of(&recipe).epochs(20).run();
    assert_eq!(run.stopped_by, StoppedBy::Diverged);
    assert!(run.epochs < 20);
    assert!(run.log.series.iter().any(|s| s.values().iter().any(|v| !v.is_finite())));
}

#[test]
fn the_clean_training_loss_is_lower_than_the_online_one_under_dropout() {
    let recipe = format!("{MLP}[[regularize]]\ndropout = {{ rate = 0.5 }}\n");
    let run = Small::of(&recipe).epochs(8).run();
    let last = |part| run.log.get(part, "loss").unwrap().points.last().unwrap().1;
    assert!(last(Part::Train) < last(Part::Online));
}

#[test]
fn only_weights_are_penalized() {
    let strong = format!("{MLP}{BUSY}[[regularize]]\nl2 = {{ lambda = 1.0 }}\n");
    let run = Small::of(&strong).run();
    let found = parameters(&run.last.train());
    let role = |end: &str| {
        let matching: Vec<Role> =
            found.iter().filter(|p| p.path.ends_with(end)).map(|p| p.role).collect();
        assert!(!matching.is_empty(), "no tensor ends with {end}: {found:?}");
        matching
    };
    assert!(role("linear.weight").iter().all(|&r| r == Role::Weight));
    assert!(role("linear.bias").iter().all(|&r| r == Role::Bias));
    assert!(role("gamma").iter().chain(&role("beta")).all(|&r| r == Role::Norm));
    for statistic in ["running_mean", "running_var"] {
        assert!(role(statistic).iter().all(|&r| r == Role::Fixed));
    }
}
