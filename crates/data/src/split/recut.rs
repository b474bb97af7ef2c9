//! Training and validation cut anew, while the test rows stay where they are.

use super::{By, Given, Order, Parts, Split, complete, cut, stratified};
use crate::chance::draw;
use crate::{Error, Target};
use rand_core::Rng;

impl Split {
    /// Deals the rows of training and validation out again, in the same numbers: for runs that
    /// shall differ in what they learn from and what they choose by, and keep the test rows closed.
    ///
    /// Parts that are no matter of chance stay: a validation part of the source's own, rows in the
    /// order of the file, rows by time.
    ///
    /// # Errors
    /// As [`Self::parts_by`].
    pub fn recut(
        &self,
        parts: Parts,
        target: &Target,
        given: Given,
        by: &By,
        rng: &mut dyn Rng,
    ) -> Result<Parts, Error> {
        let in_order = self.order == Order::AsGiven && *by == By::Nothing;
        if given.validation || in_order || matches!(by, By::Time(_)) {
            return Ok(parts);
        }
        let sizes = [parts.train.len(), parts.validation.len(), 0];
        let mut pool = [parts.train, parts.validation].concat();
        pool.sort_unstable();
        let inside = target.select(&pool);
        let again = match (by, &inside) {
            (By::Groups(groups), _) => super::by::grouped(&within(groups, &pool), sizes, rng),
            (_, Target::Classes { labels, names }) => stratified(labels, names.len(), sizes, rng),
            (_, Target::Values(_)) => {
                let mut rows: Vec<usize> = (0..pool.len()).collect();
                draw(rng, &mut rows, pool.len());
                cut(&rows, sizes)
            }
        };
        let fail = |why: String| Error::Split { rows: pool.len(), why };
        if let Target::Classes { labels, names } = &inside {
            complete::every_class(&again.named()[..1], labels, names).map_err(fail)?;
        }
        let rows = |places: Vec<usize>| places.into_iter().map(|place| pool[place]).collect();
        Ok(Parts { train: rows(again.train), validation: rows(again.validation), ..parts })
    }
}

/// The groups' rows that are in `pool`, which is sorted, by their places there.
fn within(groups: &[Vec<usize>], pool: &[usize]) -> Vec<Vec<usize>> {
    let places = |group: &Vec<usize>| -> Vec<usize> {
        group.iter().filter_map(|row| pool.binary_search(row).ok()).collect()
    };
    groups.iter().map(places).filter(|group| !group.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Share;
    use wellfit_core::seed::Seed;

    fn split(order: Order) -> Split {
        let share = Some(Share::count(20));
        Split { validation: share, test: share, order, first: None }
    }

    fn target() -> Target {
        let labels = (0..100).map(|row| u32::from(row % 4 == 0)).collect();
        Target::Classes { labels, names: vec!["a".into(), "b".into()] }
    }

    fn twice(split: Split, by: &By, given: Given) -> (Parts, Parts) {
        let rng = |step| Seed::new(1).stream("recut").step(step);
        let first = split.parts_by(&target(), given, by, &mut rng(0)).unwrap();
        let again = split.recut(first.clone(), &target(), given, by, &mut rng(1)).unwrap();
        (first, again)
    }

    fn sorted(rows: &[&[usize]]) -> Vec<usize> {
        let mut rows = rows.concat();
        rows.sort_unstable();
        rows
    }

    #[test]
    fn the_test_rows_stay_and_the_others_move() {
        let (first, again) = twice(split(Order::Shuffled), &By::Nothing, Given::default());
        assert_eq!(first.test, again.test);
        assert_ne!(sorted(&[&first.validation]), sorted(&[&again.validation]));
        let pool = |parts: &Parts| sorted(&[&parts.train, &parts.validation]);
        assert_eq!(pool(&first), pool(&again));
        let of_b = |rows: &[usize]| rows.iter().filter(|row| *row % 4 == 0).count();
        assert_eq!((again.validation.len(), of_b(&again.validation)), (20, 5));
    }

    #[test]
    fn groups_stay_whole() {
        let groups =
            By::Groups((0..25).map(|group| (4 * group..4 * group + 4).collect()).collect());
        let (first, again) = twice(split(Order::Shuffled), &groups, Given::default());
        assert_eq!(first.test, again.test);
        assert_ne!(sorted(&[&first.validation]), sorted(&[&again.validation]));
        let whole = |rows: &[usize]| {
            rows.iter().all(|row| rows.iter().filter(|other| *other / 4 == row / 4).count() == 4)
        };
        assert!(whole(&again.train) && whole(&again.validation));
    }

    #[test]
    fn what_is_no_matter_of_chance_stays() {
        let time = By::Time((0..100).collect());
        let (first, again) = twice(split(Order::AsGiven), &By::Nothing, Given::default());
        assert_eq!(first, again);
        let (first, again) = twice(split(Order::Shuffled), &time, Given::default());
        assert_eq!(first, again);
    }
}
