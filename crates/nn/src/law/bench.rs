//! Where laws are tried: a device and a seed.

use crate::Error;
use crate::batch::Chance;
use crate::host::Numbers;
use crate::technique::Doors;
use burn::tensor::{Device, Tensor, TensorData};
use wellfit_core::recipe::Recipe;
use wellfit_core::seed::{Address, Draw, Seed};

/// A device and a seed.
#[derive(Debug, Clone)]
pub struct Bench {
    device: Device,
    seed: Seed,
}

impl Bench {
    /// A bench on `device`, whose random numbers come from `seed`.
    pub fn new(device: &Device, seed: Seed) -> Self {
        Self { device: device.clone().without_autodiff(), seed }
    }

    /// The device, without gradients.
    pub fn device(&self) -> Device {
        self.device.clone()
    }

    /// The device, with gradients.
    pub fn tracked(&self) -> Device {
        self.device.clone().autodiff()
    }

    /// The seed.
    pub const fn seed(&self) -> Seed {
        self.seed
    }

    /// Techniques with their values, as TOML.
    ///
    /// # Errors
    /// A value is wrong.
    pub fn doors(&self, entries: &[(&str, &str)]) -> Result<Doors, Error> {
        Ok(Doors::read(&Recipe::parse("law", &regularize(entries))?)?)
    }

    /// What a technique may draw in a step.
    pub fn chance(&self, step: u64) -> Chance {
        let address = Address { step, pass: 0, call: 0 };
        Chance { seed: self.seed, address, epoch: 0.0 }
    }

    /// Numbers of a law's own.
    pub fn draw(&self, name: &str) -> Draw {
        self.seed.stream(&format!("law {name}")).step(0)
    }

    /// N(0, 1), so many.
    pub fn normals(&self, name: &str, len: usize) -> Vec<f32> {
        let mut draw = self.draw(name);
        (0..len).map(|_| draw.standard_normal() as f32).collect()
    }

    /// A tensor of these numbers on the device, without gradients.
    pub fn tensor<const D: usize>(&self, values: &[f32], shape: [usize; D]) -> Tensor<D> {
        Tensor::from_data(TensorData::new(values.to_vec(), shape), &self.device)
    }

    /// The same with gradients.
    pub fn leaf<const D: usize>(&self, values: &[f32], shape: [usize; D]) -> Tensor<D> {
        Tensor::from_data(TensorData::new(values.to_vec(), shape), &self.tracked())
    }
}

/// The list of techniques of a recipe.
pub fn regularize(entries: &[(&str, &str)]) -> String {
    let entry = |(id, value): &(&str, &str)| format!("[[regularize]]\n{id} = {value}\n");
    entries.iter().map(entry).collect()
}

/// A tensor's numbers on the host.
pub fn host<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    Numbers::of(&tensor).values().iter().map(|&x| f64::from(x)).collect()
}
