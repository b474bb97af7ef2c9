//! The quadratic that stands for a loss near a point, and its minimum under a penalty.

use super::coordinate;
use super::descent::Stop;
use super::gram::{Gram, State};
use super::{Block, Slope};
use crate::design::Columns;
use crate::penalty::Terms;
use wellfit_core::penalty::Penalty;

/// Members up to which a Gram matrix is worth its products.
const GRAM: usize = 1_500;

/// -u'd + ½ Σ h d² for a change d of the predictor, on the span of some columns and an intercept.
///
/// u may change while h stays: products are made once for many steps.
pub(crate) struct Model {
    h: Vec<f64>,
    block: Block,
    /// `None` where steps go along columns.
    gram: Option<Gram>,
    intercept: bool,
}

impl Model {
    /// The model at curvatures `h`, which are above 0, without columns yet.
    pub fn new(columns: &Columns, h: Vec<f64>, intercept: bool) -> Self {
        let block = Block::new(columns, &h, intercept);
        let gram = (!columns.are_thin()).then(|| Gram::new(0, 0.0));
        Self { h, block, gram, intercept }
    }

    /// Columns that it holds.
    pub fn len(&self) -> usize {
        self.block.len()
    }

    /// Takes in the members that follow those it holds.
    fn extend(&mut self, columns: &Columns, members: &[usize]) {
        let new = &members[self.len()..];
        if members.len() > GRAM {
            self.gram = None;
        }
        match &mut self.gram {
            Some(gram) if !new.is_empty() => {
                let mut none = State { beta: vec![0.0; gram.len()], slope: vec![] };
                gram.admit(new, columns, &mut self.block, |_| 0.0, &mut none);
            }
            _ => new.iter().for_each(|&j| self.block.push(columns, j)),
        }
    }

    /// The change of each member's weight, and of the intercept, that minimizes model + penalty at
    /// weighted residuals `u`; `slopes` has the members' weights and x'u.
    pub fn minimize<P: Penalty>(
        &mut self,
        (columns, terms): (&Columns, &Terms<'_, P>),
        members: &[usize],
        slopes: &[Slope],
        u: &[f64],
        stop: Stop,
    ) -> (Vec<f64>, f64) {
        self.extend(columns, members);
        let sums = (u.iter().sum::<f64>(), self.h.iter().sum::<f64>());
        // Where the intercept would go alone.
        let shift = if self.intercept { sums.0 / sums.1 } else { 0.0 };
        let beta: Vec<f64> = slopes.iter().map(|slope| slope.1).collect();
        let mut residual = self.block.residual(u.iter().zip(&self.h).map(|(u, h)| u / h));
        let found = match &mut self.gram {
            Some(gram) => {
                let slope = slopes
                    .iter()
                    .enumerate()
                    .map(|(k, slope)| slope.2 - self.block.mean(k) * sums.0)
                    .collect();
                let mut state = State { beta: beta.clone(), slope };
                gram.start_at(self.block.norm2(&residual), &state);
                gram.solve(terms, &mut state, stop);
                state.beta
            }
            None => {
                let mut found = beta.clone();
                coordinate::solve(&self.block, members, terms, &mut found, &mut residual, stop);
                found
            }
        };
        let moved: Vec<f64> = found.iter().zip(&beta).map(|(new, old)| new - old).collect();
        let along: f64 = moved.iter().enumerate().map(|(k, d)| d * self.block.mean(k)).sum();
        (moved, shift - along)
    }
}
