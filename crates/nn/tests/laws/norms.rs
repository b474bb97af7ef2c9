//! What every normalization of single examples promises: the others in the batch do not matter.

use crate::off::with;
use wellfit_core::recipe::Recipe;
use wellfit_core::seed::Seed;
use wellfit_nn::Device;
use wellfit_nn::burn::module::Module;
use wellfit_nn::burn::tensor::Tensor;
use wellfit_nn::chance::StepClock;
use wellfit_nn::layer::{Layer, SiteKind, Sites};
use wellfit_nn::technique::{Doors, shelf};

/// The normalization of technique `id` over 8 features, where it has one.
fn norm(id: &str, example: &str, spatial: bool) -> Option<Layer> {
    let doors = Doors::read(&Recipe::parse("test", &with(&[(id, example)])).unwrap()).unwrap();
    let (clock, device) = (StepClock::new(), Device::flex().autodiff());
    let sites = Sites::new(&doors, Seed::new(3), &clock, &device);
    let layers = match spatial {
        true => sites.fill_channels(SiteKind::Norm, "norm", 16),
        false => sites.fill(SiteKind::Norm, "norm", 16),
    };
    layers.ok()?.pop()
}

fn images(seed: u64) -> Tensor<4> {
    let values = Seed::new(seed).stream("x").step(0).uniform(5 * 16 * 9, -1.0, 3.0);
    Tensor::<1>::from_data(values.as_slice(), &Device::flex().autodiff()).reshape([5, 16, 3, 3])
}

/// The first example's output beside the other examples of `seed`.
fn first(layer: &Layer, spatial: bool, seed: u64) -> Vec<f32> {
    let x = Tensor::cat(vec![images(1).narrow(0, 0, 1), images(seed)], 0);
    let first = match spatial {
        true => layer.forward(x).narrow(0, 0, 1).into_data(),
        false => layer.forward(x.mean_dims(&[2, 3]).reshape([6, 16])).narrow(0, 0, 1).into_data(),
    };
    first.try_into_vec().unwrap()
}

#[test]
fn other_examples_matter_to_batch_norm_in_training_alone() {
    let mut seen = 0;
    for (card, spatial) in shelf().flat_map(|s| [(s.card, false), (s.card, true)]) {
        let Some(layer) = norm(card.id, card.example, spatial) else { continue };
        let differs = first(&layer, spatial, 2) != first(&layer, spatial, 3);
        assert_eq!(differs, card.id == "batch_norm", "{}, images: {spatial}", card.id);
        let evaluated = layer.valid();
        assert_eq!(first(&evaluated, spatial, 2), first(&evaluated, spatial, 3), "{}", card.id);
        if card.id != "batch_norm" {
            assert_eq!(first(&evaluated, spatial, 2), first(&layer, spatial, 2), "{}", card.id);
        }
        seen += 1;
    }
    assert!(seen >= 7, "only {seen} normalizations met");
}
