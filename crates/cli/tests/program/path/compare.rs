//! `--compare`: ridge and lasso on the same rows.

use super::{number, with_target};
use crate::desk::Desk;

#[test]
fn both_penalties_are_tested_on_rows_that_neither_has_seen() {
    let desk = Desk::new();
    desk.write("y.csv", with_target("y"));
    let args = ["path", "y.csv", "--target", "y", "--compare"];
    let found = desk.done(&[&args[..], &["--json", "--out", "run"]].concat()).json();
    assert_eq!(found["rows"].to_string(), r#"{"test":12,"train":48}"#);
    for side in ["ridge", "lasso"] {
        assert!(number(&found[side]["test_error"]) < 0.2, "{side}: the noise is .08");
        assert_eq!(found[side]["schema"], 1);
    }
    let used = |side: &str| {
        let at = found[side]["selected"].as_u64().unwrap() as usize;
        let w = found[side]["coefficients"][at].as_array().unwrap().iter();
        w.filter(|w| number(w) != 0.0).count()
    };
    assert!(used("ridge") == 5 && used("lasso") < 5, "{} {}", used("ridge"), used("lasso"));
    for file in ["compare.json", "compare.svg", "compare.png", "report.html"] {
        assert!(desk.path(&format!("run/{file}")).exists(), "{file}");
    }
    let text = desk.done(&args).out;
    assert!(text.contains("test error") && text.contains("features used"), "{text}");
    let refused = desk.run(&[&args[..], &["--penalty", "ridge"]].concat());
    assert_eq!(refused.code, Some(2));
    let refused = desk.run(&[&args[..], &["--select", "gcv"]].concat());
    assert_eq!(refused.code, Some(1));
}
