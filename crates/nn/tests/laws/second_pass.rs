//! Steps of two passes: SAM's share their masks, R-Drop's do not, and running statistics move once.

use crate::off::with;
use crate::run::{MLP, Small, bits};
use wellfit_core::recipe::Recipe;
use wellfit_core::seed::Seed;
use wellfit_data::Embedded;
use wellfit_nn::burn::tensor::{Tensor, TensorData};
use wellfit_nn::chance::{Statistics, StepClock};
use wellfit_nn::layer::Sites;
use wellfit_nn::model::{Inputs, ModelConfig, Network};
use wellfit_nn::snapshot::Snapshot;
use wellfit_nn::technique::{Doors, shelf};
use wellfit_nn::train::check;
use wellfit_nn::{Device, Error, Subject};

const STOCHASTIC: &str = "optimizer = { sgd = { momentum = 0.9 } }
[[regularize]]
batch_norm = {}
[[regularize]]
dropout = { rate = 0.3, input_rate = 0.1 }
[[regularize]]
input_noise = { std = 0.2 }
[[regularize]]
l2 = { lambda = 0.1 }
[[regularize]]
clip_global_norm = { max_norm = 0.5 }
";

/// An ascent below the precision of the weights: the second pass is the first once more, if masks,
/// noise and statistics are its.
#[test]
fn the_second_pass_of_sam_repeats_masks_and_leaves_statistics() {
    let plain = bits(&Small::of(&format!("{MLP}{STOCHASTIC}")).run());
    for sam in ["{ rho = 1e-30 }", "{ rho = 1e-30, adaptive = true }"] {
        let run = Small::of(&format!("{MLP}{STOCHASTIC}[[regularize]]\nsam = {sam}\n")).run();
        assert!(bits(&run) == plain, "{sam}");
    }
    let run = Small::of(&format!("{MLP}{STOCHASTIC}[[regularize]]\nsam = {{ rho = 0.1 }}\n")).run();
    assert!(bits(&run) != plain);
}

/// The same beside noise on the weights, which both passes put on the clean ones.
#[test]
fn the_second_pass_of_sam_puts_noise_on_once() {
    let noise = "[[regularize]]\nweight_noise = { std = 0.1 }\n";
    let plain = bits(&Small::of(&format!("{MLP}{STOCHASTIC}{noise}")).run());
    let sam = "[[regularize]]\nsam = { rho = 1e-30 }\n";
    let run = Small::of(&format!("{MLP}{STOCHASTIC}{noise}{sam}")).run();
    assert!(bits(&run) == plain);
}

/// Weights that hardly move: whatever the second pass sees, the statistics are those of the first.
#[test]
fn running_statistics_move_once_a_step() {
    let statistics = |technique: &str| {
        let still = MLP.replace("learning_rate = 0.05", "learning_rate = 1e-30");
        let run = Small::of(&format!("{still}{STOCHASTIC}{technique}")).run();
        let snapshot = Snapshot::of(&run.last);
        let is = |(path, _): &(&String, &TensorData)| path.contains("running");
        let found = snapshot.tensors().iter().filter(is);
        found.map(|(path, data)| (path.clone(), data.clone())).collect::<Vec<_>>()
    };
    let plain = statistics("");
    assert_eq!(plain.len(), 4);
    for technique in ["sam = { rho = 3.0 }", "r_drop = { alpha = 1.0 }"] {
        assert!(statistics(&format!("[[regularize]]\n{technique}\n")) == plain, "{technique}");
    }
}

#[test]
fn an_interval_longer_than_the_run_is_no_sam() {
    let run = |techniques: &[(&str, &str)]| bits(&Small::of(&with(techniques)).run());
    let plain = run(&[]);
    assert!(run(&[("sam", "{ rho = 0.5, interval = 37 }")]) == plain);
    assert!(run(&[("sam", "{ rho = 0.5, interval = 36 }")]) != plain, "the last step of 36");
}

/// What R-Drop asks for is told by each layer technique, and told rightly.
#[test]
fn layers_say_whether_two_passes_differ() {
    let device = Device::flex().autodiff();
    let (mut drawing, mut still) = (0, 0);
    for card in shelf().map(|shelved| shelved.card) {
        let doors = Doors::read(&Recipe::parse("test", &with(&[(card.id, card.example)])).unwrap());
        let (doors, clock) = (doors.unwrap(), StepClock::new());
        let Some(door) = doors.layers.first() else { continue };
        let sites = Sites::new(&doors, Seed::new(3), &clock, &device);
        let vectors = "mlp = { widths = [16, 16, 16], skip = true }";
        let levels = [Embedded { column: 0, levels: 40 }];
        let homes = [
            (vectors, Inputs { shape: &[6], embedded: &[] }),
            ("resnet = { depth = 8 }", Inputs { shape: &[1, 8, 8], embedded: &[] }),
            (vectors, Inputs { shape: &[6], embedded: &levels }),
        ];
        let build = |(config, inputs): (&str, Inputs<'_>)| {
            let config: ModelConfig = toml::from_str(config).unwrap();
            Some((config.build(inputs, 3, &sites).ok()?, inputs.shape.iter().product::<usize>()))
        };
        let (model, width) = homes.into_iter().find_map(build).unwrap();
        clock.statistics(Statistics::Hold);
        let pass = |pass| {
            clock.begin(5, pass);
            let inputs =
                (0..16 * width).map(|i| 20.0 * (1.0 + (i as f32).sin())).collect::<Vec<f32>>();
            let inputs = Tensor::from_data(TensorData::new(inputs, [16, width]), &device);
            model.forward(inputs).into_data()
        };
        let differ = pass(0) != pass(1);
        assert_eq!(differ, door.is_stochastic(), "{}", card.id);
        assert_eq!(pass(0), pass(0), "{}", card.id);
        (drawing, still) = (drawing + u32::from(differ), still + u32::from(!differ));
    }
    assert!(drawing >= 2 && still >= 2, "{drawing} draw, {still} do not");
}

#[test]
fn equal_passes_are_refused() {
    let small = Small::of(MLP);
    let refused = |techniques: &[(&str, &str)]| {
        let doors = Doors::read(&Recipe::parse("test", &with(techniques)).unwrap()).unwrap();
        check(&doors, &small.config, &small.train)
    };
    let alone = refused(&[("r_drop", "{ alpha = 1.0 }"), ("layer_norm", "{}")]);
    let Err(Error::Refused { subject, message }) = alone else { panic!("it passes") };
    assert_eq!(subject, Subject::Technique("r_drop"));
    assert!(message.contains("switch on dropout"), "{message}");
    refused(&[("r_drop", "{ alpha = 1.0 }"), ("dropout", "{ rate = 0.1 }")]).unwrap();
    refused(&[("r_drop", "{ alpha = 0.0 }")]).unwrap();
}
