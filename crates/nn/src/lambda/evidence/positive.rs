//! Inverse and determinant of a positive definite matrix.

/// Puts the inverse of `matrix`, `size` × `size` and symmetric, in its place; gives the logarithm of
/// its determinant. None where it is not positive definite, and then the matrix is spoilt.
///
/// Gauss and Jordan's way, without exchanges, which such a matrix needs none of: after all pivots
/// the matrix is its inverse.
pub(super) fn inverse(matrix: &mut [f64], size: usize) -> Option<f64> {
    let mut ln = 0.0;
    let mut pivots = vec![0.0; size];
    for k in 0..size {
        let row = matrix.get_mut(k * size..(k + 1) * size)?;
        let pivot = row[k];
        // Not a number is not above zero either.
        if !(pivot > 0.0 && pivot.is_finite()) {
            return None;
        }
        ln += pivot.ln();
        row[k] = 1.0;
        row.iter_mut().for_each(|value| *value /= pivot);
        pivots.copy_from_slice(row);
        for (i, row) in matrix.chunks_exact_mut(size).enumerate().filter(|(i, _)| *i != k) {
            debug_assert!(i < size);
            let factor = row[k];
            row[k] = 0.0;
            row.iter_mut().zip(&pivots).for_each(|(value, pivot)| *value -= factor * pivot);
        }
    }
    Some(ln)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_by_two_is_known() {
        let mut matrix = [4.0, 1.0, 1.0, 3.0];
        let ln = inverse(&mut matrix, 2).unwrap();
        assert!((ln - 11f64.ln()).abs() < 1e-12);
        for (found, expected) in matrix.iter().zip([3.0, -1.0, -1.0, 4.0]) {
            assert!((found - expected / 11.0).abs() < 1e-12, "{matrix:?}");
        }
    }

    #[test]
    fn what_is_not_positive_definite_has_none() {
        assert_eq!(inverse(&mut [1.0, 2.0, 2.0, 1.0], 2), None);
        assert_eq!(inverse(&mut [f64::NAN], 1), None);
        assert_eq!(inverse(&mut [], 0), Some(0.0));
    }
}
