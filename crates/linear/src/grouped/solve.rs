//! Proximal Newton over groups, one λ after the other.

mod point;
mod rows;

use super::GroupedFit;
use super::groups::{Group, Groups, at};
use super::model::{Model, by_output};
use super::multinomial::centre;
use super::outputs::Outputs;
use crate::prepared::Prepared;
use point::Point;
use wellfit_core::penalty::GroupPenalty;

/// Steps without progress before a descent ends.
const STALLS: usize = 3;
/// Halvings of a step before it is given up.
const HALVINGS: usize = 40;

/// The state of a path.
pub(super) struct Solver<'a, O> {
    prepared: &'a Prepared,
    outputs: &'a O,
    groups: &'a Groups,
    /// K for each row.
    targets: Vec<f64>,
    /// K for each feature.
    beta: Vec<f64>,
    intercepts: Vec<f64>,
    /// K for each row.
    etas: Vec<f64>,
    /// X'u, K for each feature.
    slopes: Vec<f64>,
    /// Objective of the model without penalized groups.
    pub null: f64,
}

impl<'a, O: Outputs> Solver<'a, O> {
    /// Fits what is not penalized.
    pub fn new(
        prepared: &'a Prepared,
        outputs: &'a O,
        groups: &'a Groups,
        targets: Vec<f64>,
    ) -> Self {
        let count = outputs.count();
        let mut intercepts = vec![0.0; count];
        if prepared.intercept {
            for (y, w) in targets.chunks(count).zip(&prepared.weights) {
                intercepts.iter_mut().zip(y).for_each(|(mean, y)| *mean += w * y);
            }
            intercepts = outputs.start(&intercepts);
        }
        let etas = intercepts.repeat(prepared.weights.len());
        let beta = vec![0.0; prepared.features() * count];
        let slopes = beta.clone();
        let mut solver =
            Self { prepared, outputs, groups, targets, beta, intercepts, etas, slopes, null: 0.0 };
        solver.null = solver.loss(&solver.etas);
        let free: Vec<usize> = (0..groups.0.len()).filter(|&g| solver.is_free(g)).collect();
        solver.descend(&free, 0.0, 1e-15 * solver.null, 1_000);
        solver.null = solver.loss(&solver.etas);
        solver.slopes = solver.all_slopes();
        solver
    }

    /// The smallest λ at which all penalized groups are zero.
    pub fn lambda_max(&self) -> f64 {
        let needed = |group: &Group| {
            let slope = pick(&group.members, &self.slopes, self.outputs.count());
            group.penalty.factor_max(&slope)
        };
        let held = (0..self.groups.0.len()).filter(|&g| !self.is_free(g));
        held.map(|g| needed(&self.groups.0[g])).fold(0.0, f64::max)
    }

    pub fn largest_slope(&self) -> f64 {
        self.slopes.iter().fold(0.0, |max, slope| max.max(slope.abs()))
    }

    /// Fits one λ from where the last one ended.
    pub fn fit(&mut self, lambda: f64, gap: f64, passes: usize) -> GroupedFit {
        let all: Vec<usize> = (0..self.groups.0.len()).collect();
        let (mut used, mut inner) = (0, 0.3 * gap);
        loop {
            let active: Vec<usize> =
                all.iter().copied().filter(|&g| self.is_active(g, lambda)).collect();
            used += self.descend(&active, lambda, inner, passes.saturating_sub(used).max(1));
            self.etas = self.predictors();
            self.balance_intercepts();
            self.slopes = self.all_slopes();
            let point = self.point(&all, lambda);
            let converged = point.gap <= gap;
            let missing = all.iter().any(|g| !active.contains(g) && self.is_active(*g, lambda));
            if converged || used >= passes || (!missing && inner < 1e-6 * gap) {
                return self.finish(lambda, point, converged, used);
            }
            inner *= if missing { 1.0 } else { 0.01 };
        }
    }

    /// Groups that are not zero, or want to leave it.
    fn is_active(&self, g: usize, lambda: f64) -> bool {
        let group = &self.groups.0[g];
        let count = self.outputs.count();
        let weights = pick(&group.members, &self.beta, count);
        let gradient: Vec<f64> =
            pick(&group.members, &self.slopes, count).iter().map(|s| -s).collect();
        self.is_free(g)
            || weights.iter().any(|w| *w != 0.0)
            || at(&group.penalty, lambda).subdiff_distance(&weights, &gradient) > 0.0
    }

    /// Groups that no λ holds at zero.
    fn is_free(&self, g: usize) -> bool {
        let p = &self.groups.0[g].penalty;
        p.group.get() + p.l1.get() + p.l2.get() == 0.0
    }

    /// Newton steps on some groups until their gap is small; returns how many.
    fn descend(&mut self, active: &[usize], lambda: f64, gap: f64, passes: usize) -> usize {
        let (mut nearest, mut stalled) = (f64::INFINITY, 0);
        for pass in 1..=passes {
            self.balance_intercepts();
            let (u, count) = (self.weighted_residuals(), self.outputs.count());
            let apart = by_output(&u, count);
            for &(j, k) in active.iter().flat_map(|&g| &self.groups.0[g].members) {
                self.slopes[j * count + k] = self.prepared.columns.dot(j, &apart[k]);
            }
            let point = self.point(active, lambda);
            stalled = if point.distance < 0.9 * nearest { 0 } else { stalled + 1 };
            nearest = nearest.min(point.distance);
            let falls = point.gap > gap && self.step(active, lambda, u, &point);
            // Where the objective is flat to rounding, the distance may still shrink.
            if point.gap <= gap || (!falls && stalled > STALLS) {
                return pass;
            }
        }
        passes
    }

