//! Configurations that make sense: of techniques that fight, one gives way.

use super::{Cocktails, Configuration};
use crate::conflict::{Finding, Severity};
use wellfit_core::seed::Draw;

/// Switches techniques off until no finding as bad as `unbearable` speaks.
///
/// Which of those that a finding names gives way is drawn, so that none is always the loser; only
/// a finding that speaks draws. `findings` judges a configuration, see [`crate::conflict::check`].
///
/// # Errors
/// The finding that speaks although none of its techniques can be switched off: it is about what
/// the search cannot change.
pub fn settle(
    cocktails: &Cocktails,
    mut configuration: Configuration,
    unbearable: Severity,
    findings: impl Fn(&Configuration) -> Vec<Finding>,
    draw: &mut Draw,
) -> Result<Configuration, Finding> {
    loop {
        let bad = findings(&configuration).into_iter().find(|f| f.severity >= unbearable);
        let Some(finding) = bad else { return Ok(configuration) };
        let can_yield = |id: &&&str| cocktails.is_on(&configuration, id);
        let on: Vec<&&str> = finding.techniques.iter().filter(can_yield).collect();
        let Some(loser) = on.get(draw.below(on.len() as u64) as usize) else {
            return Err(finding);
        };
        configuration = cocktails.without(&configuration, loser);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conflict::{Case, DataFacts, check};
    use crate::space::cocktail::tests::cards;
    use wellfit_core::seed::Seed;

    fn draw(trial: u64) -> Draw {
        Seed::new(3).stream("conflict").step(trial)
    }

    #[test]
    fn of_two_norms_either_stays() {
        let cocktails = Cocktails::of(&cards()).unwrap();
        let findings = |configuration: &Configuration| {
            let techniques = cocktails.techniques(configuration);
            let data = DataFacts { smallest_batch: 32, ..DataFacts::default() };
            check(&Case::new(techniques, Default::default(), Default::default(), data))
        };
        let all = cocktails.space().decide(|_, dimension| dimension.domain.nearest(1.0));
        let settled = |trial| {
            settle(&cocktails, all.clone(), Severity::Error, findings, &mut draw(trial)).unwrap()
        };
        let mut kept = Vec::new();
        for trial in 0..20 {
            let settled = settled(trial);
            assert!(cocktails.space().holds(&settled));
            let norms = ["batch_norm", "layer_norm"].map(|id| cocktails.is_on(&settled, id));
            assert_ne!(norms[0], norms[1]);
            assert!(cocktails.is_on(&settled, "dropout"));
            kept.push(norms[0]);
        }
        assert!(kept.contains(&true) && kept.contains(&false));
        assert_eq!(settled(4), settled(4));
    }

    #[test]
    fn what_the_search_cannot_change_is_told() {
        let cocktails = Cocktails::of(&cards()).unwrap();
        let none = cocktails.configuration(&[]).unwrap();
        let finding = Finding {
            rule: "fixed",
            severity: Severity::Error,
            techniques: vec!["stochastic_depth"],
            why: "",
            instead: "",
        };
        let result =
            settle(&cocktails, none, Severity::Error, |_| vec![finding.clone()], &mut draw(0));
        assert_eq!(result.unwrap_err().rule, "fixed");
    }
}
