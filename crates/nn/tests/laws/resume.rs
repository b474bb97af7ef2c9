//! Resumed = uninterrupted, wherever the interruption falls, through the bytes of a checkpoint.

use crate::classes::unequal;
use crate::embedding;
use crate::run::{MLP, SKIP, Small, bits};
use wellfit_nn::Error;
use wellfit_nn::train::{Checkpoint, Progress, StoppedBy, Watch, Wish};

/// Interrupts after a number of steps and keeps the checkpoint's bytes.
struct Interrupt {
    after: u64,
    saved: Option<Vec<u8>>,
}

impl Watch for Interrupt {
    fn after_step(&mut self, progress: &Progress<'_>) -> Wish {
        if progress.step == self.after { Wish::Interrupt } else { Wish::Continue }
    }

    fn save(&mut self, checkpoint: &Checkpoint) -> Result<(), Error> {
        self.saved = Some(checkpoint.to_bytes("recipe")?);
        Ok(())
    }
}

fn recipe(optimizer: &str) -> String {
    format!(
        "{MLP}optimizer = {optimizer}
[[regularize]]
dropout = {{ rate = 0.3, input_rate = 0.1, schedule = {{ linear = 3 }} }}
[[regularize]]
batch_norm = {{}}
[[regularize]]
spectral_norm = {{}}
[[regularize]]
input_noise = {{ std = 0.1, unit = \"feature\" }}
[[regularize]]
mixup = {{ alpha = 0.4, off_epoch = 2 }}
[[regularize]]
feature_mask = {{ rate = 0.1 }}
[[regularize]]
l1 = {{ lambda = 0.01 }}
[[regularize]]
early_stopping = {{ patience = 3 }}
"
    )
}

/// A tensor of a branch that no step has passed yet has no moments to store.
#[test]
fn a_run_that_leaves_branches_out_resumes_too() {
    let technique = "stochastic_depth = { rate = 0.9, mode = \"batch\", schedule = \"uniform\" }";
    let recipe = format!("{SKIP}optimizer = {{ adam = {{}} }}\n[[regularize]]\n{technique}\n");
    let small = Small::of(&recipe);
    let whole = bits(&small.run());
    for after in [1, 5, 20] {
        let mut watch = Interrupt { after, saved: None };
        let _ = small.watched(None, &mut watch);
        let checkpoint = Checkpoint::from_bytes(&watch.saved.unwrap(), "recipe").unwrap();
        let resumed = small.watched(Some(checkpoint), &mut ());
        assert!(bits(&resumed) == whole, "interrupted after step {after}");
    }
}

#[test]
fn an_interrupted_run_ends_with_the_same_bits() {
    for optimizer in ["{ sgd = { momentum = 0.9 } }", "{ adamw = {} }"] {
        let small = Small::of(&recipe(optimizer));
        let whole = bits(&small.run());
        // 9 steps an epoch: the first, the middle and the end of epochs.
        for after in [1, 4, 9, 10, 18, 22, 36] {
            let mut watch = Interrupt { after, saved: None };
            let part = small.watched(None, &mut watch);
            assert!(after >= 36 || part.stopped_by == StoppedBy::Interrupt);
            let bytes = watch.saved.unwrap();
            let checkpoint = Checkpoint::from_bytes(&bytes, "recipe").unwrap();
            let resumed = small.watched(Some(checkpoint), &mut ());
            assert!(bits(&resumed) == whole, "{optimizer}, interrupted after step {after}");
        }
    }
}

#[test]
fn so_does_one_with_class_weights_balanced_sampling_and_embedded_categories() {
    let both = "class_weights = [1, 3, 2]\nsampling = \"balanced\"";
    let embedded = "class_weights = { yes = 2 }\nsampling = \"balanced\"";
    for small in [unequal(both), embedding::small(embedded)] {
        let whole = bits(&small.run());
        for after in [1, 7, 11, 20] {
            let mut watch = Interrupt { after, saved: None };
            assert_eq!(small.watched(None, &mut watch).stopped_by, StoppedBy::Interrupt);
            let checkpoint = Checkpoint::from_bytes(&watch.saved.unwrap(), "recipe").unwrap();
            assert!(bits(&small.watched(Some(checkpoint), &mut ())) == whole, "after {after}");
        }
    }
}

#[test]
fn so_does_one_with_averages_and_a_second_pass() {
    let techniques = [
        "ema = { half_life = 4 }",
        "swa = { start = 0.25 }",
        "lookahead = { k = 4 }",
        "sam = { rho = 0.05, interval = 2 }",
        "r_drop = { alpha = 0.5 }",
        "distillation = { teacher = \"there\" }",
    ];
    let pairs = ["", "[[regularize]]\nlookahead = { k = 4 }\n"];
    for technique in techniques {
        for beside in pairs.into_iter().filter(|beside| !beside.contains(technique)) {
            let optimizer = "{ sgd = { momentum = 0.9 } }";
            let text = recipe(optimizer) + &format!("[[regularize]]\n{technique}\n{beside}");
            let small = Small::of(&text);
            let whole = bits(&small.run());
            for after in [1, 6, 9, 22, 27, 31, 36] {
                let mut watch = Interrupt { after, saved: None };
                small.watched(None, &mut watch);
                let checkpoint = Checkpoint::from_bytes(&watch.saved.unwrap(), "recipe").unwrap();
                let resumed = small.watched(Some(checkpoint), &mut ());
                assert!(bits(&resumed) == whole, "{technique}{beside}, after step {after}");
            }
        }
    }
}

#[test]
fn so_does_one_with_a_law_of_weights() {
    for technique in [
        "bayes_linear = { mixture = { std = 0.1 }, warm_up_epochs = 3 }",
        "variational_dropout = { initial_std = 0.3, warm_up_epochs = 1.5 }",
        "variational_dropout = { kind = \"gaussian\" }",
        "drop_connect = { rate = 0.4 }",
    ] {
        let optimizer = "optimizer = { adam = {} }";
        let small = Small::of(&format!("{MLP}{optimizer}\n[[regularize]]\n{technique}\n"));
        let whole = bits(&small.run());
        for after in [1, 9, 13, 20] {
            let mut watch = Interrupt { after, saved: None };
            assert_eq!(small.watched(None, &mut watch).stopped_by, StoppedBy::Interrupt);
            let checkpoint = Checkpoint::from_bytes(&watch.saved.unwrap(), "recipe").unwrap();
            let resumed = bits(&small.watched(Some(checkpoint), &mut ()));
            assert!(resumed == whole, "{technique}, interrupted after step {after}");
        }
    }
}

#[test]
fn resuming_a_finished_run_changes_nothing() {
    let small = Small::of(&recipe("{ sgd = { momentum = 0.9 } }"));
    let mut watch = Interrupt { after: u64::MAX, saved: None };
    let whole = bits(&small.watched(None, &mut watch));
    let checkpoint = Checkpoint::from_bytes(&watch.saved.unwrap(), "recipe").unwrap();
    assert!(bits(&small.watched(Some(checkpoint), &mut ())) == whole);
}

#[test]
fn a_foreign_or_broken_checkpoint_is_refused() {
    let small = Small::of(MLP);
    let mut watch = Interrupt { after: 3, saved: None };
    small.watched(None, &mut watch);
    let bytes = watch.saved.unwrap();
    let refused = |bytes: &[u8], recipe| Checkpoint::from_bytes(bytes, recipe).unwrap_err();
    assert!(refused(&bytes, "other").to_string().contains("another recipe"));
    for cut in [0, 7, 100, bytes.len() / 2, bytes.len() - 1] {
        assert!(refused(&bytes[..cut], "recipe").to_string().starts_with("checkpoint:"));
    }
}
