//! Small data sets whose two features say something about penalties.

use super::{Landscape, Weights};
use wellfit_core::number::NonNegative;
use wellfit_core::seed::Seed;

/// What the two features are to each other and to the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Design {
    /// Independent, both of weight: L1 is the soft threshold of each.
    #[default]
    Orthogonal,
    /// Correlated by 0.9: the valley is narrow, and the features can stand for each other.
    Correlated,
    /// Independent, the second of no weight: what a penalty should find out.
    Irrelevant,
    /// Independent, the second of a tenth the size: what is not standardized is penalized more.
    Unequal,
}

impl Design {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::Orthogonal, Self::Correlated, Self::Irrelevant, Self::Unequal];

    /// Its word.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Orthogonal => "orthogonal",
            Self::Correlated => "correlated",
            Self::Irrelevant => "irrelevant",
            Self::Unequal => "unequal",
        }
    }

    /// The design of that word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|design| design.id() == word)
    }

    /// The weights that made the target.
    pub const fn truth(self) -> Weights {
        match self {
            Self::Orthogonal => [1.6, 0.7],
            Self::Correlated => [1.5, 0.5],
            Self::Irrelevant => [1.5, 0.0],
            Self::Unequal => [1.2, 1.5],
        }
    }

    /// `n` rows of the two features and their target, with normal noise of standard deviation
    /// `noise`.
    pub fn rows(self, n: usize, noise: NonNegative, seed: Seed) -> (Vec<Weights>, Vec<f64>) {
        let mut draw = seed.stream("weight space").step(0);
        let [u, v] = self.truth();
        let row = |_| {
            let [p, q, e] = [0; 3].map(|_| draw.standard_normal());
            let x = match self {
                Self::Correlated => [p, 0.9 * p + (1.0f64 - 0.81).sqrt() * q],
                Self::Unequal => [p, 0.3 * q],
                Self::Orthogonal | Self::Irrelevant => [p, q],
            };
            (x, u * x[0] + v * x[1] + noise.get() * e)
        };
        (0..n).map(row).unzip()
    }

    /// The loss of those rows; of the orthogonal designs with the chance correlation of the sample
    /// taken out, so that they are what their name says. None for less than three rows.
    pub fn landscape(self, n: usize, noise: NonNegative, seed: Seed) -> Option<Landscape> {
        if n < 3 {
            return None;
        }
        let (mut x, y) = self.rows(n, noise, seed);
        if self != Self::Correlated {
            let products = |a: usize, b: usize| x.iter().map(|row| row[a] * row[b]).sum::<f64>();
            let slope = products(0, 1) / products(0, 0);
            x.iter_mut().for_each(|row| row[1] -= slope * row[0]);
        }
        let found = Landscape::of_data(&x, &y)?;
        match self {
            Self::Correlated => Some(found),
            // What rounding leaves across is nothing.
            _ => Landscape::new([found.hessian()[0][0], found.hessian()[1][1]], 0.0, found.best()),
        }
    }
}
