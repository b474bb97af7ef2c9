//! Which coefficients become zero together.

use crate::Error;
use wellfit_core::number::{Fraction, NonNegative};
use wellfit_core::penalty::GroupLasso;

/// Coefficients that share a penalty.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// (feature, output) of each coefficient.
    pub members: Vec<(usize, usize)>,
    /// The penalty for λ = 1.
    pub penalty: GroupLasso,
}

/// A partition of all coefficients into groups.
#[derive(Debug, Clone, PartialEq)]
pub struct Groups(pub Vec<Group>);

impl Groups {
    /// (1 - `l1_share`) √m ||w_g|| + `l1_share` ||w_g||_1 over groups of m features: the group
    /// lasso for a share of 0, the sparse group lasso between, the lasso for 1.
    pub fn of_features(groups: &[Vec<usize>], l1_share: Fraction) -> Self {
        let group = |features: &Vec<usize>| {
            let size = (features.len() as f64).sqrt();
            let penalty = shares((1.0 - l1_share.get()) * size, l1_share.get(), 0.0);
            Group { members: features.iter().map(|&j| (j, 0)).collect(), penalty }
        };
        Self(groups.iter().map(group).collect())
    }

    /// `ratio` ||w_j|| + (1 - `ratio`)/2 ||w_j||² over all outputs of feature j: a feature is used
    /// by all outputs or by none (multi-task lasso and elastic net).
    pub fn rows(features: usize, outputs: usize, ratio: Fraction) -> Self {
        let group = |j: usize| Group {
            members: (0..outputs).map(|k| (j, k)).collect(),
            penalty: shares(ratio.get(), 0.0, 1.0 - ratio.get()),
        };
        Self((0..features).map(group).collect())
    }

    /// `ratio` |w| + (1 - `ratio`)/2 w² of each coefficient: the elastic net.
    pub fn single(features: usize, outputs: usize, ratio: Fraction) -> Self {
        let group = |j: usize| {
            let penalty = shares(0.0, ratio.get(), 1.0 - ratio.get());
            (0..outputs).map(move |k| Group { members: vec![(j, k)], penalty })
        };
        Self((0..features).flat_map(group).collect())
    }

    /// The same groups with each feature's penalty multiplied by its factor; a group takes the
    /// factor of its first feature.
    pub(super) fn times(&self, factors: &[f64]) -> Self {
        let scaled = |group: &Group| {
            let factor = group.members.first().map_or(1.0, |&(j, _)| factors[j]);
            let p = &group.penalty;
            let penalty = shares(factor * p.group.get(), factor * p.l1.get(), factor * p.l2.get());
            Group { members: group.members.clone(), penalty }
        };
        Self(self.0.iter().map(scaled).collect())
    }

    /// Refuses groups that are no partition of `features` x `outputs` coefficients.
    pub(super) fn check(&self, features: usize, outputs: usize) -> Result<(), Error> {
        let mut seen = vec![0; features * outputs];
        for &(j, k) in self.0.iter().flat_map(|group| &group.members) {
            if j >= features || k >= outputs {
                let why = format!(
                    "groups: expected features below {features} and outputs below {outputs}, found \
                     feature {j} of output {k}"
                );
                return Err(Error::Settings { why });
            }
            seen[j * outputs + k] += 1;
        }
        let Some(place) = seen.iter().position(|count| *count != 1) else { return Ok(()) };
        let (feature, times) = (place / outputs, seen[place]);
        let why =
            format!("groups: expected each feature once, found feature {feature} {times} times");
        Err(Error::Settings { why })
    }
}

/// Products of numbers that are finite and not negative can only be refused by overflow.
fn shares(group: f64, l1: f64, l2: f64) -> GroupLasso {
    let number = |value| NonNegative::new(value).unwrap_or(NonNegative::ZERO);
    GroupLasso { group: number(group), l1: number(l1), l2: number(l2) }
}

/// The penalty of a group at a λ.
pub(super) fn at(penalty: &GroupLasso, lambda: f64) -> GroupLasso {
    let part = |share: NonNegative| share.get() * lambda;
    shares(part(penalty.group), part(penalty.l1), part(penalty.l2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_coefficient_belongs_to_one_group() {
        let half = Fraction::new(0.5).unwrap();
        assert!(Groups::rows(3, 2, half).check(3, 2).is_ok());
        assert!(Groups::single(3, 2, half).check(3, 2).is_ok());
        let told = |groups: &[Vec<usize>]| {
            Groups::of_features(groups, half).check(3, 1).unwrap_err().to_string()
        };
        assert!(told(&[vec![0, 1], vec![1, 2]]).contains("feature 1 2 times"));
        assert!(told(&[vec![0, 1]]).contains("feature 2 0 times"));
        assert!(told(&[vec![0, 3]]).contains("found feature 3"));
    }

    #[test]
    fn group_sizes_count_by_their_root() {
        let groups =
            Groups::of_features(&[vec![0, 1, 2, 3], vec![4]], Fraction::new(0.25).unwrap());
        let shares = |at: usize| (groups.0[at].penalty.group.get(), groups.0[at].penalty.l1.get());
        assert_eq!((shares(0), shares(1)), ((1.5, 0.25), (0.75, 0.25)));
        let doubled = groups.times(&[2.0, 2.0, 2.0, 2.0, 0.0]);
        assert_eq!(doubled.0[0].penalty.group.get(), 3.0);
        assert_eq!(doubled.0[1].penalty.l1.get(), 0.0);
    }
}
