//! A law at work on all weights of a layer, in parts that threads take and in blocks.

use super::{Law, Read};
use crate::elementwise::wide;
use crate::host::Numbers;
use crate::series::sum_of_ln;
use crate::term::Derivatives;
use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;
use std::sync::Arc;

/// The weights of a layer and their law.
#[derive(Debug)]
pub struct Field<L: Law> {
    means: Numbers,
    spreads: Numbers,
    normals: Option<Vec<f32>>,
    /// By parts.
    kept: Vec<Vec<L::Kept>>,
    strength: f64,
    law: L,
}

/// Weights that one thread takes at a time.
const PART: usize = 1 << 14;
/// Read where no sample was asked for.
static ZEROS: [f32; PART] = [0.0; PART];

impl<L: Law> Field<L> {
    /// Weights of these means and spreads.
    pub fn new(
        [means, spreads]: [Numbers; 2],
        normals: Option<Vec<f32>>,
        law: L,
        strength: f64,
    ) -> Self {
        Self { means, spreads, normals, kept: Vec::new(), strength, law }
    }

    /// The noise of every weight, and the sum of the divergences. Keeps what the gradients need.
    pub fn made(&mut self) -> (Vec<f32>, f64) {
        let law = self.law;
        let mut noise = vec![0.0; self.means.values().len()];
        let parts = noise.par_chunks_mut(PART).enumerate().map(|(index, noise)| {
            let mut kept = vec![L::Kept::default(); noise.len()];
            let sum = wide(
                #[inline(always)]
                move |((noise, kept), read)| made((noise, kept), read, law),
                ((noise, &mut *kept), self.part(index)),
            );
            (sum, kept)
        });
        // Collected, so that the order of the sum does not depend on the threads.
        let (sums, kept): (Vec<f64>, _) = parts.unzip();
        self.kept = kept;
        (noise, self.strength * sums.iter().sum::<f64>())
    }

    /// gradient <- f(gradient, weight, what was kept of it), element by element.
    fn change(&self, gradient: &mut [f32], f: impl Fn(f32, Read, L::Kept) -> f32 + Sync + Copy) {
        let parts = gradient.par_chunks_mut(PART).zip(&self.kept).enumerate();
        parts.for_each(|(index, (gradient, kept))| {
            wide(
                #[inline(always)]
                move |(gradient, kept, read): (&mut [f32], &[L::Kept], Part<'_>)| {
                    // Not `for_each`, which the compiler may leave out of the wide registers.
                    for ((gradient, &kept), read) in
                        gradient.iter_mut().zip(kept).zip(read.weights())
                    {
                        *gradient = f(*gradient, read, kept);
                    }
                },
                (gradient, kept.as_slice(), self.part(index)),
            );
        });
    }

    /// What a law reads of a part.
    fn part(&self, index: usize) -> Part<'_> {
        let start = index * PART;
        let end = self.means.values().len().min(start + PART);
        Part {
            means: &self.means.values()[start..end],
            spreads: &self.spreads.values()[start..end],
            normals: self.normals.as_ref().map_or(&ZEROS, |all| &all[start..end]),
        }
    }
}

/// What a law reads of some weights.
#[derive(Clone, Copy)]
struct Part<'a> {
    means: &'a [f32],
    spreads: &'a [f32],
    normals: &'a [f32],
}

impl<'a> Part<'a> {
    /// One weight after the other.
    #[inline(always)]
    fn weights(self) -> impl Iterator<Item = Read> + use<'a> {
        let all = self.means.iter().zip(self.spreads).zip(self.normals);
        all.map(|((&mean, &spread), &normal)| Read { mean, spread, normal })
    }

    /// Those from a place on.
    #[inline(always)]
    fn from(self, start: usize) -> Self {
        let Self { means, spreads, normals } = self;
        Self { means: &means[start..], spreads: &spreads[start..], normals: &normals[start..] }
    }
}

/// Weights whose divergences are added in single precision, and of which logarithms are added as
/// one of a product.
const BLOCK: usize = 1024;

/// Writes the noise of some weights, and what is kept of them, and gives the sum of the divergences.
#[inline(always)]
fn made<L: Law>((noise, kept): (&mut [f32], &mut [L::Kept]), read: Part<'_>, law: L) -> f64 {
    let mut sum = 0.0;
    for (index, (noise, kept)) in noise.chunks_mut(BLOCK).zip(kept.chunks_mut(BLOCK)).enumerate() {
        let (mut divergences, mut arguments) = ([0.0; BLOCK], [1.0; BLOCK]);
        let read = read.from(index * BLOCK);
        let mut halves = [0.0; BLOCK];
        for (half, read) in halves[..noise.len()].iter_mut().zip(read.weights()) {
            *half = law.half(read);
        }
        let write = noise.iter_mut().zip(kept).zip(divergences.iter_mut().zip(&mut arguments));
        for (((noise, kept), (divergence, argument)), (read, &half)) in
            write.zip(read.weights().zip(&halves))
        {
            let made = law.made(read, half);
            (*noise, *kept) = (made.noise, made.kept);
            (*divergence, *argument) = (made.divergence, made.argument);
        }
        sum += f64::from(lanes(&divergences)) + L::LOGARITHMS * sum_of_ln(&arguments);
    }
    sum
}

/// The sum in independent lanes, which the compiler adds together.
#[inline(always)]
fn lanes(values: &[f32; BLOCK]) -> f32 {
    let mut sums = [0.0f32; 16];
    for lane in values.as_chunks::<16>().0 {
        for (sum, value) in sums.iter_mut().zip(lane) {
            *sum += value;
        }
    }
    sums.iter().sum()
}

/// Gradients in the means.
#[derive(Debug)]
pub struct ByMean<L: Law>(pub Arc<Field<L>>);

impl<L: Law> Derivatives for ByMean<L> {
    fn chain(&self, gradient: &mut [f32], weight: f32) {
        let (law, weight) = (self.0.law, weight * self.0.strength as f32);
        self.0.change(
            gradient,
            #[inline(always)]
            move |gradient, read, kept| gradient + weight * law.by_mean(read, kept),
        );
    }
}

/// Gradients in the spreads.
#[derive(Debug)]
pub struct BySpread<L: Law>(pub Arc<Field<L>>);

impl<L: Law> Derivatives for BySpread<L> {
    fn chain(&self, gradient: &mut [f32], weight: f32) {
        let (law, weight) = (self.0.law, weight * self.0.strength as f32);
        self.0.change(
            gradient,
            #[inline(always)]
            move |gradient, read, kept| {
                let (noise, divergence) = law.by_spread(read, kept);
                gradient * noise + weight * divergence
            },
        );
    }
}
