//! Class weights and balanced sampling: PyTorch's numbers, and what they are equal to.

use crate::run::{MLP, Small, bits, log_bits};
use serde_json::Value;
use std::collections::BTreeMap;
use wellfit_core::number::{Fraction, Positive};
use wellfit_core::recipe::Recipe;
use wellfit_data::{Dataset, Target};
use wellfit_nn::batch::label_smoothing::label_smoothing;
use wellfit_nn::burn::tensor::{Tensor, TensorData};
use wellfit_nn::loss::{ClassWeights, Loss, Weighted};
use wellfit_nn::technique::Doors;
use wellfit_nn::train::{TrainConfig, check};
use wellfit_nn::{Device, Error, Subject};

fn golden() -> Value {
    serde_json::from_str(include_str!("../golden/class_weights.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(list) => list.iter().flat_map(numbers).collect(),
        number => vec![number.as_f64().unwrap()],
    }
}

fn rows(values: &[f64], width: usize) -> Tensor<2> {
    let values: Vec<f32> = values.iter().map(|&v| v as f32).collect();
    let shape = [values.len() / width, width];
    Tensor::from_data(TensorData::new(values, shape), &Device::flex().autodiff())
}

fn one_hot(labels: &[usize], classes: usize) -> Tensor<2> {
    let hot = labels.iter().flat_map(|&label| (0..classes).map(move |k| f64::from(k == label)));
    rows(&hot.collect::<Vec<_>>(), classes)
}

/// A loss and its gradient in the logits.
fn solved(logits: &[f64], loss: impl FnOnce(Tensor<2>) -> Tensor<1>) -> (f64, Vec<f64>) {
    let logits = rows(logits, 3).require_grad();
    let loss = loss(logits.clone());
    let gradient = logits.grad(&loss.backward()).unwrap().into_data();
    (loss.into_scalar::<f64>(), gradient.try_into_vec_as::<f64>().unwrap())
}

fn assert_close(found: &(f64, Vec<f64>), expected: &(f64, Vec<f64>), what: &str) {
    let close = |a: f64, b: f64| (a - b).abs() < 1e-6;
    assert!(close(found.0, expected.0), "{what}: {}, expected {}", found.0, expected.0);
    let gradients = found.1.iter().zip(&expected.1);
    assert!(gradients.clone().all(|(&f, &e)| close(f, e)), "{what}: {found:?}, {expected:?}");
    assert_eq!(found.1.len(), expected.1.len());
}

#[test]
fn weighted_losses_and_their_gradients_are_pytorch_s() {
    let golden = golden();
    let (logits, weights) = (numbers(&golden["logits"]), numbers(&golden["weights"]));
    let labels: Vec<usize> = numbers(&golden["labels"]).iter().map(|&l| l as usize).collect();
    let hot = one_hot(&labels, 3);
    let smoothed = label_smoothing(hot.clone(), Fraction::TENTH);
    let shares = rows(&numbers(&golden["shares"]), 3);
    for (key, loss, targets) in [
        ("hard", Loss::CrossEntropy, hot.clone()),
        ("smoothed", Loss::CrossEntropy, smoothed),
        ("soft", Loss::CrossEntropy, shares),
        ("sigmoid", Loss::SigmoidCrossEntropy, hot.clone()),
    ] {
        let found = solved(&logits, |z| Weighted::new(&hot, &weights).mean(loss, z, targets));
        let expected = &golden[key];
        let expected = (expected["loss"].as_f64().unwrap(), numbers(&expected["gradient"]));
        assert_close(&found, &expected, key);
    }
}

/// What a weight means: examples of a class of weight 3 count as if each stood there three times.
#[test]
fn a_whole_weight_is_a_number_of_copies() {
    let logits = [0.3, -1.0, 0.5, 2.0, 0.1, -0.4];
    for loss in [Loss::CrossEntropy, Loss::SigmoidCrossEntropy] {
        let weighted = Weighted::new(&one_hot(&[0, 2], 3), &[1.0, 5.0, 3.0]);
        let found = solved(&logits, |z| weighted.mean(loss, z, one_hot(&[0, 2], 3)));
        let expected = solved(&logits, |z| {
            let (first, second) = (z.clone().narrow(0, 0, 1), z.narrow(0, 1, 1));
            let copies = Tensor::cat(vec![first, second.clone(), second.clone(), second], 0);
            loss.mean(copies, one_hot(&[0, 2, 2, 2], 3))
        });
        assert_close(&found, &expected, &format!("{loss:?}"));
    }
}

fn target() -> Target {
    let names = ["no", "yes", "never"].map(str::to_owned).to_vec();
    Target::Classes { labels: vec![0, 0, 0, 1, 0, 0, 1, 0], names }
}

fn weight(value: f64) -> Positive {
    Positive::new(value).unwrap()
}

#[test]
fn weights_come_balanced_by_name_or_in_order() {
    // scikit-learn: compute_class_weight("balanced") = n / (classes * count) = 8/(2*6), 8/(2*2).
    let balanced = ClassWeights::Balanced.of(&target()).unwrap();
    assert_eq!(balanced, [8.0 / 12.0, 2.0, 1.0], "a class that does not occur weighs 1");
    let named = BTreeMap::from([("yes".to_owned(), weight(3.5))]);
    assert_eq!(ClassWeights::ByName(named).of(&target()).unwrap(), [1.0, 3.5, 1.0]);
    let list = [0.5, 2.0, 1.0].map(weight).to_vec();
    assert_eq!(ClassWeights::InOrder(list).of(&target()).unwrap(), [0.5, 2.0, 1.0]);
}

#[test]
fn weights_that_do_not_fit_the_classes_are_refused() {
    let refused = |weights: ClassWeights, target: &Target| weights.of(target).unwrap_err();
    let named = BTreeMap::from([("yess".to_owned(), weight(3.5))]);
    let unknown = refused(ClassWeights::ByName(named), &target()).to_string();
    assert!(unknown.contains("`yess` among no, yes, never: did you mean `yes`?"), "{unknown}");
    let short = refused(ClassWeights::InOrder(vec![weight(1.0)]), &target()).to_string();
    assert!(short.contains("each of the 3 classes") && short.ends_with("found 1"), "{short}");
    let values = refused(ClassWeights::Balanced, &Target::Values(vec![1.0])).to_string();
    assert!(values.contains("need classes"), "{values}");
}

fn train(more: &str) -> Result<TrainConfig, wellfit_core::Error> {
    Recipe::parse("test", &format!("{MLP}{more}")).unwrap().section("train")
}

#[test]
fn recipes_give_weights_in_three_ways_and_survive_toml() {
    for (line, expected) in [
        ("\"balanced\"", ClassWeights::Balanced),
        ("{ yes = 3 }", ClassWeights::ByName(BTreeMap::from([("yes".into(), weight(3.0))]))),
        ("[1, 2.5]", ClassWeights::InOrder(vec![weight(1.0), weight(2.5)])),
    ] {
        let config = train(&format!("class_weights = {line}\nsampling = \"balanced\"")).unwrap();
        assert_eq!(config.class_weights.as_ref(), Some(&expected));
        let text = toml::to_string(&config).unwrap();
        assert_eq!(toml::from_str::<TrainConfig>(&text).unwrap(), config);
    }
    for (line, told) in [
        ("class_weights = \"balance\"", "\"balanced\", a weight by class"),
        ("class_weights = 3", "\"balanced\", a weight by class"),
        ("class_weights = { yes = -1 }", "a finite number above 0, found -1"),
        ("class_weights = [1, 0]", "a finite number above 0, found 0"),
        ("sampling = \"balansed\"", "did you mean `balanced`?"),
    ] {
        let error = train(line).unwrap_err().to_string();
        assert!(error.contains(told) && error.contains("--> test:8:"), "{line}: {error}");
    }
}

#[test]
fn what_does_not_go_together_is_refused_at_its_key() {
    let classes = Dataset::new(vec![0.0; 8], vec![1], target(), Vec::new()).unwrap();
    let values = Target::Values(vec![0.0; 8]);
    let values = Dataset::new(vec![0.0; 8], vec![1], values, Vec::new()).unwrap();
    let both = "sampling = \"balanced\"\nclass_weights = \"balanced\"";
    for (line, data, key, told) in [
        ("sampling = \"balanced\"", &values, "sampling", "needs classes"),
        ("class_weights = \"balanced\"", &values, "class_weights", "need classes"),
        (both, &classes, "class_weights", "balanced already"),
        ("class_weights = [1, 2]", &classes, "class_weights", "found 2"),
        (
            "loss = \"squared_error\"\nclass_weights = \"balanced\"",
            &classes,
            "class_weights",
            "squared_error is none",
        ),
    ] {
        let refused = check(&Doors::default(), &train(line).unwrap(), data);
        let Err(Error::Refused { subject, message }) = refused else { panic!("{line} passes") };
        assert_eq!(subject, Subject::Train(key));
        assert!(message.contains(told), "{line}: {message}");
    }
    let apart = "sampling = \"balanced\"\nclass_weights = [1, 2, 3]";
    check(&Doors::default(), &train(apart).unwrap(), &classes).unwrap();
}

/// Blobs of which class b has lost four of five examples.
pub fn unequal(more: &str) -> Small {
    let mut small = Small::of(&format!("{MLP}{more}"));
    let rows: Vec<usize> = (0..small.train.len()).filter(|i| i % 3 != 1 || i % 15 == 1).collect();
    small.train = small.train.select(&rows);
    small
}

#[test]
fn told_as_they_are_by_default_they_change_no_bit_and_otherwise_they_do() {
    let plain = bits(&unequal("").run());
    assert!(bits(&unequal("sampling = \"shuffled\"").run()) == plain);
    let equal = Small::of(&format!("{MLP}class_weights = \"balanced\"")).run();
    let loss = |log: &BTreeMap<String, Vec<u64>>| log["train.loss"].clone();
    for more in ["class_weights = \"balanced\"", "sampling = \"balanced\""] {
        let run = unequal(more).run();
        assert!(loss(&log_bits(&run.log)) != loss(&plain.0), "{more} does nothing");
        assert!(bits(&run) == bits(&unequal(more).run()), "{more} does not repeat");
    }
    // Classes of equal size weigh 1 each: the same mean but for rounding.
    let first = |name: &str, run: &wellfit_core::run::Run| {
        run.series.iter().find(|s| s.name() == name).unwrap().points[0].1
    };
    let plain = Small::of(MLP).run();
    let apart = first("train.loss", &plain.log) - first("train.loss", &equal.log);
    assert!(apart.abs() < 1e-5, "{apart}");
}

/// What both are for: the rare class is found again, and the evaluated loss stays unweighted.
#[test]
fn the_recall_of_a_rare_class_rises() {
    let recall = |more: &str| {
        let run = unequal(more).epochs(30).run();
        let series = run.log.series.iter().find(|s| s.name() == "validation.recall").unwrap();
        series.points.last().unwrap().1
    };
    let plain = recall("");
    for more in ["class_weights = \"balanced\"", "sampling = \"balanced\""] {
        let found = recall(more);
        assert!(found > plain, "{more}: macro recall {found}, without {plain}");
    }
}
