//! One name for each metric, whatever a library calls it.

/// Words that say nothing about what is measured.
const FILLERS: &[&str] = &[
    "avg",
    "average",
    "mean",
    "running",
    "reduced",
    "total",
    "overall",
    "metrics",
    "metric",
    "set",
    "data",
    "dataset",
    "on",
    "the",
    "of",
    "s",
    "is",
    "my",
    "dataloader",
    "idx",
    "evaluator",
    "logs",
    "main",
];

/// Names of the same thing.
const SAME: &[(&str, &str)] = &[
    ("losses", "loss"),
    ("cost", "loss"),
    ("objective", "loss"),
    ("obj", "loss"),
    ("loss_curve", "loss"),
    ("acc", "accuracy"),
    ("accs", "accuracy"),
    ("accuracies", "accuracy"),
    ("acc_1", "accuracy"),
    ("acc1", "accuracy"),
    ("top1", "accuracy"),
    ("top_1", "accuracy"),
    ("top1_acc", "accuracy"),
    ("top_1_acc", "accuracy"),
    ("acc_top1", "accuracy"),
    ("accuracy_top1", "accuracy"),
    ("accuracy_top_1", "accuracy"),
    ("prec_1", "accuracy"),
    ("prec1", "accuracy"),
    ("top1_accuracy", "accuracy"),
    ("accuracy_score", "accuracy"),
    ("categorical_accuracy", "accuracy"),
    ("sparse_categorical_accuracy", "accuracy"),
    ("binary_accuracy", "accuracy"),
    ("multiclass_accuracy", "accuracy"),
    ("multilabel_accuracy", "accuracy"),
    ("f1_score", "f1"),
    ("f1score", "f1"),
    ("f_score", "f1"),
    ("fscore", "f1"),
    ("f", "f1"),
    ("macro_f1", "f1"),
    ("f1_macro", "f1"),
    ("micro_f1", "f1"),
    ("f1_micro", "f1"),
    ("weighted_f1", "f1"),
    ("f1_weighted", "f1"),
    ("binary_f1_score", "f1"),
    ("binary_f1score", "f1"),
    ("multiclass_f1score", "f1"),
    ("multiclass_f1_score", "f1"),
    ("prec", "precision"),
    ("precision_score", "precision"),
    ("rec", "recall"),
    ("recall_score", "recall"),
    ("r2_score", "r2"),
    ("r2score", "r2"),
    ("r_squared", "r2"),
    ("r_2", "r2"),
    ("squared_error", "mse"),
    ("mean_squared_error", "mse"),
    ("mse_loss", "mse"),
    ("mean_absolute_error", "mae"),
    ("absolute_error", "mae"),
    ("mae_loss", "mae"),
    ("root_squared_error", "rmse"),
    ("root_mean_squared_error", "rmse"),
    ("ppl", "perplexity"),
    ("err", "error"),
    ("auroc", "auc"),
    ("roc_auc", "auc"),
    ("auc_roc", "auc"),
    ("log_loss", "logloss"),
    ("binary_crossentropy", "cross_entropy"),
    ("crossentropy", "cross_entropy"),
    ("map_50", "map50"),
    ("map_0_5", "map50"),
    ("map_0_5_0_95", "map50_95"),
    ("map50_95", "map50_95"),
    ("validation_scores", "score"),
    ("validation_score", "score"),
    ("train_score", "score"),
    ("scores", "score"),
];

/// The words joined, without what says nothing.
pub(super) fn base(words: &[String]) -> String {
    let kept = |word: &&String| !FILLERS.contains(&word.as_str());
    let some: Vec<&str> = words.iter().filter(kept).map(String::as_str).collect();
    let all = || words.iter().map(String::as_str).collect::<Vec<_>>().join("_");
    if some.is_empty() { all() } else { some.join("_") }
}

/// The name that wellfit uses for a metric of this base.
pub(super) fn canonical(base: &str) -> &str {
    SAME.iter().find(|(other, _)| *other == base).map_or(base, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_things_have_one_name() {
        for (words, name) in [
            ("avg loss", "loss"),
            ("total loss", "loss"),
            ("acc", "accuracy"),
            ("box loss", "box_loss"),
            ("sparse categorical accuracy", "accuracy"),
            ("metrics map50 95", "map50_95"),
            ("mean squared error", "mse"),
            ("mean", "mean"),
            ("s l2", "l2"),
        ] {
            let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
            assert_eq!(canonical(&base(&words)), name);
        }
    }
}
