//! Formulas on every element of flat tensors in one pass over memory.
//!
//! As tensor operations, a formula of five operations reads and writes its tensors five times, and
//! an optimizer's step on many weights is bound by memory alone. Here the numbers are worked on
//! where they lie in host memory; a tensor that nobody else holds is changed in place. (A tensor
//! of another device comes to the host and goes back.) Single precision whatever the tensor's own,
//! and the same bits with any number of threads.

use crate::host::{Host, Numbers};
use burn::tensor::{Tensor, TensorData};
use pulp::NullaryFnOnce;
use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::{ParallelSlice, ParallelSliceMut};

/// Elements that one thread takes at a time. Fewer are not worth a second thread.
pub const CHUNK: usize = 1 << 15;

/// x <- f(x), element by element.
pub fn map(x: Tensor<1>, f: impl Fn(f32) -> f32 + Sync + Copy) -> Tensor<1> {
    let mut x = Host::of(x);
    let each = kernel(
        #[inline(always)]
        move |x: &mut [f32]| x.iter_mut().for_each(|x| *x = f(*x)),
    );
    match x.values() {
        x if x.len() <= CHUNK => wide(each, x),
        x => x.par_chunks_mut(CHUNK).for_each(|x| wide(each, x)),
    }
    x.back()
}

/// x <- f(x, y), element by element; both have the same length.
pub fn zip(x: Tensor<1>, y: &Tensor<1>, f: impl Fn(f32, f32) -> f32 + Sync + Copy) -> Tensor<1> {
    let (mut x, read) = (Host::of(x), Numbers::of(y));
    let each = kernel(
        #[inline(always)]
        move |(x, y): (&mut [f32], &[f32])| {
            x.iter_mut().zip(y).for_each(|(x, &y)| *x = f(*x, y));
        },
    );
    match (x.values(), read.values()) {
        (x, y) if x.len() <= CHUNK => wide(each, (x, y)),
        (x, y) => {
            let parts = x.par_chunks_mut(CHUNK).zip(y.par_chunks(CHUNK));
            parts.for_each(|parts| wide(each, parts));
        }
    }
    x.back()
}

/// (x, state) <- f(x, state, y), element by element; all have the same length.
pub fn zip_with_state(
    x: Tensor<1>,
    state: &mut Tensor<1>,
    y: &Tensor<1>,
    f: impl Fn(f32, f32, f32) -> (f32, f32) + Sync + Copy,
) -> Tensor<1> {
    let (mut x, mut kept, read) = (Host::of(x), Host::of(taken(state)), Numbers::of(y));
    let each = kernel(
        #[inline(always)]
        move |((x, s), y): ((&mut [f32], &mut [f32]), &[f32])| {
            for ((x, s), &y) in x.iter_mut().zip(s).zip(y) {
                (*x, *s) = f(*x, *s, y);
            }
        },
    );
    match (x.values(), kept.values(), read.values()) {
        (x, s, y) if x.len() <= CHUNK => wide(each, ((x, s), y)),
        (x, s, y) => {
            let states = x.par_chunks_mut(CHUNK).zip(s.par_chunks_mut(CHUNK));
            states.zip(y.par_chunks(CHUNK)).for_each(|parts| wide(each, parts));
        }
    }
    *state = kept.back();
    x.back()
}

/// (x, s, t) <- f(x, s, t, y), element by element; all have the same length.
pub fn zip_with_states(
    x: Tensor<1>,
    states: (&mut Tensor<1>, &mut Tensor<1>),
    y: &Tensor<1>,
    f: impl Fn(f32, f32, f32, f32) -> (f32, f32, f32) + Sync + Copy,
) -> Tensor<1> {
    let (mut x, read) = (Host::of(x), Numbers::of(y));
    let mut kept = (Host::of(taken(states.0)), Host::of(taken(states.1)));
    type Parts<'a> = (((&'a mut [f32], &'a mut [f32]), &'a mut [f32]), &'a [f32]);
    let each = kernel(
        #[inline(always)]
        move |(((x, s), t), y): Parts<'_>| {
            for (((x, s), t), &y) in x.iter_mut().zip(s).zip(t).zip(y) {
                (*x, *s, *t) = f(*x, *s, *t, y);
            }
        },
    );
    match (x.values(), kept.0.values(), kept.1.values(), read.values()) {
        (x, s, t, y) if x.len() <= CHUNK => wide(each, (((x, s), t), y)),
        (x, s, t, y) => {
            let states = x.par_chunks_mut(CHUNK).zip(s.par_chunks_mut(CHUNK));
            let states = states.zip(t.par_chunks_mut(CHUNK));
            states.zip(y.par_chunks(CHUNK)).for_each(|parts| wide(each, parts));
        }
    }
    (*states.0, *states.1) = (kept.0.back(), kept.1.back());
    x.back()
}

