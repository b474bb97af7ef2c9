//! Hand-made cocktails, which a search tries before it invents its own.

use crate::space::{Cocktails, Configuration, OnTechnique};
use toml::{Table, Value};

/// A cocktail that people use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// What to call it.
    pub name: &'static str,
    /// Where the idea comes from; values that it leaves open are usual ones to begin with.
    pub source: &'static str,
    /// Its techniques with all values that are searched, as TOML.
    pub techniques: &'static str,
}

/// A cocktail that the space has.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// Which one it is.
    pub known: Known,
    /// What it is in the space.
    pub configuration: Configuration,
}

const fn known(name: &'static str, source: &'static str, techniques: &'static str) -> Known {
    Known { name, source, techniques }
}

/// All of them, the plain net first.
pub const COCKTAILS: &[Known] = &[
    known("plain", "no technique at all", ""),
    known("weight decay", "AdamW, arXiv 1711.05101", "weight_decay = { lambda = 0.01 }"),
    known("strong weight decay", "arXiv 2106.11189", "weight_decay = { lambda = 0.1 }"),
    known("L2", "Nielsen 2015, chapter 3", "l2 = { lambda = 0.1 }"),
    known("dropout", "JMLR 2014", "dropout = { rate = 0.5, input_rate = 0.2 }"),
    known(
        "dropout and max-norm",
        "JMLR 2014, table 9",
        "dropout = { rate = 0.5, input_rate = 0.2 }\nmax_norm = { max_norm = 3.0 }",
    ),
    known(
        "mild dropout and weight decay",
        "arXiv 2106.11189",
        "dropout = { rate = 0.2, input_rate = 0.0 }\nweight_decay = { lambda = 0.01 }",
    ),
    known("label smoothing", "arXiv 1512.00567", "label_smoothing = { epsilon = 0.1 }"),
    known("mixup", "arXiv 1710.09412", "mixup = { alpha = 0.2 }"),
    known("input noise", "Bishop 1995", "input_noise = { std = 0.1 }"),
    known("swap noise", "Vincent et al. 2008, as used on tables", "swap_noise = { rate = 0.15 }"),
    known("batch norm", "arXiv 1502.03167", "batch_norm = {}"),
    known("layer norm", "arXiv 1607.06450", "layer_norm = {}"),
    known("averaged weights", "arXiv 1803.05407", "swa = { start = 0.75 }"),
    known("flat minima", "arXiv 2010.01412", "sam = { rho = 0.05 }"),
    known(
        "cutout, flips and crops",
        "arXiv 1708.04552",
        "flip = { horizontal = 0.5 }\ncrop = {}\ncutout = {}\nweight_decay = { lambda = 0.005 }",
    ),
    known(
        "cocktail",
        "after arXiv 2106.11189",
        "mixup = { alpha = 0.2 }\ndropout = { rate = 0.3, input_rate = 0.1 }\n\
         weight_decay = { lambda = 0.01 }\nswa = { start = 0.75 }",
    ),
];

/// The cocktails whose techniques are all in the space: the plain net, then those with the
/// technique that was prescribed first, then second, and so on; then the others, in their order.
pub fn portfolio(cocktails: &Cocktails, prescribed: &[&str]) -> Vec<Prepared> {
    let mut known: Vec<(usize, Prepared)> = COCKTAILS
        .iter()
        .filter_map(|&known| {
            let techniques = techniques(&known);
            let configuration = cocktails.configuration(&techniques).ok()?;
            Some((urgency(&techniques, prescribed), Prepared { known, configuration }))
        })
        .collect();
    known.sort_by_key(|(urgency, _)| *urgency);
    known.into_iter().map(|(_, prepared)| prepared).collect()
}

/// The techniques of a cocktail.
pub fn techniques(known: &Known) -> Vec<OnTechnique> {
    let table: Table = known.techniques.parse().unwrap_or_default();
    let values = |(id, value): (String, Value)| match value {
        Value::Table(values) => Some((id, values)),
        _ => None,
    };
    table.into_iter().filter_map(values).collect()
}

/// The place of the first prescribed technique that it has; the plain net is before all.
fn urgency(techniques: &[OnTechnique], prescribed: &[&str]) -> usize {
    let has = |id: &&str| techniques.iter().any(|(other, _)| other == id);
    match techniques {
        [] => 0,
        _ => 1 + prescribed.iter().position(has).unwrap_or(prescribed.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::test_cards;

    fn names(prescribed: &[&str]) -> Vec<&'static str> {
        let cocktails = Cocktails::of(&test_cards()).unwrap();
        portfolio(&cocktails, prescribed).iter().map(|prepared| prepared.known.name).collect()
    }

    #[test]
    fn every_cocktail_is_toml_and_has_a_name_of_its_own() {
        for known in COCKTAILS {
            let lines = known.techniques.lines().count();
            assert_eq!(techniques(known).len(), lines, "{}", known.name);
            assert!(!known.source.is_empty());
            assert_eq!(COCKTAILS.iter().filter(|other| other.name == known.name).count(), 1);
        }
    }

    #[test]
    fn those_of_the_space_are_prepared_plain_first() {
        let expected =
            ["plain", "L2", "dropout", "dropout and max-norm", "batch norm", "layer norm"];
        assert_eq!(names(&[]), expected);
    }

    #[test]
    fn what_was_prescribed_comes_first() {
        let prescribed = ["mixup", "max_norm", "batch_norm", "dropout"];
        let expected =
            ["plain", "dropout and max-norm", "batch norm", "dropout", "L2", "layer norm"];
        assert_eq!(names(&prescribed), expected);
    }

    #[test]
    fn values_are_those_of_the_source() {
        let cocktails = Cocktails::of(&test_cards()).unwrap();
        let prepared = portfolio(&cocktails, &[]);
        let dropout = prepared.iter().find(|prepared| prepared.known.name == "dropout").unwrap();
        assert!(cocktails.space().holds(&dropout.configuration));
        let values = &cocktails.techniques(&dropout.configuration)[0].1;
        assert_eq!(values["rate"].as_float(), Some(0.5));
        assert_eq!(values["input_rate"].as_float(), Some(0.2));
    }
}
