//! Wrong labels on purpose: they show how well a model resists memorizing.

use crate::chance::{below, draw};
use crate::{Error, Target};
use rand_core::Rng;
use wellfit_core::number::Fraction;

/// Replaces the labels of `share` of the examples, each by another class chosen uniformly.
///
/// Exactly round(share x examples) labels change, on examples drawn without replacement. Returns
/// their rows in the order of the draw.
///
/// # Errors
/// [`Error::NoiseOnValues`] for regression, [`Error::Split`] when there is only one class; both
/// only when `share` is above 0.
///
/// # Off
/// `share = 0` changes nothing and draws nothing.
///
/// # Paper
/// Zhang et al. 2017, "Understanding deep learning requires rethinking generalization", arXiv
/// 1611.03530, corrupts labels to any class; here the new class always differs, so that the share
/// is what it says.
pub fn flip(target: &mut Target, share: Fraction, rng: &mut dyn Rng) -> Result<Vec<usize>, Error> {
    if share.get() == 0.0 {
        return Ok(Vec::new());
    }
    let Target::Classes { labels, names } = target else { return Err(Error::NoiseOnValues) };
    if names.len() < 2 {
        let why = "`label_noise` needs a second class to swap with".to_owned();
        return Err(Error::Split { rows: labels.len(), why });
    }
    let count = (share.get() * labels.len() as f64).round() as usize;
    let mut rows: Vec<usize> = (0..labels.len()).collect();
    draw(rng, &mut rows, count);
    rows.truncate(count);
    for &row in &rows {
        let other = below(rng, names.len() - 1) as u32;
        labels[row] = other + u32::from(other >= labels[row]);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::tests::SplitMix;

    fn target(rows: usize) -> Target {
        let names = vec!["a".to_owned(), "b".to_owned(), "c".to_owned()];
        Target::Classes { labels: (0..rows).map(|row| row as u32 % 3).collect(), names }
    }

    fn labels(target: &Target) -> &[u32] {
        match target {
            Target::Classes { labels, .. } => labels,
            Target::Values(_) => &[],
        }
    }

    #[test]
    fn exactly_the_share_changes_and_only_the_named_rows() {
        let clean = target(3001);
        let mut noisy = clean.clone();
        let share = Fraction::new(0.25).unwrap();
        let mut rows = flip(&mut noisy, share, &mut SplitMix::new(3)).unwrap();
        rows.sort_unstable();
        let changed: Vec<usize> =
            (0..3001).filter(|&row| labels(&clean)[row] != labels(&noisy)[row]).collect();
        assert_eq!((changed.len(), &changed), (750, &rows));
    }

    #[test]
    fn both_other_classes_are_as_likely() {
        let mut noisy = target(9000);
        flip(&mut noisy, Fraction::new(1.0).unwrap(), &mut SplitMix::new(4)).unwrap();
        for class in 0..3_u32 {
            let next = |row: &usize| labels(&noisy)[*row] == (class + 1) % 3;
            let count = (0..9000).filter(|row| *row as u32 % 3 == class).filter(next).count();
            // Binomial(3000, 1/2): standard deviation 27.4; five of them.
            assert!((1363..=1637).contains(&count), "class {class}: {count}");
        }
    }

    #[test]
    fn off_draws_nothing_and_regression_has_no_classes() {
        let mut rng = SplitMix::new(5);
        let mut values = Target::Values(vec![1.0; 4]);
        let off = Fraction::new(0.0).unwrap();
        assert_eq!(flip(&mut values, off, &mut rng).unwrap(), Vec::<usize>::new());
        assert_eq!(rng.drawn, 0);
        let half = Fraction::new(0.5).unwrap();
        let refused = flip(&mut values, half, &mut rng).unwrap_err().to_string();
        assert_eq!(
            refused,
            "`label_noise` swaps classes, and this target is a number: set it to 0"
        );
        let mut alone = Target::Classes { labels: vec![0; 4], names: vec!["a".to_owned()] };
        assert!(flip(&mut alone, half, &mut rng).is_err());
    }
}
