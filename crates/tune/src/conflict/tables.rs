//! Rules about noise, and about targets that are mixed.

use super::examples::MIXING;
use super::{Case, Rule, Severity};

fn switch(case: &Case) -> Option<f64> {
    case.number("cutmix", "switch").filter(|_| case.has("mixup"))
}

fn mixes_each(case: &Case) -> bool {
    MIXING.iter().any(|id| case.word(id, "mode") == Some("element"))
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "swapped_with_nobody",
        severity: Severity::Warning,
        about: &["swap_noise"],
        applies: |case| case.has("swap_noise") && case.data.smallest_batch < 2,
        why: "a batch of one example has nobody to swap cells with, and stays as it is",
        instead: "batches of 2 examples and more",
        fires: &["regularize.swap_noise.rate=0.1", "train.batch_size=1"],
        mended: &["regularize.swap_noise.rate=0.1", "train.batch_size=32"],
    },
    Rule {
        id: "swapped_pixels",
        severity: Severity::Warning,
        about: &["swap_noise"],
        applies: |case| case.has("swap_noise") && case.data.images,
        why: "swap_noise is meant for the columns of a table; in images it strews single pixels \
              of other images, which no picture has",
        instead: "cutmix or cutout",
        fires: &["regularize.swap_noise.rate=0.1"],
        mended: &["regularize.cutout.size=0.25"],
    },
    Rule {
        id: "swapped_levels",
        severity: Severity::Warning,
        about: &["swap_noise"],
        applies: |case| case.has("swap_noise") && case.data.one_hot,
        why: "a category lies in one column for each level, and each is swapped by itself: rows \
              come out with two levels, or with none",
        instead: "categories as embeddings, whose level is swapped as a whole, or feature_mask",
        fires: &[],
        mended: &[],
    },
    Rule {
        id: "switched_to_one_of_two",
        severity: Severity::Warning,
        about: MIXING,
        applies: |case| switch(case).is_some_and(|switch| switch <= 0.0 || switch >= 1.0),
        why: "switch is the share of the batches that are for CutMix, and one of the two never acts",
        instead: "a switch between 0 and 1, or one of them alone",
        fires: &["regularize.mixup.alpha=0.2", "regularize.cutmix={ alpha = 1.0, switch = 1.0 }"],
        mended: &["regularize.mixup.alpha=0.2", "regularize.cutmix={ alpha = 1.0, switch = 0.5 }"],
    },
    Rule {
        id: "weighted_mixtures",
        severity: Severity::Note,
        about: MIXING,
        applies: |case| mixes_each(case) && case.train_has("class_weights"),
        why: "a weight for each example does not keep the shares of the classes in a batch, and the \
              class weights divide by those before mixing",
        instead: "mode = \"batch\" or \"pair\", which keep them",
        fires: &[
            "regularize.mixup={ alpha = 0.2, mode = \"element\" }",
            "train.class_weights=\"balanced\"",
        ],
        mended: &["regularize.mixup.alpha=0.2", "train.class_weights=\"balanced\""],
    },
    Rule {
        id: "mixed_squares",
        severity: Severity::Note,
        about: MIXING,
        applies: |case| {
            let squares = case.train_word("loss") == Some("squared_error");
            case.any(MIXING) && squares && case.data.classes.is_some()
        },
        why: "the squared error is not linear in its targets: the loss of a mixture is not the \
              mixture of losses, as it is for cross-entropies",
        instead: "loss = \"cross_entropy\"",
        fires: &["regularize.mixup.alpha=0.2", "train.loss=\"squared_error\""],
        mended: &["regularize.mixup.alpha=0.2", "train.loss=\"cross_entropy\""],
    },
    Rule {
        id: "noise_on_many_scales",
        severity: Severity::Warning,
        about: &["input_noise"],
        applies: |case| case.data.unscaled && case.word("input_noise", "unit") == Some("input"),
        why: "the inputs are not scaled, and the same noise drowns small columns and leaves large \
              ones as they are",
        instead: "unit = \"feature\", or leave out scale = \"none\" in [data]",
        fires: &["regularize.input_noise.std=0.1", "data.scale=\"none\""],
        mended: &[
            "regularize.input_noise={ std = 0.1, unit = \"feature\" }",
            "data.scale=\"none\"",
        ],
    },
    Rule {
        id: "nothing_to_do",
        severity: Severity::Warning,
        about: &["color_jitter", "affine"],
        applies: |case| case.data.silent.iter().any(|id| id == "color_jitter" || id == "affine"),
        why: "it says nothing of how far to go, and so does nothing",
        instead: "color_jitter = { brightness = 0.2, contrast = 0.2 }, affine = { degrees = 10 }",
        fires: &["regularize.affine={}"],
        mended: &["regularize.affine={ degrees = 10.0 }"],
    },
];
