//! Wilcoxon's signed-rank test, exact also with ties and zeros.

/// What a test of paired differences says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tested {
    /// The statistic: t, or the sum of the ranks of the positive differences.
    pub statistic: f64,
    /// How often chance alone gives something as extreme, from both sides.
    pub p: f64,
}

/// Wilcoxon's signed-rank test that differences are symmetric about zero, from both sides.
///
/// Ranks are of the absolute values, ties share the mean of theirs. Zeros are ranked and then left
/// out (Pratt 1959). The law is exact: every sign is a fair coin, and the sums over all coins are
/// counted, which takes a time that grows with the cube of the number of differences (a second at
/// 1,000). All zeros, or none at all, give p = 1; a difference that is NaN gives NaN.
pub fn wilcoxon(differences: &[f64]) -> Tested {
    if differences.iter().any(|difference| difference.is_nan()) {
        return Tested { statistic: f64::NAN, p: f64::NAN };
    }
    let absolute: Vec<f64> = differences.iter().map(|difference| difference.abs()).collect();
    // Twice the ranks, so that those of ties are whole.
    let doubled = absolute_ranks(&absolute);
    let live: Vec<(usize, f64)> =
        doubled.into_iter().zip(differences.iter().copied()).filter(|(_, d)| *d != 0.0).collect();
    let positive: usize = live.iter().filter(|(_, d)| *d > 0.0).map(|(rank, _)| rank).sum();
    let law = law(live.iter().map(|(rank, _)| *rank));
    let below: f64 = law[..=positive].iter().sum();
    let above: f64 = law[positive..].iter().sum();
    Tested { statistic: positive as f64 / 2.0, p: (2.0 * below.min(above)).min(1.0) }
}

/// The smallest p that so many differences can give: all have the same sign, none is zero.
pub(super) fn smallest_p(differences: usize) -> f64 {
    0.5f64.powi(differences.min(1_000) as i32 - 1).min(1.0)
}

fn absolute_ranks(values: &[f64]) -> Vec<usize> {
    let doubled = super::ranks(values).into_iter().map(|rank| (2.0 * rank).round() as usize);
    doubled.collect()
}

/// How probable each sum is, when every term is taken or not by a fair coin.
fn law(terms: impl Iterator<Item = usize>) -> Vec<f64> {
    let mut law = vec![1.0];
    for term in terms {
        let mut next = vec![0.0; law.len() + term];
        for (sum, probability) in law.into_iter().enumerate() {
            next[sum] += 0.5 * probability;
            next[sum + term] += 0.5 * probability;
        }
        law = next;
    }
    law
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_signs_have_the_smallest_p() {
        assert_eq!(wilcoxon(&[1.0, 2.0, 3.0, 4.0, 5.0]).p, 0.0625);
        assert_eq!(wilcoxon(&[-1.0, -2.0, -3.0, -4.0, -5.0, -6.0]).p, 0.03125);
        assert_eq!((smallest_p(5), smallest_p(6), smallest_p(0)), (0.0625, 0.03125, 1.0));
    }

    #[test]
    fn without_differences_nothing_is_shown() {
        assert_eq!(wilcoxon(&[0.0; 8]).p, 1.0);
        assert_eq!(wilcoxon(&[]).p, 1.0);
        assert!(wilcoxon(&[1.0, f64::NAN]).p.is_nan());
    }

    /// Pratt: a zero takes the lowest rank away, and so 2, 3 are left for two that differ.
    #[test]
    fn zeros_are_ranked_and_left_out() {
        let tested = wilcoxon(&[0.0, 1.0, -2.0]);
        assert_eq!(tested.statistic, 2.0);
        assert_eq!(tested.p, 1.0);
    }

    /// By enumeration of all signs.
    #[test]
    fn ties_are_exact() {
        let differences = [1.0, 1.0, -1.0, 2.0, 2.0, 0.0, -3.0, 4.0];
        let ranks = super::super::ranks(&differences.map(f64::abs));
        let live: Vec<(f64, f64)> =
            ranks.into_iter().zip(differences).filter(|(_, d)| *d != 0.0).collect();
        let seen: f64 = live.iter().filter(|(_, d)| *d > 0.0).map(|(rank, _)| rank).sum();
        let sums = (0..1u32 << live.len()).map(|signs| {
            let taken = live.iter().enumerate().filter(|(i, _)| signs >> i & 1 == 1);
            taken.map(|(_, (rank, _))| rank).sum::<f64>()
        });
        let (mut below, mut above, mut all) = (0.0, 0.0, 0.0);
        for sum in sums {
            below += f64::from(u8::from(sum <= seen));
            above += f64::from(u8::from(sum >= seen));
            all += 1.0;
        }
        let tested = wilcoxon(&differences);
        assert_eq!(tested.statistic, seen);
        assert!((tested.p - (2.0 * f64::min(below, above) / all).min(1.0)).abs() < 1e-15);
    }
}
