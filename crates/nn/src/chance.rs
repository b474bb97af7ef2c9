//! Chance inside a model: layers know their stream, the training loop knows the step.

pub use crate::clock::{Statistics, StepClock, Tick};

use crate::clock::lock;
use crate::elementwise::{made, wide};
use burn::module::{Flag, Param};
use burn::tensor::{Device, Tensor, TensorData};
use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;
use std::sync::{Arc, Mutex};
use wellfit_core::number::{NonNegative, Rate};
use wellfit_core::seed::{Address, Draw, Normals, Seed, Stream};

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
    let mask = draw.mask(shape.iter().product(), rate);
    Tensor::from_data(TensorData::new(mask, shape), (&like.device(), like.dtype()))
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

/// `len` numbers from N(0, std²), made on all threads.
pub(crate) fn normals(len: usize, std: NonNegative, draw: &mut Draw) -> Vec<f32> {
    let normals = draw.normals(std);
    let mut noise = vec![0.0; len];
    let parts = noise.par_chunks_mut(PART).enumerate();
    parts.for_each(|(index, part)| normals.fill(index * PART, part));
    noise
}

/// Numbers that one thread makes at a time: few enough to stay in its nearest cache.
const PART: usize = 64 * Normals::GRAIN;

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
