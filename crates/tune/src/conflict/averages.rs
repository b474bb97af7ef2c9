//! Rules about second passes and averages of weights.

use super::{Rule, Severity};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "two_averages",
        severity: Severity::Error,
        about: &["ema", "swa"],
        applies: |case| case.has("ema") && case.has("swa"),
        why: "each keeps an average of the weights to be evaluated, and there is one evaluation",
        instead: "one of them",
        fires: &["regularize.ema.decay=0.99", "regularize.swa.start=0.5"],
        mended: &["regularize.ema.decay=0.99"],
    },
    Rule {
        id: "swa_of_a_cooling_run",
        severity: Severity::Warning,
        about: &["swa"],
        applies: |case| case.has("swa") && case.train_is("schedule", "cosine"),
        why: "SWA averages points that a constant or cyclic rate scatters; under a rate that falls \
              to zero they lie on one another (arXiv 1803.05407)",
        instead: "schedule = \"constant\", or a cosine that ends at a good part of the rate, or no swa",
        fires: &["regularize.swa.start=0.5", "train.schedule=\"cosine\""],
        mended: &["regularize.swa.start=0.5", "train.schedule=\"constant\""],
    },
    Rule {
        id: "average_beside_batch_norm",
        severity: Severity::Note,
        about: &["ema", "batch_norm"],
        applies: |case| case.has("ema") && case.has("batch_norm"),
        why: "running statistics are those of the fast weights and not of the average",
        instead: "swa, which recalibrates them by a pass over the training examples, if it matters",
        fires: &["regularize.ema.decay=0.99", "regularize.batch_norm.momentum=0.1"],
        mended: &["regularize.ema.decay=0.99"],
    },
    Rule {
        id: "ascent_of_few_examples",
        severity: Severity::Note,
        about: &["sam", "batch_norm"],
        applies: |case| case.has("sam") && case.has("batch_norm"),
        why: "the second pass normalizes by the batch's statistics at the higher point, and leaves \
              the running ones alone",
        instead: "nothing, if that is meant; layer_norm has no such question",
        fires: &["regularize.sam.rho=0.05", "regularize.batch_norm.momentum=0.1"],
        mended: &["regularize.sam.rho=0.05"],
    },
    Rule {
        id: "smoothing_and_distillation",
        severity: Severity::Warning,
        about: &["label_smoothing", "distillation"],
        applies: |case| case.has("label_smoothing") && case.has("distillation"),
        why: "the teacher's probabilities say how classes resemble each other, and smoothing \
              blurs that (arXiv 1906.02629)",
        instead: "distillation alone, from a teacher that was trained without smoothing",
        fires: &[],
        mended: &[],
    },
];
