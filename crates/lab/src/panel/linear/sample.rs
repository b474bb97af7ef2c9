//! Tables that need no file.

use serde::Deserialize;
use wellfit::core::seed::Seed;
use wellfit::data::{Error, Target, digits};

/// A table that comes with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sample {
    /// Eight correlated features, of which three count.
    ///
    /// Tibshirani 1996, *Regression shrinkage and selection via the lasso*, example 1.
    #[default]
    Made,
    /// Whether a handwritten digit is a three, by its 64 pixels.
    Digits,
}

/// Rows of the table that is made.
const ROWS: usize = 60;
/// What made its target.
const TRUTH: [f64; 8] = [3.0, 1.5, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0];
/// Standard deviation of the target's noise.
const NOISE: f64 = 3.0;

impl Sample {
    /// The table as CSV; the target is its last column.
    ///
    /// # Errors
    /// A damaged program.
    pub fn csv(self) -> Result<String, Error> {
        match self {
            Self::Made => Ok(made()),
            Self::Digits => threes(),
        }
    }
}

fn made() -> String {
    let mut draw = Seed::new(1996).stream("sample").step(0);
    let mut text = "x1,x2,x3,x4,x5,x6,x7,x8,y\n".to_owned();
    for _ in 0..ROWS {
        let mut x = [0.0; 8].map(|_: f64| draw.standard_normal());
        // Neighbours are correlated by one half.
        for j in 1..x.len() {
            x[j] = 0.5 * x[j - 1] + 0.75_f64.sqrt() * x[j];
        }
        let signal: f64 = x.iter().zip(TRUTH).map(|(x, w)| x * w).sum();
        let y = signal + NOISE * draw.standard_normal();
        let cells = x.iter().chain([&y]).map(|cell| format!("{cell:.4}")).collect::<Vec<_>>();
        text += &(cells.join(",") + "\n");
    }
    text
}

fn threes() -> Result<String, Error> {
    let data = digits::digits()?;
    let names = (0..data.width()).map(|pixel| format!("row {} column {}", pixel / 8, pixel % 8));
    let mut text = names.collect::<Vec<_>>().join(",") + ",digit\n";
    let labels: &[u32] = match &data.target {
        Target::Classes { labels, .. } => labels,
        Target::Values(_) => &[],
    };
    for (row, &label) in labels.iter().enumerate() {
        let pixels = data.row(row).iter().map(f32::to_string).collect::<Vec<_>>();
        let word = if label == 3 { "three" } else { "another" };
        text += &format!("{},{word}\n", pixels.join(","));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_samples_are_tables() {
        for (sample, rows, columns) in [(Sample::Made, 60, 9), (Sample::Digits, 1797, 65)] {
            let text = sample.csv().unwrap();
            assert_eq!(text.lines().count(), rows + 1);
            assert!(text.lines().all(|line| line.split(',').count() == columns));
            assert_eq!(text, sample.csv().unwrap());
        }
        assert_eq!(Sample::Digits.csv().unwrap().matches(",three\n").count(), 183);
    }
}
