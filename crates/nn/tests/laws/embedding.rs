//! Embedded categories: a table lookup that is the one-hot model, and whom it leaves alone.

use crate::run::{MLP, Small, bits};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use wellfit_core::recipe::Recipe;
use wellfit_core::seed::{Address, Seed};
use wellfit_data::{Dataset, Embedded, Target};
use wellfit_nn::batch::{Batch, Chance};
use wellfit_nn::burn::tensor::{Tensor, TensorData};
use wellfit_nn::chance::StepClock;
use wellfit_nn::layer::Sites;
use wellfit_nn::loss::Loss;
use wellfit_nn::model::embedding::usual_width;
use wellfit_nn::model::{Inputs, Model, ModelConfig, Network};
use wellfit_nn::parameter::{Role, parameters, slots};
use wellfit_nn::snapshot::Snapshot;
use wellfit_nn::technique::{Doors, shelf};
use wellfit_nn::{Device, Error};

/// Number of levels of either category.
const LEVELS: usize = 4;
const EMBEDDED: [Embedded; 2] =
    [Embedded { column: 0, levels: LEVELS }, Embedded { column: 2, levels: LEVELS }];

/// Level, number, level, number; the class hangs on both levels and on the last number.
pub fn table(count: usize, name: &str) -> Dataset {
    let mut draw = Seed::new(4).stream(name).step(0);
    let (mut inputs, mut labels) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let (first, second) = (draw.below(LEVELS as u64), draw.below(LEVELS as u64));
        let numbers = [draw.standard_normal(), draw.standard_normal()];
        let level = [-2.0, 2.0, -2.0, 2.0][first as usize] + [0.5, -0.5, 0.0, 0.5][second as usize];
        labels.push(u32::from(level + 0.5 * numbers[1] > 0.0));
        inputs.extend([first as f32, numbers[0] as f32, second as f32, numbers[1] as f32]);
    }
    let names = ["no", "yes"].map(str::to_owned).to_vec();
    let target = Target::Classes { labels, names };
    let data = Dataset::new(inputs, vec![4], target, Vec::new()).unwrap();
    data.with_embedded(EMBEDDED.to_vec()).unwrap()
}

/// The same with a column for every level, behind the numbers.
fn one_hot(data: &Dataset) -> Dataset {
    let hot = |level: f32| (0..LEVELS).map(move |k| f32::from(u8::from(level == k as f32)));
    let row = |row: &[f32]| -> Vec<f32> {
        [row[1], row[3]].into_iter().chain(hot(row[0])).chain(hot(row[2])).collect()
    };
    let inputs = data.inputs.chunks(4).flat_map(row).collect();
    Dataset::new(inputs, vec![2 + 2 * LEVELS], data.target.clone(), Vec::new()).unwrap()
}

/// A run on such tables.
pub fn small(more: &str) -> Small {
    let mut small = Small::of(&format!("{MLP}{more}"));
    (small.train, small.validation) = (table(60, "train"), table(40, "validation"));
    small
}

fn build<'a>(model: &str, inputs: impl Into<Inputs<'a>>) -> Result<Model, Error> {
    let config: ModelConfig = toml::from_str(model).unwrap();
    let (doors, clock, device) = (Doors::default(), StepClock::new(), Device::flex().autodiff());
    config.build(inputs, 2, &Sites::new(&doors, Seed::new(1), &clock, &device))
}

/// A fresh model with other values in its tables.
fn with_tables(model: &str, data: &Dataset, values: &[f32]) -> Model {
    let fresh = build(model, data).unwrap();
    let width = values.len() / LEVELS;
    let tensors = Snapshot::of(&fresh).tensors().clone().into_iter().map(|(path, tensor)| {
        let table = path.contains("embeddings.");
        let values = || TensorData::new(values.to_vec(), [LEVELS, width]);
        (path, if table { values() } else { tensor })
    });
    tensors.collect::<Snapshot>().restore(fresh).unwrap()
}

fn inputs(data: &Dataset) -> Tensor<2> {
    let shape = [data.len(), data.width()];
    Tensor::from_data(TensorData::new(data.inputs.clone(), shape), &Device::flex().autodiff())
}

