//! The quadratic that stands for a loss near a point, and its minimum under a penalty.

use super::coordinate;
use super::descent::Stop;
use super::gram::{Gram, State};
use super::{Block, Residual};
use crate::design::Columns;
use crate::penalty::Terms;
use wellfit_core::penalty::Penalty;

/// Members up to which a Gram matrix is worth its products.
const GRAM: usize = 1_500;

/// -u'd + ½ Σ h d² for a change d of the predictor, on the span of some columns and an intercept.
pub(crate) struct Model<'a> {
    members: &'a [usize],
    block: Block,
    residual: Residual,
    /// Where the intercept would go alone.
    shift: f64,
    thin: bool,
}

impl<'a> Model<'a> {
    /// The model at weighted residuals `u` and curvatures `h`, which are above 0.
    pub fn new(
        columns: &Columns,
        members: &'a [usize],
        h: &[f64],
        u: &[f64],
        intercept: bool,
    ) -> Self {
        let mut block = Block::new(columns, h, intercept);
        members.iter().for_each(|&j| block.push(columns, j));
        let residual = block.residual(u.iter().zip(h).map(|(u, h)| u / h));
        let sums = (u.iter().sum::<f64>(), h.iter().sum::<f64>());
        let shift = if intercept { sums.0 / sums.1 } else { 0.0 };
        Self { members, block, residual, shift, thin: columns.are_thin() }
    }

    /// The change of each member's weight, and of the intercept, that minimizes model + penalty;
    /// `slopes` has the members' weights.
    pub fn minimize<P: Penalty>(
        mut self,
        terms: &Terms<'_, P>,
        slopes: &[(usize, f64, f64)],
        stop: Stop,
    ) -> (Vec<f64>, f64) {
        let beta: Vec<f64> = slopes.iter().map(|slope| slope.1).collect();
        let found = if self.members.len() <= GRAM && !self.thin {
            self.by_gram(terms, beta.clone(), stop)
        } else {
            let mut found = beta.clone();
            coordinate::solve(
                &self.block,
                self.members,
                terms,
                &mut found,
                &mut self.residual,
                stop,
            );
            found
        };
        let moved: Vec<f64> = found.iter().zip(&beta).map(|(new, old)| new - old).collect();
        let along: f64 = moved.iter().enumerate().map(|(k, d)| d * self.block.mean(k)).sum();
        (moved, self.shift - along)
    }

    fn by_gram<P: Penalty>(&self, terms: &Terms<'_, P>, beta: Vec<f64>, stop: Stop) -> Vec<f64> {
        let slope = (0..beta.len()).map(|k| self.block.gradient(k, &self.residual)).collect();
        let matrix = self.block.products(0);
        let norm2 = self.block.norm2(&self.residual);
        let (mut gram, mut state) =
            Gram::around(self.members.to_vec(), matrix, norm2, State { beta, slope });
        gram.solve(terms, &mut state, stop);
        state.beta
    }
}
