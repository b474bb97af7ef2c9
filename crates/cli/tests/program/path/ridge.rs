//! The textbook's tie: gradient descent with L2 lands on ridge.

use crate::desk::Desk;

/// `examples/ridge.toml` and the command in its head say the same of new houses.
#[test]
fn the_recipe_lands_on_the_closed_form() {
    let desk = Desk::new();
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/");
    for name in ["ridge.toml", "houses.csv", "houses-validation.csv"] {
        desk.write(name, std::fs::read(format!("{examples}{name}")).unwrap());
    }
    let recipe = desk.text("ridge.toml");
    let command = recipe.lines().find_map(|line| line.strip_prefix("#     wellfit ")).unwrap();
    let command = command.replace("examples/", "");
    let args: Vec<&str> = command.split_whitespace().chain(["--out", "closed"]).collect();
    let told = desk.done(&args).out;
    assert!(told.contains("the textbook's ridge lambda: 6.00000"), "{told}");
    desk.done(&["train", "ridge.toml", "--out", "trained"]);
    let prices = |run: &str| -> Vec<f64> {
        let out = desk.done(&["predict", run, "houses-validation.csv"]).out;
        out.lines().skip(1).map(|line| line.parse().unwrap()).collect()
    };
    let (closed, trained) = (prices("closed"), prices("trained"));
    assert_eq!(closed.len(), 30);
    for (a, b) in closed.iter().zip(&trained) {
        assert!((a - b).abs() < 1e-5 * a.abs(), "{a} {b}");
    }
}
