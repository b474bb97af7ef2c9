use super::*;

fn of(name: &str) -> (Option<PartWord>, String) {
    match meaning(name) {
        Meaning::Metric { part, words, .. } => (part, words.join("_")),
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn the_x_axis_has_many_names() {
    for name in ["epoch", "Epoch", "train/epoch", "current_epoch", "Epoch #", "epochs"] {
        assert_eq!(meaning(name), Meaning::Epoch, "{name}");
    }
    for name in
        ["step", "_step", "trainer/global_step", "train/global_step", "Iteration", "iter", "n_iter"]
    {
        assert_eq!(meaning(name), Meaning::Step, "{name}");
    }
    for name in ["", "Unnamed: 0", "index"] {
        assert_eq!(meaning(name), Meaning::Index, "{name}");
    }
}

#[test]
fn what_is_no_metric() {
    for name in [
        "time",
        "epoch_time",
        "eval_runtime",
        "eval_samples_per_second",
        "grad_norm",
        "best_val_loss",
        "total_flos",
        "_timestamp",
        "GPU mem",
        "num_input_tokens_seen",
        "hp_metric",
        "loss_scale",
        "test-rmse-std",
        "run - loss__MIN",
        "weight_decay",
    ] {
        assert_eq!(meaning(name), Meaning::Nothing, "{name}");
    }
    for name in [
        "lr",
        "lr-Adam",
        "learning_rate",
        "train/learning_rate",
        "LearningRate",
        "epoch_learning_rate",
        "lr/pg0",
    ] {
        assert_eq!(meaning(name), Meaning::LearningRate, "{name}");
    }
}

#[test]
fn the_part_stands_anywhere() {
    assert_eq!(of("Loss/train"), (Some(PartWord::Train), "loss".into()));
    assert_eq!(of("accuracy_val"), (Some(PartWord::Validation), "accuracy".into()));
    assert_eq!(of("eval/train/loss"), (Some(PartWord::Train), "loss".into()));
    assert_eq!(of("loss"), (None, "loss".into()));
    assert_eq!(of("metrics/mAP50-95(B)"), (None, "metrics_map50_95".into()));
}

#[test]
fn sets_have_numbers_and_metrics_too() {
    let Meaning::Metric { set, words, .. } = meaning("valid_1's l2") else { panic!() };
    assert_eq!((set, words.last().map(String::as_str)), (Some(1), Some("l2")));
    let Meaning::Metric { set, words, .. } = meaning("val_top_5_acc") else { panic!() };
    assert_eq!((set, words.join("_")), (None, "top_5_acc".into()));
}
