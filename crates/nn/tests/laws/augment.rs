//! Augmentation of images: torchvision's numbers, and what holds for every technique of images.

use crate::off::with;
use serde_json::Value;
use wellfit_core::number::Positive;
use wellfit_core::recipe::Recipe;
use wellfit_core::seed::{Address, Seed};
use wellfit_data::{Dataset, PixelScale, Target};
use wellfit_nn::batch::augment::color_jitter::color_jitter;
use wellfit_nn::batch::augment::crop::{Padding, crop};
use wellfit_nn::batch::augment::flip::flip;
use wellfit_nn::batch::augment::operation::{KINDS, Kind, Operation, Table};
use wellfit_nn::batch::augment::resized_crop::resized_crop;
use wellfit_nn::batch::augment::rotation::rotate;
use wellfit_nn::batch::augment::warp::{Motion, STILL, warp};
use wellfit_nn::batch::augment::{
    self, Fill, Image, Region, aug_mix, blur::blur, color, rand_augment, trivial_augment,
};
use wellfit_nn::batch::{Batch, BatchDoor, Chance};
use wellfit_nn::burn::tensor::Tensor;
use wellfit_nn::model::ImageShape;
use wellfit_nn::technique::Doors;
use wellfit_nn::train::{TrainConfig, check};
use wellfit_nn::{Device, Error, Subject};

/// torchvision 0.29.2 on torch 2.15.0; see golden/augmentation.py.
fn golden() -> Value {
    serde_json::from_str(include_str!("../golden/augmentation.json")).unwrap()
}

