//! Rules about layers.

use super::{Case, Rule, Severity};

/// Drop or shake activations or weights anew in every pass.
pub(super) const STOCHASTIC: &[&str] = &[
    "dropout",
    "concrete_dropout",
    "embedding_dropout",
    "spatial_dropout",
    "alpha_dropout",
    "gaussian_dropout",
    "drop_block",
    "locked_dropout",
    "drop_connect",
    "stochastic_depth",
    "variational_dropout",
    "bayes_linear",
    "bayes_conv",
];
/// Change the variance of activations in training alone.
const DROPOUTS: &[&str] =
    &["dropout", "spatial_dropout", "gaussian_dropout", "drop_block", "locked_dropout"];
/// Act on the same activations or the weights in front of them.
const ON_ACTIVATIONS: &[&str] = &[
    "dropout",
    "concrete_dropout",
    "alpha_dropout",
    "gaussian_dropout",
    "locked_dropout",
    "drop_connect",
];
pub(super) const NORMS: &[&str] =
    &["batch_norm", "layer_norm", "group_norm", "instance_norm", "rms_norm"];

/// Whether a block of the model adds its input to its output.
fn is_residual(case: &Case) -> bool {
    case.model_is("resnet") || case.model_switch("skip")
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "dropout_in_front_of_batch_norm",
        severity: Severity::Warning,
        about: &["dropout", "spatial_dropout", "gaussian_dropout", "drop_block", "batch_norm"],
        applies: |case| case.any(DROPOUTS) && case.has("batch_norm"),
        why: "dropout raises the variance in training and not in evaluation, and the running \
              statistics of the batch norm behind it learn the wrong one (arXiv 1801.05134)",
        instead: "layer_norm or group_norm beside dropout, or batch_norm without it",
        fires: &["regularize.dropout.rate=0.5", "regularize.batch_norm.momentum=0.1"],
        mended: &["regularize.dropout.rate=0.5", "regularize.layer_norm.epsilon=1e-5"],
    },
    Rule {
        id: "batch_norm_of_one_example",
        severity: Severity::Error,
        about: &["batch_norm"],
        applies: |case| case.has("batch_norm") && case.data.smallest_batch < 2,
        why: "a batch of one example has no variance, so that batch_norm puts out its shift alone",
        instead: "layer_norm or group_norm, or batches of 2 examples and more",
        fires: &["regularize.batch_norm.momentum=0.1", "train.batch_size=1"],
        mended: &["regularize.layer_norm.epsilon=1e-5", "train.batch_size=1"],
    },
    Rule {
        id: "batch_norm_of_few_examples",
        severity: Severity::Warning,
        about: &["batch_norm"],
        applies: |case| case.has("batch_norm") && (2..8).contains(&case.data.smallest_batch),
        why: "the statistics of fewer than 8 examples are mostly noise (arXiv 1803.08494)",
        instead: "group_norm or layer_norm, whose statistics do not depend on the batch",
        fires: &["regularize.batch_norm.momentum=0.1", "train.batch_size=4"],
        mended: &["regularize.batch_norm.momentum=0.1", "train.batch_size=32"],
    },
    Rule {
        id: "two_norms",
        severity: Severity::Error,
        about: NORMS,
        applies: |case| case.count(NORMS) > 1,
        why: "both stand between the same layer and its activation, and the second undoes the first",
        instead: "one of them",
        fires: &["regularize.batch_norm.momentum=0.1", "regularize.layer_norm.epsilon=1e-5"],
        mended: &["regularize.layer_norm.epsilon=1e-5"],
    },
    Rule {
        id: "alpha_dropout_without_selu",
        severity: Severity::Warning,
        about: &["alpha_dropout"],
        applies: |case| case.has("alpha_dropout") && case.model_word("activation") != Some("selu"),
        why: "alpha_dropout keeps mean 0 and variance 1 of activations that SELU has made so, and \
              of no others (arXiv 1706.02515)",
        instead: "activation = \"selu\", or dropout",
        fires: &["regularize.alpha_dropout.rate=0.1"],
        mended: &["regularize.alpha_dropout.rate=0.1", "model.mlp.activation=\"selu\""],
    },
    Rule {
        id: "depth_without_shortcuts",
        severity: Severity::Error,
        about: &["stochastic_depth"],
        applies: |case| case.has("stochastic_depth") && !is_residual(case),
        why: "stochastic depth skips the branch beside a shortcut, and this model has no shortcut",
        instead: "resnet, or mlp = { .., skip = true }, or dropout",
        fires: &["regularize.stochastic_depth.rate=0.2"],
        mended: &["regularize.stochastic_depth.rate=0.2", "model.mlp.skip=true"],
    },
    Rule {
        id: "dropouts_on_dropouts",
        severity: Severity::Warning,
        about: ON_ACTIVATIONS,
        applies: |case| case.count(ON_ACTIVATIONS) > 1,
        why: "they multiply the same activations by noise one behind the other, and what is kept \
              is the product of what each keeps",
        instead: "one of them",
        fires: &["regularize.dropout.rate=0.3", "regularize.drop_connect.rate=0.3"],
        mended: &["regularize.dropout.rate=0.3"],
    },
    Rule {
        id: "r_drop_without_chance",
        severity: Severity::Error,
        about: &["r_drop"],
        applies: |case| case.has("r_drop") && !case.any(STOCHASTIC),
        why: "without a stochastic layer both passes are the same, and their divergence is zero",
        instead: "dropout = { rate = 0.3 } beside it",
        fires: &["regularize.r_drop.alpha=1.0"],
        mended: &["regularize.r_drop.alpha=1.0", "regularize.dropout.rate=0.3"],
    },
];
