//! Where black and white lie among inputs that are pixels.

use crate::{Dataset, Scaler};
use wellfit_core::number::{Finite, Positive};

/// pixel = mean + std x input, which is 0 for black and 1 for white.
///
/// Each list has one number for all inputs, one for every channel, or one for every input.
#[derive(Debug, Clone, PartialEq)]
pub struct PixelScale {
    /// The pixel that an input of 0 stands for.
    pub mean: Vec<f32>,
    /// What an input of 1 adds to it.
    pub std: Vec<f32>,
}

impl Default for PixelScale {
    /// Inputs that are pixels from 0 to 1 themselves.
    fn default() -> Self {
        Self { mean: vec![0.0], std: vec![1.0] }
    }
}

impl PixelScale {
    /// Inputs from 0, black, to `white`.
    pub fn to_white(white: Positive) -> Self {
        Self { mean: vec![0.0], std: vec![(1.0 / white.get()) as f32] }
    }

    /// The scale of these inputs behind `scaler`.
    #[must_use]
    pub fn behind(&self, scaler: &Scaler) -> Self {
        match scaler {
            Scaler::None => self.clone(),
            Scaler::Unit { maximum } => self.moved(&[Finite::ZERO], &[*maximum]),
            Scaler::Standard { mean, std } | Scaler::Channel { mean, std, .. } => {
                self.moved(mean, std)
            }
        }
    }

    /// input = mean + std x new input
    fn moved(&self, mean: &[Finite], std: &[Positive]) -> Self {
        let count = self.mean.len().max(mean.len());
        let at = |index: usize| {
            let (old, new) = (index * self.mean.len() / count, index * mean.len() / count);
            let (zero, one) = (f64::from(self.mean[old]), f64::from(self.std[old]));
            ((zero + one * mean[new].get()) as f32, (one * std[new].get()) as f32)
        };
        let (mean, std) = (0..count).map(at).unzip();
        Self { mean, std }
    }
}

impl Dataset {
    /// Says that the inputs are pixels from 0, black, to `white`.
    #[must_use]
    pub fn with_white(self, white: Positive) -> Self {
        Self { pixels: Some(PixelScale::to_white(white)), ..self }
    }

    /// Scales the inputs in place, and remembers where black and white are.
    ///
    /// # Errors
    /// Those of [`Scaler::apply`].
    pub fn scale(&mut self, scaler: &Scaler) -> Result<(), crate::Error> {
        scaler.apply(&mut self.inputs)?;
        self.pixels = self.pixels.as_ref().map(|pixels| pixels.behind(scaler));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Scaling, Target};

    /// Two images of 2 channels of 1 x 2 pixels from 0 to 8.
    fn images() -> Dataset {
        let inputs = vec![0., 2., 4., 8., 8., 6., 0., 1.];
        let target = Target::Values(vec![0.0; 2]);
        let data = Dataset::new(inputs, vec![2, 1, 2], target, Vec::new()).unwrap();
        data.with_white(Positive::new(8.0).unwrap())
    }

    #[test]
    fn pixels_come_back_from_every_scale() {
        let plain = images();
        let fitted = |scaling| Scaler::fit(scaling, &plain.inputs, 4).unwrap();
        let channels = Scaler::fit_channels(&plain.inputs, [2, 1, 2]).unwrap();
        for (scaler, count) in [
            (fitted(Scaling::None), 1),
            (fitted(Scaling::Unit), 1),
            (fitted(Scaling::Standard), 4),
            (channels, 2),
        ] {
            let mut scaled = plain.clone();
            scaled.scale(&scaler).unwrap();
            let scale = scaled.pixels.as_ref().unwrap();
            assert_eq!((scale.mean.len(), scale.std.len()), (count, count));
            for (index, (&input, &pixel)) in scaled.inputs.iter().zip(&plain.inputs).enumerate() {
                let place = index % 4 * count / 4;
                let found = scale.mean[place] + scale.std[place] * input;
                assert!((found - pixel / 8.0).abs() < 1e-6, "{scaler:?}: {found}, {pixel}");
            }
            assert_eq!(scaled.select(&[1]).pixels, scaled.pixels);
        }
    }
}
