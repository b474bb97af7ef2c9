//! Rules about what takes longer than the run, and what costs more than one thinks.

use super::weights::proximal;
use super::{Case, Rule, Severity};

/// Whether a rate changes at an epoch that the run does not reach.
fn beyond_the_run(case: &Case) -> bool {
    let keys = ["schedule.early", "schedule.late", "schedule.linear"];
    let at = |id| keys.iter().find_map(|key| case.number(id, key));
    SCHEDULED.iter().any(|id| at(id).is_some_and(|epoch| epoch >= case.epochs()))
}

const SCHEDULED: &[&str] = &["dropout", "spatial_dropout", "drop_block"];

/// Steps after which an average has forgotten half.
fn half_life(case: &Case) -> Option<f64> {
    let of_decay = |decay: f64| -1.0 / decay.log2();
    case.number("ema", "half_life").or_else(|| case.number("ema", "decay").map(of_decay))
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "schedule_beyond_the_run",
        severity: Severity::Warning,
        about: SCHEDULED,
        applies: beyond_the_run,
        why: "the run is over before the epoch at which the rate changes",
        instead: "an epoch of the schedule within the run, or no schedule",
        fires: &["regularize.dropout={ rate = 0.5, schedule = { late = 50 } }", "train.epochs=10"],
        mended: &["regularize.dropout={ rate = 0.5, schedule = { late = 5 } }", "train.epochs=10"],
    },
    Rule {
        id: "stopped_before_the_average",
        severity: Severity::Warning,
        about: &["swa", "early_stopping"],
        applies: |case| case.has("swa") && case.has("early_stopping"),
        why: "swa averages the last epochs of the whole run, and a run that stops early may end \
              before its average has begun",
        instead: "one of them; ema averages all the time",
        fires: &["regularize.swa.start=0.5", "regularize.early_stopping.patience=5"],
        mended: &["regularize.swa.start=0.5"],
    },
    Rule {
        id: "average_of_the_beginning",
        severity: Severity::Warning,
        about: &["ema"],
        applies: |case| half_life(case).is_some_and(|steps| steps > case.data.steps / 4.0),
        why: "half of the average is older than a quarter of the run: it lags behind the weights, \
              or holds their beginning",
        instead: "a half_life of a tenth of the steps of the run or less",
        fires: &["regularize.ema.half_life=1e6"],
        mended: &["regularize.ema.half_life=50"],
    },
    Rule {
        id: "average_of_zeros",
        severity: Severity::Warning,
        about: &["ema", "swa", "l1", "elastic_net", "group_lasso"],
        applies: |case| case.any(&["ema", "swa"]) && proximal(case) > 0,
        why: "a weight is zero in the average only where it was zero all along: the stored model \
              has hardly any zeros",
        instead: "one of them: the penalty alone, if zeros are wanted",
        fires: &["regularize.ema.decay=0.99", "regularize.l1.lambda=0.1"],
        mended: &["regularize.l1.lambda=0.1"],
    },
    Rule {
        id: "four_passes",
        severity: Severity::Note,
        about: &["sam", "r_drop"],
        applies: |case| case.has("sam") && case.has("r_drop"),
        why: "each doubles the passes of a step, and together a step costs four times as much",
        instead: "one of them, or sam = { rho = 0.1, interval = 5 }",
        fires: &[
            "regularize.sam.rho=0.05",
            "regularize.r_drop.alpha=1.0",
            "regularize.dropout.rate=0.3",
        ],
        mended: &["regularize.r_drop.alpha=1.0", "regularize.dropout.rate=0.3"],
    },
    Rule {
        id: "never_looked_back",
        severity: Severity::Warning,
        about: &["lookahead"],
        applies: |case| case.number("lookahead", "k").is_some_and(|k| k > case.data.steps / 10.0),
        why: "the weights go back fewer than ten times in the whole run",
        instead: "k = 5, as in the paper, or more epochs",
        fires: &["regularize.lookahead={ k = 100000, alpha = 0.5 }"],
        mended: &["regularize.lookahead={ k = 5, alpha = 0.5 }"],
    },
];
