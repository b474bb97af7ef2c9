//! What a model is told about its examples.

use crate::Error;
use wellfit_data::{Dataset, Embedded};

/// Shape of an example, and which of its inputs are numbers of levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inputs<'a> {
    /// `[features]` for a table, `[channels, height, width]` for images.
    pub shape: &'a [usize],
    /// The inputs that hold the number of a category's level, as [`Dataset::embedded`].
    pub embedded: &'a [Embedded],
}

impl Inputs<'_> {
    /// Numbers of one example.
    pub fn features(&self) -> usize {
        self.shape.iter().product()
    }

    /// Refuses embedded columns that an example does not have, that stand twice or have no level.
    ///
    /// # Errors
    /// [`Error::Mismatch`] with the first of them.
    pub(super) fn check(&self) -> Result<(), Error> {
        for (index, Embedded { column, levels }) in self.embedded.iter().enumerate() {
            let twice = self.embedded[..index].iter().any(|other| other.column == *column);
            if *column >= self.features() || *levels == 0 || twice {
                let message = format!(
                    "embedded columns must be different ones of the {} inputs and have levels, \
                     found column {column} with {levels} levels{}",
                    self.features(),
                    if twice { ", twice" } else { "" }
                );
                return Err(Error::Mismatch(message));
            }
        }
        Ok(())
    }
}

impl<'a> From<&'a Dataset> for Inputs<'a> {
    fn from(data: &'a Dataset) -> Self {
        Self { shape: &data.shape, embedded: &data.embedded }
    }
}

/// Examples without embedded columns.
impl<'a> From<&'a [usize]> for Inputs<'a> {
    fn from(shape: &'a [usize]) -> Self {
        Self { shape, embedded: &[] }
    }
}

impl<'a> From<&'a Vec<usize>> for Inputs<'a> {
    fn from(shape: &'a Vec<usize>) -> Self {
        Self::from(shape.as_slice())
    }
}

impl<'a, const N: usize> From<&'a [usize; N]> for Inputs<'a> {
    fn from(shape: &'a [usize; N]) -> Self {
        Self::from(shape.as_slice())
    }
}
