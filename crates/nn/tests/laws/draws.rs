//! Inserting one technique changes no draw of another, over all pairs of cards.

use crate::off::with;
use wellfit_core::recipe::Recipe;
use wellfit_core::seed::{Address, Seed};
use wellfit_data::PixelScale;
use wellfit_nn::Device;
use wellfit_nn::batch::{Batch, Chance};
use wellfit_nn::burn::tensor::{Tensor, TensorData};
use wellfit_nn::chance::StepClock;
use wellfit_nn::layer::{SiteKind, Sites};
use wellfit_nn::model::initializer::Init;
use wellfit_nn::technique::{Doors, shelf};

const KINDS: [SiteKind; 4] =
    [SiteKind::Input, SiteKind::Norm, SiteKind::Hidden, SiteKind::Branch { index: 1, count: 2 }];

fn doors(ids: &[&str]) -> Doors {
    let example = |id: &str| shelf().find(|s| s.card.id == id).unwrap().card.example;
    let entries: Vec<(&str, &str)> = ids.iter().map(|&id| (id, example(id))).collect();
    Doors::read(&Recipe::parse("test", &with(&entries)).unwrap()).unwrap()
}

fn ids() -> Vec<&'static str> {
    shelf().map(|shelved| shelved.card.id).collect()
}

/// What every layer of technique `id` makes of ones, at every site, in a model with `others`: of
/// vectors, or of images.
fn through_layers(id: &str, others: &[&str], spatial: bool) -> Vec<TensorData> {
    let doors = doors(others);
    let (clock, device) = (StepClock::new(), Device::flex().autodiff());
    let sites = Sites::new(&doors, Seed::new(3), &clock, &device);
    clock.begin(7, 0);
    let mut outputs = Vec::new();
    for (index, kind) in KINDS.into_iter().enumerate() {
        let path = format!("site {index}");
        let filled = match spatial {
            true => sites.fill_channels(kind, &path, 16),
            false => sites.fill(kind, &path, 16),
        };
        // Two normalizations at one place are refused: no pair to look at.
        let Ok(layers) = filled else { return Vec::new() };
        for layer in layers {
            let output = match spatial {
                true => layer.forward(Tensor::<4>::ones([4, 16, 6, 6], &device)).into_data(),
                false => layer.forward(Tensor::<2>::ones([4, 16], &device)).into_data(),
            };
            if layer.id() == id {
                outputs.push(output);
            }
        }
    }
    // Two techniques over the same weights are refused: no pair to look at.
    let init = |path| Init::KaimingNormal.linear(6, 4, Seed::new(3), path, &device);
    let Ok(dense) = sites.dense(init("dense"), "dense") else { return Vec::new() };
    if dense.over().is_some_and(|over| over.id() == id) {
        outputs.push(dense.forward(Tensor::<2>::ones([4, 6], &device)).into_data());
    }
    outputs
}

#[test]
fn of_layers() {
    let mut pairs = 0;
    for (id, spatial) in ids().into_iter().flat_map(|id| [(id, false), (id, true)]) {
        let alone = through_layers(id, &[id], spatial);
        for other in ids().into_iter().filter(|&other| other != id && !alone.is_empty()) {
            for order in [[id, other], [other, id]] {
                let beside = through_layers(id, &order, spatial);
                assert!(beside.is_empty() || beside == alone, "{other} changes draws of {id}");
                pairs += usize::from(!beside.is_empty());
            }
        }
    }
    assert!(pairs > 500, "only {pairs} pairs met");
}

/// What technique `id` makes of a batch after `before` had one at the same address.
fn through_batch(id: &str, before: Option<&str>) -> Vec<TensorData> {
    let device = Device::flex();
    // Images, for what works on nothing else.
    let numbers: Vec<f32> = (0..4 * 96).map(|i| 0.5 + 0.5 * (i as f32).sin()).collect();
    let batch = || Batch {
        inputs: Tensor::<1>::from_data(numbers.as_slice(), &device).reshape([4, 96]),
        shape: vec![3, 8, 4],
        pixels: Some(PixelScale::default()),
        moments: None,
        embedded: Vec::new(),
        targets: Tensor::ones([4, 3], &device) / 3.0,
        classes: true,
    };
    let address = Address { step: 7, pass: 0, call: 0 };
    let chance = Chance { seed: Seed::new(3), address, epoch: 0.0 };
    for door in before.map(|before| doors(&[before])).iter().flat_map(|doors| &doors.batch) {
        let _ = door.apply(batch(), &chance);
    }
    let changed = doors(&[id]).batch.iter().fold(batch(), |batch, door| door.apply(batch, &chance));
    vec![changed.inputs.into_data(), changed.targets.into_data()]
}

#[test]
fn of_batches() {
    for id in ids() {
        let alone = through_batch(id, None);
        for other in ids() {
            assert_eq!(through_batch(id, Some(other)), alone, "{other} changes draws of {id}");
        }
    }
}