/// A loss of the model on `data`, and its gradients by path.
fn loss(model: &Model, data: &Dataset) -> (f64, BTreeMap<String, Vec<f64>>) {
    let outputs = model.forward(inputs(data));
    let targets = Tensor::ones(outputs.dims(), &outputs.device());
    let loss = Loss::SquaredError.mean(outputs, targets);
    let list = parameters(model);
    let slots = slots(model, &list, &mut loss.backward());
    let host = |gradient: Tensor<1>| gradient.into_data().try_into_vec_as::<f64>().unwrap();
    let gradients = slots.into_iter().map(|s| (s.parameter.path.clone(), host(s.gradient)));
    (loss.into_scalar::<f64>(), gradients.collect())
}

#[test]
fn widths_follow_the_rule_of_fastai() {
    let golden: serde_json::Value =
        serde_json::from_str(include_str!("../golden/class_weights.json")).unwrap();
    for pair in golden["embedding_widths"].as_array().unwrap() {
        let [levels, width] = [0, 1].map(|i| pair[i].as_u64().unwrap() as usize);
        assert_eq!(usual_width(levels), width, "{levels} levels");
    }
}

#[test]
fn tables_of_one_hot_rows_are_the_one_hot_model() {
    let (data, hot) = (table(50, "train"), one_hot(&table(50, "train")));
    let identity: Vec<f32> =
        (0..LEVELS * LEVELS).map(|i| f32::from(u8::from(i / LEVELS == i % LEVELS))).collect();
    let looked_up =
        with_tables("mlp = { widths = [6], embedding = { width = 4 } }", &data, &identity);
    let plain = build("mlp = { widths = [6] }", &hot).unwrap();
    let (found, expected) = (looked_up.forward(inputs(&data)), plain.forward(inputs(&hot)));
    assert_eq!(found.into_data(), expected.into_data());
    let ((found, mut gradients), (expected, plain)) = (loss(&looked_up, &data), loss(&plain, &hot));
    gradients.retain(|path, _| !path.contains("embeddings."));
    assert_eq!((found, gradients), (expected, plain));
}

/// Levels come several times in a batch, so that their gradients add up.
#[test]
fn the_gradient_of_a_table_is_its_finite_difference() {
    let model = "mlp = { widths = [5], activation = \"tanh\", embedding = { width = 3 } }";
    let data = table(9, "train");
    let values: Vec<f32> = (0..LEVELS * 3).map(|i| (i as f32).sin()).collect();
    let (_, gradients) = loss(&with_tables(model, &data, &values), &data);
    // Both tables hold the same values, and both move in a difference.
    let gradient = |i: usize| {
        gradients["Mlp.embeddings.0.weight"][i] + gradients["Mlp.embeddings.1.weight"][i]
    };
    let step = 1e-2;
    for i in 0..values.len() {
        let moved = |by: f32| {
            let mut values = values.clone();
            values[i] += by;
            loss(&with_tables(model, &data, &values), &data).0
        };
        let difference = (moved(step) - moved(-step)) / (2.0 * f64::from(step));
        let error = (difference - gradient(i)).abs();
        assert!(error < 1e-3, "element {i}: {}, difference {difference}", gradient(i));
    }
    assert!(gradients["Mlp.embeddings.0.weight"].iter().any(|g| g.abs() > 0.05), "{gradients:?}");
}

#[test]
fn another_column_changes_no_initial_vector_of_the_first() {
    let (shape, device) = ([4], Device::flex().autodiff());
    let tensor = |embedded: &[Embedded], path: &str| {
        let inputs = Inputs { shape: &shape, embedded };
        let model = build("mlp = { widths = [6] }", inputs).unwrap();
        assert_eq!(model.forward(Tensor::ones([2, 4], &device)).dims(), [2, 2]);
        Snapshot::of(&model).tensors()[path].clone()
    };
    for path in ["Mlp.embeddings.0.weight", "Mlp.head.weight"] {
        assert_eq!(tensor(&EMBEDDED[..1], path), tensor(&EMBEDDED, path));
    }
    let all = [0, 1, 2, 3].map(|column| Embedded { column, levels: 2 });
    assert_eq!(*tensor(&all, "Mlp.blocks.0.linear.weight").shape(), [4 * usual_width(2), 6].into());
}

