//! How noise of the weights reaches the outputs of a layer.

pub(super) mod dense;

use super::reparameterization::Product;
use crate::chance::{mask_like, normal_like, sloped};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use wellfit_core::number::{NonNegative, Rate};
use wellfit_core::seed::Draw;

/// How a layer draws its noise in training, and in Monte Carlo inference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Estimator {
    /// The noise of the outputs and not that of the weights is drawn, for every example anew: the
    /// least variance. (Kingma et al. 2015, arXiv 1506.02557.)
    #[default]
    Local,
    /// One noise of the weights in a batch, its signs turned for every example. (Wen et al. 2018,
    /// arXiv 1803.04386.)
    Flipout,
    /// One noise of the weights for the whole batch: the most variance. (Blundell et al. 2015,
    /// arXiv 1505.05424.)
    Shared,
}

impl Estimator {
    /// Whether the noise of the weights themselves is drawn; else their variance is asked for.
    pub const fn draws_weights(self) -> bool {
        !matches!(self, Self::Local)
    }

    /// The outputs of a layer with these means of its weights, and their noise or variance.
    pub fn outputs<const D: usize>(
        self,
        product: &impl Product<D>,
        mean: Tensor<D>,
        noise: Tensor<D>,
        bias: Option<Tensor<1>>,
        input: Tensor<D>,
        draw: &mut Draw,
    ) -> Tensor<D> {
        match self {
            Self::Local => local(product, mean, noise, bias, input, draw),
            Self::Flipout => {
                let signs = signs_of(&input, draw);
                let turned = product.of(input.clone() * signs, noise, None);
                let signs = signs_of(&turned, draw);
                product.of(input, mean, bias) + turned * signs
            }
            Self::Shared => product.of(input, mean + noise, bias),
        }
    }
}

/// Outputs of weights N(mean, variance): sums of products are Gaussian,
/// y ~ N(Σ x mean, Σ x² variance), and so drawn for every example and output.
///
/// Of a convolution, outputs that share weights are drawn apart from each other, as in the papers.
pub fn local<const D: usize>(
    product: &impl Product<D>,
    mean: Tensor<D>,
    variance: Tensor<D>,
    bias: Option<Tensor<1>>,
    input: Tensor<D>,
    draw: &mut Draw,
) -> Tensor<D> {
    if let Some(outputs) = product.local(input.clone(), mean.clone(), variance.clone(), draw) {
        return match bias {
            Some(bias) => outputs + bias.unsqueeze(),
            None => outputs,
        };
    }
    let variance = product.of(input.clone().square(), variance, None);
    product.of(input, mean, bias) + gaussian(variance, draw)
}

/// sqrt(variance) ε, ε ~ N(0, 1). Where the variance is 0 no gradient flows, and not an infinite
/// one.
fn gaussian<const D: usize>(variance: Tensor<D>, draw: &mut Draw) -> Tensor<D> {
    let normals = draw.clone().normals(NonNegative::ONE);
    let of = |variance, normal| scaled(normal, variance);
    sloped(&variance, |start, out| normals.fill(start, out), of).unwrap_or_else(|| {
        let none = variance.clone().lower_equal_elem(0.0);
        let std = variance.clone().mask_fill(none.clone(), 1.0).sqrt().mask_fill(none, 0.0);
        std * normal_like(&variance, NonNegative::ONE, draw)
    })
}

/// sqrt(variance) normal, and its derivative in the variance; 0 where that would be infinite.
#[inline(always)]
fn scaled(normal: f32, variance: f32) -> (f32, f32) {
    let std = if variance > 0.0 { variance.sqrt() } else { 0.0 };
    (normal * std, if std > 0.0 { 0.5 * normal / std } else { 0.0 })
}

/// A sign for every example and feature, or example and channel of an image.
fn signs_of<const D: usize>(like: &Tensor<D>, draw: &mut Draw) -> Tensor<D> {
    let dims = like.dims();
    let shape: [usize; D] = std::array::from_fn(|axis| if axis < 2 { dims[axis] } else { 1 });
    let like = Tensor::<D>::empty(shape, (&like.device(), like.dtype()));
    // The mask is 0 or 2, with the same probability.
    mask_like(&like, Rate::HALF, draw) - 1.0
}
