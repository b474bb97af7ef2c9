//! Which samples a fold trains on, and which it is tested on.

use crate::Error;
use crate::error::check_len;
use std::collections::BTreeMap;
use wellfit_core::seed::{Draw, Seed};

/// How samples are dealt into folds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Folds {
    /// Each sample is tested once, in one of so many random parts.
    Random(usize),
    /// The same, with each class (each distinct target) spread evenly over the parts.
    Stratified(usize),
    /// Samples of a group, which have the same number here, are tested together.
    Grouped(usize, Vec<usize>),
    /// The samples stand in order of time: each of so many folds is tested on the part that follows
    /// those it trains on, so that nothing is learned from the future.
    TimeOrdered(usize),
}

/// Rows of one fold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fold {
    /// Rows to fit.
    pub train: Vec<usize>,
    /// Rows to test, none of which is in `train`.
    pub test: Vec<usize>,
}

impl Folds {
    /// Deals the samples of `target` out; chance comes from `seed` alone.
    ///
    /// # Errors
    /// [`Error::Settings`] when there are fewer than two folds, fewer samples (or groups) than
    /// folds, or [`Error::Length`] when there is not one group for each sample.
    pub fn deal(&self, target: &[f64], seed: Seed) -> Result<Vec<Fold>, Error> {
        let rows = target.len();
        let mut draw = seed.stream("folds").step(0);
        match self {
            Self::Random(count) => {
                enough(*count, rows, "samples")?;
                Ok(tested(&deal(draw.permutation(rows), *count), *count))
            }
            Self::Stratified(count) => {
                enough(*count, rows, "samples")?;
                Ok(tested(&deal(by_class(target, &mut draw), *count), *count))
            }
            Self::Grouped(count, groups) => {
                check_len("groups", rows, groups.len())?;
                grouped(*count, groups, &mut draw)
            }
            Self::TimeOrdered(count) => {
                enough(*count, rows.saturating_sub(1), "samples after the first")?;
                Ok(in_order(*count, rows))
            }
        }
    }
}

fn enough(folds: usize, found: usize, what: &str) -> Result<(), Error> {
    if folds >= 2 && folds <= found {
        return Ok(());
    }
    let why = format!("folds: expected from 2 to {found} (the {what}), found {folds}");
    Err(Error::Settings { why })
}

/// The fold of each row, when rows in `order` are dealt like cards.
fn deal(order: Vec<usize>, count: usize) -> Vec<usize> {
    let mut fold = vec![0; order.len()];
    order.into_iter().enumerate().for_each(|(turn, row)| fold[row] = turn % count);
    fold
}

/// Folds from the number of the fold that tests each row.
fn tested(fold: &[usize], count: usize) -> Vec<Fold> {
    let rows = |keep: &dyn Fn(usize) -> bool| (0..fold.len()).filter(|&i| keep(fold[i])).collect();
    (0..count).map(|k| Fold { train: rows(&|f| f != k), test: rows(&|f| f == k) }).collect()
}

/// Rows in random order, class after class.
fn by_class(target: &[f64], draw: &mut Draw) -> Vec<usize> {
    let mut order = draw.permutation(target.len());
    order.sort_by(|&a, &b| target[a].total_cmp(&target[b]));
    order
}

/// Whole groups, large ones first and equal ones by chance, each to the smallest fold.
fn grouped(count: usize, groups: &[usize], draw: &mut Draw) -> Result<Vec<Fold>, Error> {
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    groups.iter().enumerate().for_each(|(row, &group)| members.entry(group).or_default().push(row));
    enough(count, members.len(), "groups")?;
    let members: Vec<Vec<usize>> = members.into_values().collect();
    let mut order = draw.permutation(members.len());
    order.sort_by_key(|&group| std::cmp::Reverse(members[group].len()));
    let (mut fold, mut sizes) = (vec![0; groups.len()], vec![0; count]);
    for group in order {
        let smallest = (0..count).min_by_key(|&k| sizes[k]).unwrap_or(0);
        sizes[smallest] += members[group].len();
        members[group].iter().for_each(|&row| fold[row] = smallest);
    }
    Ok(tested(&fold, count))
}

fn in_order(count: usize, rows: usize) -> Vec<Fold> {
    let cut = |k: usize| k * rows / (count + 1);
    let first = |k: usize| cut(k).max(1);
    let fold = |k: usize| Fold {
        train: (0..first(k)).collect(),
        test: (first(k)..first(k + 1)).collect(),
    };
    (1..=count).map(fold).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deal_with(folds: Folds, target: &[f64]) -> Vec<Fold> {
        folds.deal(target, Seed::new(5)).unwrap()
    }

    fn assert_partition(folds: &[Fold], rows: usize) {
        let mut seen = vec![0; rows];
        for fold in folds {
            fold.test.iter().for_each(|&row| seen[row] += 1);
            let mut all = [fold.train.clone(), fold.test.clone()].concat();
            all.sort_unstable();
            assert_eq!(all, (0..rows).collect::<Vec<_>>());
        }
        assert_eq!(seen, vec![1; rows]);
    }

    #[test]
    fn each_sample_is_tested_once_in_parts_of_equal_size() {
        let folds = deal_with(Folds::Random(3), &[0.0; 11]);
        assert_partition(&folds, 11);
        assert!(folds.iter().all(|fold| (3..=4).contains(&fold.test.len())));
        assert_eq!(folds, deal_with(Folds::Random(3), &[0.0; 11]));
        assert_ne!(Folds::Random(3).deal(&[0.0; 11], Seed::new(6)).unwrap(), folds);
    }

    #[test]
    fn classes_are_spread_evenly() {
        let target: Vec<f64> = (0..50).map(|i| f64::from(u8::from(i < 13))).collect();
        let folds = deal_with(Folds::Stratified(5), &target);
        assert_partition(&folds, 50);
        for fold in folds {
            let ones: f64 = fold.test.iter().map(|&row| target[row]).sum();
            assert!((2.0..=3.0).contains(&ones) && fold.test.len() == 10);
        }
    }

    #[test]
    fn groups_stay_whole() {
        let groups = [0, 0, 0, 1, 1, 2, 3, 3, 4, 0];
        let folds = deal_with(Folds::Grouped(3, groups.to_vec()), &[0.0; 10]);
        assert_partition(&folds, 10);
        for fold in &folds {
            assert!(fold.test.iter().all(|&a| fold.train.iter().all(|&b| groups[a] != groups[b])));
            assert!((2..=4).contains(&fold.test.len()));
        }
    }

    #[test]
    fn time_is_never_turned_round() {
        for (count, rows) in [(3, 12), (4, 5), (2, 3)] {
            let folds = deal_with(Folds::TimeOrdered(count), &vec![0.0; rows]);
            assert_eq!(folds.len(), count);
            for fold in &folds {
                assert!(!fold.train.is_empty() && !fold.test.is_empty(), "{count} {rows}");
                assert!(fold.train.iter().max() < fold.test.iter().min());
            }
            assert_eq!(folds[count - 1].test.last(), Some(&(rows - 1)));
        }
    }

    #[test]
    fn too_few_of_anything_is_refused() {
        for folds in [Folds::Random(1), Folds::Random(4), Folds::TimeOrdered(3)] {
            assert!(folds.deal(&[0.0; 3], Seed::new(1)).is_err(), "{folds:?}");
        }
        assert!(Folds::Grouped(2, vec![7, 7, 7]).deal(&[0.0; 3], Seed::new(1)).is_err());
        assert!(Folds::Grouped(2, vec![7, 8]).deal(&[0.0; 3], Seed::new(1)).is_err());
    }
}
