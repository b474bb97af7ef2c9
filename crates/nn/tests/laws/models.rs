//! Models by configuration: their sizes are the papers', and techniques find their sites.

use wellfit_core::recipe::Recipe;
use wellfit_core::seed::Seed;
use wellfit_nn::burn::tensor::Tensor;
use wellfit_nn::chance::StepClock;
use wellfit_nn::layer::Sites;
use wellfit_nn::model::{Model, ModelConfig, Network};
use wellfit_nn::parameter::{Role, parameters};
use wellfit_nn::technique::Doors;
use wellfit_nn::{Device, Error};

fn build(model: &str, shape: &[usize], techniques: &[&str]) -> Result<Model, Error> {
    let entries: String = techniques.iter().map(|t| format!("[[regularize]]\n{t}\n")).collect();
    let doors = Doors::read(&Recipe::parse("test", &entries).unwrap()).unwrap();
    let config: ModelConfig = toml::from_str(model).unwrap();
    let (clock, device) = (StepClock::new(), Device::flex().autodiff());
    config.build(shape, 10, &Sites::new(&doors, Seed::new(1), &clock, &device))
}

/// Numbers that are trained.
fn trained(model: &Model) -> usize {
    let list = parameters(model);
    let trained = list.iter().filter(|parameter| parameter.role != Role::Fixed);
    trained.map(|parameter| parameter.shape.iter().product::<usize>()).sum()
}

fn outputs(model: &Model, features: usize) -> [usize; 2] {
    model.forward(Tensor::ones([2, features], &Device::flex().autodiff())).dims()
}

#[test]
fn lenet_has_the_61706_parameters_of_the_textbooks() {
    let model = build("lenet = {}", &[1, 28, 28], &[]).unwrap();
    assert_eq!(trained(&model), 61_706);
    assert_eq!(outputs(&model, 784), [2, 10]);
}

#[test]
fn residual_networks_have_the_sizes_of_the_paper() {
    // With 1x1 shortcuts and batch norm on all 3x3 convolutions; by the sum over layers
    // 9 in out + 2 out for a unit, in out for a shortcut, 650 for the head.
    let size = |n: usize| {
        let unit = |inputs: usize, outputs: usize| 9 * inputs * outputs + 2 * outputs;
        let stage = |inputs: usize, outputs: usize| {
            unit(inputs, outputs) + (2 * n - 1) * unit(outputs, outputs)
        };
        let shortcuts = 16 * 32 + 32 * 64;
        unit(3, 16) + stage(16, 16) + stage(16, 32) + stage(32, 64) + shortcuts + 650
    };
    for (depth, n) in [(8, 1), (14, 2), (20, 3)] {
        let config = format!("resnet = {{ depth = {depth} }}");
        let model = build(&config, &[3, 32, 32], &["batch_norm = {}"]).unwrap();
        assert_eq!(trained(&model), size(n), "depth {depth}");
        assert_eq!(outputs(&model, 3072), [2, 10]);
    }
    // The paper's table 6 gives 0.27 million for 20 layers.
    assert_eq!(size(3) / 1000, 272);
}

#[test]
fn what_does_not_fit_is_refused() {
    let refused = |model, shape: &[usize], techniques: &[&str]| {
        build(model, shape, techniques).unwrap_err().to_string()
    };
    assert!(refused("lenet = {}", &[64], &[]).contains("needs images"));
    assert!(refused("lenet = {}", &[1, 8, 8], &[]).contains("at least 12x12, found 8x8"));
    assert!(refused("resnet = { depth = 9 }", &[3, 32, 32], &[]).contains("found 9"));
    let norm = refused("resnet = { depth = 8 }", &[3, 32, 32], &["layer_norm = {}"]);
    assert!(norm.contains("group_norm"), "{norm}");
    let idle = refused("linear = {}", &[6], &["dropout = { rate = 0.5 }"]);
    assert!(idle.contains("dropout finds no place"), "{idle}");
}

#[test]
fn groups_of_one_channel_are_instance_norm_on_images() {
    let techniques = ["group_norm = { groups = 16 }"];
    assert!(build("resnet = { depth = 8 }", &[3, 32, 32], &techniques).is_ok());
    assert!(build("mlp = { widths = [16] }", &[4], &techniques).is_err());
}

