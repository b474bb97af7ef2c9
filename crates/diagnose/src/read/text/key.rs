//! What the words before a number say that it is.

use crate::read::name::{Meaning, PartWord, meaning, part_word, words};
use wellfit_core::run::Direction;

/// What a number is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Key {
    Epoch,
    Step,
    /// A batch within an epoch.
    Batch,
    /// A metric or the learning rate, under the words that name it.
    Metric(String),
    Nothing,
}

/// Words behind which a value is not a point of the curve: `best val_loss 0.3`.
#[rustfmt::skip]
const NO_POINT: &[&str] = &[
    "best", "lowest", "highest", "previous", "old", "min", "max", "new", "final", "improved", "improving", "from",
    "target",
    "patience", "threshold", "initial", "smallest", "largest", "max_epochs", "num",
];
/// Words that may stand in the name of a metric beside those that have a direction.
#[rustfmt::skip]
const QUALIFIERS: &[&str] = &[
    "avg", "average", "mean", "total", "running", "epoch", "set", "macro", "micro", "weighted", "balanced",
    "top", "cross", "square", "squared", "absolute", "binary", "categorical", "word", "pixel", "box", "cls",
    "obj", "kl", "reconstruction", "recon", "learning", "rate", "lr", "on", "dataset", "data", "classification",
    "regression", "class", "s", "the", "test", "step", "bbox", "mask", "median", "overall", "log", "exact", "match",
    "coeff", "coef", "coefficient", "d", "g", "generator", "discriminator", "gen", "disc",
];

/// Reads the words before a number; `fraction` tells that it is written `3/50`.
pub(super) fn key(before: &[&str], fraction: bool) -> Key {
    let trail = |word: &&&str| {
        matches!(
            word.to_ascii_lowercase().as_str(),
            "is" | "was" | "of" | "number" | "no" | "nr" | "value"
        )
    };
    let end = before.len() - before.iter().rev().take_while(trail).count();
    let before = match &before[..end] {
        // `loss (batch)=0.5`.
        [.., metric, last] if last.eq_ignore_ascii_case("batch") && is_metric(metric) => {
            &before[..end - 1]
        }
        before => before,
    };
    let named = before.iter().rev().find(|word| part(word).is_none()).or(before.last());
    let Some(last) = named.map(|word| word.to_ascii_lowercase()) else { return Key::Nothing };
    match last.trim_matches('_') {
        // conlleval's name of the F1 score.
        "fb1" => return Key::Metric("F1".to_owned()),
        "epoch" | "epochs" | "ep" => return Key::Epoch,
        "batch" | "minibatch" | "mb" => return Key::Batch,
        "step" | "steps" | "iter" | "iters" | "iteration" | "itr" | "it" | "round" => {
            return if fraction { Key::Batch } else { Key::Step };
        }
        _ => {}
    }
    match meaning(&last) {
        Meaning::Epoch => Key::Epoch,
        Meaning::Step => Key::Step,
        _ => metric(before),
    }
}

fn is_metric(word: &str) -> bool {
    Direction::known(word).is_some()
}

/// The part that a word of its own names.
pub(super) fn part(word: &str) -> Option<PartWord> {
    part_word(&word.to_lowercase())
}

/// The longest end of the words that names a metric.
fn metric(before: &[&str]) -> Key {
    let mut begin = before.len();
    while begin > 0 && before.len() - begin < 6 && belongs(before[begin - 1]) {
        begin -= 1;
    }
    let stopped = begin.checked_sub(1).map(|at| before[at].to_lowercase());
    let no_point = |word: &str| words(word).iter().any(|word| NO_POINT.contains(&word.as_str()));
    let of_best = before[..begin].iter().any(|word| word.eq_ignore_ascii_case("best"));
    if of_best
        || stopped.as_deref().is_some_and(no_point)
        || before[begin..].iter().any(|word| no_point(word))
    {
        return Key::Nothing;
    }
    let name = before[begin..].join(" ");
    // `Time cost: 5.1`, `top 1 at epoch 3`.
    let time = stopped.as_deref() == Some("time") && name.eq_ignore_ascii_case("cost");
    if time || name.eq_ignore_ascii_case("top") {
        return Key::Nothing;
    }
    match meaning(&name) {
        Meaning::LearningRate => Key::Metric(name),
        Meaning::Metric { part, words, .. } if !words.is_empty() => {
            let known = Direction::known(&words.join(" ")).is_some();
            // An identifier that names a part needs no word that we know: `val_foo`.
            let identifier = before.last().is_some_and(|word| word.contains(['_', '/', '-']));
            if known || part.is_some() && identifier { Key::Metric(name) } else { Key::Nothing }
        }
        _ => Key::Nothing,
    }
}

/// Whether a word may be one of a metric's name.
fn belongs(word: &str) -> bool {
    let lower = word.to_lowercase();
    QUALIFIERS.contains(&lower.as_str())
        || part(word).is_some()
        || Direction::known(word).is_some()
        || words(word)
            .iter()
            .any(|word| part_word(word).is_some() || Direction::known(word).is_some())
        || meaning(word) == Meaning::LearningRate
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Key {
        key(&text.split(' ').collect::<Vec<_>>(), false)
    }

    #[test]
    fn words_say_what_a_number_is() {
        for (text, name) in [
            ("Train Loss", "Train Loss"),
            ("INFO root loss", "loss"),
            ("Average loss", "Average loss"),
            ("val_foo", "val_foo"),
            ("learning rate", "learning rate"),
            ("accuracy is", "accuracy"),
            ("Val F1 Score", "Val F1 Score"),
        ] {
            assert_eq!(of(text), Key::Metric(name.to_owned()), "{text}");
        }
        for text in [
            "Best val Acc",
            "val_loss improved from",
            "batch_size",
            "counter",
            "saving",
            "best_val_loss",
        ] {
            assert_eq!(of(text), Key::Nothing, "{text}");
        }
        assert_eq!(
            [of("Train Epoch"), of("Epoch val"), of("global_step")],
            [Key::Epoch, Key::Epoch, Key::Step]
        );
        assert_eq!(key(&["Step"], true), Key::Batch);
    }
}
