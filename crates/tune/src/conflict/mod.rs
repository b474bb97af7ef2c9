//! What fights with what, why, and what to write instead.
//!
//! Each [`Rule`] looks at a whole recipe, all values spelled out, and at a few facts of the data.
//! An error stops a run, a warning is told, a note stands where recipes are explained. Every rule
//! carries a recipe that it speaks about and one that mends it, and a law tries both.

mod averages;
mod case;
mod control;
mod examples;
mod layers;
mod norms;
mod tables;
mod times;
mod weights;

pub use case::{Case, DataFacts};

use serde::Serialize;

/// How bad a conflict is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Most likely not what was meant; the run goes on.
    Warning,
    /// Has no meaning; the run does not start.
    Error,
}

/// One thing to know about techniques that stand in the same recipe.
pub struct Rule {
    /// Name of the rule.
    pub id: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The techniques that it speaks about, of which those in the recipe are named.
    pub about: &'static [&'static str],
    /// Whether it speaks.
    pub applies: fn(&Case) -> bool,
    /// What happens, and why.
    pub why: &'static str,
    /// What to write instead.
    pub instead: &'static str,
    /// Assignments, as `--set` takes them, that make it speak.
    pub fires: &'static [&'static str],
    /// Assignments that follow its advice.
    pub mended: &'static [&'static str],
}

/// A rule that speaks about a recipe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Name of the rule.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Those of its techniques that stand in the recipe, in the rule's order.
    pub techniques: Vec<&'static str>,
    /// What happens, and why.
    pub why: &'static str,
    /// What to write instead.
    pub instead: &'static str,
}

impl Finding {
    /// Both sentences with the techniques in front.
    pub fn sentence(&self) -> String {
        let techniques = match self.techniques[..] {
            [] => String::new(),
            _ => format!("{}: ", self.techniques.join(" + ")),
        };
        format!("{techniques}{}. Instead: {}", self.why, self.instead)
    }
}

/// All rules, shelf by shelf.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    [
        weights::RULES,
        layers::RULES,
        norms::RULES,
        averages::RULES,
        examples::RULES,
        tables::RULES,
        times::RULES,
        control::RULES,
    ]
    .into_iter()
    .flatten()
}

/// What there is to say about a recipe, the worst first.
pub fn check(case: &Case) -> Vec<Finding> {
    let speaking = rules().filter(|rule| (rule.applies)(case));
    let mut findings: Vec<Finding> = speaking
        .map(|rule| Finding {
            rule: rule.id,
            severity: rule.severity,
            techniques: rule.about.iter().copied().filter(|id| case.names(id)).collect(),
            why: rule.why,
            instead: rule.instead,
        })
        .collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings
}
