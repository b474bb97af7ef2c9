//! Recipes with a mistake.

use super::{refused, refused_with};
use crate::desk::{Desk, RECIPE};

#[test]
fn a_recipe_that_cannot_be_read() {
    let desk = Desk::new();
    desk.write("folder/x", "");
    desk.write("binary.toml", b"\xff\xfe");
    for (name, says) in [
        ("nope.toml", ["cannot read nope.toml", "No such file"]),
        ("folder", ["cannot read folder", "Is a directory"]),
        ("binary.toml", ["cannot read binary.toml", "UTF-8"]),
    ] {
        refused(&desk, &["train", name, "--out", "out"], 1, &says);
        refused(&desk, &["explain", "--recipe", name], 1, &says);
    }
}

#[test]
fn a_text_that_is_no_recipe() {
    let l2 = "[[regularize]]\nl2 = { lambda = 0.1 }\n";
    let with = |more: &str| format!("{RECIPE}\n{more}");
    for (text, says) in [
        ("seed = = 1".to_owned(), ["expected", "recipe.toml:1:8"]),
        ("seed = 1\n[data\n".to_owned(), ["expected `]`", "recipe.toml:2:6"]),
        (with("[trian]\nepochs = 3"), ["`trian`", "hint: did you mean `train`?"]),
        (format!("seed = 2\n{RECIPE}"), ["duplicate key", "recipe.toml:2:1"]),
        (with("[data]"), ["duplicate key", "recipe.toml:14:2"]),
        (with(&l2.repeat(2)), ["`l2` is given twice", "recipe.toml:17:1"]),
        (with(&format!("{l2}l1 = {{ lambda = 1 }}")), ["one technique per", "recipe.toml:16:1"]),
        (with("[[regularize]]"), ["one technique per [[regularize]]", "recipe.toml:14:1"]),
        (with("[regularize]\nl2 = { lambda = 1 }"), ["expected a list", "recipe.toml:14:1"]),
    ] {
        let desk = Desk::new();
        desk.write("recipe.toml", text);
        refused(&desk, &["train", "recipe.toml", "--out", "out"], 1, &says);
    }
}

#[test]
fn keys_and_words_that_nobody_knows() {
    let desk = Desk::with_recipe();
    for (sets, says) in [
        ("trian.epochs=1", ["unknown key `trian`", "did you mean `train`?"]),
        ("train.epoch=1", ["`epoch`, expected one of `epochs`", "did you mean `epochs`?"]),
        ("model.mlp.width=3", ["`width`, expected one of `widths`", "did you mean `widths`?"]),
        ("data.valid=0.2", ["`valid`, expected one of", "did you mean `validation`?"]),
        ("regularize.dropuot.rate=0.1", ["technique `dropuot`", "did you mean `dropout`?"]),
        ("regularize.dropout.rat=0.1", ["`rat`, expected one of", "did you mean `rate`?"]),
        ("model.mlp.activation=rely", ["`rely`, expected one of", "did you mean `relu`?"]),
        ("train.loss=cross_entropi", ["--set:1:12", "did you mean `cross_entropy`?"]),
        ("train.schedule=cosin", ["`cosin`, expected one of", "did you mean `cosine`?"]),
        ("train.optimizer={ adagrad = {} }", ["`adagrad`, expected one of", "`adamw`"]),
        ("data.order=random", ["`random`, expected `shuffled` or `as_given`", "--set:1:12"]),
        ("regularize.clip_norm={}", ["missing field `max_norm`", "--set:1:22"]),
        ("novalue", ["expected KEY=VALUE", "--set:1:1"]),
        ("=3", ["an empty key", "--set:1:1"]),
        ("seed.x=3", ["`seed` is a plain value", "--set:1:1"]),
    ] {
        refused_with(&desk, sets, &says);
    }
}

#[test]
fn numbers_out_of_their_range() {
    let desk = Desk::with_recipe();
    for (sets, says) in [
        ("regularize.dropout.rate=1", ["expected a rate in [0, 1), found 1", "--set:1:25"]),
        ("regularize.dropout.rate=-0.1", ["expected a rate in [0, 1), found -0.1", ":25"]),
        ("regularize.l2.lambda=-1", ["expected a finite number of at least 0, found -1", ":22"]),
        ("regularize.l2.lambda=nan", ["expected a finite number of at least 0, found NaN", ":22"]),
        ("train.learning_rate=0", ["expected a finite number above 0, found 0", "--set:1:21"]),
        ("train.learning_rate=inf", ["expected a finite number above 0, found inf", ":21"]),
        ("data.validation=1.5", ["expected a share between 0 and 1", "found 1.5"]),
        ("data.label_noise=2", ["expected a fraction in [0, 1], found 2", "--set:1:18"]),
        ("data.validation=5000", ["cannot split 1797 examples", "leave none for training"]),
        ("data.validation=0", ["needs at least one validation example", "`train.loss`"]),
        ("data.validation=0.0001", ["cannot split 1797 examples", "write 0 to go without"]),
        ("data.first=5000", ["`first` must be from 1 to 1079, found 5000", "1797"]),
        ("data.first=5", ["10 classes", "more than the 5 examples that train takes"]),
    ] {
        refused_with(&desk, sets, &says);
    }
}

#[test]
fn values_of_the_wrong_kind() {
    let desk = Desk::with_recipe();
    for (sets, place) in [
        ("regularize.l2.lambda=big", "--set:1:22"),
        ("regularize.l2=3", "--set:1:1"),
        ("regularize.early_stopping.patience=0", "--set:1:36"),
        ("train.batch_size=0", "--set:1:18"),
        ("train.batch_size=2.5", "--set:1:18"),
        ("train.epochs=0", "--set:1:14"),
        ("train.optimizer=sgdd", "--set:1:17"),
        ("train.optimizer=3", "--set:1:17"),
        ("train.optimizer={}", "--set:1:17"),
        ("model=mlp", "--set:1:7"),
        ("model={}", "--set:1:7"),
        ("model.mlp.widths=8", "--set:1:18"),
        ("model.mlp.widths=[8, -1]", "--set:1:22"),
        ("model.mpl.widths=[3]", "--set:1:1"),
        ("seed=-1", "--set:1:6"),
        ("seed=abc", "--set:1:6"),
    ] {
        refused_with(&desk, sets, &["expected", place]);
    }
}

#[test]
fn techniques_and_models_that_do_not_fit() {
    let desk = Desk::with_recipe();
    let adamw = "train.optimizer={ adamw = {} }; regularize.weight_decay.lambda=0.1";
    let norms = "regularize.batch_norm={}; regularize.layer_norm={}";
    for (sets, says) in [
        (adamw, ["adamw brings its own weight decay", "--set:1:17"]),
        (norms, ["both stand between the same layer", "Instead: one of them"]),
        ("regularize.group_norm.groups=3", ["3 groups of the 16 features", "--set:1:1"]),
        ("model.mlp.widths=[8, 0]", ["expected widths above 0, found 0", "hidden layer 2"]),
    ] {
        refused_with(&desk, sets, &says);
    }
}

#[test]
fn a_series_to_watch_that_is_not_logged() {
    let desk = Desk::with_recipe();
    let stop = "regularize.early_stopping={ patience = 3, monitor = \"validation.foo\" }";
    for sets in ["train.monitor=validation.foo", "train.monitor=validation.r2", stop] {
        refused_with(&desk, sets, &["monitor: no series `validation.", "validation.accuracy"]);
    }
}