/// Σ x², also where single squares are too large for single precision.
pub fn sum_of_squares(x: &Tensor<1>) -> f64 {
    summed(x, squares_of_block)
}

/// Σ x.
pub fn sum(x: &Tensor<1>) -> f64 {
    summed(
        x,
        #[inline(always)]
        |x| block(x, |x| x),
    )
}

fn summed(x: &Tensor<1>, of_block: impl Fn(&[f32]) -> f64 + Sync + Copy) -> f64 {
    let read = Numbers::of(x);
    let of_chunk = |x: &[f32]| -> f64 {
        wide(
            #[inline(always)]
            move |x: &[f32]| x.chunks(BLOCK).map(of_block).sum(),
            x,
        )
    };
    // Collected, so that the order of the sum does not depend on the threads.
    let sums: Vec<f64> = match read.values() {
        x if x.len() <= CHUNK => vec![of_chunk(x)],
        x => x.par_chunks(CHUNK).map(of_chunk).collect(),
    };
    sums.iter().sum()
}

/// Squares that are added in single precision; few, so that the sum loses nothing that matters.
const BLOCK: usize = 1024;

/// Σ f(x) of a block.
#[inline(always)]
fn block(x: &[f32], f: impl Fn(f32) -> f32) -> f64 {
    // Independent sums let the compiler add many at once.
    let (lanes, rest) = x.as_chunks::<16>();
    let mut sums = [0.0f32; 16];
    for lane in lanes {
        sums.iter_mut().zip(lane).for_each(|(sum, &x)| *sum += f(x));
    }
    let rest = rest.iter().map(|&x| f(x)).sum();
    sums.iter().chain([&rest]).map(|&x| f64::from(x)).sum()
}

#[inline(always)]
fn squares_of_block(x: &[f32]) -> f64 {
    let sum = block(x, |x| x * x);
    if sum.is_finite() { sum } else { x.iter().map(|&x| f64::from(x).powi(2)).sum() }
}

/// Lets `f` change x where it lies in host memory.
pub fn in_place(x: Tensor<1>, f: impl FnOnce(&mut [f32])) -> Tensor<1> {
    let mut x = Host::of(x);
    f(x.values());
    x.back()
}

/// A new tensor of y's length in parts of `part` elements: `make` fills each, knowing where it
/// begins, with y there to read.
pub fn made(
    y: &Tensor<1>,
    part: usize,
    make: impl Fn(usize, &mut [f32], &[f32]) + Sync,
) -> Tensor<1> {
    let read = Numbers::of(y);
    let mut values = vec![0.0; read.values().len()];
    let parts = values.par_chunks_mut(part).zip(read.values().par_chunks(part)).enumerate();
    parts.for_each(|(index, (x, y))| make(index * part, x, y));
    Tensor::from_data(TensorData::new(values, y.shape()), (&y.device(), y.dtype()))
}

/// Lets `f` read y and change x where they lie in host memory.
pub fn on_host(x: Tensor<1>, y: &Tensor<1>, f: impl FnOnce(&mut [f32], &[f32])) -> Tensor<1> {
    let (mut x, read) = (Host::of(x), Numbers::of(y));
    f(x.values(), read.values());
    x.back()
}

/// Lets `f` change each of the rows along the first axis, with its number, many at once.
pub fn each_row<const D: usize>(x: Tensor<D>, f: impl Fn(usize, &mut [f32]) + Sync) -> Tensor<D> {
    let width = x.shape().num_elements() / x.dims()[0].max(1);
    let mut x = Host::of(x);
    rows(x.values(), width, f);
    x.back()
}

/// As [`each_row`]; `f` sees all rows, as they were, too.
pub fn each_row_among<const D: usize>(
    x: Tensor<D>,
    f: impl Fn(usize, &mut [f32], &[f32]) + Sync,
) -> Tensor<D> {
    let width = x.shape().num_elements() / x.dims()[0].max(1);
    let read = Numbers::of(&x);
    let before = read.values();
    let mut values = vec![0.0; before.len()];
    rows(&mut values, width, |index, row| {
        row.copy_from_slice(&before[index * width..][..row.len()]);
        f(index, row, before);
    });
    Tensor::from_data(TensorData::new(values, x.shape()), (&x.device(), x.dtype()))
}

fn rows(values: &mut [f32], width: usize, f: impl Fn(usize, &mut [f32]) + Sync) {
    let rows = values.par_chunks_mut(width.max(1)).enumerate();
    // Longer work than one operation on each element: a quarter is worth a thread.
    let least = (CHUNK / 4 / width.max(1)).max(1);
    rows.with_min_len(least).for_each(|(index, row)| f(index, row));
}

