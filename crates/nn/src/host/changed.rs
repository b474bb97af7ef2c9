//! Gradients where backward passes can change them.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Flex};
use burn::tensor::TensorData;

/// What backward passes need of a backend beyond its operations.
pub trait Changed: Backend {
    /// A gradient as `change` leaves it, whose numbers come in their order.
    fn changed(gradient: FloatTensor<Self>, change: impl FnOnce(&mut [f32])) -> FloatTensor<Self>;

    /// The number of a tensor of one.
    fn number(of: FloatTensor<Self>) -> f32;
}

impl Changed for Flex {
    fn changed(gradient: FloatTensor<Self>, change: impl FnOnce(&mut [f32])) -> FloatTensor<Self> {
        let dtype = gradient.dtype();
        let mut data = gradient.into_data();
        if let Ok(numbers) = data.as_mut_slice::<f32>() {
            change(numbers);
            return FloatTensor::<Self>::from_data(data);
        }
        // Another precision.
        let mut numbers: Vec<f32> = data.iter::<f32>().collect();
        change(&mut numbers);
        let data = TensorData::new(numbers, data.shape().clone()).convert_dtype(dtype);
        FloatTensor::<Self>::from_data(data)
    }

    fn number(of: FloatTensor<Self>) -> f32 {
        of.into_data().iter::<f32>().next().unwrap_or_default()
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
            let made = Flex::changed(turned, |numbers| {
                assert_eq!(numbers, [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
                numbers.iter_mut().zip([0.5, 1.5, 2.5]).for_each(|(number, by)| *number *= by);
            });
            let made = made.into_data();
            assert_eq!((made.dtype(), &made.shape()[..]), (dtype, &[3, 2][..]));
            assert_eq!(made.iter::<f32>().collect::<Vec<_>>(), [0.5, 6.0, 5.0, 5.0, 3.0, 6.0]);
        }
    }
}
