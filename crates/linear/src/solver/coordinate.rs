//! Coordinate descent that keeps the residual: for working sets too large for a Gram matrix.

use super::descent::Stop;
use super::extrapolation::{MEMORY, shares};
use super::{Block, Certificate, Residual, certify};
use crate::penalty::Terms;
use wellfit_core::penalty::Penalty;

/// Minimizes ½ ||residual - Z(β - β_start)||² + penalty to `stop`; returns the passes it took.
///
/// Every few passes the points seen are extrapolated, and the result is taken if it is better.
pub(crate) fn solve<P: Penalty>(
    block: &Block,
    members: &[usize],
    terms: &Terms<'_, P>,
    beta: &mut Vec<f64>,
    residual: &mut Residual,
    stop: Stop,
) -> usize {
    let mut seen = vec![beta.clone()];
    // The target that the residual belongs to, for the dual objective.
    let mut target = residual.clone();
    beta.iter().enumerate().for_each(|(k, b)| block.step(k, -b, &mut target));
    for pass in 1..=stop.passes {
        let change = sweep(block, members, terms, beta, residual);
        seen.push(beta.clone());
        if seen.len() > MEMORY {
            extrapolate(block, members, terms, beta, residual, &seen);
            seen = vec![beta.clone()];
        }
        let certificate = certificate(block, members, terms, beta, residual, &target);
        if change == 0.0 || stop.is_reached(&certificate) {
            return pass;
        }
    }
    stop.passes
}

fn sweep<P: Penalty>(
    block: &Block,
    members: &[usize],
    terms: &Terms<'_, P>,
    beta: &mut [f64],
    residual: &mut Residual,
) -> f64 {
    let mut largest = 0.0_f64;
    for (k, &j) in members.iter().enumerate().filter(|&(k, _)| block.square(k) > 0.0) {
        let square = block.square(k);
        let new = terms.minimum(j, beta[k] + block.gradient(k, residual) / square, square);
        let delta = new - beta[k];
        if delta != 0.0 {
            block.step(k, delta, residual);
            beta[k] = new;
            largest = largest.max(delta.abs() * square);
        }
    }
    largest
}

/// Takes the affine combination of the points seen whose steps cancel best, if it is better.
fn extrapolate<P: Penalty>(
    block: &Block,
    members: &[usize],
    terms: &Terms<'_, P>,
    beta: &mut Vec<f64>,
    residual: &mut Residual,
    seen: &[Vec<f64>],
) {
    let Some(shares) = shares(seen.iter().map(|seen| &seen[..])) else { return };
    let mix = |k: usize| shares.iter().zip(&seen[1..]).map(|(s, seen)| s * seen[k]).sum::<f64>();
    let clamp = |(k, &j): (usize, &usize)| mix(k).clamp(terms.bounds[j].0, terms.bounds[j].1);
    let mixed: Vec<f64> = members.iter().enumerate().map(clamp).collect();
    let mut moved = residual.clone();
    for (k, (new, old)) in mixed.iter().zip(beta.iter()).enumerate() {
        block.step(k, new - old, &mut moved);
    }
    let objective = |beta: &[f64], residual: &Residual| -> f64 {
        let penalty = members.iter().zip(beta).map(|(&j, b)| terms.value(j, *b));
        0.5 * block.norm2(residual) + penalty.sum::<f64>()
    };
    if objective(&mixed, &moved) < objective(beta, residual) {
        (*beta, *residual) = (mixed, moved);
    }
}

fn certificate<P: Penalty>(
    block: &Block,
    members: &[usize],
    terms: &Terms<'_, P>,
    beta: &[f64],
    residual: &Residual,
    target: &Residual,
) -> Certificate {
    let slope = |(k, &j): (usize, &usize)| (j, beta[k], block.gradient(k, residual));
    let slopes: Vec<_> = members.iter().enumerate().map(slope).collect();
    let (loss, cross) = (0.5 * block.norm2(residual), block.dot(residual, target));
    certify(terms, slopes.iter().copied(), loss, |c| c * (cross - c * loss))
}
