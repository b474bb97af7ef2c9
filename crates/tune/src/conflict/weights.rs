//! Rules about what acts on weights.

use super::{Case, Rule, Severity};

/// Shrink weights, each in its way.
const DECAYS: &[&str] = &["l2", "weight_decay", "elastic_net"];
/// Stand over weights and hold their scale.
const SCALED: &[&str] = &["weight_norm", "spectral_norm", "weight_standardization"];
/// Put a prior on weights.
const BAYESIAN: &[&str] =
    &["bayes_linear", "bayes_conv", "variational_dropout", "concrete_dropout"];
/// Stand over the weights of linear layers, where one can stand.
const OVER_WEIGHTS: &[&str] = &[
    "concrete_dropout",
    "drop_connect",
    "variational_dropout",
    "bayes_linear",
    "weight_norm",
    "spectral_norm",
    "weight_standardization",
];
const NORMS: &[&str] = &["batch_norm", "layer_norm", "group_norm", "instance_norm", "rms_norm"];
const PROXIMAL: &[&str] = &["l1", "elastic_net", "group_lasso"];

fn is_adam(case: &Case) -> bool {
    case.train_is("optimizer", "adam") || case.train_is("optimizer", "adamw")
}

fn own_decay(case: &Case) -> bool {
    case.train("optimizer.adamw.weight_decay").is_some_and(|decay| decay > 0.0)
}

fn is_subgradient(case: &Case) -> bool {
    ["l1", "elastic_net"].iter().any(|id| case.word(id, "method") == Some("subgradient"))
}

