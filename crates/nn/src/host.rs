//! A tensor's numbers in host memory: to read where they lie, or to change.

mod changed;

use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Flex};
use burn::tensor::{DType, Device, Tensor, TensorData};
pub(crate) use changed::Changed;

/// Numbers to read. Those of a tensor in host memory are not copied, whoever else holds it.
#[derive(Debug)]
pub enum Numbers {
    /// Floats that lie together.
    InPlace(FloatTensor<Flex>),
    /// Those of another device, precision or order.
    Copied(Vec<f32>),
}

impl Numbers {
    /// The numbers of a tensor, in single precision and in its order.
    pub fn of<const D: usize>(tensor: &Tensor<D>) -> Self {
        // Floats of any precision become single ones: there is nothing that could fail.
        let copied = || Self::Copied(tensor.to_data().try_into_vec_as().unwrap_or_default());
        Self::in_place(tensor).unwrap_or_else(copied)
    }

    /// The numbers of a tensor of single precision that lie in host memory in its order.
    pub fn in_place<const D: usize>(tensor: &Tensor<D>) -> Option<Self> {
        let alone = tensor.clone().try_into_primitive::<Flex>().ok();
        let tracked = || tensor.clone().try_into_primitive::<Autodiff<Flex>>().ok();
        let floats = alone.or_else(|| tracked().map(|tracked| tracked.into_primitive()))?;
        can_be_read(&floats).then_some(Self::InPlace(floats))
    }

    /// The numbers.
    pub fn values(&self) -> &[f32] {
        match self {
            Self::InPlace(floats) => floats.as_slice().unwrap_or_default(),
            Self::Copied(numbers) => numbers,
        }
    }
}

/// Whether these are single floats, in order and where floats may lie.
fn can_be_read(floats: &FloatTensor<Flex>) -> bool {
    let aligned = floats.bytes().as_ptr().addr().is_multiple_of(align_of::<f32>());
    aligned && floats.as_slice::<f32>().is_some()
}

/// Numbers to change, and to make a tensor of again. A tensor that nobody else holds gives its own.
pub struct Host {
    values: TensorData,
    from: (Device, DType),
}

impl Host {
    /// The numbers of a tensor, in single precision.
    pub fn of<const D: usize>(tensor: Tensor<D>) -> Self {
        let from = (tensor.device(), tensor.dtype());
        let mut values = tensor.into_data();
        // Another precision, or bytes that do not lie where floats may.
        if values.as_mut_slice::<f32>().is_err() {
            let shape = values.shape().clone();
            values = TensorData::new(values.iter::<f32>().collect(), shape);
        }
        Self { values, from }
    }

    /// The numbers.
    pub fn values(&mut self) -> &mut [f32] {
        // `of` has seen to it that they are floats.
        self.values.as_mut_slice().unwrap_or_default()
    }

    /// The tensor, of the precision and on the device that it had.
    pub fn back<const D: usize>(self) -> Tensor<D> {
        Tensor::from_data(self.values, (&self.from.0, self.from.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::FloatDType;

    fn tensor(values: [[f32; 3]; 2]) -> Tensor<2> {
        Tensor::from_data(values, &Device::flex())
    }

    #[test]
    fn numbers_are_read_in_the_tensor_s_order_wherever_they_lie() {
        let values = tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
        let in_place = |tensor: &Tensor<2>| matches!(Numbers::of(tensor), Numbers::InPlace(_));
        assert!(in_place(&values));
        assert!(in_place(&values.clone().autodiff().require_grad()));
        assert!(in_place(&values.clone().narrow(0, 1, 1)));
        assert!(!in_place(&values.clone().transpose()));
        assert!(!in_place(&values.clone().cast(FloatDType::F64)));
        assert_eq!(Numbers::of(&values).values(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert_eq!(Numbers::of(&values.clone().narrow(0, 1, 1)).values(), [4.0, 5.0, 6.0]);
        let turned = Numbers::of(&values.clone().transpose());
        assert_eq!(turned.values(), [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
        let double = Numbers::of(&values.cast(FloatDType::F64));
        assert_eq!(double.values(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    }
}
