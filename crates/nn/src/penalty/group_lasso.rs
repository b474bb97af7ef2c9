//! Group lasso: whole units or inputs become exactly zero.
//!
//! C = C0 + λ/n Σ_g sqrt(d_g) |w_g|, d_g the number of weights in group g
//!
//! Proximal: v = w - η ∂C0/∂w; w_g <- max(0, 1 - ηλ sqrt(d_g)/(n |v_g|)) v_g
//!
//! Under Adam every weight has a step s_i of its own, and the operator is the minimum over u of
//! Σ (u_i - v_i)²/(2 s_i) + τ |u|, found by its norm r: Σ v_i²/(r + s_i τ)² = 1.
//!
//! Yuan and Lin 2006, JRSS B 68(1); for networks Wen et al. 2016, arXiv 1608.03665.

use super::{PenaltyDoor, PerLayer, Place, StepSize};
use crate::elementwise::{in_place, on_host};
use crate::groups::Groups;
use crate::host::Numbers;
use crate::technique::{Door, Technique};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::NonNegative;

const CARD: Card = Card {
    id: "group_lasso",
    name: "Group lasso",
    door: card::Door::Penalty,
    family: Family::WeightBased,
    one_line: "Adds λ/n times the sum of the norms of groups of weights: whole units become zero.",
    formula: "C = C0 + λ/n Σ_g sqrt(d_g) |w_g|; proximal step w_g <- max(0, 1 - ηλ sqrt(d_g)/(n |v_g|)) v_g",
    paper: "Yuan and Lin 2006, JRSS B 68(1):49-67",
    when: "The model shall lose whole units, filters or inputs, and not weights here and there.",
    watch_out: "A unit that is zero stays zero as long as the gradient does not beat the threshold. \
                Groups of inputs select features in the first layer.",
    example: "{ lambda = 0.1 }",
    off: Some("{ lambda = 0.0 }"),
    search: &[Range { key: "lambda", low: 1e-3, high: 1e1, scale: Scale::Log }],
};

/// The sum of the norms of groups.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupLasso {
    /// λ of λ/n Σ_g sqrt(d_g) |w_g|; 0 is off.
    pub lambda: NonNegative,
    /// What a group is.
    #[serde(default)]
    pub groups: Grouping,
    /// Factors on λ by layer, see [`PerLayer`].
    #[serde(default, skip_serializing_if = "PerLayer::is_empty")]
    pub layers: PerLayer,
}

/// What a group is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grouping {
    /// The weights into one output unit; a filter of a convolution.
    #[default]
    Units,
    /// The weights out of one input of a linear layer; a filter of a convolution.
    Inputs,
}

impl Technique for GroupLasso {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.lambda == NonNegative::ZERO
    }

    fn at_door(self) -> Door {
        Door::Penalty(Box::new(self))
    }
}

impl GroupLasso {
    fn groups(&self, place: Place<'_>) -> Groups {
        match self.groups {
            Grouping::Units => Groups::units(&place.parameter.shape),
            Grouping::Inputs => Groups::inputs(&place.parameter.shape),
        }
    }

    /// λ sqrt(d)/n of one layer.
    fn strength(&self, place: Place<'_>) -> f64 {
        let len: usize = place.parameter.shape.iter().product();
        let size = self.groups(place).size(len) as f64;
        self.lambda.get() * self.layers.factor(&place.parameter.path) * size.sqrt() / place.n
    }
}

impl PenaltyDoor for GroupLasso {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn value(&self, weights: &Tensor<1>, place: Place<'_>) -> f64 {
        let weights = Numbers::of(weights);
        let norms = self.groups(place).sums(weights.values(), |w| w * w);
        self.strength(place) * norms.iter().map(|&square| f64::from(square).sqrt()).sum::<f64>()
    }

    fn prox(&self, weights: Tensor<1>, step: &StepSize, place: Place<'_>) -> Tensor<1> {
        let (groups, strength) = (self.groups(place), self.strength(place));
        match step {
            StepSize::Uniform(step) => {
                in_place(weights, |w| shrink(groups, w, (step * strength) as f32))
            }
            StepSize::PerElement(steps) => {
                on_host(weights, steps, |w, s| shrink_by_steps(groups, w, s, strength))
            }
        }
    }

    fn is_proximal(&self) -> bool {
        true
    }

    fn names(&self) -> Vec<&str> {
        self.layers.names()
    }

    fn describe(&self, n: f64) -> String {
        let (lambda, layers) = (self.lambda.get(), self.layers.words());
        let groups = format!("{:?}", self.groups).to_lowercase();
        format!("group_lasso: λ/n Σ sqrt(d)|w_g| over {groups}, λ = {lambda}, n = {n}{layers}")
    }
}

/// w_g <- max(0, 1 - t / |w_g|) w_g
fn shrink(groups: Groups, weights: &mut [f32], threshold: f32) {
    let factor = |square: f32| {
        let norm = square.sqrt();
        if norm > threshold { 1.0 - threshold / norm } else { 0.0 }
    };
    let factors: Vec<f32> = groups.sums(weights, |w| w * w).into_iter().map(factor).collect();
    groups.scale(weights, &factors);
}

