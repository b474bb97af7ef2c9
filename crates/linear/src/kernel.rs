//! The inner loops, compiled for the widest vectors of the machine that runs them.

use pulp::{Arch, NullaryFnOnce};

/// Partial sums that are kept apart, so that additions do not wait for each other.
const LANES: usize = 32;

/// a'b. Slices of different lengths end with the shorter one.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    Arch::new().dispatch(Dot { a, b })
}

/// y += factor x.
pub fn add(factor: f64, x: &[f64], y: &mut [f64]) {
    Arch::new().dispatch(Add { factor, x, y });
}

/// Subtracts the mean with weights that add up to 1, in two passes for large offsets, multiplies by
/// `factors`, and returns the mean and the largest absolute value that there was.
pub fn centre(values: &mut [f64], weights: &[f64], factors: &[f64]) -> (f64, f64) {
    Arch::new().dispatch(Centre { values, weights, factors })
}

// None of these is a closure: closures are called through a shim that the compiler may leave out of
// the wide registers.

struct Dot<'a> {
    a: &'a [f64],
    b: &'a [f64],
}

impl NullaryFnOnce for Dot<'_> {
    type Output = f64;

    #[inline(always)]
    fn call(self) -> f64 {
        let Self { a, b } = self;
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
    }
}

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

struct Centre<'a> {
    values: &'a mut [f64],
    weights: &'a [f64],
    factors: &'a [f64],
}

impl NullaryFnOnce for Centre<'_> {
    type Output = (f64, f64);

    #[inline(always)]
    fn call(self) -> (f64, f64) {
        let Self { values, weights, factors } = self;
        let first = Dot { a: values, b: weights }.call();
        let (lanes, rest) = values.as_chunks_mut();
        let (weight_lanes, weights_rest) = weights.as_chunks();
        let (mut sums, mut largest) = ([0.0; LANES], [0.0; LANES]);
        let see = |value: &mut f64, weight: &f64, sum: &mut f64, largest: &mut f64| {
            let size = value.abs();
            // Not `f64::max`, whose care for NaN costs more than all the rest.
            *largest = if size > *largest { size } else { *largest };
            *value -= first;
            *sum += *value * weight;
        };
        for (values, weights) in lanes.iter_mut().zip(weight_lanes) {
            let (values, weights): (&mut [f64; LANES], &[f64; LANES]) = (values, weights);
            for lane in 0..LANES {
                see(&mut values[lane], &weights[lane], &mut sums[lane], &mut largest[lane]);
            }
        }
        for (value, weight) in rest.iter_mut().zip(weights_rest) {
            see(value, weight, &mut sums[0], &mut largest[0]);
        }
        let second: f64 = sums.iter().sum();
        values.iter_mut().zip(factors).for_each(|(v, factor)| *v = (*v - second) * factor);
        (first + second, largest.iter().fold(0.0, |most, size| most.max(*size)))
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
            // Powers of two, so that the mean is exact.
            let share = 1.0 / f64::from(len.max(1)).log2().ceil().exp2();
            let (shares, twos) = (vec![share; a.len()], vec![2.0; a.len()]);
            let mean = a.iter().sum::<f64>() * share;
            let mut centred = a.clone();
            let (found, largest) = centre(&mut centred, &shares, &twos);
            let left = a.iter().map(|a| a - mean).sum::<f64>() * share;
            assert_eq!(found, mean + left);
            assert_eq!(largest, a.iter().fold(0.0, |most, a| a.abs().max(most)));
            assert!(centred.iter().zip(&a).all(|(c, a)| *c == (a - mean - left) * 2.0));
        }
    }
}
