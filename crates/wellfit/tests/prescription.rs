//! What a diagnosis prescribes can be pasted into a recipe.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]

use wellfit::diagnose::{Remedy, diagnose, techniques};
use wellfit::prelude::{Doors, Part, Recipe, Run};

/// The recipe lines of a remedy are accepted.
fn check(remedy: &Remedy) {
    let Remedy { technique: id, recipe: lines, .. } = remedy;
    assert!(!remedy.start.is_empty() && !remedy.source.is_empty(), "{id}");
    let recipe = Recipe::parse("prescription", lines).unwrap();
    let doors = Doors::read(&recipe).unwrap_or_else(|error| panic!("{lines}: {error}"));
    assert_eq!(doors.ids(), [*id]);
}

#[test]
fn every_technique_that_can_be_prescribed_can_be_pasted() {
    assert!(!techniques().is_empty());
    techniques().iter().for_each(|id| check(&Remedy::usual(id).unwrap()));
    assert_eq!(Remedy::usual("no_such_technique"), None);
}

#[test]
fn the_starts_that_a_run_asks_for_can_be_pasted_too() {
    let mut run = Run::new("overfit");
    for epoch in (1..=60).map(f64::from) {
        run.push(Part::Train, "loss", epoch, 0.4 / epoch);
        run.push(Part::Validation, "loss", epoch, 0.5 + 0.01 * (epoch - 15.0).abs());
        run.push(Part::Train, "accuracy", epoch, 1.0 - 0.3 / epoch);
        run.push(Part::Validation, "accuracy", epoch, 0.8 - 0.002 * epoch);
    }
    let found = diagnose(&run);
    assert!(found.prescription.len() > 5, "{found:?}");
    found.prescription.iter().for_each(check);
}
