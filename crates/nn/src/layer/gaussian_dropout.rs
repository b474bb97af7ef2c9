//! Gaussian dropout: in training, each activation is multiplied by a number from
//! N(1, rate / (1 - rate)).
//!
//! y = x ε, ε ~ N(1, p / (1 - p)): mean and variance are dropout's; the identity in evaluation
//!
//! Srivastava et al. 2014, JMLR 15:1929-1958, section 10.

use super::{Layer, LayerDoor, Site, SiteKind};
use crate::Error;
use crate::chance::{Source, normal_like, sloped};
use crate::technique::{Door, Technique};
use burn::module::{Flag, Module, Param};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::{NonNegative, Rate};

const CARD: Card = Card {
    id: "gaussian_dropout",
    name: "Gaussian dropout",
    door: card::Door::Layer,
    family: Family::NoiseBased,
    one_line: "Multiplies each hidden activation by a number from N(1, rate / (1 - rate)).",
    formula: "y = x ε, ε ~ N(1, rate / (1 - rate))",
    paper: "Srivastava et al. 2014, JMLR 15:1929-1958",
    when: "As dropout, where no unit should fall silent.",
    watch_out: "One of the dropouts is enough. Numbers of the normal law cost more than a mask.",
    example: "{ rate = 0.5 }",
    off: Some("{ rate = 0.0 }"),
    search: &[Range { key: "rate", low: 0.05, high: 0.7, scale: Scale::Linear }],
};

/// Strength of the noise, as a rate of dropout.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The rate of the dropout that has the same variance, in [0, 1); 0 is off.
    pub rate: Rate,
}

impl Technique for Config {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.rate == Rate::ZERO
    }

    fn at_door(self) -> Door {
        Door::Layer(Box::new(self))
    }
}

impl LayerDoor for Config {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn is_stochastic(&self) -> bool {
        true
    }

    fn build(&self, site: &Site<'_>) -> Result<Option<Layer>, Error> {
        let dropout = || GaussianDropout::new(self.rate, site.source(CARD.id));
        let layer = || Layer::GaussianDropout(dropout());
        Ok((site.kind == SiteKind::Hidden && !site.spatial).then(layer))
    }
}

/// The layer.
///
/// # Shapes
/// any -> the same
///
/// # Off
/// `rate` 0, a model in `valid()`, a frozen layer: the input passes and nothing is drawn.
#[derive(Module, Debug)]
pub struct GaussianDropout {
    #[module(skip)]
    std: NonNegative,
    #[module(skip)]
    source: Source,
    training: Param<Flag>,
}

impl GaussianDropout {
    /// Noise with the variance of dropout at `rate`, drawn from `source`.
    pub fn new(rate: Rate, source: Source) -> Self {
        let std = NonNegative::new((rate.get() / rate.keep()).sqrt()).unwrap_or(NonNegative::ZERO);
        Self { std, source, training: Param::from_bool(true) }
    }

    /// Multiplies elements of `input` in training, and in Monte Carlo inference.
    pub fn forward<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
        if self.std == NonNegative::ZERO || !self.source.is_live(&self.training, &input) {
            return input;
        }
        let mut draw = self.source.draw();
        let normals = draw.clone().normals(self.std);
        let scaled = |x, noise| (x * (noise + 1.0), noise + 1.0);
        sloped(&input, |start, out| normals.fill(start, out), scaled)
            .unwrap_or_else(|| input.clone() * (normal_like(&input, self.std, &mut draw) + 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::StepClock;
    use burn::tensor::Device;
    use wellfit_core::seed::Seed;

    #[test]
    fn mean_and_variance_are_dropout_s() {
        for rate in [0.3, 0.5] {
            let source = Source::new(Seed::new(3), "drop", &StepClock::new());
            let layer = GaussianDropout::new(Rate::new(rate).unwrap(), source);
            let x = Tensor::<2>::ones([1000, 1000], &Device::flex().autodiff());
            let (count, expected) = (1e6f64, rate / (1.0 - rate));
            let y: Vec<f64> = layer.forward(x * 3.0).into_data().try_into_vec_as().unwrap();
            let mean = y.iter().sum::<f64>() / count;
            let variance = y.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / count;
            assert!((mean - 3.0).abs() < 5.0 * (9.0 * expected / count).sqrt(), "{mean}");
            let bound = 5.0 * 9.0 * expected * (2.0 / count).sqrt();
            assert!((variance - 9.0 * expected).abs() < bound, "{variance}");
        }
    }
}
