//! Block coordinate descent on the products of few members, which needs the rows no more.

use super::block::Bend;
use super::coordinates::Coordinates;
use super::groups::{Group, at};
use super::model::{Model, Moved, NO_PENALTY, ONES};
use super::multinomial::centre;
use super::outputs::Outputs;
use faer::Mat;
use std::ops::Range;
use wellfit_core::penalty::GroupPenalty;

/// -slope'd + ½ d' products d, for changes d of all members.
struct Products {
    matrix: Mat<f64>,
    slope: Vec<f64>,
}

impl Products {
    fn bend(&self, block: &Range<usize>) -> Bend {
        let (size, start) = (block.len(), block.start);
        Bend::new(Mat::from_fn(size, size, |a, b| self.matrix[(start + a, start + b)]))
    }

    /// Moves the members of a block from `old` to `new` weights.
    fn apply(&mut self, block: &Range<usize>, old: &[f64], new: &[f64]) {
        for (a, (old, new)) in block.clone().zip(old.iter().zip(new)) {
            let change = new - old;
            if change != 0.0 {
                let column = self.matrix.col_as_slice(a);
                self.slope.iter_mut().zip(column).for_each(|(s, p)| *s -= p * change);
            }
        }
    }
}

impl<O: Outputs> Model<'_, O> {
    /// As [`Model::minimize`].
    pub(super) fn minimize_by_products(
        &mut self,
        groups: &[&Group],
        weights: Vec<Vec<f64>>,
        (lambda, distance, passes): (f64, f64, usize),
    ) -> Moved {
        let ones = self.ones();
        let count = ones.len();
        let all = groups.iter().flat_map(|group| &group.members);
        let members: Vec<(usize, usize)> = ones.iter().chain(all).copied().collect();
        let mut products =
            Products { matrix: self.products(&members), slope: self.slope(&members) };
        let mut start = count;
        let block = |group: &&Group| {
            start += group.members.len();
            start - group.members.len()..start
        };
        if groups.iter().all(|group| group.members.len() == 1 && group.penalty.group.get() == 0.0) {
            return self.minimize_by_coordinates(
                groups,
                weights,
                &members,
                products,
                (lambda, distance, passes),
            );
        }
        let blocks: Vec<Range<usize>> = groups.iter().map(block).collect();
        let bends: Vec<Bend> = blocks.iter().map(|block| products.bend(block)).collect();
        let first = 0..count;
        let first_bend = (count > 0).then(|| products.bend(&first));
        let begun = weights.clone();
        let mut moved = Moved { intercepts: vec![0.0; self.outputs.count()], groups: weights };
        for _ in 0..passes {
            let mut worst = 0.0_f64;
            if let Some(bend) = &first_bend {
                let slope = &products.slope[first.clone()];
                worst = slope.iter().fold(worst, |max, s| max.max(s.abs()));
                let mut new = bend.minimum(&NO_PENALTY, &moved.intercepts, slope);
                if self.outputs.is_shift_invariant() {
                    centre(&mut new);
                }
                products.apply(&first, &moved.intercepts, &new);
                moved.intercepts = new;
            }
            for (((group, bend), block), old) in
                groups.iter().zip(&bends).zip(&blocks).zip(&mut moved.groups)
            {
                let (penalty, slope) = (at(&group.penalty, lambda), &products.slope[block.clone()]);
                let gradient: Vec<f64> = slope.iter().map(|s| -s).collect();
                let here = penalty.subdiff_distance(old, &gradient);
                worst = worst.max(here);
                if here > 0.0 {
                    let new = bend.minimum(&penalty, old, slope);
                    products.apply(block, old, &new);
                    *old = new;
                }
            }
            if worst <= distance {
                break;
            }
        }
        if count > 0 {
            self.apply(&ones, &vec![0.0; count], &moved.intercepts);
        }
        for (group, (old, new)) in groups.iter().zip(begun.iter().zip(&moved.groups)) {
            self.apply(&group.members, old, new);
        }
        moved
    }

    /// The same where each coefficient has a penalty of its own.
    fn minimize_by_coordinates(
        &mut self,
        groups: &[&Group],
        weights: Vec<Vec<f64>>,
        members: &[(usize, usize)],
        mut products: Products,
        (lambda, distance, passes): (f64, f64, usize),
    ) -> Moved {
        let count = members.len() - groups.len();
        let begun: Vec<f64> =
            vec![0.0; count].into_iter().chain(weights.into_iter().flatten()).collect();
        let penalties = groups.iter().map(|group| at(&group.penalty, lambda));
        let mut all = Coordinates {
            products: &products.matrix,
            slope: &mut products.slope,
            weights: begun.clone(),
            penalties: vec![NO_PENALTY; count].into_iter().chain(penalties).collect(),
        };
        all.minimize(distance, passes);
        let mut found = all.weights;
        if self.outputs.is_shift_invariant() && count > 0 {
            centre(&mut found[..count]);
        }
        self.apply(members, &begun, &found);
        let mut intercepts = found;
        let groups = intercepts.split_off(count).into_iter().map(|w| vec![w]).collect();
        intercepts.resize(self.outputs.count(), 0.0);
        Moved { intercepts, groups }
    }

    /// The coefficients that are intercepts.
    fn ones(&self) -> Vec<(usize, usize)> {
        let count = if self.intercept { self.outputs.count() } else { 0 };
        (0..count).map(|k| (ONES, k)).collect()
    }
}
