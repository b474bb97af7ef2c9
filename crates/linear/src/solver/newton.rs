//! Newton steps on the weights whose signs are known.

use super::cholesky::Cholesky;
use super::gram::{Gram, State};
use crate::kernel::add;
use crate::penalty::Terms;
use wellfit_core::penalty::Penalty;

/// Steps in a row; each but the last takes at least one weight to zero or to a bound.
const STEPS: usize = 30;
/// How often a step is halved before it is given up.
const HALVINGS: usize = 30;

/// Minimizes over the weights that are not held by a kink or a bound, by Cholesky-Newton steps
/// that are projected on the signs and bounds they started from and never raise the objective.
pub(super) fn descend<P: Penalty>(
    gram: &Gram,
    terms: &Terms<'_, P>,
    state: &mut State,
    cholesky: &mut Cholesky,
) {
    for _ in 0..STEPS {
        let free = free(gram, terms, state);
        if free.is_empty() {
            return;
        }
        let Some(direction) = direction(gram, terms, state, &free, cholesky) else { return };
        match search(gram, terms, state, &free, &direction) {
            Step::Whole | Step::None => return,
            Step::Cut => (),
        }
    }
}

enum Step {
    /// The full step stayed inside.
    Whole,
    /// Something was cut off or shortened.
    Cut,
    /// No step lowered the objective.
    None,
}

/// Places that may move to both sides.
fn free<P: Penalty>(gram: &Gram, terms: &Terms<'_, P>, state: &State) -> Vec<usize> {
    let moves = |&k: &usize| {
        let (j, w) = (gram.members[k], state.beta[k]);
        let (low, high) = terms.bounds[j];
        let pushed = (w == low || w == high) && terms.distance(j, w, -state.slope[k]) == 0.0;
        gram.square(k) > 0.0 && !pushed && (w != 0.0 || !terms.has_kink(j))
    };
    (0..gram.len()).filter(moves).collect()
}

/// Where the quadratic of the free places has its minimum, from where they are.
fn direction<P: Penalty>(
    gram: &Gram,
    terms: &Terms<'_, P>,
    state: &State,
    free: &[usize],
    cholesky: &mut Cholesky,
) -> Option<Vec<f64>> {
    let slope = |&k: &usize| state.slope[k] - terms.gradient(gram.members[k], state.beta[k]);
    let mut step: Vec<f64> = free.iter().map(slope).collect();
    let largest = free.iter().map(|&k| gram.square(k)).fold(0.0, f64::max);
    // Where columns depend on each other there is a little ridge; the line search answers for it.
    let solved = cholesky.solve(&mut step, largest, |a, below| {
        let column = gram.column(free[a]);
        below.iter_mut().zip(&free[a..]).for_each(|(to, &k)| *to = column[k]);
        let (j, w) = (gram.members[free[a]], state.beta[free[a]]);
        below[0] += terms.curvature(j, w).unwrap_or(0.0);
    });
    (solved && step.iter().all(|d| d.is_finite())).then_some(step)
}

/// Halves the step until the objective falls.
fn search<P: Penalty>(
    gram: &Gram,
    terms: &Terms<'_, P>,
    state: &mut State,
    free: &[usize],
    direction: &[f64],
) -> Step {
    let mut length = 1.0;
    for halving in 0..HALVINGS {
        let mut cut = halving > 0;
        let mut moved = vec![0.0; free.len()];
        let (mut change, mut first) = (0.0, 0.0);
        for (a, &k) in free.iter().enumerate() {
            let (j, old) = (gram.members[k], state.beta[k]);
            let wanted = old + length * direction[a];
            let new = wanted.clamp(piece(terms, j, old).0, piece(terms, j, old).1);
            cut |= new != wanted;
            moved[a] = new - old;
            change += terms.value(j, new) - terms.value(j, old) - moved[a] * state.slope[k];
            first += moved[a] * (terms.gradient(j, old) - state.slope[k]);
        }
        let mut through = vec![0.0; gram.len()];
        for (a, &k) in free.iter().enumerate() {
            add(moved[a], gram.column(k), &mut through);
        }
        let quadratic: f64 = free.iter().zip(&moved).map(|(&k, d)| d * through[k]).sum();
        change += 0.5 * quadratic;
        if change < 0.0 && change <= 1e-4 * first {
            for (a, &k) in free.iter().enumerate() {
                let (low, high) = piece(terms, gram.members[k], state.beta[k]);
                state.beta[k] = (state.beta[k] + length * direction[a]).clamp(low, high);
            }
            add(-1.0, &through, &mut state.slope);
            return if cut { Step::Cut } else { Step::Whole };
        }
        length *= 0.5;
    }
    Step::None
}

/// The interval around `w` on which the penalty of feature j is smooth.
fn piece<P: Penalty>(terms: &Terms<'_, P>, j: usize, w: f64) -> (f64, f64) {
    let (low, high) = terms.bounds[j];
    match terms.has_kink(j) {
        true if w > 0.0 => (low.max(0.0), high),
        true if w < 0.0 => (low, high.min(0.0)),
        _ => (low, high),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::dot;
    use wellfit_core::penalty::ElasticNet;

    #[test]
    fn one_call_ends_at_the_optimum_of_the_signs() {
        // ½ (w - 2)² + ½ (v - w)²: ridge system with l1 = .1 on both.
        let product = |i: usize, j: usize| [[2.0, -1.0], [-1.0, 1.0]][i][j];
        let gram = Gram::whole(product, vec![2.0, 0.0], 4.0);
        let net = ElasticNet::new(0.1, 0.0).unwrap();
        let bounds = [(f64::NEG_INFINITY, f64::INFINITY); 2];
        let terms = Terms { penalty: &net, factors: &[1.0, 1.0], bounds: &bounds };
        let mut state = State { beta: vec![0.5, 0.5], slope: vec![] };
        gram.refresh(&mut state);
        descend(&gram, &terms, &mut state, &mut Cholesky::default());
        // Gradient: 2w - v = 1.9, v - w = -.1.
        assert!((state.beta[0] - 1.8).abs() < 1e-14 && (state.beta[1] - 1.7).abs() < 1e-14);
        assert!(gram.certificate(&terms, &state).gap.unwrap() < 1e-14);
        // A sign that is wrong ends at zero.
        let mut state = State { beta: vec![-0.5, -0.5], slope: vec![] };
        gram.refresh(&mut state);
        descend(&gram, &terms, &mut state, &mut Cholesky::default());
        assert_eq!(state.beta, [0.0, 0.0]);
        let left = dot(&state.slope, &state.slope);
        assert!((left - 4.0).abs() < 1e-15);
    }
}
