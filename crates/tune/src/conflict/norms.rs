//! Rules about normalizations and what needs them or cannot bear them.

use super::layers::NORMS;
use super::{Case, Rule, Severity};

fn ghost(case: &Case) -> Option<f64> {
    case.number("batch_norm", "ghost")
}

/// Whether running statistics stay those of a model that nobody has trained.
fn keeps_untrained_statistics(case: &Case) -> bool {
    let still =
        case.switch("batch_norm", "frozen") || case.number("batch_norm", "momentum") == Some(0.0);
    still && !case.data.fine_tuned
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "ghosts_of_few_examples",
        severity: Severity::Warning,
        about: &["batch_norm"],
        applies: |case| ghost(case).is_some_and(|ghost| ghost < 8.0),
        why: "ghost batches of fewer than 8 examples have statistics that are mostly noise \
              (arXiv 1803.08494)",
        instead: "ghost = 16 or more, or group_norm",
        fires: &["regularize.batch_norm.ghost=4"],
        mended: &["regularize.batch_norm.ghost=16"],
    },
    Rule {
        id: "ghosts_of_whole_batches",
        severity: Severity::Warning,
        about: &["batch_norm"],
        applies: |case| ghost(case).is_some_and(|ghost| ghost >= case.data.batch as f64),
        why: "a ghost batch holds the whole batch, so that there is nothing to part",
        instead: "a ghost below train.batch_size, or none",
        fires: &["regularize.batch_norm.ghost=32", "train.batch_size=32"],
        mended: &["regularize.batch_norm.ghost=16", "train.batch_size=32"],
    },
    Rule {
        id: "statistics_of_nothing",
        severity: Severity::Error,
        about: &["batch_norm"],
        applies: keeps_untrained_statistics,
        why: "the running statistics stay at mean 0 and variance 1, which no data have taught, and \
              evaluation is by them",
        instead: "momentum = 0.1 and frozen = false, or start from a trained model with [fine_tune]",
        fires: &["regularize.batch_norm.frozen=true"],
        mended: &["regularize.batch_norm.frozen=false"],
    },
    Rule {
        id: "norm_of_normal_activations",
        severity: Severity::Warning,
        about: &["alpha_dropout", "batch_norm", "layer_norm", "group_norm", "rms_norm"],
        applies: |case| {
            let selu = case.model_word("activation") == Some("selu") || case.has("alpha_dropout");
            selu && case.any(NORMS)
        },
        why: "SELU keeps mean 0 and variance 1 by itself where weights begin at the right scale, \
              and a norm in between takes that away (arXiv 1706.02515)",
        instead: "selu and alpha_dropout without a norm, or relu and dropout with one",
        fires: &["model.mlp.activation=\"selu\"", "regularize.layer_norm.epsilon=1e-5"],
        mended: &["model.mlp.activation=\"selu\""],
    },
    Rule {
        id: "standardized_weights_without_a_norm",
        severity: Severity::Warning,
        about: &["weight_standardization"],
        applies: |case| case.has("weight_standardization") && !case.any(NORMS),
        why: "weights of variance 1 make sums that grow with the root of a filter's size, and \
              nothing behind them brings the scale back",
        instead: "group_norm beside it, as in the paper (arXiv 1903.10520)",
        fires: &[
            "model={ resnet = { depth = 8 } }",
            "regularize.weight_standardization.epsilon=1e-5",
        ],
        mended: &[
            "model={ resnet = { depth = 8 } }",
            "regularize.weight_standardization.epsilon=1e-5",
            "regularize.group_norm.groups=8",
        ],
    },
];
