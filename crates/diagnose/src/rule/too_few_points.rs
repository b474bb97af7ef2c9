//! `too_few_points`: fewer than 5 validation values.
//!
//! Rule: below 3 nothing can be told, below 5 nothing is ever sure (confidence at most 0.5).

use super::{Symptom, symptom};
use crate::case::Case;
use crate::confidence::FEW;

/// Values that a trend needs at least.
pub(crate) const FEWEST: usize = 3;

pub(super) fn find(case: &Case) -> Option<Symptom> {
    let points = case.points();
    if points >= FEW {
        return None;
    }
    let so = if points < FEWEST { "nothing can be told" } else { "nothing is sure" };
    let summary = format!("{points} validation value(s) were logged: of fewer than {FEW}, {so}");
    symptom("too_few_points", summary, [("points", points as f64)])
}

#[cfg(test)]
mod tests {
    use super::super::example::{find as found, log};
    use super::*;
    use wellfit_core::run::Part::{Train, Validation};

    #[test]
    fn four_are_few_and_five_are_not() {
        let validation = |epochs| log(epochs, &[(Validation, "loss", &|e| 1.0 / e)]);
        assert!(found(&validation(4), find).is_some());
        assert_eq!(found(&validation(5), find), None);
        let none = log(50, &[(Train, "loss", &|e| 1.0 / e)]);
        assert_eq!(found(&none, find).unwrap().evidence["points"], 0.0);
    }
}
