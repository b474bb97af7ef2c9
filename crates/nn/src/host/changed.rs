//! Tensors of a backward pass whose numbers it reads or changes itself.

use super::{Numbers, can_be_read};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Flex};
use burn::tensor::TensorData;

/// What backward passes need of a backend beyond its operations.
pub trait Changed: Backend {
    /// Tensors as `change` leaves them, whose numbers come in their order.
    fn changed<const N: usize>(
        tensors: [FloatTensor<Self>; N],
        change: impl FnOnce([&mut [f32]; N]),
    ) -> [FloatTensor<Self>; N];

    /// The numbers of a tensor, in single precision and in its order.
    fn numbers(of: FloatTensor<Self>) -> Numbers;
}

impl Changed for Flex {
    fn changed<const N: usize>(
        tensors: [FloatTensor<Self>; N],
        change: impl FnOnce([&mut [f32]; N]),
    ) -> [FloatTensor<Self>; N] {
        let mut all = tensors.map(|tensor| {
            let (dtype, mut data) = (tensor.dtype(), tensor.into_data());
            // Another precision.
            if data.as_mut_slice::<f32>().is_err() {
                data = TensorData::new(data.iter::<f32>().collect(), data.shape().clone());
            }
            (data, dtype)
        });
        change(all.each_mut().map(|(data, _)| data.as_mut_slice().unwrap_or_default()));
        all.map(|(data, dtype)| FloatTensor::<Self>::from_data(data.convert_dtype(dtype)))
    }

    fn numbers(of: FloatTensor<Self>) -> Numbers {
        if can_be_read(&of) {
            return Numbers::InPlace(of);
        }
        Numbers::Copied(of.into_data().iter::<f32>().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::backend::ops::FloatTensorOps;
    use burn::tensor::DType;

    #[test]
    fn numbers_are_changed_in_their_order_whatever_their_precision() {
        for dtype in [DType::F32, DType::F64] {
            let data = TensorData::from([[1.0f32, 2.0, 3.0], [4.0, 5.0, 6.0]]).convert_dtype(dtype);
            let turned = Flex::float_transpose(FloatTensor::<Flex>::from_data(data));
            let read = Flex::numbers(turned.clone());
            assert_eq!(read.values(), [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
            let [made] = Flex::changed([turned], |[numbers]| {
                assert_eq!(numbers, [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
                numbers.iter_mut().zip([0.5, 1.5, 2.5]).for_each(|(number, by)| *number *= by);
            });
            let made = made.into_data();
            assert_eq!((made.dtype(), &made.shape()[..]), (dtype, &[3, 2][..]));
            assert_eq!(made.iter::<f32>().collect::<Vec<_>>(), [0.5, 6.0, 5.0, 5.0, 3.0, 6.0]);
        }
    }
}
