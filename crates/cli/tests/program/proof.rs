//! The certificate of `wellfit prove`.

use crate::desk::Desk;
use wellfit::prelude::shelf;

#[test]
fn a_certificate_names_every_law_of_a_technique_with_its_measure() {
    let desk = Desk::new();
    let ended = desk.done(&["prove", "dropout", "l2", "--json", "--out", "certificate.json"]);
    let json = ended.json();
    assert_eq!((&json["device"], &json["holds"]), (&"cpu".into(), &true.into()));
    let proofs = json["proofs"].as_array().unwrap();
    for (technique, law) in
        [("dropout", "expectation"), ("dropout", "off"), ("l2", "textbook_lambda")]
    {
        let proof = proofs.iter().find(|p| p["technique"] == technique && p["law"] == law).unwrap();
        let [value, bound] = ["value", "bound"].map(|key| proof[key].as_f64().unwrap());
        assert!(proof["holds"] == true && value <= bound, "{proof}");
    }
    assert!(proofs.iter().all(|p| p["technique"] == "dropout" || p["technique"] == "l2"));
    assert_eq!(desk.text("certificate.json"), ended.out);
}

#[test]
fn a_file_has_no_colours_where_the_terminal_has() {
    let desk = Desk::new();
    let mut command = desk.command(&["prove", "l2", "--out", "table.txt"]);
    command.env_remove("NO_COLOR").env("CLICOLOR_FORCE", "1");
    let shown = String::from_utf8(command.output().unwrap().stdout).unwrap();
    assert!(shown.contains('\u{1b}'), "{shown}");
    assert!(!desk.text("table.txt").contains('\u{1b}'));
}

#[test]
fn all_techniques_keep_all_laws_on_this_device() {
    let table = Desk::new().done(&["prove"]).out;
    for id in shelf().map(|shelved| shelved.card.id) {
        assert!(table.lines().any(|line| line.split(' ').next() == Some(id)), "{id} is missing");
    }
    assert!(table.trim_end().ends_with("all hold"), "{table}");
}

#[test]
fn an_unknown_technique_or_device_is_refused() {
    let unknown = Desk::new().run(&["prove", "dropuot"]);
    assert_eq!(unknown.code, Some(1));
    assert!(unknown.err.contains("did you mean `dropout`?"), "{}", unknown.err);
    assert_eq!(Desk::new().run(&["prove", "--device", "abacus"]).code, Some(2));
}