pub(super) fn proximal(case: &Case) -> usize {
    let acts = |id: &&&str| case.has(id) && case.word(id, "method") != Some("subgradient");
    PROXIMAL.iter().filter(acts).count()
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "l2_with_adam",
        severity: Severity::Warning,
        about: &["l2"],
        applies: |case| case.has("l2") && is_adam(case),
        why: "Adam divides the penalty's gradient by the moments, so that weights with large \
              gradients are hardly shrunk (arXiv 1711.05101)",
        instead: "weight_decay = { lambda = 0.01 }, which is decoupled from the moments",
        fires: &["regularize.l2.lambda=1.0", "train.optimizer=\"adam\""],
        mended: &["regularize.weight_decay.lambda=0.01", "train.optimizer=\"adam\""],
    },
    Rule {
        id: "decays_twice",
        severity: Severity::Warning,
        about: DECAYS,
        applies: |case| case.count(DECAYS) + usize::from(own_decay(case)) > 1,
        why: "weights are shrunk twice, and two strengths are harder to choose than one",
        instead: "one of them (adamw brings a decay of its own: adamw = { weight_decay = 0.0 } \
                  switches it off)",
        fires: &["regularize.l2.lambda=1.0", "regularize.weight_decay.lambda=0.01"],
        mended: &["regularize.l2.lambda=1.0"],
    },
    Rule {
        id: "subgradient_gives_no_zeros",
        severity: Severity::Warning,
        about: &["l1", "elastic_net"],
        applies: is_subgradient,
        why: "weights hover around zero under the subgradient and are never exactly zero",
        instead: "method = \"proximal\", unless small weights will do",
        fires: &["regularize.l1.lambda=1.0", "regularize.l1.method=\"subgradient\""],
        mended: &["regularize.l1.lambda=1.0"],
    },
    Rule {
        id: "two_proximal_penalties",
        severity: Severity::Error,
        about: PROXIMAL,
        applies: |case| {
            // The soft threshold and then the group's are the operator of both together.
            let sparse_group = !case.has("elastic_net") && proximal(case) == 2;
            proximal(case) > 1 && !sparse_group
        },
        why: "one proximal operator behind the other misses the minimum of the sum",
        instead: "one of them, or l1 and then group_lasso; one elastic_net is l1 and l2",
        fires: &[
            "regularize.l1.lambda=1.0",
            "regularize.elastic_net={ lambda = 1.0, ratio = 0.5 }",
        ],
        mended: &["regularize.l1.lambda=1.0", "regularize.group_lasso.lambda=1.0"],
    },
    Rule {
        id: "decay_in_front_of_a_norm",
        severity: Severity::Note,
        about: &["l2", "weight_decay", "batch_norm", "layer_norm", "group_norm"],
        applies: |case| (case.any(DECAYS) || own_decay(case)) && case.any(NORMS),
        why: "a norm behind a layer undoes the scale of its weights: decay there does not make \
              the function smoother, it raises the effective learning rate (arXiv 1706.05350)",
        instead: "keep it if that is meant; elsewhere the decay acts as ever",
        fires: &["regularize.l2.lambda=1.0", "regularize.layer_norm.epsilon=1e-5"],
        mended: &["regularize.l2.lambda=1.0"],
    },
    Rule {
        id: "decay_of_scaled_weights",
        severity: Severity::Warning,
        about: &["weight_norm", "spectral_norm", "weight_standardization", "l2", "weight_decay"],
        applies: |case| case.any(SCALED) && (case.any(DECAYS) || own_decay(case)),
        why: "the layer takes out the scale of its weights, so that decay changes nothing but the \
              effective learning rate",
        instead: "leave the decay out",
        fires: &["regularize.spectral_norm.iterations=1", "regularize.l2.lambda=1.0"],
        mended: &["regularize.spectral_norm.iterations=1"],
    },
    Rule {
        id: "max_norm_of_scaled_weights",
        severity: Severity::Warning,
        about: &["max_norm", "weight_norm", "spectral_norm", "weight_standardization"],
        applies: |case| case.has("max_norm") && case.any(SCALED),
        why: "max_norm bounds a scale that the layer takes out anyway",
        instead: "one of them",
        fires: &["regularize.max_norm.max_norm=3.0", "regularize.spectral_norm.iterations=1"],
        mended: &["regularize.max_norm.max_norm=3.0"],
    },
    Rule {
        id: "decay_beside_a_prior",
        severity: Severity::Warning,
        about: &[
            "bayes_linear",
            "bayes_conv",
            "variational_dropout",
            "concrete_dropout",
            "l2",
            "weight_decay",
            "l1",
        ],
        applies: |case| case.any(BAYESIAN) && (case.any(DECAYS) || own_decay(case)),
        why: "the prior penalizes the means already: a decay beside it is a second prior",
        instead: "choose the strength by prior_std or kl_weight alone",
        fires: &["regularize.bayes_linear.prior_std=1.0", "regularize.l2.lambda=1.0"],
        mended: &["regularize.bayes_linear.prior_std=1.0"],
    },
    Rule {
        id: "two_over_the_same_weights",
        severity: Severity::Error,
        about: OVER_WEIGHTS,
        applies: |case| case.count(OVER_WEIGHTS) > 1,
        why: "both say how the same weights meet their inputs, and only one can",
        instead: "one of them",
        fires: &["regularize.drop_connect.rate=0.5", "regularize.bayes_linear.prior_std=1.0"],
        mended: &["regularize.drop_connect.rate=0.5"],
    },
    Rule {
        id: "noise_on_noisy_weights",
        severity: Severity::Warning,
        about: &["weight_noise", "bayes_linear", "bayes_conv", "variational_dropout"],
        applies: |case| case.has("weight_noise") && case.any(BAYESIAN),
        why: "a Bayesian layer learns how much noise its weights bear, and weight_noise adds more \
              that it does not know of",
        instead: "the Bayesian layer alone",
        fires: &["regularize.weight_noise.std=0.05", "regularize.bayes_linear.prior_std=1.0"],
        mended: &["regularize.bayes_linear.prior_std=1.0"],
    },
    Rule {
        id: "start_without_a_trained_model",
        severity: Severity::Warning,
        about: &["l2_sp"],
        applies: |case| case.has("l2_sp") && !case.data.fine_tuned,
        why: "weights are pulled towards random initial ones, which know nothing",
        instead: "l2, or start from a trained model with [fine_tune]",
        fires: &["regularize.l2_sp.lambda=1.0"],
        mended: &["regularize.l2.lambda=1.0"],
    },
    Rule {
        id: "mixed_with_a_random_start",
        severity: Severity::Warning,
        about: &["mixout"],
        applies: |case| case.has("mixout") && !case.data.fine_tuned,
        why: "weights go back to random initial ones, which know nothing",
        instead: "drop_connect, or start from a trained model with [fine_tune]",
        fires: &["regularize.mixout.rate=0.5"],
        mended: &["regularize.drop_connect.rate=0.5"],
    },
    Rule {
        id: "pulled_to_start_and_to_zero",
        severity: Severity::Warning,
        about: &["l2_sp", "l2", "weight_decay"],
        applies: |case| case.has("l2_sp") && (case.any(DECAYS) || own_decay(case)),
        why: "l2_sp pulls weights to where they began and decay pulls them to zero",
        instead: "l2_sp alone; it has a strength of its own for a new head",
        fires: &["regularize.l2_sp.lambda=1.0", "regularize.l2.lambda=1.0"],
        mended: &["regularize.l2.lambda=1.0"],
    },
];
