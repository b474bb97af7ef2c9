//! What is asked of a path, within what a page can wait for.

use super::sample::Sample;
use serde::Deserialize;
use wellfit::core::number::Fraction;
use wellfit::core::seed::Seed;
use wellfit::linear::{Lambdas, Settings};
use wellfit::linear_path::{Ask, Family, Select, tolerance};

/// λ of a path, as `wellfit path` has them.
const LAMBDAS: usize = 100;

/// The penalty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Penalty {
    /// The sum of squares.
    Ridge,
    /// The sum of absolute values.
    #[default]
    Lasso,
    /// Both, as `mix` tells.
    ElasticNet,
}

/// What the target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// What its values look like.
    #[default]
    Values,
    /// Numbers, least squares.
    Gaussian,
    /// Two classes.
    Logistic,
    /// Several classes.
    Multinomial,
    /// Counts.
    Poisson,
}

/// How λ is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The smallest cross-validated error.
    #[default]
    Min,
    /// The largest λ within one standard error of it.
    OneSe,
}

/// The parameters of an address.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// The table, where none is sent.
    pub sample: Sample,
    /// The column to predict; the last unless told.
    pub target: Option<String>,
    /// What the target is.
    pub family: Target,
    /// The penalty.
    pub penalty: Penalty,
    /// Share of L1 in the elastic net.
    pub mix: Fraction,
    /// How λ is chosen.
    pub select: Rule,
    /// Folds of the cross-validation, 2 to 20.
    pub folds: usize,
    /// Seed of the folds.
    pub seed: u64,
}

impl Default for Question {
    fn default() -> Self {
        Self {
            sample: Sample::Made,
            target: None,
            family: Target::Values,
            penalty: Penalty::Lasso,
            mix: Fraction::HALF,
            select: Rule::Min,
            folds: 10,
            seed: 0,
        }
    }
}

impl Question {
    /// What the target is; none leaves it to its values.
    pub fn family(&self) -> Option<Family> {
        match self.family {
            Target::Values => None,
            Target::Gaussian => Some(Family::Gaussian),
            Target::Logistic => Some(Family::Logistic),
            Target::Multinomial => Some(Family::Multinomial),
            Target::Poisson => Some(Family::Poisson),
        }
    }

    /// The same for the solver; a sentence where it is out of range.
    pub fn ask(&self) -> Result<Ask, String> {
        if !(2..=20).contains(&self.folds) {
            return Err(format!("folds: expected 2 to 20, found {}", self.folds));
        }
        let ratio = match self.penalty {
            Penalty::Ridge => Fraction::ZERO,
            Penalty::Lasso => Fraction::ONE,
            Penalty::ElasticNet => self.mix,
        };
        let select = match self.select {
            Rule::Min => Select::Min,
            Rule::OneSe => Select::OneSe,
        };
        Ok(Ask {
            ratio,
            select,
            lambdas: Lambdas::Grid { count: LAMBDAS, ratio: None },
            folds: self.folds,
            seed: Seed::new(self.seed),
            settings: Settings { tolerance: tolerance(), ..Settings::default() },
        })
    }
}