    /// One Newton step with a line search; false where the objective does not fall any more.
    fn step(&mut self, active: &[usize], lambda: f64, u: Vec<f64>, point: &Point) -> bool {
        let (count, rows) = (self.outputs.count(), self.etas.len());
        let groups: Vec<&Group> = active.iter().map(|&g| &self.groups.0[g]).collect();
        let start: Vec<Vec<f64>> =
            groups.iter().map(|group| pick(&group.members, &self.beta, count)).collect();
        let along: Vec<f64> = u.clone();
        let mut model = Model {
            outputs: self.outputs,
            columns: &self.prepared.columns,
            weights: &self.prepared.weights,
            targets: &self.targets,
            places: self.places(),
            left: u,
            towards: vec![0.0; rows],
            intercept: self.prepared.intercept,
        };
        let moved = model.minimize(&groups, start.clone(), lambda, 0.03 * point.distance, 1_000);
        let towards = model.towards;
        let penalty = |length: f64| -> f64 {
            let value = |(group, (old, new)): (&&Group, (&Vec<f64>, &Vec<f64>))| {
                let mixed: Vec<f64> =
                    old.iter().zip(new).map(|(old, new)| old + length * (new - old)).collect();
                at(&group.penalty, lambda).value(&mixed)
            };
            groups.iter().zip(start.iter().zip(&moved.groups)).map(value).sum()
        };
        let linear: f64 = -along.iter().zip(&towards).map(|(u, d)| u * d).sum::<f64>();
        let expected = linear + penalty(1.0) - penalty(0.0);
        let rounding = 4.0 * f64::EPSILON * point.objective.abs();
        let mut length = 1.0;
        for _ in 0..HALVINGS {
            let etas: Vec<f64> =
                self.etas.iter().zip(&towards).map(|(eta, d)| eta + length * d).collect();
            let objective = self.loss(&etas) + penalty(length);
            if objective <= point.objective + 1e-4 * length * expected + rounding {
                for (group, (old, new)) in groups.iter().zip(start.iter().zip(&moved.groups)) {
                    for (&(j, k), (old, new)) in group.members.iter().zip(old.iter().zip(new)) {
                        let whole = if length == 1.0 { *new } else { old + length * (new - old) };
                        self.beta[j * count + k] = whole;
                    }
                }
                let intercepts = self.intercepts.iter_mut().zip(&moved.intercepts);
                intercepts.for_each(|(b, d)| *b += length * d);
                self.etas = etas;
                return expected < -1e-3 * rounding;
            }
            length *= 0.5;
        }
        false
    }

    /// Newton steps for the intercepts alone, so that residuals sum to zero.
    fn balance_intercepts(&mut self) {
        if !self.prepared.intercept {
            return;
        }
        let count = self.outputs.count();
        for _ in 0..50 {
            let u = self.weighted_residuals();
            let sums = |k: usize| u.iter().skip(k).step_by(count).sum::<f64>();
            let size: f64 = u.iter().map(|u| u.abs()).sum();
            // Sums of thousands of residuals are no exacter.
            if (0..count).all(|k| sums(k).abs() <= 1e-14 * size) {
                return;
            }
            let before = self.loss(&self.etas);
            let mut model = Model {
                outputs: self.outputs,
                columns: &self.prepared.columns,
                weights: &self.prepared.weights,
                targets: &self.targets,
                places: self.places(),
                left: u,
                towards: vec![0.0; self.etas.len()],
                intercept: true,
            };
            let moved = model.minimize(&[], vec![], 0.0, 0.0, 1);
            let largest = moved.intercepts.iter().fold(0.0_f64, |max, d| max.max(d.abs()));
            // A step of at most 1 cannot run away where the loss is steep.
            let length = if largest > 1.0 { largest.recip() } else { 1.0 };
            let shift = |eta: &[f64]| -> Vec<f64> {
                let pairs = eta.iter().zip(moved.intercepts.iter().cycle());
                pairs.map(|(eta, d)| eta + length * d).collect()
            };
            let etas = shift(&self.etas);
            let after = self.loss(&etas);
            if after.is_nan() || after > before {
                return;
            }
            self.intercepts = shift(&self.intercepts);
            self.etas = etas;
        }
    }

    fn finish(&self, lambda: f64, point: Point, converged: bool, passes: usize) -> GroupedFit {
        let count = self.outputs.count();
        let output =
            |k: usize| -> Vec<f64> { self.beta.iter().skip(k).step_by(count).copied().collect() };
        let (mut intercepts, mut coefficients): (Vec<f64>, Vec<Vec<f64>>) =
            (0..count).map(|k| self.prepared.original(&output(k), self.intercepts[k])).unzip();
        if self.outputs.is_shift_invariant() {
            centre(&mut intercepts);
            for j in self.prepared.unpenalized() {
                let mut row: Vec<f64> = coefficients.iter().map(|w| w[j]).collect();
                centre(&mut row);
                coefficients.iter_mut().zip(row).for_each(|(w, new)| w[j] = new);
            }
        }
        let Point { objective, gap, distance } = point;
        GroupedFit {
            lambda,
            intercepts,
            coefficients,
            objective,
            gap,
            kkt: distance,
            converged,
            passes,
        }
    }
}

fn pick(members: &[(usize, usize)], of: &[f64], count: usize) -> Vec<f64> {
    members.iter().map(|&(j, k)| of[j * count + k]).collect()
}