/// Levels stay, or others of the batch or the missing one take their place.
#[test]
fn batch_techniques_leave_levels_whole() {
    const MOVE_LEVELS: [&str; 3] = ["feature_mask", "mixup", "swap_noise"];
    let (data, chance) = (table(30, "train"), Address { step: 3, pass: 0, call: 0 });
    let chance = Chance { seed: Seed::new(2), address: chance, epoch: 0.0 };
    for card in shelf().map(|shelved| shelved.card) {
        let recipe = format!("[[regularize]]\n{} = {}\n", card.id, card.example);
        for door in Doors::read(&Recipe::parse("test", &recipe).unwrap()).unwrap().batch {
            let batch = Batch {
                inputs: inputs(&data),
                shape: vec![4],
                pixels: None,
                moments: None,
                embedded: EMBEDDED.to_vec(),
                cells: None,
                targets: Tensor::ones([30, 2], &Device::flex()) / 2.0,
                classes: true,
            };
            let changed = door.apply(batch, &chance).inputs;
            let column = |inputs: &Tensor<2>, c| inputs.clone().narrow(1, c, 1).into_data();
            let moves = MOVE_LEVELS.contains(&card.id);
            for level in [0, 2] {
                let found = column(&changed, level);
                assert_eq!(found != column(&inputs(&data), level), moves, "{}", card.id);
                let found = found.try_into_vec::<f32>().unwrap();
                let levels = 0..LEVELS;
                assert!(found.iter().all(|&x| levels.contains(&(x as usize)) && x.fract() == 0.0));
            }
            let noisy = column(&changed, 1) != column(&inputs(&data), 1);
            assert_eq!(noisy, moves || card.id == "input_noise", "{}", card.id);
        }
    }
}

#[test]
fn tables_are_trained_and_not_penalized() {
    let steps = |count: u64, technique: &str| {
        let mut small = small(technique).epochs(count);
        small.config.batch_size = NonZeroUsize::new(60).unwrap();
        Snapshot::of(&small.run().last)
    };
    let plain = steps(1, "");
    let path = "Mlp.embeddings.0.weight";
    assert_ne!(plain.tensors()[path], steps(2, "").tensors()[path]);
    for technique in
        ["l1 = { lambda = 9 }", "l2 = { lambda = 9 }", "weight_decay = { lambda = 0.5 }"]
    {
        let penalized = steps(1, &format!("[[regularize]]\n{technique}\n"));
        for (path, tensor) in penalized.tensors() {
            let weight = path.ends_with("weight") && !path.contains("embeddings.");
            assert_eq!(*tensor != plain.tensors()[path], weight, "{technique}: {path}");
        }
    }
    let fresh = build("mlp = { widths = [16, 16] }", &table(60, "train")).unwrap();
    let roles: Vec<Role> = parameters(&fresh).iter().map(|p| p.role).take(3).collect();
    assert_eq!(roles, [Role::Embedding, Role::Embedding, Role::Weight]);
}

/// The level decides, and as a quantity it would not: 0 and 2 against 1 and 3.
#[test]
fn a_run_learns_levels_and_dropout_stands_behind_the_lookup() {
    let more = "[[regularize]]\ndropout = { rate = 0.0, input_rate = 0.1 }
[[regularize]]\nlayer_norm = {}\n";
    let run = || small(more).epochs(30).run();
    let trained = run();
    let accuracy = trained.log.series.iter().find(|s| s.name() == "validation.accuracy").unwrap();
    let last = accuracy.points.last().unwrap().1;
    assert!(last >= 0.9, "{last}");
    assert!(bits(&trained) == bits(&run()));
}

#[test]
fn what_reads_no_levels_says_so() {
    let data = table(5, "train");
    let refused = |model: &str| build(model, &data).unwrap_err().to_string();
    for model in ["linear = {}", "lenet = {}", "resnet = { depth = 8 }"] {
        let error = refused(model);
        assert!(error.contains("only mlp") && error.contains("one_hot"), "{error}");
    }
    let idle = build("mlp = { widths = [4], embedding = {} }", &[4]).unwrap_err().to_string();
    assert!(idle.contains("finds no embedded column"), "{idle}");
    let huge = refused("mlp = { widths = [4], embedding = { width = 1000000000 } }");
    assert!(huge.contains("more than"), "{huge}");
    let width = toml::from_str::<ModelConfig>("mlp = { widths = [4], embedding = { width = 0 } }");
    assert!(width.is_err());
    for columns in [[0, 0], [0, 4]] {
        let embedded = columns.map(|column| Embedded { column, levels: 2 });
        let inputs = Inputs { shape: &[4], embedded: &embedded };
        let error = build("mlp = { widths = [4] }", inputs).unwrap_err().to_string();
        assert!(error.contains("found column"), "{error}");
    }
}
