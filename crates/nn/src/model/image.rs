//! Images inside flat rows.

use crate::error::{Error, Subject};
use burn::tensor::Tensor;

/// Shape of one example that is an image, channels first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageShape {
    /// 1 for grey, 3 for colour.
    pub channels: usize,
    /// Rows of pixels.
    pub height: usize,
    /// Columns of pixels.
    pub width: usize,
}

impl ImageShape {
    /// Reads `[channels, height, width]`.
    ///
    /// # Errors
    /// Examples that are no images.
    pub fn of(shape: &[usize]) -> Result<Self, Error> {
        match *shape {
            [channels, height, width] => Ok(Self { channels, height, width }),
            _ => {
                let message = format!(
                    "this model needs images of shape [channels, height, width], found {shape:?}"
                );
                Err(Error::refused(Subject::Model, message))
            }
        }
    }

    /// Refuses images with a side of less than `side` pixels.
    ///
    /// # Errors
    /// The image is smaller.
    pub fn at_least(self, side: usize) -> Result<(), Error> {
        let Self { height, width, .. } = self;
        let message =
            format!("this model needs images of at least {side}x{side}, found {height}x{width}");
        let refused = || Error::refused(Subject::Model, message);
        if height.min(width) < side { Err(refused()) } else { Ok(()) }
    }

    /// Numbers of one image.
    pub const fn features(self) -> usize {
        self.channels * self.height * self.width
    }

    /// Flat rows as images.
    ///
    /// # Shapes
    /// [batch, channels height width] -> [batch, channels, height, width]
    pub fn images(self, rows: Tensor<2>) -> Tensor<4> {
        let [batch, _] = rows.dims();
        rows.reshape([batch, self.channels, self.height, self.width])
    }
}
