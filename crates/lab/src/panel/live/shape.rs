//! Two-dimensional examples of two classes, the figures of TensorFlow Playground, as a table.
//!
//! They become CSV and go the way of every table, so that `wellfit train` reads the same numbers.

use serde::Deserialize;
use std::f64::consts::TAU;
use std::fmt::Write;
use wellfit::core::number::Fraction;
use wellfit::core::seed::{Draw, Seed};

/// Examples of one drawing, at most.
const MOST: usize = 5000;
/// Half the width of the square in which the examples lie.
const REACH: f64 = 5.0;

/// Names of the classes, which are also their colours on the page.
const CLASSES: [&str; 2] = ["blue", "orange"];

/// What is drawn, how often, and how cleanly.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    /// Which figure.
    pub kind: Kind,
    /// Examples, 10 to 5000; the classes take turns in the clouds and the arms.
    pub n: usize,
    /// How far the examples stray, in [0, 1].
    #[serde(default = "clean")]
    pub noise: Fraction,
}

/// The figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A disc and the ring around it.
    Circle,
    /// Four squares, those across a corner alike.
    Xor,
    /// Two normal clouds.
    Gauss,
    /// Two arms wound into each other.
    Spiral,
}

fn clean() -> Fraction {
    Fraction::ZERO
}

impl Kind {
    /// The file that the examples are kept in.
    pub fn file(self) -> &'static str {
        match self {
            Self::Circle => "circle.csv",
            Self::Xor => "xor.csv",
            Self::Gauss => "gauss.csv",
            Self::Spiral => "spiral.csv",
        }
    }

    /// Where example `index` of `n` lies, and whether it is of the second class. Noise blurs the
    /// border of disc and squares, widens the clouds and the arms.
    fn example(self, index: usize, n: usize, noise: f64, mut draw: Draw) -> ([f64; 2], bool) {
        let second = index % 2 == 1;
        let stray = |draw: &mut Draw, reach: f64| draw.between(-reach, reach) * noise;
        match self {
            Self::Circle => {
                let (low, high) = if second { (0.7, 1.0) } else { (0.0, 0.5) };
                let (radius, angle) = (REACH * draw.between(low, high), TAU * draw.unit());
                let [x, y] = [radius * angle.sin(), radius * angle.cos()];
                let seen = [x + stray(&mut draw, REACH), y + stray(&mut draw, REACH)];
                ([x, y], seen[0].hypot(seen[1]) >= REACH / 2.0)
            }
            Self::Xor => {
                let apart = |value: f64| value + 0.3 * value.signum();
                let mut side = || apart(draw.between(-REACH, REACH));
                let [x, y] = [side(), side()];
                let seen = [x + stray(&mut draw, REACH), y + stray(&mut draw, REACH)];
                ([x, y], seen[0] * seen[1] < 0.0)
            }
            Self::Gauss => {
                let (centre, std) = (if second { 2.0 } else { -2.0 }, (0.5 + 7.0 * noise).sqrt());
                let mut side = || centre + std * draw.standard_normal();
                ([side(), side()], second)
            }
            Self::Spiral => {
                let along = (index / 2) as f64 / (n as f64 / 2.0);
                let turn = 1.75 * along * TAU + if second { TAU / 2.0 } else { 0.0 };
                let [x, y] = [REACH * along * turn.sin(), REACH * along * turn.cos()];
                ([x + stray(&mut draw, 2.0), y + stray(&mut draw, 2.0)], second)
            }
        }
    }
}

impl Shape {
    /// The examples as CSV with the columns `x`, `y` and `class`.
    ///
    /// # Errors
    /// A number of examples out of bounds, told in a sentence.
    pub fn csv(self, seed: Seed) -> Result<String, String> {
        if !(10..=MOST).contains(&self.n) {
            let found = self.n;
            return Err(format!("data.shape.n: expected 10 to {MOST} examples, found {found}"));
        }
        let (stream, noise) = (seed.stream("shape"), self.noise.get());
        let mut text = "x,y,class\n".to_owned();
        for index in 0..self.n {
            let draw = stream.step(index as u64);
            let ([x, y], second) = self.kind.example(index, self.n, noise, draw);
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{x:.4},{y:.4},{}", CLASSES[usize::from(second)]);
        }
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(kind: Kind, noise: f64) -> Vec<([f64; 2], bool)> {
        let shape = Shape { kind, n: 600, noise: Fraction::new(noise).unwrap() };
        let csv = shape.csv(Seed::new(7)).unwrap();
        let row = |line: &str| {
            let cells: Vec<&str> = line.split(',').collect();
            ([cells[0].parse().unwrap(), cells[1].parse().unwrap()], cells[2] == "orange")
        };
        csv.lines().skip(1).map(row).collect()
    }

    #[test]
    fn clean_figures_keep_their_border() {
        for ([x, y], second) in rows(Kind::Circle, 0.0) {
            assert_eq!(second, x.hypot(y) > 2.5, "{x} {y}");
        }
        for ([x, y], second) in rows(Kind::Xor, 0.0) {
            assert_eq!(second, x * y < 0.0, "{x} {y}");
            assert!(x.abs() > 0.29 && y.abs() > 0.29);
        }
        let spiral = rows(Kind::Spiral, 0.0);
        // The arms are each other turned by half.
        for pair in spiral.chunks(2) {
            let ([x, y], [u, v]) = (pair[0].0, pair[1].0);
            assert!((x + u).abs() < 1e-3 && (y + v).abs() < 1e-3);
        }
    }

    #[test]
    fn noise_mixes_the_classes_and_the_clouds_have_their_spread() {
        let wrong = |kind| {
            let crosses = |([x, y], second): &([f64; 2], bool)| *second != (x.hypot(*y) > 2.5);
            rows(kind, 0.5).iter().filter(|row| crosses(row)).count()
        };
        assert!(wrong(Kind::Circle) > 30, "{}", wrong(Kind::Circle));
        let clouds = rows(Kind::Gauss, 0.5);
        let second: Vec<f64> = clouds.iter().filter(|row| row.1).map(|row| row.0[0]).collect();
        let mean = second.iter().sum::<f64>() / second.len() as f64;
        let variance = second.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / second.len() as f64;
        // Four standard errors of mean and variance of 300 draws of N(2, 4).
        assert!((mean - 2.0).abs() < 0.47, "{mean}");
        assert!((variance - 4.0).abs() < 1.4, "{variance}");
    }

    #[test]
    fn the_seed_decides_and_the_number_is_bounded() {
        let shape = |n| Shape { kind: Kind::Gauss, n, noise: Fraction::ZERO };
        assert_eq!(shape(50).csv(Seed::new(1)), shape(50).csv(Seed::new(1)));
        assert_ne!(shape(50).csv(Seed::new(1)), shape(50).csv(Seed::new(2)));
        assert!(shape(9).csv(Seed::new(1)).is_err() && shape(5001).csv(Seed::new(1)).is_err());
    }
}
