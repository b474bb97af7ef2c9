//! The quadratic that stands for the loss near a point, and block coordinate descent on it.

use super::block::Bend;
use super::groups::{Group, at};
use super::multinomial::centre;
use super::outputs::Outputs;
use crate::design::Columns;
use faer::Mat;
use wellfit_core::number::NonNegative;
use wellfit_core::penalty::{GroupLasso, GroupPenalty};

/// -u'd + ½ Σ_i d_i' H_i d_i for a change d of the predictors, K for each sample.
pub(super) struct Model<'a, O> {
    pub outputs: &'a O,
    pub columns: &'a Columns,
    pub weights: &'a [f64],
    pub targets: &'a [f64],
    /// What the loss has to know of η to bend there, K for each sample.
    pub places: Vec<f64>,
    /// u - H d: what is left of the residual.
    pub left: Vec<f64>,
    /// d.
    pub towards: Vec<f64>,
    /// Whether each output has an intercept.
    pub intercept: bool,
}

/// How far the model's minimum is from where it started.
pub(super) struct Moved {
    pub intercepts: Vec<f64>,
    /// New weights of each group.
    pub groups: Vec<Vec<f64>>,
}

impl<O: Outputs> Model<'_, O> {
    /// Minimizes model + penalty over some groups, from their weights, until no group is farther
    /// than `distance` from its optimality condition.
    pub fn minimize(
        &mut self,
        groups: &[&Group],
        weights: Vec<Vec<f64>>,
        lambda: f64,
        distance: f64,
        passes: usize,
    ) -> Moved {
        let members = groups.iter().map(|group| group.members.len()).sum::<usize>();
        if (1..=PRODUCTS).contains(&members) {
            return self.minimize_by_products(groups, weights, (lambda, distance, passes));
        }
        let bends: Vec<Bend> = groups.iter().map(|group| self.bend(&group.members)).collect();
        let ones: Vec<(usize, usize)> = (0..self.outputs.count()).map(|k| (ONES, k)).collect();
        let ones_bend = self.intercept.then(|| self.bend(&ones));
        let mut moved = Moved { intercepts: vec![0.0; ones.len()], groups: weights };
        for _ in 0..passes {
            let mut worst = 0.0_f64;
            if let Some(bend) = &ones_bend {
                let slope = self.slope(&ones);
                worst = slope.iter().fold(worst, |max, s| max.max(s.abs()));
                let mut new = bend.minimum(&NO_PENALTY, &moved.intercepts, &slope);
                if self.outputs.is_shift_invariant() {
                    // Else rounding would carry them off together.
                    centre(&mut new);
                }
                self.apply(&ones, &moved.intercepts, &new);
                moved.intercepts = new;
            }
            for ((group, bend), old) in groups.iter().zip(&bends).zip(&mut moved.groups) {
                let (penalty, slope) = (at(&group.penalty, lambda), self.slope(&group.members));
                let gradient: Vec<f64> = slope.iter().map(|s| -s).collect();
                let here = penalty.subdiff_distance(old, &gradient);
                worst = worst.max(here);
                if here > 0.0 {
                    let new = bend.minimum(&penalty, old, &slope);
                    self.apply(&group.members, old, &new);
                    *old = new;
                }
            }
            if worst <= distance {
                break;
            }
        }
        moved
    }

    /// x'left of each member.
    pub(super) fn slope(&self, members: &[(usize, usize)]) -> Vec<f64> {
        if let [(j, k)] = *members {
            let (count, mut sum) = (self.outputs.count(), 0.0);
            self.each(j, |row, x| sum += x * self.left[row * count + k]);
            return vec![sum];
        }
        let left = by_output(&self.left, self.outputs.count());
        members.iter().map(|&(j, k)| self.dot(j, &left[k])).collect()
    }

    /// Moves members from `old` to `new` weights.
    pub(super) fn apply(&mut self, members: &[(usize, usize)], old: &[f64], new: &[f64]) {
        let (count, rows) = (self.outputs.count(), self.weights.len());
        let mut changes = vec![Vec::new(); count];
        for (&(j, k), (old, new)) in members.iter().zip(old.iter().zip(new)) {
            if new == old {
                continue;
            }
            let change: &mut Vec<f64> = &mut changes[k];
            change.resize(rows, 0.0);
            match j {
                ONES => change.iter_mut().for_each(|change| *change += new - old),
                j => self.columns.add(j, new - old, change),
            }
        }
        let mut change = vec![0.0; self.left.len()];
        for (k, changes) in changes.iter().enumerate() {
            let places = change.iter_mut().skip(k).step_by(count);
            places.zip(changes).for_each(|(place, change)| *place = *change);
        }
        let mut bent = vec![0.0; count];
        for (row, weight) in self.weights.iter().enumerate() {
            let places = row * count..(row + 1) * count;
            let change = &change[places.clone()];
            if change.iter().all(|change| *change == 0.0) {
                continue;
            }
            let (y, place) = (&self.targets[places.clone()], &self.places[places.clone()]);
            self.outputs.bend(y, place, change, &mut bent);
            let left = self.left[places.clone()].iter_mut();
            left.zip(&bent).for_each(|(left, bent)| *left -= weight * bent);
            let towards = self.towards[places].iter_mut();
            towards.zip(change).for_each(|(towards, change)| *towards += change);
        }
    }

    /// X_g' H X_g of a group.
    fn bend(&self, members: &[(usize, usize)]) -> Bend {
        Bend::new(self.products(members))
    }

    /// X' H X of some members.
    pub(super) fn products(&self, members: &[(usize, usize)]) -> Mat<f64> {
        let (count, rows, size) = (self.outputs.count(), self.weights.len(), members.len());
        let mut matrix = Mat::zeros(size, size);
        // What a column of one output does to each output, one behind the other.
        let mut through = vec![0.0; self.left.len()];
        for k in 0..count {
            let mut own = (0..size).filter(|&a| members[a].1 == k).peekable();
            if own.peek().is_none() {
                continue;
            }
            let bends = self.bends_of(k);
            for a in own {
                through.fill(0.0);
                for (through, bends) in through.chunks_mut(rows).zip(bends.chunks(rows)) {
                    self.each(members[a].0, |row, x| through[row] = x * bends[row]);
                }
                for (b, &(other, output)) in members.iter().enumerate().take(a + 1) {
                    let sum = self.dot(other, &through[output * rows..(output + 1) * rows]);
                    (matrix[(a, b)], matrix[(b, a)]) = (sum, sum);
                }
            }
        }
        matrix
    }

    /// Column `k` of each row's H times its weight: so many rows for each output.
    fn bends_of(&self, k: usize) -> Vec<f64> {
        let (count, rows) = (self.outputs.count(), self.weights.len());
        let mut bends = vec![0.0; self.left.len()];
        let (mut unit, mut bent) = (vec![0.0; count], vec![0.0; count]);
        for (row, weight) in self.weights.iter().enumerate() {
            let places = row * count..(row + 1) * count;
            unit[k] = *weight;
            let (y, place) = (&self.targets[places.clone()], &self.places[places]);
            self.outputs.bend(y, place, &unit, &mut bent);
            bent.iter().enumerate().for_each(|(k, bent)| bends[k * rows + row] = *bent);
        }
        bends
    }

    /// x'v of a column, or of the column of ones.
    fn dot(&self, j: usize, v: &[f64]) -> f64 {
        if j == ONES { v.iter().sum() } else { self.columns.dot(j, v) }
    }

    /// Calls `see` with the rows and entries of a column, or of the column of ones.
    fn each(&self, j: usize, see: impl FnMut(usize, f64)) {
        if j == ONES {
            let mut see = see;
            (0..self.weights.len()).for_each(|row| see(row, 1.0));
        } else {
            self.columns.each(j, see);
        }
    }
}

/// K values for each row, apart by output.
pub(super) fn by_output(values: &[f64], count: usize) -> Vec<Vec<f64>> {
    (0..count).map(|k| values.iter().skip(k).step_by(count).copied().collect()).collect()
}

/// Members up to which the products of all of them save the rows.
const PRODUCTS: usize = 300;

/// The column that intercepts multiply.
pub(super) const ONES: usize = usize::MAX;

pub(super) const NO_PENALTY: GroupLasso =
    GroupLasso { group: NonNegative::ZERO, l1: NonNegative::ZERO, l2: NonNegative::ZERO };
