//! Chance inside a model: layers know their stream, the training loop knows the step.

pub use crate::clock::{Statistics, StepClock, Tick};

use crate::clock::lock;
use crate::elementwise::{in_place, made, wide};
use crate::host::Numbers;
use crate::known::with_slope;
use burn::module::{Flag, Param};
use burn::tensor::{Device, Tensor, TensorData};
use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::{ParallelSlice, ParallelSliceMut};
use std::sync::{Arc, Mutex};
use wellfit_core::number::{NonNegative, Rate};
use wellfit_core::seed::{Address, Draw, Mask, Normals, Seed, Stream};

/// Where one layer's random numbers come from: its own stream, at the clock's address.
#[derive(Debug, Clone)]
pub struct Source {
    stream: Stream,
    clock: StepClock,
    calls: Arc<Mutex<Calls>>,
}

#[derive(Debug, Default)]
struct Calls {
    begun: u64,
    count: u64,
}

impl Source {
    /// The source of the layer at `path`; two layers of a model need different paths.
    pub fn new(seed: Seed, path: &str, clock: &StepClock) -> Self {
        Self { stream: seed.stream(path), clock: clock.clone(), calls: Arc::default() }
    }

    /// The clock that it reads.
    pub fn clock(&self) -> &StepClock {
        &self.clock
    }

    /// Whether a layer with this flag acts on `input`, see [`StepClock::is_live`].
    pub fn is_live<const D: usize>(&self, training: &Param<Flag>, input: &Tensor<D>) -> bool {
        self.clock.is_live(training, input)
    }

    /// The numbers of the next call: (layer path, step, pass, call) is their address.
    pub fn draw(&self) -> Draw {
        let tick = self.clock.tick();
        let mut calls = lock(&self.calls);
        if calls.begun != tick.begun {
            *calls = Calls { begun: tick.begun, count: 0 };
        }
        let call = calls.count;
        calls.count += 1;
        self.stream.at(Address { step: tick.step, pass: tick.pass, call })
    }
}

/// A dropout mask in the shape and type of `like`: 0 with probability `rate`, else 1 / (1 - rate).
pub fn mask_like<const D: usize>(like: &Tensor<D>, rate: Rate, draw: &mut Draw) -> Tensor<D> {
    mask_of(like.dims(), like, rate, draw)
}

/// The same in another shape, as one of a number for each channel.
pub fn mask_of<const D: usize>(
    shape: [usize; D],
    like: &Tensor<D>,
    rate: Rate,
    draw: &mut Draw,
) -> Tensor<D> {
    let parts = draw.mask_in_parts(shape.iter().product(), rate);
    let mut mask = vec![0.0; shape.iter().product()];
    let each = mask.par_chunks_mut(PART).enumerate();
    each.for_each(|(index, part)| parts.fill(index * PART, part));
    Tensor::from_data(TensorData::new(mask, shape), (&like.device(), like.dtype()))
}

/// f(x, m) for every element x, its value and its derivative in x; `fill` makes the numbers m from a
/// place on, a multiple of [`PART`]. One pass over memory; none where the tensor does not lie in the
/// host's.
///
/// # Shapes
/// any -> the same
pub(crate) fn sloped<const D: usize>(
    input: &Tensor<D>,
    fill: impl Fn(usize, &mut [f32]) + Sync,
    f: impl Fn(f32, f32) -> (f32, f32) + Sync + Copy,
) -> Option<Tensor<D>> {
    let read = Numbers::in_place(input)?;
    let mut values = vec![0.0; read.values().len()];
    let mut slopes = values.clone();
    let write = values.par_chunks_mut(PART).zip(slopes.par_chunks_mut(PART));
    let parts = write.zip(read.values().par_chunks(PART)).enumerate();
    parts.for_each(|(index, ((values, slopes), x))| {
        fill(index * PART, slopes);
        wide(
            #[inline(always)]
            move |((values, slopes), x): ((&mut [f32], &mut [f32]), &[f32])| {
                let each = values.iter_mut().zip(slopes).zip(x);
                each.for_each(|((value, m), &x)| (*value, *m) = f(x, *m));
            },
            ((values, slopes), x),
        );
    });
    let tensor = |values| {
        let data = TensorData::new(values, input.shape());
        Tensor::from_data(data, (&input.device(), input.dtype()))
    };
    Some(with_slope(input.clone(), tensor(values), tensor(slopes)))
}

