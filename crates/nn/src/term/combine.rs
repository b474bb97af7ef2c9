//! The gradients of a layer's outputs and of a term, made one.

use crate::elementwise::{CHUNK, wide};
use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Flex};
use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::{ParallelSlice, ParallelSliceMut};

/// What backward passes need of a backend beyond its operations.
pub trait Combine: Backend {
    /// gradient slope + weight by_term, element by element; without a slope it is 1.
    fn combine(
        gradient: FloatTensor<Self>,
        slope: Option<FloatTensor<Self>>,
        by_term: FloatTensor<Self>,
        weight: f32,
    ) -> FloatTensor<Self>;

    /// The number of a tensor of one.
    fn number(of: FloatTensor<Self>) -> f32;
}

impl Combine for Flex {
    fn combine(
        gradient: FloatTensor<Self>,
        slope: Option<FloatTensor<Self>>,
        by_term: FloatTensor<Self>,
        weight: f32,
    ) -> FloatTensor<Self> {
        let mut made = gradient.into_data();
        let read = (slope.as_ref().map(FloatTensor::<Self>::as_slice), by_term.as_slice::<f32>());
        match (made.as_mut_slice::<f32>(), read) {
            (Ok(g), (None, Some(t))) => {
                in_chunks(g, t, t, move |g, _, t| g + weight * t);
            }
            (Ok(g), (Some(Some(s)), Some(t))) => {
                in_chunks(g, s, t, move |g, s, t| g * s + weight * t);
            }
            // Another precision.
            _ => return combined(FloatTensor::<Self>::from_data(made), slope, by_term, weight),
        }
        FloatTensor::<Self>::from_data(made)
    }

    fn number(of: FloatTensor<Self>) -> f32 {
        of.into_data().iter::<f32>().next().unwrap_or_default()
    }
}

/// The same as operations on tensors.
fn combined(
    gradient: FloatTensor<Flex>,
    slope: Option<FloatTensor<Flex>>,
    by_term: FloatTensor<Flex>,
    weight: f32,
) -> FloatTensor<Flex> {
    let scaled = match slope {
        Some(slope) => Flex::float_mul(gradient, slope),
        None => gradient,
    };
    Flex::float_add(scaled, Flex::float_mul_scalar(by_term, weight.into()))
}

/// g <- f(g, s, t), element by element.
fn in_chunks(g: &mut [f32], s: &[f32], t: &[f32], f: impl Fn(f32, f32, f32) -> f32 + Sync + Copy) {
    let read = s.par_chunks(CHUNK).zip(t.par_chunks(CHUNK));
    g.par_chunks_mut(CHUNK).zip(read).for_each(|(g, (s, t))| {
        wide(
            #[inline(always)]
            move |(g, (s, t)): (&mut [f32], (&[f32], &[f32]))| {
                g.iter_mut().zip(s).zip(t).for_each(|((g, &s), &t)| *g = f(*g, s, t));
            },
            (g, (s, t)),
        );
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::{DType, TensorData};

    /// Long enough for several threads and a remainder; in double precision by tensor operations.
    #[test]
    fn gradient_and_term_are_added_with_their_factors() {
        let numbers = |seed: f32| -> Vec<f32> {
            (0..2 * CHUNK + 7).map(|i| (i as f32 * seed).sin()).collect()
        };
        let (g, s, t) = (numbers(0.1), numbers(0.7), numbers(1.3));
        let expected = |i: usize, slope: f32| g[i] * slope + 0.25 * t[i];
        for dtype in [DType::F32, DType::F64] {
            let tensor = |values: &[f32]| {
                FloatTensor::<Flex>::from_data(TensorData::from(values).convert_dtype(dtype))
            };
            for slopes in [None, Some(&s)] {
                let slope = slopes.map(|slopes| tensor(slopes));
                let made = Flex::combine(tensor(&g), slope, tensor(&t), 0.25).into_data();
                assert_eq!((made.dtype(), made.num_elements()), (dtype, g.len()));
                for (i, found) in made.iter::<f32>().enumerate() {
                    let expected = expected(i, slopes.map_or(1.0, |slopes| slopes[i]));
                    assert!((found - expected).abs() < 1e-6, "{i}: {found}, {expected}");
                }
            }
        }
    }
}
