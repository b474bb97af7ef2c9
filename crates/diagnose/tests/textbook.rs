//! What everyone expects of a diagnosis: the textbook's log, and a positive and a negative log of
//! each metric.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails, in its helpers too")]

#[allow(dead_code, reason = "not each test draws both laws")]
mod chance;

use chance::normal;
use wellfit_core::run::{Part, Run};
use wellfit_diagnose::{Diagnosis, Verdict, diagnose};

type Points<'a> = (Part, &'a str, &'a [(f64, f64)]);

fn run(series: &[Points]) -> Run {
    let mut run = Run::new("textbook");
    for (part, metric, points) in series {
        points.iter().for_each(|point| run.push(*part, metric, point.0, point.1));
    }
    run
}

/// Training accuracy 70, 95, 99 and validation accuracy 68, 72, 65 at epochs 1, 5 and 10, in
/// percent or as shares.
fn textbook(unit: f64) -> Run {
    let at = |values: [f64; 3], unit: f64| {
        [1.0, 5.0, 10.0].into_iter().zip(values.map(|v| v * unit)).collect::<Vec<_>>()
    };
    run(&[
        (Part::Train, "accuracy", &at([70.0, 95.0, 99.0], unit)),
        (Part::Validation, "accuracy", &at([68.0, 72.0, 65.0], unit)),
        (Part::Train, "loss", &at([0.6, 0.2, 0.1], 1.0)),
        (Part::Validation, "loss", &at([0.62, 0.58, 0.75], 1.0)),
    ])
}

#[test]
fn the_textbook_log() {
    for unit in [1.0, 0.01] {
        let found = diagnose(&textbook(unit));
        assert_eq!(found.verdict, Verdict::Overfit);
        assert!(found.confidence > 0.0 && found.confidence <= 0.5, "{}", found.confidence);
        assert_eq!((found.onset_epoch, found.best_epoch), (Some(5.0), Some(5.0)));
        for technique in ["dropout", "l2", "flip", "crop"] {
            assert!(found.prescription.iter().any(|r| r.technique == technique), "{technique}");
        }
        for symptom in ["gap", "val_loss_rising", "metric_drop", "too_few_points"] {
            assert!(found.symptoms.iter().any(|s| s.id == symptom), "{symptom}: {found:?}");
        }
    }
}

#[test]
fn the_json_has_its_keys() {
    let json = serde_json::to_value(diagnose(&textbook(1.0))).unwrap();
    let keys = "name path format verdict confidence best_epoch onset_epoch epochs series symptoms \
                prescription warnings";
    for key in keys.split_whitespace() {
        assert!(json.get(key).is_some(), "{key}");
    }
    assert_eq!(json["verdict"], "overfit");
    assert_eq!(json["onset_epoch"], 5.0);
    assert_eq!(json["epochs"], 3);
    assert_eq!(json["series"]["train"], "train.loss");
    assert_eq!(json["series"]["metric"], "validation.accuracy");
    assert!(json["symptoms"][0]["evidence"].is_object());
    for key in ["technique", "reason", "start", "source", "recipe"] {
        assert!(json["prescription"][0][key].is_string(), "{key}");
    }
}

/// A run of 40 epochs that logs one metric only, with 0.5% noise.
fn of_metric(
    metric: &str,
    train: &dyn Fn(f64) -> f64,
    validation: &dyn Fn(f64) -> f64,
) -> Diagnosis {
    let mut noise = normal(11);
    let mut run = Run::new(metric);
    for epoch in (1..=40).map(f64::from) {
        run.push(Part::Train, metric, epoch, train(epoch) * (0.002 * noise()).exp());
        run.push(Part::Validation, metric, epoch, validation(epoch) * (0.005 * noise()).exp());
    }
    diagnose(&run)
}

#[test]
fn scores() {
    let train = |e: f64| 0.99 - 0.5 * (-0.3 * e).exp();
    let falls = |e: f64| 0.8 - 0.003 * (e - 12.0).abs();
    let far = |e: f64| 0.7 - 0.3 * (-0.4 * e).exp();
    let near = |e: f64| 0.96 - 0.5 * (-0.3 * e).exp();
    for metric in ["accuracy", "f1", "precision", "recall", "r2"] {
        assert_eq!(of_metric(metric, &train, &falls).verdict, Verdict::Overfit, "{metric} falls");
        assert_eq!(of_metric(metric, &train, &far).verdict, Verdict::Overfit, "{metric} gap");
        assert_eq!(of_metric(metric, &train, &near).verdict, Verdict::Good, "{metric}");
    }
}

#[test]
fn errors_and_losses() {
    let train = |e: f64| 0.02 + (-0.2 * e).exp();
    let turns = |e: f64| 0.3 + 0.8 * (-0.2 * e).exp() + 0.006 * (e - 12.0).max(0.0);
    let far = |e: f64| 0.4 + 0.8 * (-0.5 * e).exp();
    let near = |e: f64| 0.025 + (-0.2 * e).exp();
    for metric in ["mse", "mae", "loss"] {
        assert_eq!(of_metric(metric, &train, &turns).verdict, Verdict::Overfit, "{metric} rises");
        let gap = of_metric(metric, &train, &far);
        assert_eq!(gap.verdict == Verdict::Overfit, metric != "loss", "{metric} gap");
        assert!(gap.symptoms.iter().any(|s| s.id == "gap"), "{metric} gap");
        assert_ne!(of_metric(metric, &train, &near).verdict, Verdict::Overfit, "{metric}");
    }
}

#[test]
fn nothing_to_judge_is_no_error() {
    for run in [Run::new("empty"), run(&[(Part::Train, "loss", &[(1.0, 1.0)])])] {
        let found = diagnose(&run);
        assert_eq!((found.verdict, found.confidence), (Verdict::CannotTell, 0.0));
        assert!(!found.warnings.is_empty());
    }
    let lost = run(&[
        (Part::Train, "loss", &[(1.0, 1.0), (2.0, 0.5), (3.0, 0.4)]),
        (Part::Validation, "loss", &[(1.0, f64::NAN), (2.0, f64::NAN), (3.0, f64::INFINITY)]),
    ]);
    let found = diagnose(&lost);
    assert_eq!((found.verdict, found.best_epoch), (Verdict::Diverged, None));
}
