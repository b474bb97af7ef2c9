//! What training writes and diagnosis reads: named series of numbers over epochs.

use serde::{Deserialize, Serialize};

/// The part of the data that a series was measured on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Clean training examples, in evaluation mode.
    Train,
    /// Training batches as the optimizer saw them: augmented, regularized, before each update.
    Online,
    /// Examples that choose the model.
    Validation,
    /// Examples that are opened once, at the end.
    Test,
}

impl Part {
    /// The name that logs and `monitor` use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Online => "online",
            Self::Validation => "validation",
            Self::Test => "test",
        }
    }
}

/// Whether a smaller or a larger value of a metric is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Losses and errors.
    Lower,
    /// Accuracies, F1, R².
    Higher,
}

impl Direction {
    /// The direction that a metric's name tells: losses and errors are lower, all others higher.
    pub fn of(metric: &str) -> Self {
        Self::known(metric).unwrap_or(Self::Higher)
    }

    /// The direction of a metric whose name says it, in the spelling of any library: `val_loss`,
    /// `mean_squared_error`, `top-1 acc`, `mAP50-95`, `neg_log_loss`. None for other names.
    pub fn known(metric: &str) -> Option<Self> {
        let name = metric.to_lowercase();
        let words = || name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let lower = words()
            .any(|word| LOWER.contains(&word) || LOWER_ENDS.iter().any(|end| word.ends_with(end)));
        let higher = words().any(|word| {
            let stem = word.trim_end_matches(|c: char| c.is_ascii_digit());
            HIGHER.contains(&word) || HIGHER.contains(&stem)
        });
        let has = |wanted: &[&str]| words().any(|word| wanted.contains(&word));
        let negative = has(&["neg", "negative"]);
        match (lower, higher) {
            _ if has(&["likelihood"]) && negative => Some(Self::Lower),
            // The score of an error is its negative: `neg_mean_squared_error`.
            _ if has(&["likelihood"]) || lower && negative => Some(Self::Higher),
            (true, _) => Some(Self::Lower),
            (false, true) => Some(Self::Higher),
            (false, false) => None,
        }
    }

    /// Turns a value into one that is better when lower.
    pub fn as_cost(self, value: f64) -> f64 {
        match self {
            Self::Lower => value,
            Self::Higher => -value,
        }
    }
}

/// Words of metrics that are better when lower.
#[rustfmt::skip]
const LOWER: &[&str] = &[
    "loss", "losses", "cost", "objective", "error", "err", "nll", "perplexity", "ppl", "mse",
    "mae", "rmse", "mape", "smape", "msle", "rmsle", "deviance", "ce", "bce", "xent", "kl", "kld",
    "wer", "cer", "ter", "eer", "fid", "lpips", "brier", "ece", "hinge", "l1", "l2", "bpb", "bpc",
    "bpd", "logistic", "penalty", "multiclass", "quantile", "huber", "poisson",
];
/// Ends of such words: `logloss`, `mlogloss`, `crossentropy`, `merror`.
const LOWER_ENDS: &[&str] = &["loss", "error", "entropy", "divergence"];
/// Words of metrics that are better when higher, also with a number behind: `top5`, `map50`.
#[rustfmt::skip]
const HIGHER: &[&str] = &[
    "acc", "accuracy", "f1", "fscore", "fbeta", "precision", "recall", "sensitivity",
    "specificity", "auc", "auroc", "auprc", "roc", "prauc", "aucpr", "map", "ap", "ar", "r2",
    "r", "iou", "miou", "dice", "jaccard", "score", "bleu", "rouge", "meteor", "psnr", "ssim",
    "ndcg", "mrr", "hit", "hits", "top", "kappa", "mcc", "matthews", "pearson", "spearman",
    "correlation", "corr", "reward", "return", "elbo", "em",
];

/// One metric on one part of the data, over epochs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// Where it was measured.
    pub part: Part,
    /// Name of the metric: `loss`, `accuracy`, `f1`, ...
    pub metric: String,
    /// Pairs of epoch (1 = after the first pass over the data) and value, by rising epoch. Values
    /// may be NaN or infinite: a diverged run is a fact that stays visible.
    pub points: Vec<(f64, f64)>,
}

impl Series {
    /// `part.metric`, the name that `monitor` accepts.
    pub fn name(&self) -> String {
        format!("{}.{}", self.part.name(), self.metric)
    }

    /// The values without their epochs.
    pub fn values(&self) -> Vec<f64> {
        self.points.iter().map(|point| point.1).collect()
    }
}

/// Everything that a training run logged.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// What to call the run in a report.
    pub name: String,
    /// The series, each (part, metric) at most once.
    pub series: Vec<Series>,
}

impl Run {
    /// An empty run.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), series: Vec::new() }
    }

    /// Appends one value to the series of `part` and `metric`, which is begun when it is new.
    pub fn push(&mut self, part: Part, metric: &str, epoch: f64, value: f64) {
        let known = self.series.iter_mut().find(|s| s.part == part && s.metric == metric);
        match known {
            Some(series) => series.points.push((epoch, value)),
            None => self.series.push(Series {
                part,
                metric: metric.to_owned(),
                points: vec![(epoch, value)],
            }),
        }
    }

    /// The series of `part` and `metric`, when it was logged.
    pub fn get(&self, part: Part, metric: &str) -> Option<&Series> {
        self.series.iter().find(|s| s.part == part && s.metric == metric)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn push_appends_to_the_named_series_only() {
        let mut run = Run::new("r");
        run.push(Part::Train, "loss", 1.0, 0.5);
        run.push(Part::Validation, "loss", 1.0, 0.7);
        run.push(Part::Train, "loss", 2.0, 0.4);
        assert_eq!(run.get(Part::Train, "loss").unwrap().points, [(1.0, 0.5), (2.0, 0.4)]);
        assert_eq!(run.get(Part::Validation, "loss").unwrap().name(), "validation.loss");
        assert!(run.get(Part::Test, "loss").is_none());
    }

    #[test]
    fn every_logged_metric_has_its_direction() {
        for lower in ["loss", "mse", "mae"] {
            assert_eq!(Direction::of(lower), Direction::Lower);
        }
        for higher in ["accuracy", "precision", "recall", "f1", "r2"] {
            assert_eq!(Direction::of(higher), Direction::Higher);
        }
    }

    #[test]
    fn names_of_other_libraries_have_their_direction() {
        for lower in [
            "box_loss",
            "binary_logloss",
            "mlogloss",
            "perplexity",
            "mean_squared_error",
            "merror",
            "top1_err",
            "categorical_crossentropy",
            "negative_log_likelihood",
            "val ppl",
            "CER",
        ] {
            assert_eq!(Direction::known(lower), Some(Direction::Lower), "{lower}");
        }
        for higher in [
            "mAP50-95",
            "top-1 acc",
            "macro_f1",
            "roc_auc",
            "r2_score",
            "neg_log_loss",
            "Dice",
            "neg_mean_squared_error",
            "acc@1",
            "balanced_accuracy",
        ] {
            assert_eq!(Direction::known(higher), Some(Direction::Higher), "{higher}");
        }
        assert_eq!(Direction::known("tokens"), None);
    }
}
