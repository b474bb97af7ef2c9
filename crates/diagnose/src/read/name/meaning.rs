//! What one name means by itself.

use super::words::{part_word, words};

/// The part of the data that a name speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::read) enum PartWord {
    Train,
    Validation,
    /// `eval`: validation, but together with `train` the mode in which training was measured.
    Evaluation,
    Test,
}

/// How often a value was logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::read) enum Grain {
    Epoch,
    Unsaid,
    Step,
}

/// What one name means.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::read) enum Meaning {
    Epoch,
    Step,
    /// The number of the row, as data frames write it.
    Index,
    LearningRate,
    /// Times, counters, memory: nothing that tells of the fit.
    Nothing,
    Metric {
        part: Option<PartWord>,
        /// The number behind the part: 1 of `valid_1`.
        set: Option<u32>,
        grain: Grain,
        /// The words that are left.
        words: Vec<String>,
    },
}

/// Reads one name.
pub(in crate::read) fn meaning(name: &str) -> Meaning {
    let all = words(name);
    let bare: Vec<&str> =
        all.iter().map(String::as_str).filter(|word| !is_decoration(word)).collect();
    let has = |wanted: &[&str]| bare.iter().any(|word| wanted.contains(word));
    match bare.as_slice() {
        [] if all.is_empty() => return Meaning::Index,
        ["unnamed", ..] | ["index"] | ["no"] => return Meaning::Index,
        ["epoch" | "epochs" | "ep"]
        | ["epoch", "num" | "number" | "idx" | "index" | "no" | "id" | "i"]
        | ["num" | "n" | "number", "epoch" | "epochs"] => return Meaning::Epoch,
        [
            "step" | "steps" | "iteration" | "iterations" | "iter" | "iters" | "it" | "itr"
            | "round" | "rounds" | "update" | "updates" | "batch" | "batches" | "tree" | "trees",
        ]
        | [
            "global" | "n" | "num" | "boosting" | "boost" | "optimizer",
            "step" | "steps" | "iter" | "iteration" | "round" | "updates",
        ]
        | ["global", "step", "num"]
        | ["number", "of", "trees"]
        | ["timesteps"]
        | ["total" | "num", "timesteps"]
        | ["step" | "iteration" | "iter", "num" | "number"] => return Meaning::Step,
        ["total" | "max", "step" | "steps" | "epoch" | "epochs"] => return Meaning::Nothing,
        _ => {}
    }
    if has(&["lr", "lrs"]) || bare.windows(2).any(|pair| pair == ["learning", "rate"]) {
        return if has(&["min", "base", "initial"]) {
            Meaning::Nothing
        } else {
            Meaning::LearningRate
        };
    }
    let no_metric = has(NOTHING)
        || bare.ends_with(&["per", "second"])
        || name.ends_with("__MIN")
        || name.ends_with("__MAX");
    if no_metric || bare.first().is_some_and(|first| NOTHING_FIRST.contains(first)) {
        return Meaning::Nothing;
    }
    metric(&all)
}

/// Words around `epoch` and `step` that say nothing: `trainer/global_step`, `train/epoch`.
fn is_decoration(word: &str) -> bool {
    matches!(word, "trainer" | "current" | "cur") || part_word(word).is_some()
}

/// A name with one of these words is no metric.
#[rustfmt::skip]
const NOTHING: &[&str] = &[
    "time", "times", "seconds", "sec", "secs", "ms", "elapsed", "eta", "duration",
    "runtime", "timestamp", "wall", "date", "datetime", "speed", "throughput", "fps", "memory",
    "mem", "vram", "gpu", "cpu", "ram", "flos", "flops", "mfu", "best", "patience", "counter",
    "std", "stdv", "stddev", "stderr", "variance", "seed", "momentum", "decay", "hp",
    "checkpoint", "samples", "tokens", "examples", "parameters", "params", "remaining", "passed",
    "stopped", "wait", "save", "every", "bs", "gradnorm", "improve", "temperature", "iterations", "vs",
    "dur", "percentage", "wps", "ups", "wpb", "bsz", "gnorm", "count", "version", "reader",
];
/// A name that begins with one of these is no metric.
#[rustfmt::skip]
const NOTHING_FIRST: &[&str] = &[
    "min", "max", "num", "n", "total_time", "grad", "gradient", "batch_size", "scale", "size",
    "weight", "weights", "id", "pid", "rank", "world", "system", "x0", "x1", "x2",
];

fn metric(all: &[String]) -> Meaning {
    let (mut part, mut set, mut grain, mut rest) = (None, None, Grain::Unsaid, Vec::new());
    let mut words = all.iter().peekable();
    while let Some(word) = words.next() {
        if let Some(found) = part_word(word) {
            part = Some(joined(part, found));
            let number = words.peek().and_then(|next| next.parse().ok());
            // A number behind the part counts the sets; one behind the metric belongs to it.
            if let (Some(number), true) = (number, rest.is_empty()) {
                set = Some(number);
                words.next();
            }
        } else if matches!(word.as_str(), "epoch" | "epochs") {
            grain = Grain::Epoch;
        } else if matches!(word.as_str(), "step" | "batch" | "iter") {
            grain = Grain::Step;
        } else {
            rest.push(word.clone());
        }
    }
    // Classes that a program counted.
    let numbered = !rest.is_empty() && rest.iter().all(|word| word.parse::<u32>().is_ok());
    if numbered || rest == ["loss", "scale"] || rest == ["grad", "norm"] {
        return Meaning::Nothing;
    }
    Meaning::Metric { part, set, grain, words: rest }
}

/// The part of a name with two part words.
fn joined(first: Option<PartWord>, second: PartWord) -> PartWord {
    use PartWord::{Evaluation, Test, Train, Validation};
    match (first, second) {
        (None, only) => only,
        (Some(Train), Evaluation | Test) | (Some(Evaluation), Train) => Train,
        (Some(Validation), _) | (_, Validation) => Validation,
        (Some(Evaluation), other) | (Some(other), Evaluation) => other,
        (Some(first), _) => first,
    }
}

#[cfg(test)]
mod tests;
