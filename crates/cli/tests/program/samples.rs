//! How sure a stored model is: `--samples` of `predict` and `evaluate`.

use crate::desk::Desk;
use crate::stored::with_model;
use crate::tables;

fn trained(table: &str, technique: &str) -> Desk {
    with_model(table, &["--set", &format!("regularize.{technique}")]).0
}

fn header(text: &str) -> Vec<&str> {
    text.lines().next().unwrap().split(',').collect()
}

#[test]
fn samples_add_what_is_not_known_of_classes() {
    for technique in ["dropout={ rate = 0.3 }", "bayes_linear={ prior_std = 0.5 }"] {
        let desk = trained(&tables::classes(), technique);
        let found = desk.done(&["predict", "o", "t.csv", "--samples", "8"]).out;
        let names =
            ["prediction", "probability_no", "probability_yes", "entropy", "mutual_information"];
        assert_eq!(header(&found), names, "{technique}");
        for line in found.lines().skip(1) {
            let cells: Vec<f64> =
                line.split(',').skip(1).map(|cell| cell.parse().unwrap()).collect();
            let [no, yes, entropy, information] = cells[..] else { panic!("{line}") };
            let expected = -no * no.ln() - yes * yes.ln();
            assert!((no + yes - 1.0).abs() < 1e-9 && (entropy - expected).abs() < 1e-9, "{line}");
            assert!(information > 0.0 && information <= entropy, "{line}");
        }
        assert_eq!(desk.done(&["predict", "o", "t.csv", "--samples", "8"]).out, found);
        let json = desk.done(&["evaluate", "o", "t.csv", "--samples", "8", "--json"]).json();
        let sampled = &json["uncertainty"];
        let number = |key: &str| sampled[key].as_f64().unwrap();
        assert_eq!(sampled["samples"], 8);
        let parts = number("aleatoric") + number("mutual_information");
        assert!((number("entropy") - parts).abs() < 1e-9);
        assert!(number("nll") > 0.0 && number("brier") > 0.0 && number("ece") >= 0.0);
        let plain = desk.done(&["evaluate", "o", "t.csv", "--json"]).json();
        assert_eq!(plain["loss"], json["loss"], "evaluation itself stays as it was");
        assert!(plain.get("uncertainty").is_none());
        let shown = desk.done(&["evaluate", "o", "t.csv", "--samples", "8"]).out;
        assert!(shown.contains("mean of 8 samples") && shown.contains("of the model"), "{shown}");
    }
}

#[test]
fn samples_add_the_spread_of_numbers() {
    let desk = trained(&tables::regression(), "dropout={ rate = 0.3 }");
    let found = desk.done(&["predict", "o", "t.csv", "--samples", "8"]).out;
    assert_eq!(header(&found), ["prediction", "std"]);
    let stds = found.lines().skip(1).map(|line| line.split_once(',').unwrap().1);
    assert!(stds.map(|std| std.parse::<f64>().unwrap()).all(|std| std > 0.0), "{found}");
    let json = desk.done(&["evaluate", "o", "t.csv", "--samples", "8", "--json"]).json();
    let sampled = &json["uncertainty"];
    let number = |key: &str| sampled[key].as_f64().unwrap();
    let squares = number("spread").powi(2) + number("noise").powi(2);
    assert!(number("noise") == 0.0 || (squares.sqrt() - number("rmse")).abs() < 1e-9, "{sampled}");
    assert!(number("coverage_90") >= number("coverage_90_of_spread"), "{sampled}");
}

#[test]
fn a_model_that_draws_nothing_has_no_samples() {
    let (desk, _) = with_model(&tables::classes(), &[]);
    for command in ["predict", "evaluate"] {
        let refused = desk.run(&[command, "o", "t.csv", "--samples", "8"]);
        assert_eq!(refused.code, Some(1));
        assert!(refused.err.contains("samples need a layer that draws"), "{}", refused.err);
    }
    let refused = desk.run(&["predict", "o", "t.csv", "--samples", "0"]);
    assert_eq!(refused.code, Some(2), "{}", refused.err);
}
