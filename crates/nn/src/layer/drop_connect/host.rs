//! Tensors of a backend as host numbers, and back.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Flex, TensorMetadata};
use burn::tensor::TensorData;

/// A backend whose tensors can be read at once.
pub trait Host: Backend {
    /// The numbers of a tensor, in single precision.
    fn numbers(tensor: FloatTensor<Self>) -> Vec<f32>;

    /// Rows of `width` numbers as a tensor of the type and on the device of `like`.
    fn tensor(numbers: Vec<f32>, width: usize, like: &FloatTensor<Self>) -> FloatTensor<Self> {
        let shape = [numbers.len() / width.max(1), width];
        let data = TensorData::new(numbers, shape).convert_dtype(like.dtype());
        Self::float_from_data(data, &like.device())
    }
}

impl Host for Flex {
    fn numbers(tensor: FloatTensor<Self>) -> Vec<f32> {
        // Floats of any precision become single ones: there is nothing that could fail.
        tensor.into_data().try_into_vec_as().unwrap_or_default()
    }
}
