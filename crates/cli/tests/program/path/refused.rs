//! Bad input.

use super::desk;

#[test]
fn what_cannot_be_fitted_is_refused_with_its_reason() {
    let desk = desk();
    desk.write("empty.csv", "");
    desk.write("gap.csv", "x,y\n0.5,1.1\n1.5,nan\n2.5,5.2\n");
    desk.write("one.csv", format!("x,y\n{}", "0.5,a\n2.5,a\n".repeat(5)));
    desk.write("words.csv", format!("x,y\n{}", "0.5,a\n2.5,b\n".repeat(5)));
    desk.write("three.csv", format!("x,y\n{}", "0.5,a\n2.5,b\n1.0,c\n".repeat(5)));
    desk.write("minus.csv", "x,y\n0.5,-1.5\n1.5,2\n2.5,5\n3.5,1\n");
    desk.write("full/note.txt", "mine");
    for (args, says) in [
        (&["four.csv", "--target", "z"][..], "no column is named `z`"),
        (&["none.csv", "--target", "y"], "none.csv"),
        (&["empty.csv", "--target", "y"], "empty file"),
        (&["gap.csv", "--target", "y"], "a missing one"),
        (&["one.csv", "--target", "y"], "class `a` alone"),
        (&["words.csv", "--target", "y", "--family", "gaussian"], "a finite number"),
        (&["three.csv", "--target", "y", "--family", "logistic"], "3 classes"),
        (&["three.csv", "--target", "y", "--select", "bic"], "BIC is not known"),
        (&["minus.csv", "--target", "y", "--family", "poisson", "--cv", "2"], "-1.5"),
        (&["four.csv", "--target", "y"], "expected from 2 to 4"),
        (&["four.csv", "--target", "y", "--mix", "0.5"], "--mix is for the elastic net"),
        (&["four.csv", "--target", "y", "--select", "loo"], "exact for ridge"),
        (&["four.csv", "--target", "y", "--out", "full"], "is no empty folder"),
    ] {
        let ended = desk.run(&[&["path"], args].concat());
        assert_eq!(ended.code, Some(1), "{args:?}: {}", ended.err);
        assert!(ended.err.contains(says), "{args:?}: {}", ended.err);
        assert_eq!(ended.out, "", "{args:?}");
    }
    assert_eq!(desk.text("full/note.txt"), "mine");
}

#[test]
fn options_out_of_range_are_wrong_usage() {
    let desk = desk();
    for (option, value, says) in [
        ("--lambdas", "-1", "at least 0"),
        ("--lambdas", "0", "at least one"),
        ("--lambdas", "1,nan", "at least 0"),
        ("--mix", "2", "[0, 1]"),
        ("--family", "normal", "gaussian"),
    ] {
        let ended = desk.run(&["path", "four.csv", "--target", "y", option, value]);
        assert_eq!(ended.code, Some(2), "{option} {value}: {}", ended.err);
        assert!(ended.err.contains(says), "{option} {value}: {}", ended.err);
    }
}
