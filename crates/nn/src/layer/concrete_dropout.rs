//! Concrete dropout: every layer learns the rate at which its inputs are dropped.
//!
//! y = (x (1 - z) / (1 - p)) W + b, z = σ((log p/(1 - p) + log u/(1 - u)) / t), u uniform for each
//! input; C = C0 + (1/n) Σ over layers of (½ l² Σ w² / (1 - p) - K H(p)), H the entropy of a coin of
//! probability p, K the inputs of the layer
//!
//! A mask that is nearly 0 or 1 lets the gradient through to p; the entropy pulls p to ½, and the
//! data and the weights pull it back. Behind a convolution channels are dropped whole. Evaluation
//! drops nothing. The program of the paper writes the same term times 2, for its loss is twice the
//! negative log-likelihood.
//!
//! Gal, Hron and Kendall 2017, arXiv 1705.07832.

use super::posterior::Strength;
use super::reparameterization::{Matrix, Product, WeightSite};
use super::{Layer, LayerDoor, Reparameterization, Site};
use crate::Error;
use crate::chance::Source;
use crate::elementwise::wide;
use crate::series::ln;
use crate::technique::{Door, Technique};
use burn::module::{Flag, Module, Param};
use burn::tensor::activation::{log_sigmoid, sigmoid};
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Tensor, TensorData};
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::{NonNegative, Positive, Rate};
use wellfit_core::seed::Draw;

const CARD: Card = Card {
    id: "concrete_dropout",
    name: "Concrete dropout",
    door: card::Door::Layer,
    family: Family::Bayesian,
    one_line: "Dropout in front of every layer, at a rate that the layer learns.",
    formula: "C = C0 + kl_weight/n Σ (½ l² Σ w² / (1 - p) - K H(p)), x' = x (1 - z) / (1 - p), z near \
              Bernoulli(p)",
    paper: "Gal et al. 2017, arXiv 1705.07832",
    when: "Dropout for its uncertainty, or no time to search its rate layer by layer.",
    watch_out: "A rate moves slowly: many epochs, or a larger learning rate. Inputs are dropped as \
                well. The entropy weighs less, the more examples there are, and rates go towards 0. \
                It has a prior on the weights: no decay beside it.",
    example: "{ initial_rate = 0.1 }",
    off: None,
    search: &[Range { key: "length_scale", low: 1e-3, high: 1.0, scale: Scale::Log }],
};

/// Rates at the start, and what their prior says.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// p of every layer at the start, in [0, 1), where 1e-4 and less are the same.
    #[serde(default = "tenth")]
    pub initial_rate: Rate,
    /// l, the prior's length scale: weights have the prior N(0, 1/l²).
    #[serde(default = "hundredth")]
    pub length_scale: Positive,
    /// t: how far masks are from 0 and 1.
    #[serde(default = "cool")]
    pub temperature: Positive,
    /// What the divergence is multiplied by; 1 is the bound on the evidence.
    #[serde(default = "one")]
    pub kl_weight: NonNegative,
    /// Epochs in which the divergence comes to count fully, in a straight line from 0.
    #[serde(default = "none")]
    pub warm_up_epochs: NonNegative,
}

fn tenth() -> Rate {
    Rate::TENTH
}

fn hundredth() -> Positive {
    Positive::HUNDREDTH
}

fn cool() -> Positive {
    Positive::TENTH
}

fn one() -> NonNegative {
    NonNegative::ONE
}

fn none() -> NonNegative {
    NonNegative::ZERO
}

impl Technique for Config {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        false
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

    fn needs(&self) -> &'static str {
        "a layer with weights"
    }

    fn build(&self, _: &Site<'_>) -> Result<Option<Layer>, Error> {
        Ok(None)
    }

    fn reparameterize(&self, site: &WeightSite<'_>) -> Result<Option<Reparameterization>, Error> {
        Ok(Some(Reparameterization::ConcreteDropout(ConcreteDropout::new(self, site))))
    }
}

/// A learned rate of dropout in front of a layer.
#[derive(Module, Debug)]
pub struct ConcreteDropout {
    /// log p/(1 - p), one number.
    pub logit: Param<Tensor<1>>,
    #[module(skip)]
    config: Config,
    #[module(skip)]
    source: Source,
    training: Param<Flag>,
}