/// The minimum over u of Σ (u_i - v_i)²/(2 s_i) + τ |u| for each group.
fn shrink_by_steps(groups: Groups, weights: &mut [f32], steps: &[f32], tau: f64) {
    let count = weights.len() / groups.size(weights.len()).max(1);
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); count];
    (0..weights.len()).for_each(|index| members[groups.of(index)].push(index));
    for group in members {
        let pairs: Vec<(f64, f64)> =
            group.iter().map(|&i| (f64::from(weights[i]), f64::from(steps[i]))).collect();
        let norm = norm_of_minimum(&pairs, tau);
        for (&index, (_, step)) in group.iter().zip(&pairs) {
            let kept = if norm > 0.0 { norm / (norm + step * tau) } else { 0.0 };
            weights[index] = (f64::from(weights[index]) * kept) as f32;
        }
    }
}

/// r with Σ v²/(r + s τ)² = 1, or 0 where the minimum is at zero.
fn norm_of_minimum(pairs: &[(f64, f64)], tau: f64) -> f64 {
    let sum = |r: f64| pairs.iter().map(|(v, s)| (v / (r + s * tau)).powi(2)).sum::<f64>();
    if tau == 0.0 || sum(0.0) <= 1.0 {
        return if tau == 0.0 { 1.0 } else { 0.0 };
    }
    // At r = |v| the sum is below 1; it falls with r.
    let (mut low, mut high) = (0.0, pairs.iter().map(|(v, _)| v * v).sum::<f64>().sqrt());
    while high - low > 1e-9 * high {
        let middle = 0.5 * (low + high);
        if sum(middle) > 1.0 { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameter::{Parameter, Role};
    use burn::tensor::{Device, TensorData};

    fn prox(values: &[f32], shape: [usize; 2], step: &StepSize, lambda: f64) -> Vec<f32> {
        let parameter = Parameter { path: "w".into(), shape: shape.into(), role: Role::Weight };
        let lambda = NonNegative::new(lambda).unwrap();
        let door = GroupLasso { lambda, groups: Grouping::Units, layers: PerLayer::default() };
        let w = Tensor::from_data(TensorData::from(values), &Device::flex());
        door.prox(w, step, Place::of(&parameter, 1.0)).into_data().try_into_vec().unwrap()
    }

    /// definitions: ([3, 4], t = 2.5 -> [1.5, 2]; t = 5 -> 0), with t = λ sqrt 2.
    #[test]
    fn a_group_shrinks_along_itself_and_becomes_exactly_zero() {
        let at = |t: f64| prox(&[3.0, 4.0], [2, 1], &StepSize::Uniform(1.0), t / 2f64.sqrt());
        let half = at(2.5);
        assert!((half[0] - 1.5).abs() < 1e-6 && (half[1] - 2.0).abs() < 1e-6, "{half:?}");
        assert_eq!(at(5.0001), [0.0, 0.0]);
    }

    #[test]
    fn with_equal_steps_the_long_way_is_the_short_one() {
        let steps = Tensor::from_data([0.3f32; 6].as_slice(), &Device::flex());
        let values = [1.0, -2.0, 0.5, 0.1, 0.2, -0.05];
        let long = prox(&values, [3, 2], &StepSize::PerElement(steps), 1.2);
        let short = prox(&values, [3, 2], &StepSize::Uniform(0.3), 1.2);
        for (l, s) in long.iter().zip(&short) {
            assert!((l - s).abs() < 1e-6, "{long:?} {short:?}");
        }
    }

    /// With steps of its own for every weight the result is the argmin: no neighbour is better.
    #[test]
    fn with_steps_of_their_own_it_is_the_argmin() {
        let (v, s, tau) = ([1.5f32, -0.7, 0.3], [0.4f64, 0.9, 0.1], 0.8f64);
        let steps = Tensor::from_data(s.map(|s| s as f32).as_slice(), &Device::flex());
        let u = prox(&v, [3, 1], &StepSize::PerElement(steps), tau / 3f64.sqrt());
        let cost = |u: &[f64]| {
            let near: f64 = u
                .iter()
                .zip(&v)
                .zip(&s)
                .map(|((u, &v), s)| (u - f64::from(v)).powi(2) / (2.0 * s))
                .sum();
            near + tau * u.iter().map(|u| u * u).sum::<f64>().sqrt()
        };
        let found: Vec<f64> = u.iter().map(|&u| f64::from(u)).collect();
        assert!(found.iter().any(|u| u.abs() > 0.1), "{found:?}");
        for axis in 0..3 {
            for move_by in [-1e-3, 1e-3] {
                let mut other = found.clone();
                other[axis] += move_by;
                assert!(cost(&other) > cost(&found), "{found:?}, axis {axis}");
            }
        }
    }
}
