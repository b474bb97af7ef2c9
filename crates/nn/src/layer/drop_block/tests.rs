use super::*;
use crate::chance::StepClock;
use crate::layer::golden::golden;
use burn::tensor::Device;
use wellfit_core::seed::Seed;

fn rate(rate: f64) -> Rate {
    Rate::new(rate).unwrap()
}

fn layer(share: f64, block: usize, coupled: bool) -> DropBlock {
    let block = NonZeroUsize::new(block).unwrap();
    let config = Config { rate: rate(share), block, coupled, schedule: Schedule::Constant };
    DropBlock::new(config, Source::new(Seed::new(3), "drop", &StepClock::new()))
}

fn of_ones(layer: &DropBlock, shape: [usize; 4]) -> Vec<f32> {
    let x = Tensor::<4>::ones(shape, &Device::flex().autodiff());
    layer.forward(x).into_data().try_into_vec().unwrap()
}

#[test]
fn chances_are_the_paper_s() {
    let chance = |side, block, share| Squares::new([side, side], block).chance(rate(share)).get();
    assert!((chance(56, 7, 0.1) - 0.00256).abs() < 1e-6);
    assert!((chance(5, 1, 0.3) - 0.3).abs() < 1e-12);
    // A block as large as the plane, or larger, drops all or nothing.
    assert!((chance(5, 5, 0.3) - 0.3).abs() < 1e-12 && (chance(5, 9, 0.3) - 0.3).abs() < 1e-12);
}

#[test]
fn masks_are_timm_s_for_the_same_squares() {
    for block in [2, 3, 4, 7] {
        let squares = Squares::new([9, 11], block);
        let begins = golden("drops", &format!("begins_{block}"));
        assert_eq!(begins.len(), 2 * squares.places());
        assert!(begins.contains(&1.0));
        let mask = squares.mask(begins.iter().map(|&begins| begins == 1.0), 2);
        let expected = golden("drops", &format!("drop_block_{block}"));
        assert_eq!(mask.len(), expected.len());
        for (found, expected) in mask.iter().zip(expected) {
            assert!((f64::from(*found) - expected).abs() < 1e-6, "{block}: {found}, {expected}");
        }
    }
}

#[test]
fn about_the_rate_falls_and_the_mean_stays() {
    for (block, share) in [(1, 0.3), (3, 0.1), (7, 0.1)] {
        let y = of_ones(&layer(share, block, false), [8, 32, 28, 28]);
        let lost = y.iter().filter(|&&v| v == 0.0).count() as f64 / y.len() as f64;
        assert!((lost - share).abs() < 0.03, "block {block}: {lost}");
        let mean = y.iter().map(|&v| f64::from(v)).sum::<f64>() / y.len() as f64;
        assert!((mean - 1.0).abs() < 1e-5, "{mean}");
    }
}

#[test]
fn channels_share_their_squares_where_they_are_coupled() {
    let shares_all = |coupled| {
        let y = of_ones(&layer(0.2, 3, coupled), [4, 8, 10, 10]);
        y.chunks(8 * 100).all(|image| image.chunks(100).all(|channel| channel == &image[..100]))
    };
    assert!(shares_all(true) && !shares_all(false));
    let y = of_ones(&layer(0.2, 3, true), [2, 1, 10, 10]);
    assert_ne!(y[..100], y[100..], "images have squares of their own");
}

#[test]
fn a_plane_that_falls_whole_is_zero_and_not_nan() {
    let squares = Squares::new([2, 2], 2);
    assert_eq!(squares.mask([true].into_iter(), 1), [0.0; 4]);
    let y = of_ones(&layer(0.999_999, 5, true), [1, 3, 4, 4]);
    assert!(y.iter().all(|v| v.is_finite()));
}

#[test]
fn the_gradient_has_the_same_squares() {
    let x = Tensor::<4>::ones([2, 3, 8, 8], &Device::flex().autodiff()).require_grad();
    let y = layer(0.2, 3, true).forward(x.clone());
    let gradient = x.grad(&y.clone().sum().backward()).unwrap();
    assert_eq!(gradient.into_data(), y.inner().into_data());
}
