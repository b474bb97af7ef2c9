use super::*;

/// Each name with what it means, as `part.metric` or `part.metric@set`.
fn found(names: &[&str]) -> Vec<String> {
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let show = |role: Role| match role {
        Role::Series(s) if s.set.is_empty() => format!("{}.{}", s.part.name(), s.metric),
        Role::Series(s) => format!("{}.{}@{}", s.part.name(), s.metric, s.set),
        other => format!("{other:?}"),
    };
    resolve(&names).0.into_iter().map(show).collect()
}

#[test]
fn keras_and_fastai_name_training_differently() {
    assert_eq!(
        found(&["epoch", "acc", "loss", "lr", "val_acc", "val_loss"]),
        [
            "Epoch",
            "train.accuracy",
            "train.loss",
            "LearningRate",
            "validation.accuracy",
            "validation.loss"
        ]
    );
    assert_eq!(
        found(&["epoch", "train_loss", "valid_loss", "accuracy", "time"]),
        ["Epoch", "train.loss", "validation.loss", "validation.accuracy", "Nothing"]
    );
}

#[test]
fn test_is_validation_only_without_one() {
    assert_eq!(found(&["train_loss", "test_loss"]), ["train.loss", "validation.loss"]);
    assert_eq!(
        found(&["train_loss", "val_loss", "test_loss"]),
        ["train.loss", "validation.loss", "test.loss"]
    );
    assert_eq!(found(&["loss", "test_loss", "test_acc"])[2], "validation.accuracy");
}

#[test]
fn sets_with_numbers() {
    let two = ["validation_0-logloss", "validation_1-logloss"];
    assert_eq!(found(&two), ["train.logloss", "validation.logloss"]);
    assert_eq!(found(&two[..1]), ["validation.logloss"]);
    assert_eq!(found(&["training's l2", "valid_1's l2"]), ["train.l2", "validation.l2"]);
    let three = ["train-auc", "valid_0-auc", "valid_1-auc"];
    assert_eq!(found(&three), ["train.auc", "validation.auc", "test.auc"]);
}

#[test]
fn several_evaluation_sets() {
    assert_eq!(
        found(&["loss", "eval_mnli_loss", "eval_mnli_f1", "eval_squad_loss"]),
        ["train.loss", "validation.loss@mnli", "validation.f1@mnli", "validation.loss@squad"]
    );
    assert_eq!(found(&["loss", "eval_mnli_loss"]), ["train.loss", "validation.loss"]);
    // Two outputs of one model are not two sets.
    assert_eq!(
        found(&["loss", "a_loss", "b_loss", "val_loss", "val_a_loss", "val_b_loss"])[4..],
        ["validation.a_loss", "validation.b_loss"]
    );
}

#[test]
fn the_value_of_an_epoch_is_taken_before_that_of_a_step() {
    assert_eq!(
        found(&["train_loss_step", "train_loss_epoch", "val_loss"]),
        ["Nothing", "train.loss", "validation.loss"]
    );
    assert_eq!(found(&["batch_loss", "epoch_loss"]), ["Nothing", "train.loss"]);
    assert_eq!(found(&["train_loss_step", "val_loss"])[0], "train.loss");
}

#[test]
fn the_only_loss_is_of_training() {
    assert_eq!(
        found(&["loss", "train_acc", "valid_acc", "f1"]),
        ["train.loss", "train.accuracy", "validation.accuracy", "validation.f1"]
    );
}

#[test]
fn a_part_alone_is_the_loss() {
    assert_eq!(found(&["epoch", "train", "val"])[1..], ["train.loss", "validation.loss"]);
}

#[test]
fn the_plainest_name_wins() {
    assert_eq!(found(&["total_loss", "loss", "val_loss"])[..2], ["train.total_loss", "train.loss"]);
}
