//! Which rows train, which choose the model, which are opened once at the end.

mod by;
mod complete;
mod recut;
mod size;

pub use by::By;

use crate::apportion::{apportion, interleave};
use crate::chance::draw;
use crate::{Error, Share, Target};
use complete::{enough_groups, every_class, two_classes};
use rand_core::Rng;
use serde::{Deserialize, Serialize};

/// How the parts are cut from the rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Split {
    /// Examples that choose the model; a count of 0 for none. `None`: the source's own, or one in
    /// five where it has none.
    pub validation: Option<Share>,
    /// Examples for the end. `None`: the official test set, or one in five where there is none.
    pub test: Option<Share>,
    /// Which rows go where.
    pub order: Order,
    /// Keeps only this many training examples, the first ones.
    pub first: Option<usize>,
}

impl Default for Split {
    fn default() -> Self {
        Self { validation: None, test: None, order: Order::Shuffled, first: None }
    }
}

/// Which rows go to which part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// At random: stratified by class for classification, a plain permutation for regression.
    #[default]
    Shuffled,
    /// As the file has them: training rows first, then validation, then test.
    AsGiven,
}

/// The rows of each part, every row in at most one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// Training rows.
    pub train: Vec<usize>,
    /// Validation rows; none when they are the source's own or none were asked for.
    pub validation: Vec<usize>,
    /// Test rows; none when an official test set takes their place or none was asked for.
    pub test: Vec<usize>,
}

/// The parts that have files of their own, so that nothing is cut off for them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Given {
    /// Validation examples.
    pub validation: bool,
    /// Test examples.
    pub test: bool,
}

impl Parts {
    fn named(&self) -> [(&'static str, &Vec<usize>); 3] {
        [("train", &self.train), ("validation", &self.validation), ("test", &self.test)]
    }
}

impl Split {
    /// Cuts the rows of `target` into parts.
    ///
    /// Shares are of all rows. Shuffled classes are spread so that each part holds every class in
    /// proportion, to within one example; the rows of each part come in an order of which every
    /// beginning is proportional too, so that a smaller `first` is a stratified subset of a
    /// larger one. A file in order draws nothing from `rng`.
    ///
    /// # Errors
    /// [`Error::Split`] when a part would be empty, there are fewer rows than asked for or fewer
    /// than two classes, a class is missing from training (or, shuffled, from any part), or
    /// `test` is given although there is an `official_test` set.
    pub fn parts(
        &self,
        target: &Target,
        official_test: bool,
        rng: &mut dyn Rng,
    ) -> Result<Parts, Error> {
        self.parts_by(target, Given { validation: false, test: official_test }, &By::Nothing, rng)
    }

    /// Cuts the rows of `target` into parts that keep groups whole or follow time.
    ///
    /// Groups are dealt out so that the sizes come near the shares; classes are not looked at, and
    /// `order` neither.
    ///
    /// # Errors
    /// As [`Self::parts`], when there are too few groups, and when `validation` or `test` is told
    /// although it is `given`.
    pub fn parts_by(
        &self,
        target: &Target,
        given: Given,
        by: &By,
        rng: &mut dyn Rng,
    ) -> Result<Parts, Error> {
        let fail = |why: String| Error::Split { rows: target.len(), why };
        let sizes = self.sizes(target.len(), given).map_err(fail)?;
        two_classes(target).map_err(fail)?;
        let mut parts = match (by, self.order, target) {
            (By::Groups(groups), ..) => {
                let parts = by::grouped(groups, sizes, rng);
                enough_groups(&parts, sizes, groups.len()).map_err(fail)?;
                parts
            }
            (By::Time(rows), ..) => cut(rows, sizes),
            (By::Nothing, Order::AsGiven, _) => cut(&(0..target.len()).collect::<Vec<_>>(), sizes),
            (By::Nothing, Order::Shuffled, Target::Values(_)) => {
                let mut rows: Vec<usize> = (0..target.len()).collect();
                draw(rng, &mut rows, sizes.iter().sum());
                cut(&rows, sizes)
            }
            (By::Nothing, Order::Shuffled, Target::Classes { labels, names }) => {
                let parts = stratified(labels, names.len(), sizes, rng);
                every_class(&parts.named(), labels, names).map_err(fail)?;
                parts
            }
        };
        parts.train.truncate(self.kept(parts.train.len()).map_err(fail)?);
        if let Target::Classes { labels, names } = target {
            every_class(&parts.named()[..1], labels, names).map_err(fail)?;
        }
        Ok(parts)
    }
}

fn cut(rows: &[usize], [train, validation, _]: [usize; 3]) -> Parts {
    let (train, other) = rows.split_at(train);
    let (validation, test) = other.split_at(validation);
    Parts { train: train.to_vec(), validation: validation.to_vec(), test: test.to_vec() }
}

fn stratified(labels: &[u32], classes: usize, sizes: [usize; 3], rng: &mut dyn Rng) -> Parts {
    let mut members = vec![Vec::new(); classes];
    labels.iter().enumerate().for_each(|(row, &label)| members[label as usize].push(row));
    let counts: Vec<usize> = members.iter().map(Vec::len).collect();
    let mut strata = [vec![], vec![], vec![]];
    for (mut rows, cell) in members.into_iter().zip(apportion(&counts, sizes)) {
        let count = rows.len();
        draw(rng, &mut rows, count);
        let Parts { train, validation, test } = cut(&rows, cell);
        strata.iter_mut().zip([train, validation, test]).for_each(|(part, rows)| part.push(rows));
    }
    let [train, validation, test] = strata.map(interleave);
    Parts { train, validation, test }
}

#[cfg(test)]
mod tests;
