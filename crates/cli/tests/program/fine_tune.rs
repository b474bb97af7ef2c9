//! Training that starts from a stored model.

use crate::desk::Desk;
use std::fmt::Write;
use wellfit::nn::snapshot::Snapshot;

const BASE: &str = "\
seed = 1
data = { digits = {} }
model = { mlp = { widths = [12, 12] } }
train = { epochs = 2, batch_size = 64, learning_rate = 0.1 }
[[regularize]]
batch_norm = {}
";
const TUNED: &str = "\
seed = 1
data = { digits = {} }
train = { epochs = 2, batch_size = 64, learning_rate = 0.1 }
fine_tune = { from = \"base\" }
[[regularize]]
batch_norm = {}
";

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("base.toml", BASE);
    desk.write("tuned.toml", TUNED);
    desk.done(&["train", "base.toml", "--out", "base"]);
    desk
}

fn weights(desk: &Desk, run: &str) -> Snapshot {
    Snapshot::from_safetensors(&desk.read(&format!("{run}/model.safetensors"))).unwrap()
}

/// Names of the tensors that differ.
fn changed(a: &Snapshot, b: &Snapshot) -> Vec<String> {
    assert!(a.tensors().keys().eq(b.tensors().keys()));
    let differ = |(path, data): &(&String, &_)| b.tensors()[*path] != **data;
    a.tensors().iter().filter(differ).map(|(path, _)| path.clone()).collect()
}

/// A table of three numbers and a target.
fn table(columns: &str, target: impl Fn(usize) -> &'static str) -> String {
    let mut text = format!("{columns},y\n");
    for i in 0..120 {
        writeln!(text, "{},{},{},{}", i % 7, i % 11, i * i % 31, target(i)).unwrap();
    }
    text
}

#[test]
fn a_run_that_does_not_move_is_the_stored_model() {
    let desk = desk();
    // The statistics of batch norm would follow the batches at any learning rate.
    let plain = ["--set", "regularize.batch_norm={ momentum = 0.0 }"];
    let still = ["train", "tuned.toml", "--set", "train.learning_rate=1e-30", "--json"];
    let base = desk.done(&["train", "base.toml", "--out", "b", "--json"]);
    let from = ["--set", "fine_tune.from=\"b\"", "--out", "t"];
    let tuned = desk.done(&[&still[..], &plain, &from].concat());
    for part in ["train", "validation", "test"] {
        assert_eq!(tuned.json()[part], base.json()[part], "{part}");
    }
    assert_eq!(changed(&weights(&desk, "t"), &weights(&desk, "b")), Vec::<String>::new());
}

#[test]
fn frozen_parts_stay_and_an_interrupted_run_ends_the_same() {
    let desk = desk();
    let freeze = ["train", "tuned.toml", "--set", "fine_tune.freeze=[\"blocks.0\"]"];
    desk.done(&[&freeze[..], &["--out", "t"]].concat());
    let moved = changed(&weights(&desk, "base"), &weights(&desk, "t"));
    assert!(moved.contains(&"Mlp.head.weight".to_owned()), "{moved:?}");
    assert!(moved.contains(&"Mlp.blocks.1.linear.weight".to_owned()), "{moved:?}");
    assert!(!moved.iter().any(|path| path.contains("blocks.0")), "{moved:?}");
    // A finished run is a checkpoint as any other.
    desk.done(&[&freeze[..], &["--out", "t", "--resume"]].concat());
    assert_eq!(changed(&weights(&desk, "base"), &weights(&desk, "t")), moved);
}