fn list(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn pair(value: &Value) -> [f64; 2] {
    list(value).try_into().unwrap()
}

fn kind(name: &str) -> Kind {
    KINDS.into_iter().find(|kind| format!("{kind:?}") == name).unwrap()
}

/// Does what the case of torchvision says.
fn apply(case: &Value, image: &mut Image<'_>) {
    let number = |key: &str| case[key].as_f64().unwrap();
    match case["op"].as_str().unwrap() {
        "flip" => {
            let told = |key: &str| case[key].as_bool().unwrap();
            flip(image, told("horizontal"), told("vertical"));
        }
        "crop" => {
            let mode: Padding = serde_json::from_value(case["mode"].clone()).unwrap();
            crop(image, pair(&case["shift"]).map(|shift| shift as isize), mode, Fill::Black);
        }
        "resized_crop" => {
            let [top, left, height, width] =
                <[f64; 4]>::try_from(list(&case["region"])).unwrap().map(|side| side as usize);
            resized_crop(image, Region { top, left, height, width });
        }
        "rotate" => {
            let fill = if case["fill"] == "mean" { Fill::Mean } else { Fill::Black };
            rotate(image, number("degrees"), fill);
        }
        "affine" => {
            let motion = Motion {
                degrees: number("angle"),
                translate: pair(&case["translate"]),
                scale: number("scale"),
                shear: pair(&case["shear"]),
                ..STILL
            };
            warp(image, &motion, Fill::Black);
        }
        "blur" => blur(image, number("sigma")),
        "brightness" => color::brightness(image, number("factor")),
        "contrast" => color::contrast(image, number("factor")),
        "saturation" => color::saturation(image, number("factor")),
        "hue" => color::hue(image, number("turn")),
        "grayscale" => color::grayscale(image),
        "jitter" => {
            let order: Vec<usize> = list(&case["order"]).iter().map(|&at| at as usize).collect();
            let factors = list(&case["factors"]).try_into().unwrap();
            color_jitter(image, &order, factors, number("turn"));
        }
        "operation" => {
            let kind = kind(case["kind"].as_str().unwrap());
            Operation { kind, strength: number("strength") }.apply(image);
        }
        other => panic!("the golden file has an operation {other}"),
    }
}

#[test]
fn fixed_parameters_give_the_images_of_torchvision() {
    let golden = golden();
    let cases = golden["cases"].as_array().unwrap();
    assert!(cases.len() > 50);
    for case in cases {
        let image = &golden["images"][case["image"].as_str().unwrap()];
        let shape: Vec<usize> = list(&image["shape"]).iter().map(|&side| side as usize).collect();
        let shape = ImageShape::of(&shape).unwrap();
        let mut values: Vec<f32> = list(&image["values"]).iter().map(|&x| x as f32).collect();
        apply(case, &mut Image::new(&mut values, shape, None));
        let expected = list(&case["values"]);
        assert_eq!(values.len(), expected.len());
        for (index, (found, expected)) in values.iter().zip(expected).enumerate() {
            let mut told = case.clone();
            told["values"] = Value::Null;
            assert!(
                (f64::from(*found) - expected).abs() < 3e-6,
                "{told} at {index}: {found}, {expected}"
            );
        }
    }
}

#[test]
fn operations_are_as_strong_as_those_of_torchvision() {
    let golden = golden();
    let shape = ImageShape { channels: 3, height: 40, width: 50 };
    for (name, table, steps) in [
        ("rand_augment", rand_augment::TABLE, 31),
        ("trivial_augment", trivial_augment::TABLE, 31),
        ("aug_mix", aug_mix::TABLE, 10),
    ] {
        let expected = golden["strengths"][name].as_object().unwrap();
        let Table { kinds, .. } = table;
        assert_eq!(kinds.len(), expected.len(), "{name}");
        for (id, expected) in expected {
            assert!(kinds.contains(&kind(id)), "{name} lacks {id}");
            for (step, expected) in list(expected).into_iter().enumerate() {
                let level = step as f64 / f64::from(steps - 1);
                let found = table.strength(kind(id), level, 1.0, shape);
                assert!((found - expected).abs() < 1e-4, "{name}, {id} at {step}: {found}");
            }
        }
    }
}

/// timm 1.0.31, whose thresholds of solarizing are whole bytes.
#[test]
fn without_inc_strengths_are_those_of_timm() {
    let (golden, table) = (golden(), Table { grows: false, ..rand_augment::TABLE });
    let shape = ImageShape { channels: 3, height: 40, width: 50 };
    let expected = golden["strengths"]["without_inc"].as_object().unwrap();
    assert_eq!(expected.len(), 6);
    for (id, expected) in expected {
        let tolerance = if id == "Solarize" { 1.0 / 256.0 } else { 1e-4 };
        for (step, expected) in list(expected).into_iter().enumerate() {
            let found = table.strength(kind(id), step as f64 / 30.0, 1.0, shape);
            assert!((found - expected).abs() < tolerance, "{id} at {step}: {found}");
        }
    }
}

const SHAPE: [usize; 3] = [3, 10, 8];

/// Four images on a scale by channel; those behind the first are times `others`.
fn batch(others: f32) -> Batch {
    let width = SHAPE.iter().product::<usize>();
    let value = |i: usize| (i as f32 * 0.37).sin() * if i < width { 1.0 } else { others };
    let inputs: Vec<f32> = (0..4 * width).map(value).collect();
    let scale = PixelScale { mean: vec![0.5, 0.4, 0.6], std: vec![0.4, 0.3, 0.35] };
    Batch {
        inputs: Tensor::<1>::from_data(inputs.as_slice(), &Device::flex()).reshape([4, width]),
        shape: SHAPE.to_vec(),
        pixels: Some(scale),
        moments: None,
        embedded: Vec::new(),
        cells: None,
        targets: Tensor::ones([4, 2], &Device::flex()) / 2.0,
        classes: true,
    }
}

/// All techniques of images, at their examples.
fn of_images() -> Vec<Box<dyn BatchDoor>> {
    let read = |id: &str, example: &str| {
        Doors::read(&Recipe::parse("test", &with(&[(id, example)])).unwrap()).unwrap().batch
    };
    let shelf = augment::SHELF.iter();
    let found: Vec<_> =
        shelf.flat_map(|shelved| read(shelved.card.id, shelved.card.example)).collect();
    assert!(found.len() >= 13);
    found
}

fn chance(step: u64) -> Chance {
    Chance { seed: Seed::new(3), address: Address { step, pass: 0, call: 0 }, epoch: 0.0 }
}

#[test]
fn an_image_changes_by_itself_and_its_label_not_at_all() {
    for door in of_images() {
        let (id, mut differs) = (door.id(), 0);
        for step in 0..20 {
            let changed = door.apply(batch(1.0), &chance(step));
            let beside = door.apply(batch(0.5), &chance(step));
            let first = |batch: &Batch| batch.inputs.clone().narrow(0, 0, 1).into_data();
            assert_eq!(first(&changed), first(&beside), "{id} sees the other images");
            assert_eq!(changed.targets.into_data(), batch(1.0).targets.into_data(), "{id}");
            let numbers: Vec<f32> = changed.inputs.into_data().try_into_vec().unwrap();
            assert!(numbers.iter().all(|number| number.is_finite()), "{id}");
            let before: Vec<f32> = batch(1.0).inputs.into_data().try_into_vec().unwrap();
            differs += usize::from(numbers != before);
        }
        assert!(differs > 0, "{id} does nothing");
    }
}

/// Equal images of one batch do not all change alike, and those of the next step change otherwise.
#[test]
fn parameters_are_drawn_for_each_image_and_step() {
    let equal = || {
        let one = batch(1.0);
        Batch { inputs: one.inputs.narrow(0, 0, 1).repeat_dim(0, 32), ..batch(1.0) }
    };
    for door in of_images() {
        let at = |step| -> Vec<f32> {
            door.apply(equal(), &chance(step)).inputs.into_data().try_into_vec().unwrap()
        };
        let (now, next) = (at(7), at(8));
        let mut images: Vec<_> = now.chunks(now.len() / 32).collect();
        assert_ne!(now, next, "{} repeats itself", door.id());
        images.dedup();
        assert!(images.len() > 2, "{} changes all images alike", door.id());
    }
}

#[test]
fn what_is_no_image_or_has_no_black_and_white_is_refused_before_training() {
    let config: TrainConfig =
        toml::from_str("epochs = 1\nbatch_size = 4\nlearning_rate = 0.1").unwrap();
    let target = || Target::Values(vec![0.0; 4]);
    let data = |shape: &[usize]| {
        let inputs = vec![0.5; 4 * shape.iter().product::<usize>()];
        Dataset::new(inputs, shape.to_vec(), target(), Vec::new()).unwrap()
    };
    let mut for_pixels = 0;
    for door in of_images() {
        let (id, needs_pixels) = (door.id(), door.needs_pixels());
        let mut doors = Doors::default();
        doors.batch.push(door);
        let refused = |data: &Dataset, told: &str| {
            let refused = check(&doors, &config, data);
            let Err(Error::Refused { subject, message }) = refused else { panic!("{id} passes") };
            assert_eq!(subject, Subject::Technique(id));
            assert!(message.contains(id) && message.contains(told), "{message}");
        };
        refused(&data(&[6]), "needs images of shape [channels, height, width], found [6]");
        if needs_pixels {
            refused(&data(&[3, 4, 4]), "must know which inputs are black and white");
        }
        for_pixels += usize::from(needs_pixels);
        check(&doors, &config, &data(&[3, 4, 4]).with_white(Positive::ONE)).unwrap();
    }
    assert!(for_pixels >= 5);
}