/// What a model makes of ones, in training, at one address.
fn drawn(model: &str, techniques: &[&str]) -> Vec<f32> {
    let model = build(model, &[1, 12, 12], techniques).unwrap();
    let x = Tensor::ones([2, 144], &Device::flex().autodiff());
    model.forward(x).into_data().try_into_vec().unwrap()
}

#[test]
fn what_drops_channels_stands_behind_convolutions_and_what_drops_units_behind_linear_layers() {
    for technique in ["spatial_dropout = { rate = 0.5 }", "drop_block = { rate = 0.5, block = 2 }"]
    {
        for model in ["lenet = {}", "resnet = { depth = 8 }"] {
            assert_ne!(drawn(model, &[technique]), drawn(model, &[]), "{technique} in {model}");
        }
        let refused = build("mlp = { widths = [16] }", &[4], &[technique]).unwrap_err().to_string();
        assert!(refused.contains("it needs a convolution"), "{refused}");
    }
    for id in ["dropout", "alpha_dropout", "gaussian_dropout", "locked_dropout"] {
        let technique = format!("{id} = {{ rate = 0.5 }}");
        assert_ne!(drawn("lenet = {}", &[&technique]), drawn("lenet = {}", &[]), "{id}");
    }
}

#[test]
fn stochastic_depth_needs_a_residual_block() {
    let technique = ["stochastic_depth = { rate = 0.5, schedule = \"uniform\" }"];
    assert!(build("mlp = { widths = [8, 8], skip = true }", &[4], &technique).is_ok());
    assert!(build("resnet = { depth = 8 }", &[1, 8, 8], &technique).is_ok());
    // The first layer changes the width, and with it goes the only block.
    for model in ["mlp = { widths = [8] , skip = true }", "mlp = { widths = [8, 8] }"] {
        let refused = build(model, &[4], &technique).unwrap_err().to_string();
        assert!(refused.contains("stochastic_depth finds no place"), "{refused}");
    }
    // timm's rates leave the first block alone, and here it is the only one.
    let timm = ["stochastic_depth = { rate = 0.5, schedule = \"timm\" }"];
    assert!(build("mlp = { widths = [8, 8], skip = true }", &[4], &timm).is_err());
}

#[test]
fn two_techniques_over_the_same_weights_are_refused() {
    let both = ["weight_norm = {}", "spectral_norm = {}"];
    let refused = build("mlp = { widths = [8] }", &[4], &both).unwrap_err().to_string();
    assert!(refused.contains("keep one"), "{refused}");
}

/// Layers have their weights by their paths: the network without the residual block is the one of
/// the examples that leave the branch out. Dropping the sum instead would leave zeros.
#[test]
fn stochastic_depth_leaves_out_the_branch_and_not_the_sum() {
    let outputs = |model: &str, techniques: &[&str]| -> Vec<f32> {
        let model = build(model, &[4], techniques).unwrap();
        let x = Tensor::ones([64, 4], &Device::flex().autodiff());
        model.forward(x).into_data().try_into_vec().unwrap()
    };
    let skip = "mlp = { widths = [8, 8], skip = true }";
    let technique = ["stochastic_depth = { rate = 0.5, schedule = \"uniform\" }"];
    let (whole, short) = (outputs(skip, &[]), outputs("mlp = { widths = [8] }", &[]));
    let (whole, short) = (&whole[..10], &short[..10]);
    let mut left_out = 0;
    for row in outputs(skip, &technique).chunks(10) {
        let near = |expected: &dyn Fn(usize) -> f32| {
            row.iter().enumerate().all(|(k, y)| (y - expected(k)).abs() < 1e-4)
        };
        let kept = near(&|k| short[k] + 2.0 * (whole[k] - short[k]));
        assert!(kept != near(&|k| short[k]), "{row:?}: neither with the branch nor without");
        left_out += usize::from(!kept);
    }
    assert!((12..=52).contains(&left_out), "{left_out} of 64");
}
