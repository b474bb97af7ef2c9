//! The inner loops, compiled for the widest vectors of the machine that runs them.

use pulp::{Arch, NullaryFnOnce};

/// Partial sums that are kept apart, so that additions do not wait for each other.
const LANES: usize = 32;

/// a'b. Slices of different lengths end with the shorter one.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    Arch::new().dispatch(
        #[inline(always)]
        || {
            let ((a_lanes, a_rest), (b_lanes, b_rest)) = (a.as_chunks(), b.as_chunks());
            let mut sums = [0.0; LANES];
            for (a, b) in a_lanes.iter().zip(b_lanes) {
                let (a, b): (&[f64; LANES], &[f64; LANES]) = (a, b);
                for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
                    *sum += a * b;
                }
            }
            let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
            sums.iter().sum::<f64>() + rest
        },
    )
}

/// y += factor x.
pub fn add(factor: f64, x: &[f64], y: &mut [f64]) {
    Arch::new().dispatch(Add { factor, x, y });
}

/// Not a closure: one that changes something is called through a shim that the compiler may leave
/// out of the wide registers.
struct Add<'a> {
    factor: f64,
    x: &'a [f64],
    y: &'a mut [f64],
}

impl NullaryFnOnce for Add<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { factor, x, y } = self;
        y.iter_mut().zip(x).for_each(|(y, x)| *y += factor * x);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_the_plain_loops() {
        for len in [0, 1, 7, 8, 31, 32, 33, 100] {
            let a: Vec<f64> = (0..len).map(|i| f64::from(i) - 3.0).collect();
            let b: Vec<f64> = (0..len).map(|i| 2.0 - f64::from(i % 5)).collect();
            // Whole numbers: exact in any order.
            let plain: f64 = a.iter().zip(&b).map(|(a, b)| a * b).sum();
            assert_eq!(dot(&a, &b), plain);
            let mut y = a.clone();
            add(2.0, &b, &mut y);
            assert!(y.iter().zip(a.iter().zip(&b)).all(|(y, (a, b))| *y == a + 2.0 * b));
        }
    }
}
