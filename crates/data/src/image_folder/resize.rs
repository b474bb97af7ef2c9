//! Pictures at another size.

/// Brings rows x columns of `channels` interleaved numbers from size `from` to size `to`, both
/// `[height, width]` and above zero: first the rows, then the columns.
///
/// Each new pixel is the mean of old ones under a triangle, which reaches from its centre as far as
/// one pixel of the coarser grid: linear interpolation where the picture grows, and no old pixel
/// left out where it shrinks.
pub(crate) fn resize(
    pixels: &[f32],
    channels: usize,
    from: [usize; 2],
    to: [usize; 2],
) -> Vec<f32> {
    let row = from[1] * channels;
    let mut tall = vec![0.0; to[0] * row];
    for (new, (start, weights)) in tall.chunks_exact_mut(row).zip(triangles(from[0], to[0])) {
        for (old, weight) in pixels[start * row..].chunks_exact(row).zip(weights) {
            new.iter_mut().zip(old).for_each(|(new, old)| *new += weight * old);
        }
    }
    let columns: Vec<_> = triangles(from[1], to[1]).collect();
    let mut done = vec![0.0; to[0] * to[1] * channels];
    for (new, old) in done.chunks_exact_mut(to[1] * channels).zip(tall.chunks_exact(row)) {
        for (new, (start, weights)) in new.chunks_exact_mut(channels).zip(&columns) {
            for (old, weight) in old[start * channels..].chunks_exact(channels).zip(weights) {
                new.iter_mut().zip(old).for_each(|(new, old)| *new += weight * old);
            }
        }
    }
    done
}

/// For every new pixel: the first old pixel under its triangle, and the weights from there on,
/// which add up to one.
fn triangles(from: usize, to: usize) -> impl Iterator<Item = (usize, Vec<f32>)> {
    let step = from as f64 / to as f64;
    let reach = step.max(1.0);
    (0..to).map(move |new| {
        let centre = (new as f64 + 0.5) * step;
        let start = (centre - reach).max(0.0).floor() as usize;
        let end = ((centre + reach).ceil() as usize).min(from);
        let height = |old: usize| (1.0 - (old as f64 + 0.5 - centre).abs() / reach).max(0.0);
        let sum: f64 = (start..end).map(height).sum();
        (start, (start..end).map(|old| (height(old) / sum) as f32).collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_size_changes_nothing_and_a_plain_picture_stays_plain() {
        let pixels = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        assert_eq!(resize(&pixels, 1, [2, 3], [2, 3]), pixels);
        for to in [[1, 1], [3, 2], [7, 11]] {
            let plain = resize(&[9.0; 40], 2, [4, 5], to);
            assert_eq!(plain.len(), to[0] * to[1] * 2);
            assert!(plain.iter().all(|x| (x - 9.0).abs() < 1e-5), "{plain:?}");
        }
    }

    #[test]
    fn twice_as_wide_is_linear_interpolation_by_hand() {
        // Centres at 0.5 and 1.5; new ones at 0.25, 0.75, 1.25, 1.75.
        let wide = resize(&[0.0, 8.0], 1, [1, 2], [1, 4]);
        assert_eq!(wide, [0.0, 2.0, 6.0, 8.0]);
        let tall = resize(&[0.0, 1.0, 8.0, 9.0], 2, [2, 1], [4, 1]);
        assert_eq!(tall, [0.0, 1.0, 2.0, 3.0, 6.0, 7.0, 8.0, 9.0]);
    }

    #[test]
    fn half_as_wide_weighs_by_a_triangle_two_pixels_wide() {
        // Heights .25 .75 .75 .25 where all four lie inside; at the border .75 .75 .25.
        let half = resize(&[0.0, 0.0, 8.0, 0.0, 0.0, 0.0], 1, [1, 6], [1, 3]);
        let expected = [8.0 * 0.25 / 1.75, 8.0 * 0.75 / 2.0, 0.0];
        half.iter().zip(expected).for_each(|(a, b)| assert!((a - b).abs() < 1e-6, "{half:?}"));
    }
}