/// A closure for [`wide`]: where it is written is the only place for the attribute that it needs.
fn kernel<Parts, Out, Work: Fn(Parts) -> Out>(work: Work) -> Work {
    work
}

/// Works on parts of tensors in the widest registers that the processor has. No operation is
/// contracted, so that the bits are the same with any.
///
/// `work` has to be `#[inline(always)]`, and whatever it calls; a number that it captures has to be moved
/// into it, as the compiler cannot know that no element lies in the same place.
pub fn wide<Parts, Out>(work: impl Fn(Parts) -> Out, parts: Parts) -> Out {
    pulp::Arch::new().dispatch(Wide(work, parts))
}

/// Not a closure, which the compiler may leave out of the wide registers.
struct Wide<Work, Parts>(Work, Parts);

impl<Out, Parts, Work: Fn(Parts) -> Out> NullaryFnOnce for Wide<Work, Parts> {
    type Output = Out;

    #[inline(always)]
    fn call(self) -> Out {
        let Self(work, parts) = self;
        work(parts)
    }
}

/// Takes a tensor out of its place without holding it twice, which would cost a copy.
pub fn taken(place: &mut Tensor<1>) -> Tensor<1> {
    let nothing = Tensor::empty([0], &place.device());
    std::mem::replace(place, nothing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::{Device, FloatDType};

    fn tensor(values: Vec<f32>) -> Tensor<1> {
        Tensor::from_data(TensorData::from(values.as_slice()), &Device::flex())
    }

    fn values(tensor: Tensor<1>) -> Vec<f32> {
        tensor.into_data().try_into_vec().unwrap()
    }

    /// Long enough for several threads and a remainder.
    fn numbers(seed: f32) -> Vec<f32> {
        (0..3 * CHUNK + 7).map(|i| (i as f32 * seed).sin()).collect()
    }

    #[test]
    fn every_element_meets_its_partners() {
        let (x, y, z) = (numbers(0.1), numbers(0.7), numbers(1.3));
        let doubled: Vec<f32> = x.iter().map(|x| x * 2.0).collect();
        assert_eq!(values(map(tensor(x.clone()), |x| x * 2.0)), doubled);
        let partner = tensor(y.clone());
        let sum: Vec<f32> = x.iter().zip(&y).map(|(x, y)| x - y).collect();
        assert_eq!(values(zip(tensor(x.clone()), &partner, |x, y| x - y)), sum);
        assert_eq!(values(partner.clone()), y);
        let states: Vec<f32> = z.iter().zip(&x).map(|(z, x)| z + x).collect();
        let (mut one, mut two) = (tensor(z.clone()), tensor(z.clone()));
        let step = |x: f32, s: f32, y: f32| (x - y, s + x);
        assert_eq!(values(zip_with_state(tensor(x.clone()), &mut one, &partner, step)), sum);
        assert_eq!((values(one.clone()), values(partner.clone())), (states.clone(), y));
        let step = |x: f32, s: f32, t: f32, y: f32| (x - y, s - x, t + x);
        let both = (&mut one, &mut two);
        assert_eq!(values(zip_with_states(tensor(x), both, &partner, step)), sum);
        assert_eq!(values(two), states);
        assert!(values(one).iter().zip(&z).all(|(s, z)| (s - z).abs() < 1e-6));
    }

    #[test]
    fn squares_beyond_single_precision_have_their_sum() {
        assert_eq!(sum_of_squares(&tensor(vec![3e30, 4e30])).sqrt() as f32, 5e30);
        let x = numbers(0.3);
        let plain: f64 = x.iter().map(|&x| f64::from(x) * f64::from(x)).sum();
        assert!((sum_of_squares(&tensor(x)) / plain - 1.0).abs() < 1e-6);
    }

    #[test]
    fn tensors_that_others_hold_stay_as_they_are() {
        let x = tensor(vec![1.0, 2.0]);
        assert_eq!(values(map(x.clone(), |x| -x)), [-1.0, -2.0]);
        assert_eq!(values(x), [1.0, 2.0]);
    }

    #[test]
    fn other_precisions_stay_what_they_are() {
        let x = tensor(vec![0.5, 2.0]).cast(FloatDType::F64);
        let doubled = map(x, |x| 2.0 * x);
        assert_eq!(doubled.dtype(), burn::tensor::DType::F64);
        assert_eq!(doubled.into_data().try_into_vec::<f64>().unwrap(), [1.0, 4.0]);
    }
}
