//! Which rows a model was trained on, told in a few hundred numbers: enough to notice that another
//! run is judged by rows that its teacher has learned by heart.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashSet};
use wellfit_data::Dataset;

/// How many rows are kept. Of 50 000 training rows among which are 1000 of another run's 5000
/// validation rows, it holds 5 of these on average.
const KEPT: usize = 256;

/// The rows with the smallest hashes, a sample that depends on nothing but the rows. (The bottom-k
/// sketch of Cohen and Kaplan 2007, "Summarizing data using bottom-k sketches", PODC.)
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seen(Vec<u64>);

impl Seen {
    /// The sample of these rows.
    pub fn of(data: &Dataset) -> Self {
        let hashes: BTreeSet<u64> = hashes(data).collect();
        Self(hashes.into_iter().take(KEPT).collect())
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// About how many rows of `held` were among those that the model saw, of rows that are not in
    /// `own` as well: a row that stands in a table twice is nobody's secret.
    pub fn among(&self, held: &Dataset, own: &Dataset) -> usize {
        // Of fewer rows than are kept all are known.
        let last = match self.0.last() {
            None => return 0,
            Some(&last) if self.0.len() == KEPT => last,
            Some(_) => u64::MAX,
        };
        let own: HashSet<u64> = hashes(own).filter(|&hash| hash <= last).collect();
        let all: BTreeSet<u64> = hashes(held).collect();
        let sampled = all.range(..=last).filter(|&hash| !own.contains(hash));
        let known: Vec<bool> = sampled.map(|hash| self.0.binary_search(hash).is_ok()).collect();
        let seen = known.iter().filter(|&&known| known).count();
        (seen as f64 / known.len().max(1) as f64 * held.len() as f64).round() as usize
    }
}

/// A number of 63 bits for each row, which TOML can hold.
fn hashes(data: &Dataset) -> impl Iterator<Item = u64> {
    let width = data.width().max(1);
    let rows = data.inputs.chunks_exact(width);
    rows.map(|row| mixed(row.iter().fold(0, |hash, x| mixed(hash ^ u64::from(x.to_bits())))) >> 1)
}

/// The finalizer of SplitMix64. (Steele, Lea and Flood 2014, OOPSLA.)
fn mixed(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wellfit_data::Target;

    fn rows(numbers: std::ops::Range<u16>) -> Dataset {
        let target = Target::Values(vec![0.0; numbers.len()]);
        let inputs = numbers.flat_map(|i| [f32::from(i), 0.5]).collect();
        Dataset::new(inputs, vec![2], target, Vec::new()).unwrap()
    }

    #[test]
    fn rows_that_were_seen_are_counted_and_others_are_not() {
        let (own, held) = (rows(0..1000), rows(1000..3000));
        let seen = |range| Seen::of(&rows(range)).among(&held, &own);
        assert_eq!(seen(0..1000), 0);
        assert_eq!(seen(3000..60_000), 0);
        assert_eq!(seen(0..3000), 2000);
        // Half of them, of which the sample holds about 85.
        assert!((800..1200).contains(&seen(0..2000)), "{}", seen(0..2000));
        assert_eq!(Seen::default().among(&held, &own), 0);
    }

    #[test]
    fn what_stands_in_both_parts_of_a_table_is_no_secret() {
        let twice = rows(0..100).joined(&rows(0..100)).unwrap();
        assert_eq!(Seen::of(&rows(0..100)).among(&twice, &rows(0..100)), 0);
    }

    #[test]
    fn a_few_rows_are_told_exactly() {
        assert_eq!(Seen::of(&rows(5..8)).among(&rows(7..10), &rows(0..5)), 1);
        assert!(Seen::of(&rows(0..999)).0.iter().all(|&hash| i64::try_from(hash).is_ok()));
    }
}
