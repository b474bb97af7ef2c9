//! The embedded handwritten digits: 1,797 images of 8 x 8 pixels, ten classes.
//!
//! E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning
//! Repository, 1998, CC BY 4.0, <https://doi.org/10.24432/C50P49>: the test set, as scikit-learn
//! ships it.

use crate::{Dataset, Error, Target, file};
use std::path::Path;
use wellfit_core::number::Positive;

const BYTES: &[u8] = include_bytes!("../assets/digits.csv.gz");
const NAME: &str = "assets/digits.csv.gz (embedded)";
const SIDE: usize = 8;

/// All images in their published order: shape `[1, 8, 8]`, pixels from 0 (paper) to 16 (ink),
/// classes `0` to `9`.
///
/// # Errors
/// [`Error::Packed`] or [`Error::Line`] only when the crate was built with a damaged asset.
pub fn digits() -> Result<Dataset, Error> {
    let text = file::inflate(Path::new(NAME), BYTES.to_vec())?;
    let (mut inputs, mut labels) = (Vec::new(), Vec::new());
    for (line, row) in (1..).zip(String::from_utf8_lossy(&text).lines()) {
        let (pixels, label) = numbers(row).ok_or_else(|| damaged(line))?;
        inputs.extend(pixels);
        labels.push(label);
    }
    let names = (0..10).map(|digit| digit.to_string()).collect();
    let target = Target::Classes { labels, names };
    let data = Dataset::new(inputs, vec![1, SIDE, SIDE], target, Vec::new())?;
    Ok(data.with_white(Positive::new(16.0)?))
}

fn numbers(row: &str) -> Option<(Vec<f32>, u32)> {
    let (pixels, label) = row.rsplit_once(',')?;
    let pixels = pixels.split(',').map(|cell| cell.parse().ok()).collect::<Option<Vec<f32>>>()?;
    let label = label.parse().ok().filter(|&digit| digit < 10)?;
    (pixels.len() == SIDE * SIDE).then_some((pixels, label))
}

fn damaged(line: u64) -> Error {
    let expected = "64 pixels and a digit".to_owned();
    Error::Line { path: NAME.into(), line, expected, found: "something else".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_image_is_the_published_zero() {
        let data = digits().unwrap();
        assert_eq!((data.len(), data.width(), data.target.classes()), (1797, 64, Some(10)));
        assert_eq!(data.row(0)[..8], [0., 0., 5., 13., 9., 1., 0., 0.]);
        assert!(data.inputs.iter().all(|pixel| (0.0..=16.0).contains(pixel)));
    }

    #[test]
    fn a_damaged_row_is_refused() {
        let row = "1,".repeat(64) + "9";
        assert_eq!(numbers(&row), Some((vec![1.0; 64], 9)));
        assert_eq!(numbers(&row[2..]), None);
        assert_eq!(numbers(&("1,".repeat(64) + "10")), None);
        assert_eq!(numbers(&row.replacen('1', "x", 1)), None);
    }
}
