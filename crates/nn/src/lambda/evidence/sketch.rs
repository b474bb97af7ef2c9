//! How the rows under the root of the curvature are dealt out to a few sums.

use wellfit_core::seed::Draw;

/// Sums, at most: their inner products are a matrix of this size.
const MOST: usize = 512;
/// Sums, at least, however large the model is.
const LEAST: usize = 64;
/// Numbers that all sums hold together, about: 128 MiB.
const NUMBERS: usize = 1 << 25;

/// A pass over a chunk of examples gives one sum, of the outputs whose number is `turn` modulo the
/// turns.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sketch {
    examples: Vec<usize>,
    outputs: usize,
    /// Sums for the same examples.
    turns: usize,
    /// Examples of a chunk.
    size: usize,
}

impl Sketch {
    /// Deals out the outputs of so many examples for a model of so many weights.
    pub fn new(examples: usize, outputs: usize, weights: usize, draw: &mut Draw) -> Self {
        let most = (NUMBERS / weights.max(1)).clamp(LEAST, MOST);
        let turns = (most / examples.max(1)).clamp(1, outputs.max(1));
        let size = examples.div_ceil(most / turns).max(1);
        Self { examples: draw.permutation(examples), outputs, turns, size }
    }

    /// Outputs of all examples.
    pub fn outputs(&self) -> usize {
        self.examples.len() * self.outputs
    }

    /// Sums.
    pub fn rows(&self) -> usize {
        self.examples.len().div_ceil(self.size) * self.turns
    }

    /// The examples of each chunk.
    pub fn chunks(&self) -> impl Iterator<Item = &[usize]> {
        self.examples.chunks(self.size)
    }

    /// The signs of each sum of a chunk of `count` examples, row by row; 0 for what is another
    /// sum's.
    pub fn signs(&self, count: usize, draw: &mut Draw) -> Vec<Vec<f32>> {
        let bits = draw.many_below(count * self.outputs, 2);
        let sign = |turn: usize| {
            let own = move |place: usize| place % self.outputs % self.turns == turn;
            let of = move |(place, bit): (usize, &u32)| match (own(place), bit) {
                (false, _) => 0.0,
                (true, 0) => -1.0,
                (true, _) => 1.0,
            };
            bits.iter().enumerate().map(of).collect()
        };
        (0..self.turns).map(sign).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wellfit_core::seed::Seed;

    #[test]
    fn every_output_is_in_one_sum() {
        for (examples, outputs, weights) in [(40, 3, 10), (300, 10, 10), (3000, 2, 10), (9, 1, 1)] {
            let mut draw = Seed::new(1).stream("test").step(0);
            let sketch = Sketch::new(examples, outputs, weights, &mut draw);
            let (mut sums, mut seen) = (0, 0);
            for chunk in sketch.chunks() {
                for signs in sketch.signs(chunk.len(), &mut draw) {
                    sums += 1;
                    seen += signs.iter().filter(|&&sign| sign != 0.0).count();
                }
            }
            assert_eq!((sums, seen), (sketch.rows(), examples * outputs));
            assert!(sums <= MOST && sketch.outputs() == seen);
        }
    }

    #[test]
    fn few_outputs_are_alone_in_their_sum_and_large_models_have_fewer_sums() {
        let draw = || Seed::new(1).stream("test").step(0);
        let rows = |examples, outputs, weights| {
            Sketch::new(examples, outputs, weights, &mut draw()).rows()
        };
        assert_eq!(rows(40, 3, 10), 120);
        assert_eq!(rows(1000, 10, 1 << 17), 250);
        assert_eq!(rows(1000, 10, 1 << 30), 63);
    }
}