impl ConcreteDropout {
    /// The rate in front of the weights of `site`.
    pub fn new(config: &Config, site: &WeightSite<'_>) -> Self {
        let rate = config.initial_rate.get().max(1e-4);
        let logit = (rate / (1.0 - rate)).ln();
        Self {
            logit: Param::from_tensor(Tensor::full([1], logit, site.device)),
            config: *config,
            source: site.source(CARD.id),
            training: Param::from_bool(true),
        }
    }

    /// A linear layer behind dropped inputs.
    ///
    /// # Shapes
    /// weight [in, out], input [batch, in] -> [batch, out]
    pub fn linear(
        &self,
        weight: Tensor<2>,
        bias: Option<Tensor<1>>,
        input: Tensor<2>,
    ) -> Tensor<2> {
        self.forward(&Matrix, weight, bias, input)
    }

    /// A convolution behind dropped channels.
    ///
    /// # Shapes
    /// weight [out, in, height, width], input [batch, in, ..] -> [batch, out, ..]
    pub fn convolution(
        &self,
        weight: Tensor<4>,
        bias: Option<Tensor<1>>,
        input: Tensor<4>,
        options: ConvOptions<2>,
    ) -> Tensor<4> {
        self.forward(&options, weight, bias, input)
    }

    fn forward<const D: usize>(
        &self,
        product: &impl Product<D>,
        weight: Tensor<D>,
        bias: Option<Tensor<1>>,
        input: Tensor<D>,
    ) -> Tensor<D> {
        if !self.source.is_live(&self.training, &input) {
            return product.of(input, weight, bias);
        }
        let (clock, logit) = (self.source.clock(), self.logit.val());
        let tick = clock.tick();
        if !tick.sampling {
            let Config { kl_weight, warm_up_epochs, .. } = self.config;
            let strength = Strength { weight: kl_weight, warm_up_epochs }.at(tick.epoch);
            let squares = weight.clone().square().sum();
            let length = self.config.length_scale;
            let divergence = divergence(logit.clone(), squares, length, input.dims()[1]);
            clock.add_term(divergence * strength);
        }
        let dropped = concrete(input, logit, self.config.temperature, &mut self.source.draw());
        product.of(dropped, weight, bias)
    }
}

/// ½ l² Σ w² / (1 - p) - K H(p) at `logit` of p, for `inputs` K and the sum of `squares` Σ w².
///
/// # Shapes
/// one number each -> one number
pub fn divergence(
    logit: Tensor<1>,
    squares: Tensor<1>,
    length_scale: Positive,
    inputs: usize,
) -> Tensor<1> {
    let (drop, keep) = (sigmoid(logit.clone()), sigmoid(-logit.clone()));
    let minus_entropy = drop * log_sigmoid(logit.clone()) + keep.clone() * log_sigmoid(-logit);
    squares / keep * (0.5 * length_scale.get().powi(2)) + minus_entropy * inputs as f64
}

/// Drops elements of `input`, or channels of images, nearly to zero: at the rate that `logit` says,
/// to which the gradient flows.
///
/// # Shapes
/// [batch, features, ..] -> the same; logit is one number
pub fn concrete<const D: usize>(
    input: Tensor<D>,
    logit: Tensor<1>,
    temperature: Positive,
    draw: &mut Draw,
) -> Tensor<D> {
    let mut shape = input.dims();
    shape[2..].fill(1);
    let place = (&input.device(), input.dtype());
    let noise = TensorData::new(logistic(shape.iter().product(), draw), shape);
    let logit = logit.reshape([1; D]);
    let sum = Tensor::from_data(noise, place) + logit.clone();
    input * sigmoid(-sum / temperature.get()) / sigmoid(-logit)
}

