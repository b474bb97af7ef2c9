//! Chance without state: every random number has an address, and the address alone decides it.
//!
//! A [`Seed`] opens named [`Stream`]s; a stream, at an [`Address`] (step, pass, call), gives a
//! [`Draw`], a generator for as many numbers as are wanted there. Nothing has to be saved to
//! resume a run, and switching one technique on leaves the draws of all others alone.

mod draw;
mod mask;
mod normal;
mod philox;
mod philox32;
mod simplex;

pub use draw::Draw;
pub use mask::Mask;
pub use normal::Normals;

use serde::{Deserialize, Serialize};

/// The one seed of a recipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seed(u64);

impl Seed {
    /// Wraps a number.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The plain number.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The stream of that name. Different names give unrelated numbers.
    pub fn stream(self, name: &str) -> Stream {
        Stream { key: [self.0, name_key(name)] }
    }
}

/// A named source of chance; costs nothing to copy or keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stream {
    key: [u64; 2],
}

impl Stream {
    /// The numbers that belong to one address.
    pub const fn at(self, address: Address) -> Draw {
        Draw::new(self.key, [address.step, address.pass, address.call])
    }

    /// The numbers of step `step`, for streams that are asked once a step.
    pub const fn step(self, step: u64) -> Draw {
        self.at(Address { step, pass: 0, call: 0 })
    }
}

/// When a number is drawn. Step alone is not enough: some methods run the model several times a
/// step, and a layer may be called several times a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Address {
    /// Update of the weights, from 0.
    pub step: u64,
    /// Run of the model within the step: a micro-batch, a Monte Carlo sample.
    pub pass: u64,
    /// Call of the same layer within the pass.
    pub call: u64,
}

/// FNV-1a: names are few and short, and Philox mixes whatever it gets.
fn name_key(name: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    name.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_core::Rng;

    fn first(stream: Stream, step: u64, pass: u64, call: u64) -> u64 {
        stream.at(Address { step, pass, call }).next_u64()
    }

    #[test]
    fn every_part_of_the_address_counts() {
        let stream = Seed::new(1).stream("dropout");
        let mut numbers = vec![
            first(stream, 0, 0, 0),
            first(stream, 1, 0, 0),
            first(stream, 0, 1, 0),
            first(stream, 0, 0, 1),
            first(Seed::new(2).stream("dropout"), 0, 0, 0),
            first(Seed::new(1).stream("dropout2"), 0, 0, 0),
        ];
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), 6);
    }

    #[test]
    fn the_same_address_gives_the_same_numbers() {
        let draw = || Seed::new(7).stream("mixup").step(3);
        let (mut a, mut b) = (draw(), draw());
        for _ in 0..100 {
            assert_eq!(a.next_u64(), b.next_u64());
        }
    }
}