#[test]
fn a_new_head_learns_other_classes() {
    let desk = Desk::new();
    desk.write("three.csv", table("a,b,c", |i| ["x", "y", "z"][i % 3]));
    desk.write("two.csv", table("a,b,c", |i| ["no", "yes"][i % 2]));
    desk.write("other.csv", table("a,b,d", |i| ["x", "y", "z"][i % 3]));
    let recipe = |csv: &str, rest: &str| {
        format!(
            "data = {{ csv = {{ path = \"{csv}\", target = \"y\" }} }}\n\
             train = {{ epochs = 1, batch_size = 16, learning_rate = 0.1 }}\n{rest}"
        )
    };
    desk.write("base.toml", recipe("three.csv", "model = { mlp = { widths = [5] } }"));
    desk.done(&["train", "base.toml", "--out", "base"]);
    let from = "fine_tune = { from = \"base\" }";
    desk.write("two.toml", recipe("two.csv", from));
    desk.write("other.toml", recipe("other.csv", from));
    let refused = desk.run(&["train", "two.toml"]);
    assert_eq!(refused.code, Some(1));
    let expected = "the stored model predicts the classes x, y, z, and the target holds the \
                    classes no, yes: write new_head = true";
    assert!(refused.err.replace("\n  ", " ").contains("two.toml:3:"), "{}", refused.err);
    assert!(refused.err.contains(expected), "{}", refused.err);
    desk.done(&["train", "two.toml", "--set", "fine_tune.new_head=true", "--out", "two"]);
    let head = |run: &str| weights(&desk, run).tensors()["Mlp.head.weight"].shape().to_vec();
    assert_eq!((head("base"), head("two")), (vec![5, 3], vec![5, 2]));
    let refused = desk.run(&["train", "other.toml"]);
    let expected = "the stored model has the input `c` where [data] has `d`";
    assert!(refused.code == Some(1) && refused.err.contains(expected), "{}", refused.err);
}

#[test]
fn a_head_that_stays_is_pulled_to_its_start_and_a_new_one_to_zero() {
    let desk = desk();
    let shown = |new_head: &str| {
        let pull = ["train", "tuned.toml", "--set", "regularize.l2_sp.lambda=1.0"];
        let new_head = format!("fine_tune.new_head={new_head}");
        desk.done(&[&pull[..], &["--set", &new_head, "--show-recipe"]].concat()).out
    };
    assert!(shown("true").contains("new = [\"head\"]"), "{}", shown("true"));
    assert!(!shown("false").contains("new = [\"head\"]"), "{}", shown("false"));
}

#[test]
fn what_cannot_be_started_from_is_refused_with_its_place() {
    let desk = desk();
    let refusals = [
        ("fine_tune.from=\"nowhere\"", "there is no such model"),
        (
            "fine_tune.freeze=[\"blocks.7\"]",
            "no part is called `blocks.7`; there are Mlp.blocks.0.",
        ),
        ("fine_tune.frozen=[]", "unknown field `frozen`"),
        ("regularize.l2={ lambda = 1.0, layers = { tail = 2.0 } }", "no layer is called `tail`"),
        ("regularize.l2_sp={ lambda = 1.0, new = [\"tail\"] }", "no layer is called `tail`"),
        ("model={ mlp = { widths = [12] } }", "`Mlp.blocks.1."),
        ("model={ mlp = { widths = [12, 13] } }", "expected shape"),
        (
            "model={ mlp = { widths = [12, 12], activation = \"tanh\" } }",
            "the stored model has the activation",
        ),
        ("model={ mlp = { widths = [12, 12], skip = true } }", "the stored model has skip = false"),
    ];
    for (set, expected) in refusals {
        let ended = desk.run(&["train", "tuned.toml", "--set", set, "--out", "t"]);
        assert_eq!(ended.code, Some(1), "{set}: {}", ended.err);
        assert!(ended.err.contains(expected), "{set}: {}", ended.err);
        assert!(!desk.path("t").exists(), "{set}");
    }
}

/// A level is a number to the model: the same number for another word would mean something else.
#[test]
fn embedded_levels_must_be_those_that_were_learned() {
    let desk = Desk::new();
    let rows = |third: &str| {
        let row = |i: usize| format!("{},{}\n", ["red", "blue", third][i % 3], i % 2);
        format!("colour,y\n{}", (0..60).map(row).collect::<String>())
    };
    let recipe = |csv: &str, rest: &str| {
        format!(
            "data = {{ csv = {{ path = \"{csv}\", target = \"y\", categories = \"embedding\" }} }}\n\
             train = {{ epochs = 1, batch_size = 16, learning_rate = 0.1 }}\n{rest}"
        )
    };
    desk.write("a.csv", rows("green"));
    desk.write("b.csv", rows("azure"));
    desk.write("base.toml", recipe("a.csv", "model = { mlp = { widths = [5] } }"));
    desk.done(&["train", "base.toml", "--out", "base"]);
    let from = "fine_tune = { from = \"base\" }";
    desk.write("same.toml", recipe("a.csv", from));
    desk.write("other.toml", recipe("b.csv", from));
    desk.done(&["train", "same.toml", "--out", "same"]);
    let refused = desk.run(&["train", "other.toml", "--out", "other"]);
    let expected = "the stored model learned vectors for other levels of the column `colour`";
    assert!(refused.code == Some(1) && refused.err.contains(expected), "{}", refused.err);
}
