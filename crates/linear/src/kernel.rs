//! The inner loops, compiled for the widest vectors of the machine that runs them.

use faer::Mat;
use pulp::{Arch, NullaryFnOnce, Simd, WithSimd};

/// Partial sums that are kept apart, so that additions do not wait for each other.
const LANES: usize = 32;
/// Vectors whose products with a column grow at once.
const EIGHT: usize = 8;

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

/// X'V for a few vectors: each column of X is read once, and nothing is copied before.
pub fn products(x: &Mat<f64>, vectors: &Mat<f64>, out: &mut Mat<f64>) {
    Arch::new().dispatch(Products { x, vectors, out });
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

struct Products<'a> {
    x: &'a Mat<f64>,
    vectors: &'a Mat<f64>,
    out: &'a mut Mat<f64>,
}

impl WithSimd for Products<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { x, vectors, out } = self;
        let vector = |k: usize| vectors.col_as_slice(k);
        for (j, x) in (0..x.ncols()).map(|j| (j, x.col_as_slice(j))) {
            let (mut done, count) = (0, vectors.ncols());
            while done + EIGHT <= count {
                let dots = together::<S, EIGHT>(simd, x, std::array::from_fn(|k| vector(done + k)));
                dots.iter().enumerate().for_each(|(k, dot)| out[(j, done + k)] = *dot);
                done += EIGHT;
            }
            for k in done..count {
                out[(j, k)] = together::<S, 1>(simd, x, [vector(k)])[0];
            }
        }
    }
}

/// Products of one vector with each of `K`, all of one length: sums in registers, named as such, for
/// the compiler does not find them.
#[inline(always)]
fn together<S: Simd, const K: usize>(simd: S, x: &[f64], vectors: [&[f64]; K]) -> [f64; K] {
    let (lanes, rest) = S::as_simd_f64s(x);
    let others = vectors.map(|vector| S::as_simd_f64s(&vector[..x.len()]));
    let mut sums = [simd.splat_f64s(0.0); K];
    for (place, &x) in lanes.iter().enumerate() {
        for k in 0..K {
            sums[k] = simd.mul_add_e_f64s(x, others[k].0[place], sums[k]);
        }
    }
    std::array::from_fn(|k| {
        let rest: f64 = rest.iter().zip(others[k].1).map(|(x, v)| x * v).sum();
        simd.reduce_sum_f64s(sums[k]) + rest
    })
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
    fn products_with_several_vectors_are_those_with_each() {
        for (rows, count) in [(1, 1), (7, 3), (16, 8), (33, 11), (200, 17)] {
            // Whole numbers: exact in any order.
            let x = Mat::from_fn(rows, 5, |i, j| ((i * 7 + j * 3) % 11) as f64 - 5.0);
            let vectors = Mat::from_fn(rows, count, |i, k| ((i * 5 + k) % 13) as f64 - 6.0);
            let mut out = Mat::zeros(5, count);
            products(&x, &vectors, &mut out);
            for (j, k) in (0..5).flat_map(|j| (0..count).map(move |k| (j, k))) {
                assert_eq!(out[(j, k)], dot(x.col_as_slice(j), vectors.col_as_slice(k)));
            }
        }
    }

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
