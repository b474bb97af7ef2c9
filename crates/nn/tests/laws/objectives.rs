//! Terms of the loss: PyTorch's numbers, and what must hold of them.

use crate::run::{MLP, Small};
use serde_json::Value;
use wellfit_core::number::Positive;
use wellfit_nn::Device;
use wellfit_nn::burn::tensor::{Tensor, TensorData};
use wellfit_nn::loss::distillation::{Distillation, lesson};
use wellfit_nn::loss::{Loss, LossDoor, Seen, confidence_penalty, jensen_shannon, r_drop};

fn golden() -> Value {
    serde_json::from_str(include_str!("../golden/objectives.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(list) => list.iter().flat_map(numbers).collect(),
        number => vec![number.as_f64().unwrap()],
    }
}

fn rows(values: &[f64]) -> Tensor<2> {
    let values: Vec<f32> = values.iter().map(|&v| v as f32).collect();
    let shape = [values.len() / 3, 3];
    Tensor::from_data(TensorData::new(values, shape), &Device::flex().autodiff())
}

fn hot(labels: &[f64]) -> Tensor<2> {
    let row = |&label: &f64| (0..3).map(move |k| f64::from(k == label as usize));
    rows(&labels.iter().flat_map(row).collect::<Vec<_>>())
}

fn gradients(of: &[Tensor<2>], loss: &Tensor<1>) -> Vec<Vec<f64>> {
    let gradients = loss.clone().backward();
    let of_one = |z: &Tensor<2>| z.grad(&gradients).unwrap().into_data();
    of.iter().map(|z| of_one(z).try_into_vec_as::<f64>().unwrap()).collect()
}

/// The whole loss as the corridor makes it: shares of the data losses of all passes, and the term.
fn whole(
    door: &dyn LossDoor,
    outputs: &[Tensor<2>],
    teacher: Option<&Tensor<2>>,
    loss: Loss,
) -> Tensor<1> {
    let targets = hot(&numbers(&golden()["labels"]));
    let data = outputs.iter().map(|z| loss.mean(z.clone(), targets.clone()));
    let data = data.reduce(|sum, loss| sum + loss).unwrap() * door.data_share();
    data + door.term(&Seen { outputs, views: &[], teacher, targets: &targets, loss })
}

fn assert_golden(name: &str, loss: &Tensor<1>, logits: &[Tensor<2>]) {
    let expected = &golden()[name];
    let found = loss.clone().into_scalar::<f64>();
    assert!((found - expected["loss"].as_f64().unwrap()).abs() < 1e-6, "{name}: {found}");
    let gradients = gradients(logits, loss);
    assert_eq!(gradients.len(), expected["gradients"].as_array().unwrap().len());
    for (found, expected) in gradients.iter().zip(expected["gradients"].as_array().unwrap()) {
        let expected = numbers(expected);
        let close = found.iter().zip(&expected).all(|(f, e)| (f - e).abs() < 1e-6);
        assert!(close && found.len() == expected.len(), "{name}: {found:?}, {expected:?}");
    }
}

#[test]
fn terms_and_their_gradients_are_pytorch_s() {
    let golden = golden();
    let number = |name: &str| golden[name].as_f64().unwrap();
    let r_drop: r_drop::RDrop = toml::from_str(&format!("alpha = {}", number("alpha"))).unwrap();
    let penalty: confidence_penalty::ConfidencePenalty =
        toml::from_str(&format!("beta = {}", number("beta"))).unwrap();
    let (temperature, weight) = (number("temperature"), number("weight"));
    let text = format!("teacher = \"\"\ntemperature = {temperature}\nweight = {weight}");
    let distillation: Distillation = toml::from_str(&text).unwrap();
    for (loss, suffix) in [(Loss::CrossEntropy, ""), (Loss::SigmoidCrossEntropy, "_sigmoid")] {
        let logits = |name: &str| rows(&numbers(&golden[name])).require_grad();
        let both = [logits("first"), logits("second")];
        let found = whole(&r_drop, &both, None, loss);
        assert_golden(&format!("r_drop{suffix}"), &found, &both);
        let (student, teacher) = ([logits("first")], rows(&numbers(&golden["second"])));
        let found = whole(&distillation, &student, Some(&teacher), loss);
        assert_golden(&format!("distillation{suffix}"), &found, &student);
        let one = [logits("first")];
        let found = whole(&penalty, &one, None, loss);
        assert_golden(&format!("confidence_penalty{suffix}"), &found, &one);
        let three = [logits("first"), logits("second"), logits("third")];
        let found = jensen_shannon::jensen_shannon(&three, loss);
        assert_golden(&format!("jensen_shannon{suffix}"), &found, &three);
    }
}

/// T² T⁻² (z - v) / classes for centred logits, so that a temperature changes no gradient's length.
#[test]
fn the_lesson_of_a_hot_teacher_is_a_difference_of_logits() {
    let (z, v) = ([0.3, -0.1, -0.2], [0.5, 0.2, -0.7]);
    for t in [50.0, 100.0] {
        let student = rows(&z).require_grad();
        let t = Positive::new(t).unwrap();
        let loss = lesson(rows(&v), student.clone(), t, Loss::CrossEntropy);
        let gradient = &gradients(&[student], &loss)[0];
        for ((g, z), v) in gradient.iter().zip(z).zip(v) {
            assert!((g - (z - v) / 3.0).abs() < 5e-3, "{g}");
        }
    }
}

#[test]
fn a_student_that_knows_it_all_learns_nothing() {
    let logits = rows(&numbers(&golden()["first"]));
    for loss in [Loss::CrossEntropy, Loss::SigmoidCrossEntropy, Loss::SquaredError] {
        let student = logits.clone().require_grad();
        let four = Positive::new(4.0).unwrap();
        let lesson = lesson(logits.clone(), student.clone(), four, loss);
        assert!(gradients(&[student], &lesson)[0].iter().all(|g| g.abs() < 1e-6));
        assert!(lesson.into_scalar::<f64>().abs() < 1e-6);
        let same = r_drop::disagreement(&logits, &logits, loss);
        assert_eq!(same.into_scalar::<f64>(), 0.0);
    }
}

/// Softmax reads probabilities from outputs that squared error takes as they are.
#[test]
fn a_confidence_penalty_under_squared_error_is_refused() {
    let recipe = |loss: &str| {
        format!("{MLP}loss = \"{loss}\"\n[[regularize]]\nconfidence_penalty = {{ beta = 0.1 }}\n")
    };
    let told = Small::of(&recipe("squared_error")).try_run().unwrap_err().to_string();
    assert!(told.contains("confidence_penalty") && told.contains("cross_entropy"), "{told}");
    assert!(Small::of(&recipe("sigmoid_cross_entropy")).try_run().is_ok());
}
