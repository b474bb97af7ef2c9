//! What the model says of every point of the plane, where its inputs are two quantities.

use serde::Serialize;
use wellfit::Experiment;
use wellfit::data::{Dataset, Target};
use wellfit::nn::model::Model;
use wellfit::nn::train::outputs;

/// Points on each side of the grid.
const SIDE: usize = 60;
/// Share of the data's reach that is shown around them.
const MARGIN: f32 = 0.08;

/// The part of the plane that the examples lie in, in the units that the model sees.
#[derive(Debug, Clone)]
pub struct Plane {
    grid: Dataset,
    /// Smallest and largest value shown of each input.
    pub range: [[f32; 2]; 2],
    /// Smallest and largest target; of values.
    target: [f64; 2],
}

/// The answers on the grid, row by row from the smallest second input to the largest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Surface {
    /// Points on each side.
    pub side: usize,
    /// The likeliest class of each point, where there are more than two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<Vec<u8>>,
    /// 0 to 255: the probability of the second of two classes, that of the likeliest of more, or
    /// where a value lies between the smallest and the largest target.
    pub level: Vec<u8>,
}

impl Plane {
    /// The plane of an experiment whose inputs are two quantities.
    pub fn of(experiment: &Experiment) -> Option<Self> {
        let train = &experiment.data.train;
        if train.shape != [2] || !train.embedded.is_empty() {
            return None;
        }
        let parts = [train, &experiment.data.validation];
        let range = [0, 1].map(|column| {
            let values = parts.iter().flat_map(|part| part.inputs.iter().skip(column).step_by(2));
            shown(values.copied())
        });
        let at = |column: usize, step: usize| {
            let [low, high] = range[column];
            low + (high - low) * (step as f32 + 0.5) / SIDE as f32
        };
        let points = (0..SIDE).flat_map(|y| (0..SIDE).map(move |x| (x, y)));
        let inputs: Vec<f32> = points.flat_map(|(x, y)| [at(0, x), at(1, y)]).collect();
        // Targets play no part; there is one for each example.
        let target = Target::Values(vec![0.0; SIDE * SIDE]);
        let grid = Dataset { inputs, target, ..train.select(&[]) };
        let target = match &train.target {
            Target::Values(values) => {
                let least = values.iter().copied().fold(f64::INFINITY, f64::min);
                [least, values.iter().copied().fold(f64::NEG_INFINITY, f64::max)]
            }
            Target::Classes { .. } => [0.0, 1.0],
        };
        Some(Self { grid, range, target })
    }

    /// The answers of `model`, which is in evaluation mode.
    ///
    /// # Errors
    /// The device fails.
    pub fn answers(&self, model: &Model, of: &Experiment) -> Result<Surface, wellfit::nn::Error> {
        let mut outputs = outputs(model, &self.grid, &of.device)?;
        if of.data.train.target.classes().is_none() {
            let [low, high] = self.target;
            let level = outputs.iter().map(|value| byte((value - low) / (high - low)));
            return Ok(Surface { side: SIDE, class: None, level: level.collect() });
        }
        let (loss, count) = (of.loss(), of.outputs());
        outputs.chunks_exact_mut(count).for_each(|point| loss.probabilities(point));
        if count == 2 {
            let level = outputs.chunks_exact(2).map(|point| byte(point[1]));
            return Ok(Surface { side: SIDE, class: None, level: level.collect() });
        }
        let likeliest = |point: &[f64]| {
            let all = point.iter().enumerate();
            let best = all.max_by(|a, b| a.1.total_cmp(b.1));
            best.map_or((0, 0), |(class, &probability)| (class.min(255) as u8, byte(probability)))
        };
        let (class, level) = outputs.chunks_exact(count).map(likeliest).unzip();
        Ok(Surface { side: SIDE, class: Some(class), level })
    }
}

/// Smallest and largest value, and a margin around them.
fn shown(values: impl Iterator<Item = f32> + Clone) -> [f32; 2] {
    let low = values.clone().fold(f32::INFINITY, f32::min);
    let high = values.fold(f32::NEG_INFINITY, f32::max);
    let around = if high > low { (high - low) * MARGIN } else { 1.0 };
    [low - around, high + around]
}

/// A share as 0 to 255; what is no number is 0.
fn byte(share: f64) -> u8 {
    (share.clamp(0.0, 1.0) * 255.0).round() as u8
}
