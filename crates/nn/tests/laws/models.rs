//! Models by configuration: their sizes are the papers', and techniques find their sites.

use wellfit_core::recipe::Recipe;
use wellfit_core::seed::Seed;
use wellfit_data::Embedded;
use wellfit_nn::burn::module::Module;
use wellfit_nn::burn::tensor::{Tensor, TensorData};
use wellfit_nn::chance::StepClock;
use wellfit_nn::fine_tune::freeze;
use wellfit_nn::layer::Sites;
use wellfit_nn::model::{Inputs, Model, ModelConfig, Network};
use wellfit_nn::parameter::{Role, depths, parameters};
use wellfit_nn::snapshot::Snapshot;
use wellfit_nn::technique::Doors;
use wellfit_nn::{Device, Error};

fn build<'a>(
    model: &str,
    inputs: impl Into<Inputs<'a>>,
    techniques: &[&str],
) -> Result<Model, Error> {
    let entries: String = techniques.iter().map(|t| format!("[[regularize]]\n{t}\n")).collect();
    let doors = Doors::read(&Recipe::parse("test", &entries).unwrap()).unwrap();
    let config: ModelConfig = toml::from_str(model).unwrap();
    let (clock, device) = (StepClock::new(), Device::flex().autodiff());
    config.build(inputs, 10, &Sites::new(&doors, Seed::new(1), &clock, &device))
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
    let both = ["dropout = { rate = 0.5, input_rate = 0.2 }"];
    let idle = refused("linear = {}", &[6], &both);
    assert!(idle.contains("dropout finds no place"), "{idle}");
    assert!(build("linear = {}", &[6], &["dropout = { rate = 0, input_rate = 0.2 }"]).is_ok());
    assert!(build("mlp = { widths = [8] }", &[6], &both).is_ok());
    for id in ["weight_norm", "spectral_norm"] {
        let technique = format!("{id} = {{}}");
        assert!(build("linear = {}", &[6], &[&technique]).is_ok(), "{id}");
        for zeros in ["linear = { init = \"zeros\" }", "mlp = { widths = [8], init = \"zeros\" }"] {
            let told = refused(zeros, &[6], &[&technique]);
            assert!(told.contains(id) && told.contains("init ="), "{told}");
        }
    }
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

/// Where all branches are zero, leaving them out changes nothing, whichever examples do. Dropping
/// the sum instead would drop shortcuts, and double those that stay.
#[test]
fn stochastic_depth_keeps_the_shortcuts_of_a_residual_network() {
    let outputs = |techniques: &[&str]| -> Vec<f32> {
        let empty = || build("resnet = { depth = 8 }", &[1, 8, 8], techniques).unwrap();
        let mut snapshot = Snapshot::of(&empty());
        let is_last = |path: &&String| path.contains(".second.");
        let last: Vec<String> = snapshot.tensors().keys().filter(is_last).cloned().collect();
        assert_eq!(last.len(), 6, "weights and biases of three blocks: {last:?}");
        for path in last {
            let shape = snapshot.tensors()[&path].shape().clone();
            snapshot.insert(path, TensorData::zeros::<f32, _>(shape));
        }
        let x = Tensor::ones([16, 64], &Device::flex().autodiff());
        snapshot.restore(empty()).unwrap().forward(x).into_data().try_into_vec().unwrap()
    };
    let whole = outputs(&[]);
    assert!(whole.iter().any(|y| *y != 0.0));
    assert_eq!(outputs(&["stochastic_depth = { rate = 0.5, schedule = \"uniform\" }"]), whole);
}

/// Layers below the outputs, by the end of a path.
fn depths_of(model: &Model, ends: &[&str]) -> Vec<usize> {
    let list = parameters(model);
    let depths = depths(&list);
    let of = |end: &&str| {
        let mut found = list.iter().zip(&depths).filter(|(p, _)| p.path.contains(end));
        let first = *found.next().unwrap_or_else(|| panic!("no {end} in {list:?}")).1;
        assert!(found.all(|(_, depth)| *depth == first), "{end}: {list:?}, {depths:?}");
        first
    };
    ends.iter().map(of).collect()
}

#[test]
fn a_norm_lies_as_deep_as_its_layer_and_all_embeddings_are_one_layer() {
    let norm = ["batch_norm = {}"];
    let resnet = build("resnet = { depth = 8 }", &[3, 32, 32], &norm).unwrap();
    let ends = ["ResNet.stem", "blocks.0", "blocks.1", "blocks.2", "head"];
    assert_eq!(depths_of(&resnet, &ends), [4, 3, 2, 1, 0]);
    let lenet = build("lenet = {}", &[1, 28, 28], &norm).unwrap();
    let ends = ["convolutions.0", "convolutions.1", "hidden.0", "hidden.1", "head"];
    assert_eq!(depths_of(&lenet, &ends), [4, 3, 2, 1, 0]);
    let of_first = parameters(&lenet).into_iter().filter(|p| p.path.contains("convolutions.0"));
    assert_eq!(of_first.filter(|p| p.role == Role::Norm).count(), 2);
    let embedded = [0, 2].map(|column| Embedded { column, levels: 4 });
    let table = Inputs { shape: &[4], embedded: &embedded };
    let mlp = build("mlp = { widths = [8, 8] }", table, &["layer_norm = {}"]).unwrap();
    assert_eq!(depths_of(&mlp, &["embeddings", "blocks.0", "blocks.1", "head"]), [3, 2, 1, 0]);
}

#[test]
fn a_frozen_convolution_takes_its_norm_with_it() {
    let lenet = build("lenet = {}", &[1, 28, 28], &["batch_norm = {}"]).unwrap();
    let frozen = freeze(lenet, &["convolutions.0".to_owned()]).unwrap();
    let before = Snapshot::of(&frozen);
    let x = Tensor::ones([2, 784], &Device::flex().autodiff()) * 5.0;
    let _ = frozen.forward(x);
    let moved = Snapshot::of(&frozen);
    for parameter in parameters(&frozen) {
        let (path, statistic) = (&parameter.path, parameter.path.contains("running"));
        let first = path.contains("convolutions.0");
        assert_eq!(parameter.role == Role::Fixed, first || statistic, "{path}");
        let stays = before.tensors()[path] == moved.tensors()[path];
        assert_eq!(stays, first || !statistic, "{path}");
    }
}

#[test]
fn gaussian_inference_of_drop_connect_reaches_every_activation_right_behind_a_layer() {
    let evaluated = |inference: &str| -> Vec<f32> {
        let technique = format!("drop_connect = {{ rate = 0.5, inference = \"{inference}\" }}");
        let model = build("resnet = { depth = 8 }", &[1, 8, 8], &[&technique]).unwrap().valid();
        let x = Tensor::<2>::ones([2, 64], &Device::flex());
        model.forward(x).into_data().try_into_vec().unwrap()
    };
    assert_ne!(evaluated("gaussian"), evaluated("mean"));
}

#[test]
fn sizes_are_not_told_of_images_that_are_refused() {
    let lenet: ModelConfig = toml::from_str("lenet = {}").unwrap();
    assert!(lenet.layer_sizes(&[1, 12, 12], 10).is_ok());
    let refused = lenet.layer_sizes(&[1, 6, 6], 10).unwrap_err().to_string();
    assert!(refused.contains("at least 12x12, found 6x6"), "{refused}");
}

#[test]
fn layers_that_no_memory_holds_are_refused() {
    let told = build("linear = {}", &[1 << 28], &[]).unwrap_err().to_string();
    assert!(told.contains("has more than"), "{told}");
    let told = build("lenet = {}", &[1, 1 << 16, 1 << 16], &[]).unwrap_err().to_string();
    assert!(told.contains("has more than"), "{told}");
}
