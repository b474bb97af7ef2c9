//! A technique beside the penalty that it is, in numbers: what the lab shows.

use crate::Error;
use serde::{Deserialize, Serialize};
use wellfit_core::number::{NonNegative, Positive, Rate};
use wellfit_core::seed::Seed;
use wellfit_linear::equivalence::{
    self, Comparison, Rows, dropout, early_stopping, gaussian_prior, input_noise,
};
use wellfit_linear::weight_space::{Design, Weights};

/// Which technique.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Dropout on the inputs.
    #[default]
    Dropout,
    /// Normal noise on the inputs.
    InputNoise,
    /// Gradient descent that is stopped.
    EarlyStopping,
    /// A Gaussian prior on the weights.
    GaussianPrior,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::Dropout, Self::InputNoise, Self::EarlyStopping, Self::GaussianPrior];
}

/// Which data, and how strong the technique is; each reads its own numbers alone.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// The technique.
    pub kind: Kind,
    /// What the two features are to each other.
    #[serde(with = "crate::weight_space::word")]
    pub design: Design,
    /// Rows, 3 to 500.
    pub n: usize,
    /// σ, standard deviation of the target's noise, at most 1 000; above 0 for the prior.
    pub noise: NonNegative,
    /// Seed of the rows, and of masks and copies.
    pub seed: u64,
    /// Dropout's probability, at most 0.95.
    pub rate: Rate,
    /// Standard deviation of the inputs' noise, at most 100.
    pub deviation: NonNegative,
    /// Masks, or noisy copies, that are drawn of every row, 1 to 1 000.
    pub draws: usize,
    /// η of gradient descent.
    pub eta: Positive,
    /// Its steps, 1 to 10 000.
    pub steps: usize,
    /// τ, the prior's standard deviation, 0.001 to 1 000.
    pub spread: Positive,
}

impl Default for Question {
    fn default() -> Self {
        Self {
            kind: Kind::Dropout,
            design: Design::Correlated,
            n: 50,
            noise: NonNegative::ONE,
            seed: 1,
            rate: Rate::HALF,
            deviation: NonNegative::new(0.5).unwrap_or(NonNegative::ONE),
            draws: 100,
            eta: Positive::TENTH,
            steps: 20,
            spread: Positive::ONE,
        }
    }
}

/// The answer: the same weights, found twice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Equivalence {
    /// Version of this object's layout: 1.
    pub schema: u32,
    /// What was asked.
    pub question: Question,
    /// The weights without either.
    pub least_squares: Weights,
    /// The technique beside the penalty.
    pub ways: Vec<Pair>,
}

/// A technique's weights beside a penalty's.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pair {
    /// What was done on the technique's side.
    pub technique: &'static str,
    /// The weights that it found.
    pub found: Weights,
    /// What the penalty is.
    pub penalty: &'static str,
    /// The weights under it.
    pub penalized: Weights,
    /// The textbook's λ of each weight, or of each direction.
    pub lambdas: Weights,
    /// `exactly`, `in expectation` or `approximately`.
    pub holds: &'static str,
    /// The distance between the two, in the length of the penalized weights.
    pub difference: f64,
}

impl From<Comparison> for Pair {
    fn from(comparison: Comparison) -> Self {
        let Comparison { technique, found, penalty, penalized, lambdas, holds } = comparison;
        let (holds, difference) = (holds.id(), comparison.difference());
        Self { technique, found, penalty, penalized, lambdas, holds, difference }
    }
}

impl Question {
    /// Computes both sides.
    ///
    /// # Errors
    /// A number out of its range, or of what the technique takes.
    pub fn answer(&self) -> Result<Equivalence, Error> {
        self.check()?;
        let (x, y) = self.design.rows(self.n, self.noise, Seed::new(self.seed));
        let (rows, seed) = (Rows { x: &x, y: &y }, Seed::new(self.seed));
        let ways = match self.kind {
            Kind::Dropout => dropout(rows, self.rate, self.draws, seed)?.to_vec(),
            Kind::InputNoise => input_noise(rows, self.deviation, self.draws, seed)?.to_vec(),
            Kind::EarlyStopping => early_stopping(rows, self.eta, self.steps)?.to_vec(),
            Kind::GaussianPrior => {
                let noise = Positive::new(self.noise.get())?;
                gaussian_prior(rows, noise, self.spread)?.to_vec()
            }
        };
        Ok(Equivalence {
            schema: 1,
            question: *self,
            least_squares: equivalence::least_squares(rows)?,
            ways: ways.into_iter().map(Pair::from).collect(),
        })
    }

    fn check(&self) -> Result<(), Error> {
        let ranges = [
            ("n", "3 to 500 rows", self.n as f64, 3.0, 500.0),
            ("draws", "1 to 1000", self.draws as f64, 1.0, 1e3),
            ("steps", "1 to 10000 steps", self.steps as f64, 1.0, 1e4),
            ("noise", "at most 1000", self.noise.get(), 0.0, 1e3),
            ("rate", "at most 0.95", self.rate.get(), 0.0, 0.95),
            ("deviation", "at most 100", self.deviation.get(), 0.0, 1e2),
            ("spread", "0.001 to 1000", self.spread.get(), 1e-3, 1e3),
        ];
        match ranges.into_iter().find(|(_, _, found, low, high)| !(low..=high).contains(&found)) {
            Some((key, expected, found, ..)) => {
                Err(Error::Range { key: key.to_owned(), expected: expected.to_owned(), found })
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_technique_is_the_penalty_that_it_is_said_to_be() {
        for kind in Kind::ALL {
            let answer = Question { kind, ..Question::default() }.answer().unwrap();
            for pair in &answer.ways {
                let most = match pair.holds {
                    "exactly" => 1e-11,
                    _ => 0.3,
                };
                assert!(pair.difference < most, "{pair:?}");
                assert_ne!(pair.penalized, answer.least_squares);
            }
            assert_eq!(answer, answer.question.answer().unwrap());
        }
    }

    #[test]
    fn numbers_out_of_range_are_refused() {
        let wrong =
            ["n = 2", "n = 501", "draws = 0", "draws = 1001", "rate = 0.96", "spread = 1e9"];
        for text in wrong.into_iter().chain(["steps = 0", "deviation = 101.0"]) {
            let question: Question = toml::from_str(text).unwrap();
            let told = question.answer().unwrap_err().to_string();
            assert!(told.contains("expected"), "{told}");
        }
        let prior =
            Question { kind: Kind::GaussianPrior, noise: NonNegative::ZERO, ..Question::default() };
        assert!(prior.answer().is_err());
        let wild = Question { kind: Kind::EarlyStopping, eta: Positive::FOUR, ..prior };
        assert!(wild.answer().unwrap_err().to_string().contains("rate: expected below"));
        assert!(toml::from_str::<Question>("kind = 'magic'").is_err());
        assert!(toml::from_str::<Question>("design = 'round'").is_err());
    }
}
