//! Rules about examples and targets.

use super::{Case, Rule, Severity};

pub(super) const MIXING: &[&str] = &["mixup", "cutmix"];
const POLICIES: &[&str] = &["rand_augment", "trivial_augment", "aug_mix"];
const HOLES: &[&str] = &["cutout", "random_erasing", "cutmix"];

/// Whether the classes are digits, of which 6 and 9 are each other upside down.
fn digits(case: &Case) -> bool {
    let is_digit = |name: &String| name.len() == 1 && name.bytes().all(|b| b.is_ascii_digit());
    case.data.classes.as_ref().is_some_and(|names| names.len() > 2 && names.iter().all(is_digit))
}

fn turns_far(case: &Case) -> bool {
    let by = |id| case.number(id, "degrees").is_some_and(|degrees| degrees > 45.0);
    case.has("flip") || by("rotation") || by("affine")
}

fn mixes_in_pairs(case: &Case) -> bool {
    MIXING.iter().any(|id| case.word(id, "mode") == Some("pair"))
}

fn never_begins_to_end(case: &Case) -> bool {
    let late = |id: &&str| case.number(id, "off_epoch").is_some_and(|off| off >= case.epochs());
    MIXING.iter().any(late)
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "mixing_one_example",
        severity: Severity::Error,
        about: MIXING,
        applies: |case| case.any(MIXING) && case.data.smallest_batch < 2,
        why: "a batch of one example has nobody to mix with",
        instead: "batches of 2 examples and more",
        fires: &["regularize.mixup.alpha=0.2", "train.batch_size=1"],
        mended: &["regularize.mixup.alpha=0.2", "train.batch_size=32"],
    },
    Rule {
        id: "pairs_of_an_odd_batch",
        severity: Severity::Note,
        about: MIXING,
        applies: |case| mixes_in_pairs(case) && case.data.smallest_batch % 2 == 1,
        why: "the middle example of an odd batch is its own partner and stays unmixed",
        instead: "an even batch size, or mode = \"batch\"",
        fires: &[
            "regularize.mixup.alpha=0.2",
            "regularize.mixup.mode=\"pair\"",
            "data.first=100",
            "train.batch_size=5",
        ],
        mended: &["regularize.mixup.alpha=0.2", "data.first=100", "train.batch_size=5"],
    },
    Rule {
        id: "mixing_that_never_ends",
        severity: Severity::Warning,
        about: MIXING,
        applies: never_begins_to_end,
        why: "the run is over before off_epoch",
        instead: "an earlier off_epoch, or none",
        fires: &["regularize.mixup.alpha=0.2", "regularize.mixup.off_epoch=50", "train.epochs=10"],
        mended: &["regularize.mixup.alpha=0.2", "regularize.mixup.off_epoch=8", "train.epochs=10"],
    },
    Rule {
        id: "smoothing_twice",
        severity: Severity::Warning,
        about: &["label_smoothing", "confidence_penalty"],
        applies: |case| case.has("label_smoothing") && case.has("confidence_penalty"),
        why: "both pull predictions towards the uniform distribution (arXiv 1701.06548)",
        instead: "one of them",
        fires: &[
            "regularize.label_smoothing.epsilon=0.1",
            "regularize.confidence_penalty.beta=0.1",
        ],
        mended: &["regularize.label_smoothing.epsilon=0.1"],
    },
    Rule {
        id: "soft_labels_on_soft_labels",
        severity: Severity::Note,
        about: &["label_smoothing", "mixup", "cutmix"],
        applies: |case| case.has("label_smoothing") && case.any(MIXING),
        why: "mixed labels are soft already; smoothing is applied once, to the mixed ones, which \
              is the same as mixing smoothed ones",
        instead: "a smaller epsilon, if the model underfits",
        fires: &["regularize.label_smoothing.epsilon=0.1", "regularize.mixup.alpha=0.2"],
        mended: &["regularize.mixup.alpha=0.2"],
    },
    Rule {
        id: "labels_that_turn",
        severity: Severity::Warning,
        about: &["flip", "rotation", "affine"],
        applies: |case| turns_far(case) && digits(case),
        why: "the classes are digits: a 6 upside down is a 9, and mirrored digits are none",
        instead: "rotation of 15 degrees at most, crop, or a small affine",
        fires: &["regularize.rotation.degrees=90.0"],
        mended: &["regularize.rotation.degrees=10.0"],
    },
    Rule {
        id: "two_policies",
        severity: Severity::Warning,
        about: POLICIES,
        applies: |case| case.count(POLICIES) > 1,
        why: "each is a whole policy of augmentation, and together they distort twice",
        instead: "one of them",
        fires: &[
            "regularize.trivial_augment.probability=1.0",
            "regularize.rand_augment.magnitude=9",
        ],
        mended: &["regularize.trivial_augment.probability=1.0"],
    },
    Rule {
        id: "holes_in_holes",
        severity: Severity::Warning,
        about: HOLES,
        applies: |case| case.count(HOLES) > 1,
        why: "each takes a part of the picture out, and little of it may be left",
        instead: "one of them",
        fires: &["regularize.cutout.size=0.25", "regularize.random_erasing.probability=0.5"],
        mended: &["regularize.cutout.size=0.25"],
    },
];
