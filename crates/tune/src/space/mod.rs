//! What is searched: dimensions, some of which are live only where another has a certain value.

mod cocktail;
mod domain;

pub use cocktail::{Cocktails, OnTechnique};
pub use domain::{Choice, Domain};

#[cfg(test)]
pub(crate) use cocktail::tests::cards as test_cards;

use crate::Error;

/// One thing that a search decides.
#[derive(Debug, Clone, PartialEq)]
pub struct Dimension {
    /// Its name, unique in the space: `dropout`, `dropout.rate`.
    pub name: String,
    /// Its values.
    pub domain: Domain,
    /// Index of an earlier dimension and the value that it must have for this one to be live.
    pub condition: Option<(usize, f64)>,
}

/// Dimensions in the order in which they are decided; a condition looks at earlier ones alone.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Space {
    dimensions: Vec<Dimension>,
}

/// A value for each live dimension of a space, in its order, and none for the others.
///
/// A number is itself, a choice is its index among the choices.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Configuration {
    /// One for each dimension.
    pub values: Vec<Option<f64>>,
}

impl Configuration {
    /// The value of a live dimension.
    pub fn get(&self, index: usize) -> Option<f64> {
        self.values.get(index).copied().flatten()
    }
}

impl Space {
    /// Adds a dimension that is always live, and returns its index.
    ///
    /// # Errors
    /// [`Error::Dimension`] for a name that is taken, or a domain without values.
    pub fn add(&mut self, name: &str, domain: Domain) -> Result<usize, Error> {
        self.push(name, domain, None)
    }

    /// Adds a dimension that is live where dimension `parent` has the value `is`.
    ///
    /// # Errors
    /// [`Error::Dimension`] for a name that is taken, a domain without values, or a parent that
    /// is not there or never has that value.
    pub fn add_under(
        &mut self,
        parent: usize,
        is: f64,
        name: &str,
        domain: Domain,
    ) -> Result<usize, Error> {
        if !self.dimensions.get(parent).is_some_and(|parent| parent.domain.contains(is)) {
            let expected = "a condition on a value of an earlier dimension";
            let found = format!("dimension {parent} = {is}");
            return Err(Error::Dimension { dimension: name.to_owned(), expected, found });
        }
        self.push(name, domain, Some((parent, is)))
    }

    fn push(
        &mut self,
        name: &str,
        domain: Domain,
        condition: Option<(usize, f64)>,
    ) -> Result<usize, Error> {
        domain.check(name)?;
        if self.index(name).is_some() {
            let expected = "a name of its own";
            return Err(Error::Dimension {
                dimension: name.to_owned(),
                expected,
                found: "it twice".to_owned(),
            });
        }
        self.dimensions.push(Dimension { name: name.to_owned(), domain, condition });
        Ok(self.dimensions.len() - 1)
    }

    /// All dimensions in order.
    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    /// Where the dimension of that name stands.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.dimensions.iter().position(|dimension| dimension.name == name)
    }

    /// Decides dimension after dimension; `value` is asked for the live ones alone.
    pub fn decide(&self, mut value: impl FnMut(usize, &Dimension) -> f64) -> Configuration {
        let mut decided = Configuration { values: Vec::with_capacity(self.dimensions.len()) };
        for (index, dimension) in self.dimensions.iter().enumerate() {
            let live = is_live(dimension, &decided);
            decided.values.push(live.then(|| value(index, dimension)));
        }
        decided
    }

    /// Whether each live dimension has a value of its domain, and no other has one.
    pub fn holds(&self, configuration: &Configuration) -> bool {
        let fits = |(dimension, value): (&Dimension, &Option<f64>)| match value {
            Some(value) => is_live(dimension, configuration) && dimension.domain.contains(*value),
            None => !is_live(dimension, configuration),
        };
        configuration.values.len() == self.dimensions.len()
            && self.dimensions.iter().zip(&configuration.values).all(fits)
    }
}

fn is_live(dimension: &Dimension, decided: &Configuration) -> bool {
    dimension.condition.is_none_or(|(parent, is)| decided.get(parent) == Some(is))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wellfit_core::card::Scale;

    fn unit() -> Domain {
        Domain::Float { low: 0.0, high: 1.0, scale: Scale::Linear }
    }

    fn nested() -> Space {
        let mut space = Space::default();
        let outer = space.add("outer", Domain::switch()).unwrap();
        let inner = space.add_under(outer, 1.0, "inner", Domain::switch()).unwrap();
        space.add_under(inner, 1.0, "rate", unit()).unwrap();
        space
    }

    #[test]
    fn what_hangs_on_a_switch_is_live_when_it_is_on() {
        let space = nested();
        let deep = space.decide(|_, dimension| dimension.domain.nearest(1.0));
        assert_eq!(deep.values, [Some(1.0), Some(1.0), Some(1.0)]);
        let off = space.decide(|index, _| index as f64);
        assert_eq!(off.values, [Some(0.0), None, None]);
        assert!(space.holds(&deep) && space.holds(&off));
    }

    #[test]
    fn a_configuration_that_does_not_fit_is_noticed() {
        let space = nested();
        for values in [
            vec![Some(0.0), Some(1.0), None],
            vec![Some(1.0), None, None],
            vec![Some(2.0), None, None],
            vec![Some(1.0), Some(1.0), Some(1.5)],
            vec![Some(0.0), None],
        ] {
            assert!(!space.holds(&Configuration { values: values.clone() }), "{values:?}");
        }
    }

    #[test]
    fn names_are_unique_and_conditions_look_back() {
        let mut space = nested();
        assert!(space.add("rate", unit()).is_err());
        assert!(space.add_under(7, 1.0, "late", unit()).is_err());
        assert!(space.add_under(0, 2.0, "never", unit()).is_err());
        assert_eq!(space.index("rate"), Some(2));
    }
}