/// Numbers of the standard logistic law, log u/(1 - u).
fn logistic(len: usize, draw: &mut Draw) -> Vec<f32> {
    // So many that halves between them are still exact in 24 bits.
    const STEPS: u32 = 1 << 23;
    let (steps, mut numbers) = (draw.many_below(len, STEPS), vec![0.0; len]);
    wide(
        #[inline(always)]
        |(numbers, steps): (&mut [f32], &[u32])| {
            for (number, step) in numbers.iter_mut().zip(steps) {
                let u = (*step as f32 + 0.5) / STEPS as f32;
                *number = ln(u) - ln(1.0 - u);
            }
        },
        (&mut *numbers, &*steps),
    );
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::StepClock;
    use burn::tensor::Device;
    use wellfit_core::seed::Seed;

    fn draw() -> Draw {
        Seed::new(1).stream("concrete_dropout").step(0)
    }

    fn number(values: f32) -> Tensor<1> {
        Tensor::from_data([values], &Device::flex().autodiff()).require_grad()
    }

    /// Mean 0, variance π²/3, and P(x < 1) = σ(1).
    #[test]
    fn the_noise_is_logistic() {
        let n = 200_000;
        let noise: Vec<f64> = logistic(n, &mut draw()).into_iter().map(f64::from).collect();
        let (n, variance) = (n as f64, std::f64::consts::PI.powi(2) / 3.0);
        let mean = noise.iter().sum::<f64>() / n;
        assert!(mean.abs() < 5.0 * (variance / n).sqrt(), "{mean}");
        let share = noise.iter().filter(|&&x| x < 1.0).count() as f64 / n;
        let expected = 1.0 / (1.0 + (-1.0f64).exp());
        assert!((share - expected).abs() < 5.0 * (expected * (1.0 - expected) / n).sqrt());
    }

    #[test]
    fn cold_masks_are_those_of_dropout_and_channels_fall_whole() {
        let device = Device::flex().autodiff();
        let rate: f64 = 0.3;
        let logit = || number((rate / (1.0 - rate)).ln() as f32);
        let cold = Positive::new(1e-4).unwrap();
        let x = Tensor::<4>::ones([200, 50, 2, 2], &device);
        let y = concrete(x, logit(), cold, &mut draw()).into_data();
        let y: Vec<f32> = y.try_into_vec().unwrap();
        let mut kept = 0.0;
        for channel in y.chunks(4) {
            assert!(channel.iter().all(|v| v == &channel[0]));
            kept += f64::from(u8::from((f64::from(channel[0]) - 1.0 / 0.7).abs() < 1e-5));
        }
        let n = 10_000.0;
        // One mask in thousands lies between 0 and 1.
        assert!((kept - 0.7 * n).abs() < 5.0 * (0.21 * n).sqrt() + 10.0, "{kept}");
    }

    #[test]
    fn the_rate_s_gradient_is_the_finite_difference_with_the_same_noise() {
        let x =
            Tensor::<2>::from_data([[1.0, -2.0, 0.5], [0.3, 4.0, 1.0]], &Device::flex().autodiff());
        let length = Positive::new(0.7).unwrap();
        let loss = |logit: Tensor<1>| {
            let y = concrete(x.clone(), logit.clone(), length, &mut draw());
            y.square().sum() + divergence(logit, number(2.5), length, 3)
        };
        let logit = number(-0.4);
        let gradient = logit.grad(&loss(logit.clone()).backward()).unwrap().into_scalar::<f64>();
        let at = |value: f32| loss(number(value)).into_scalar::<f64>();
        let slope = (at(-0.39) - at(-0.41)) / 0.02;
        assert!((gradient - slope).abs() < 1e-2 * slope.abs().max(1.0), "{gradient}, {slope}");
    }

    #[test]
    fn the_divergence_is_the_paper_s_by_hand() {
        let (p, squares, l): (f64, f64, f64) = (0.2, 3.0, 0.5);
        let found = divergence(
            number((p / (1.0 - p)).ln() as f32),
            number(squares as f32),
            Positive::new(l).unwrap(),
            10,
        );
        let entropy = -(p * p.ln() + (1.0 - p) * (1.0 - p).ln());
        let expected = 0.5 * l * l * squares / (1.0 - p) - 10.0 * entropy;
        assert!((found.into_scalar::<f64>() - expected).abs() < 1e-5);
    }

    /// Without data and weights the entropy alone speaks, and p goes to one half.
    #[test]
    fn a_rate_that_nothing_holds_becomes_one_half() {
        let clock = StepClock::new();
        let device = Device::flex().autodiff();
        let site = WeightSite {
            path: "l".into(),
            shape: vec![4, 2],
            weights: Tensor::zeros([8], &device),
            is_head: false,
            device: &device,
            seed: Seed::new(1),
            clock: &clock,
        };
        let config: Config = toml::from_str("initial_rate = 0.1").unwrap();
        let layer = ConcreteDropout::new(&config, &site);
        let mut logit = layer.logit.val().inner();
        for _ in 0..200 {
            let leaf = Tensor::from_inner(logit.clone()).require_grad();
            let term = divergence(leaf.clone(), number(0.0), config.length_scale, 4);
            logit = logit - leaf.grad(&term.backward()).unwrap() * 0.5;
        }
        assert!(logit.into_scalar::<f64>().abs() < 1e-2);
    }
}
