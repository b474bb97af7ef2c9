//! Rules about stopping, clipping and budgets.

use super::layers::STOCHASTIC;
use super::{Case, Rule, Severity};

const CLIPPINGS: &[&str] = &["clip_value", "clip_norm", "clip_global_norm", "clip_adaptive"];
/// Techniques that need epochs before they pay.
const SLOW: &[&str] =
    &["mixup", "cutmix", "rand_augment", "trivial_augment", "aug_mix", "weight_noise", "r_drop"];

fn patience(case: &Case) -> Option<f64> {
    case.number("early_stopping", "patience")
}

fn strong(case: &Case) -> usize {
    let often = |id: &&&str| case.number(id, "rate").is_some_and(|rate| rate >= 0.5);
    case.count(SLOW) + STOCHASTIC.iter().filter(often).count()
}

/// Whether something warms up for as long as the run goes.
fn warms_up_to_the_end(case: &Case) -> bool {
    let ids = ["bayes_linear", "bayes_conv", "variational_dropout"];
    let late = |id: &&str| case.number(id, "warm_up_epochs").is_some_and(|w| w >= case.epochs());
    ids.iter().any(late)
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "impatient_beside_steps",
        severity: Severity::Warning,
        about: &["early_stopping"],
        applies: |case| match (patience(case), case.train("schedule.step.every")) {
            (Some(patience), Some(every)) => patience <= every,
            _ => false,
        },
        why: "the run stops on the plateau that the next drop of the learning rate would leave",
        instead: "a patience above schedule.step.every",
        fires: &[
            "regularize.early_stopping.patience=5",
            "train.schedule={ step = { every = 10, factor = 0.1 } }",
        ],
        mended: &[
            "regularize.early_stopping.patience=15",
            "train.schedule={ step = { every = 10, factor = 0.1 } }",
        ],
    },
    Rule {
        id: "stopped_before_it_cools",
        severity: Severity::Warning,
        about: &["early_stopping"],
        applies: |case| case.has("early_stopping") && case.train_is("schedule", "cosine"),
        why: "a cosine does its best work in the last epochs, when the rate is small, and a run \
              that stops early never gets there",
        instead: "schedule = \"constant\", or no early stopping (the best epoch is kept anyway)",
        fires: &["regularize.early_stopping.patience=5", "train.schedule=\"cosine\""],
        mended: &["regularize.early_stopping.patience=5", "train.schedule=\"constant\""],
    },
    Rule {
        id: "patience_beyond_the_run",
        severity: Severity::Warning,
        about: &["early_stopping"],
        applies: |case| patience(case).is_some_and(|patience| patience >= case.epochs()),
        why: "the run is over before its patience is",
        instead: "more epochs, or less patience",
        fires: &["regularize.early_stopping.patience=50", "train.epochs=20"],
        mended: &["regularize.early_stopping.patience=5", "train.epochs=20"],
    },
    Rule {
        id: "clipped_twice",
        severity: Severity::Warning,
        about: CLIPPINGS,
        applies: |case| case.count(CLIPPINGS) > 1,
        why: "the second sees what the first has left, and neither bound means what it says",
        instead: "clip_global_norm alone",
        fires: &["regularize.clip_value.max=1.0", "regularize.clip_global_norm.max_norm=1.0"],
        mended: &["regularize.clip_global_norm.max_norm=1.0"],
    },
    Rule {
        id: "chosen_on_training_data",
        severity: Severity::Warning,
        about: &[],
        applies: |case| case.train_word("monitor").is_some_and(|name| name.starts_with("train.")),
        why: "the best epoch is chosen by the training examples, where overfitting looks best",
        instead: "monitor = \"validation.loss\"",
        fires: &["train.monitor=\"train.loss\""],
        mended: &["train.monitor=\"validation.loss\""],
    },
    Rule {
        id: "warm_up_to_the_end",
        severity: Severity::Warning,
        about: &["bayes_linear", "bayes_conv", "variational_dropout"],
        applies: warms_up_to_the_end,
        why: "the KL term reaches its full weight only when the run is over",
        instead: "warm_up_epochs of a third of the epochs at most",
        fires: &[
            "regularize.bayes_linear.prior_std=1.0",
            "regularize.bayes_linear.warm_up_epochs=20",
            "train.epochs=10",
        ],
        mended: &[
            "regularize.bayes_linear.prior_std=1.0",
            "regularize.bayes_linear.warm_up_epochs=3",
            "train.epochs=10",
        ],
    },
    Rule {
        id: "too_much_for_so_short_a_run",
        severity: Severity::Warning,
        about: &["mixup", "cutmix", "dropout", "drop_connect", "weight_noise", "r_drop"],
        applies: |case| strong(case) > 2 && case.epochs() < 20.0,
        why: "three and more strong regularizers need many epochs, and this run is short: it will \
              underfit",
        instead: "fewer of them, or more epochs",
        fires: &[
            "regularize.mixup.alpha=1.0",
            "regularize.dropout.rate=0.5",
            "regularize.weight_noise.std=0.1",
            "train.epochs=10",
        ],
        mended: &["regularize.dropout.rate=0.5", "train.epochs=10"],
    },
    Rule {
        id: "too_much_for_so_small_a_model",
        severity: Severity::Warning,
        about: &["mixup", "cutmix", "dropout", "drop_connect", "weight_noise", "r_drop"],
        applies: |case| strong(case) > 1 && case.data.parameters < 1000,
        why: "a model of fewer than 1,000 parameters can hardly memorize, and two strong \
              regularizers keep it from learning",
        instead: "a larger model, or one of them",
        fires: &[
            "regularize.mixup.alpha=1.0",
            "regularize.dropout.rate=0.5",
            "model.mlp.widths=[8]",
        ],
        mended: &[
            "regularize.mixup.alpha=1.0",
            "regularize.dropout.rate=0.5",
            "model.mlp.widths=[64]",
        ],
    },
];
