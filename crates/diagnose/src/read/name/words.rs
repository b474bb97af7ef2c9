//! A name taken apart: `Loss/train`, `valAcc`, `eval_mnli_f1`, `metrics/mAP50-95(B)`.

use super::PartWord;
use crate::read::language::english;

/// The words of a name in lower case. They end at anything that is no letter or digit, where a
/// capital follows small letters, and after `val`, `train`, ... that a metric is glued to.
pub(in crate::read) fn words(name: &str) -> Vec<String> {
    let name = english(name);
    let mut words = Vec::new();
    for piece in plain(&name).split(|c: char| !c.is_alphanumeric()).filter(|p| !p.is_empty()) {
        for word in humps(piece) {
            let word = word.to_lowercase();
            match glued(&word) {
                Some((part, metric)) => words.extend([part.to_owned(), metric.to_owned()]),
                None => words.push(word),
            }
        }
    }
    words
}

/// The part of the data that a word names.
pub(in crate::read) fn part_word(word: &str) -> Option<PartWord> {
    Some(match word {
        "train" | "training" | "trained" | "learn" | "tr" | "trn" | "fit" | "trainset" => {
            PartWord::Train
        }
        "val" | "valid" | "validation" | "validating" | "vali" | "vld" | "va" | "dev"
        | "holdout" | "valset" => PartWord::Validation,
        "eval" | "evaluation" | "evaluate" | "evaluating" => PartWord::Evaluation,
        "test" | "testing" | "tst" | "testset" => PartWord::Test,
        _ => return None,
    })
}

/// What stands before ` = `, where we say how a column is made of others; without a letter in brackets, as in YOLO's `mAP50(B)`: it names the head, not the metric.
fn plain(name: &str) -> &str {
    let name = name.split_once(" = ").map_or(name, |(name, _)| name);
    match name.trim_end().strip_suffix(')').and_then(|name| name.rsplit_once('(')) {
        Some((rest, letter)) if letter.chars().count() == 1 => rest,
        _ => name,
    }
}

/// Splits `trainLoss` and `F1Score`; leaves `mAP50`, `AUROC` and `IoU` whole.
fn humps(piece: &str) -> Vec<&str> {
    let chars: Vec<(usize, char)> = piece.char_indices().collect();
    let is = |at: usize, test: fn(char) -> bool| chars.get(at).is_some_and(|c| test(c.1));
    let begins = |at: usize| {
        let two_small = is(at - 1, char::is_lowercase) && is(at - 2, char::is_lowercase);
        let short_word = at == 2 && is(1, char::is_lowercase) && is(3, char::is_lowercase);
        let after_digit = is(at - 1, |c| c.is_ascii_digit()) && is(at + 1, char::is_lowercase);
        is(at, char::is_uppercase) && (two_small || short_word || after_digit)
    };
    let mut cuts = vec![0];
    cuts.extend((2..chars.len()).filter(|&at| begins(at)).map(|at| chars[at].0));
    cuts.push(piece.len());
    cuts.windows(2).map(|cut| &piece[cut[0]..cut[1]]).filter(|word| !word.is_empty()).collect()
}

/// Part and metric of `valloss`, `trainacc`, `vloss`.
fn glued(word: &str) -> Option<(&'static str, &str)> {
    const PARTS: &[(&str, &str)] = &[
        ("training", "train"),
        ("train", "train"),
        ("validation", "val"),
        ("valid", "val"),
        ("val", "val"),
        ("eval", "eval"),
        ("dev", "dev"),
        ("test", "test"),
        ("tr", "train"),
    ];
    const METRICS: &[&str] = &[
        "loss",
        "losses",
        "acc",
        "accuracy",
        "err",
        "error",
        "f1",
        "auc",
        "ppl",
        "mse",
        "mae",
        "rmse",
        "r2",
        "dice",
        "iou",
        "score",
        "perplexity",
        "precision",
        "recall",
    ];
    let split = |&(start, part): &(&str, &'static str)| {
        word.strip_prefix(start).filter(|rest| METRICS.contains(rest)).map(|rest| (part, rest))
    };
    PARTS.iter().find_map(split)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_apart() {
        for (name, expected) in [
            ("val_loss", "val loss"),
            ("Loss/train", "loss train"),
            ("valAcc", "val acc"),
            ("trainLoss", "train loss"),
            ("metrics/mAP50-95(B)", "metrics map50 95"),
            ("Val. Acc", "val acc"),
            ("testacc", "test acc"),
            ("F1Score", "f1 score"),
            ("LearningRate", "learning rate"),
            ("mIoU", "miou"),
            ("AUROC", "auroc"),
            ("acc@1", "acc 1"),
            ("validation_0-logloss", "validation 0 logloss"),
            ("loss (train)", "loss train"),
            ("LogLoss", "log loss"),
            ("ValLoss", "val loss"),
        ] {
            assert_eq!(words(name).join(" "), expected, "{name}");
        }
    }
}