/// x m for every element x, with a dropout mask m.
///
/// # Shapes
/// any -> the same
pub(crate) fn masked<const D: usize>(input: Tensor<D>, rate: Rate, draw: &mut Draw) -> Tensor<D> {
    let mask = draw.clone().mask_in_parts(input.shape().num_elements(), rate);
    sloped(&input, |start, out| mask.fill(start, out), |x, m| (x * m, m))
        .unwrap_or_else(|| input.clone() * mask_like(&input, rate, draw))
}

/// Gaussian noise N(0, std²) in the shape and type of `like`.
pub fn normal_like<const D: usize>(
    like: &Tensor<D>,
    std: NonNegative,
    draw: &mut Draw,
) -> Tensor<D> {
    let shape = like.shape();
    let noise = normals(shape.num_elements(), std, draw);
    Tensor::from_data(TensorData::new(noise, shape), (&like.device(), like.dtype()))
}

/// f(ε, x) for every element x, with ε ~ N(0, std²) fresh for each; x stays as it is.
pub(crate) fn with_normals(
    x: &Tensor<1>,
    std: NonNegative,
    draw: &mut Draw,
    f: impl Fn(f32, f32) -> f32 + Sync + Copy,
) -> Tensor<1> {
    let normals = draw.normals(std);
    made(x, PART, |start, noise, x| {
        normals.fill(start, noise);
        wide(
            #[inline(always)]
            move |(noise, x): (&mut [f32], &[f32])| {
                noise.iter_mut().zip(x).for_each(|(e, &x)| *e = f(*e, x));
            },
            (noise, x),
        );
    })
}

/// x <- x + ε for every element x, with ε ~ N(0, std²) fresh for each.
pub(crate) fn add_normals(x: Tensor<1>, std: NonNegative, draw: &mut Draw) -> Tensor<1> {
    let normals = draw.normals(std);
    in_place(x, |x| {
        x.par_chunks_mut(PART).enumerate().for_each(|(index, x)| {
            let mut noise = [0.0; PART];
            let noise = &mut noise[..x.len()];
            normals.fill(index * PART, noise);
            wide(
                #[inline(always)]
                |(x, noise): (&mut [f32], &[f32])| {
                    x.iter_mut().zip(noise).for_each(|(x, e)| *x += e);
                },
                (x, &*noise),
            );
        });
    })
}

/// `len` numbers from N(0, std²), made on all threads.
pub(crate) fn normals(len: usize, std: NonNegative, draw: &mut Draw) -> Vec<f32> {
    let normals = draw.normals(std);
    let mut noise = vec![0.0; len];
    let parts = noise.par_chunks_mut(PART).enumerate();
    parts.for_each(|(index, part)| normals.fill(index * PART, part));
    noise
}

/// Numbers that one thread makes at a time: few enough to stay in its nearest cache.
pub(crate) const PART: usize = 64 * Normals::GRAIN;
const _: () = assert!(PART.is_multiple_of(Mask::GRAIN));

/// Host numbers as a tensor of one row per `width` numbers.
pub fn rows(values: Vec<f32>, width: usize, device: &Device) -> Tensor<2> {
    let count = values.len() / width.max(1);
    Tensor::from_data(TensorData::new(values, [count, width]), device)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(source: &Source) -> Vec<f32> {
        source.draw().uniform(4, 0.0, 1.0)
    }

    #[test]
    fn calls_of_one_pass_differ_and_the_same_address_repeats() {
        let clock = StepClock::new();
        let source = Source::new(Seed::new(1), "drop", &clock);
        clock.begin(5, 0);
        let (first, second) = (numbers(&source), numbers(&source));
        assert_ne!(first, second);
        clock.begin(5, 1);
        assert_ne!(numbers(&source), first);
        clock.begin(5, 0);
        assert_eq!(numbers(&source), first);
        assert_eq!(numbers(&source), second);
    }

    #[test]
    fn steps_and_paths_differ() {
        let clock = StepClock::new();
        let a = Source::new(Seed::new(1), "a", &clock);
        let b = Source::new(Seed::new(1), "b", &clock);
        clock.begin(0, 0);
        let first = numbers(&a);
        assert_ne!(first, numbers(&b));
        clock.begin(1, 0);
        assert_ne!(first, numbers(&a));
    }
}
