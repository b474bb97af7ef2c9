//! Laws of layers that draw: expectations, variances, and masks.

use super::draws::stochastic;
use super::placed::{COUNT, INPUTS, OUTPUTS, Place, Placed, channel_means};
use super::{Bench, Law, Measured};
use crate::Error;
use crate::layer::reparameterization::Dense;
use crate::technique::Shelved;
use burn::module::Param;

pub(super) const LAWS: &[Law] = &[
    Law {
        id: "expectation",
        says: "over its draws, a layer has the mean of its evaluation",
        about: &[],
        measure: expectation,
    },
    Law {
        id: "masks",
        says: "what is kept is x / (1 - p) exactly, and the rest is 0",
        about: &["dropout", "spatial_dropout", "locked_dropout", "stochastic_depth"],
        measure: masks,
    },
    Law {
        id: "variance",
        says: "the variance of the factor is p / (1 - p)",
        about: &[
            "dropout",
            "spatial_dropout",
            "locked_dropout",
            "gaussian_dropout",
            "stochastic_depth",
        ],
        measure: variance,
    },
    Law {
        id: "normal_stays_normal",
        says: "activations of mean 0 and variance 1 keep both",
        about: &["alpha_dropout"],
        measure: normal_stays_normal,
    },
    Law {
        id: "variance_of_sums",
        says: "the variance of a unit's sum is Σ x² Var w: p/(1-p) Σ x² w², or Σ x² σ²",
        about: &["drop_connect", "bayes_linear", "variational_dropout"],
        measure: variance_of_sums,
    },
    Law {
        id: "mask_of_an_example",
        says: "examples of one batch have masks of their own",
        about: &[
            "dropout",
            "spatial_dropout",
            "locked_dropout",
            "stochastic_depth",
            "drop_connect",
        ],
        measure: mask_of_an_example,
    },
];

const PASSES: u64 = 600;
const RATE: f64 = 0.3;

/// The values with which rates are known.
fn at_rate(id: &str) -> String {
    match id {
        "stochastic_depth" => format!("{{ rate = {RATE}, schedule = \"uniform\" }}"),
        _ => format!("{{ rate = {RATE} }}"),
    }
}

fn expectation(bench: &Bench, shelved: Shelved) -> Result<Option<Measured>, Error> {
    // What it keeps is the mean of standardized activations alone.
    if shelved.card.id == "alpha_dropout" {
        return Ok(None);
    }
    let Some(placed) = stochastic(bench, shelved)? else { return Ok(None) };
    let Placed { clock, places } = match shelved.card.id {
        "variational_dropout" => Placed::alone(bench, shelved.card.id, UNPRUNED)?,
        // A mask between 0 and 1 has the mean of the coin only as it cools.
        "concrete_dropout" => Placed::alone(bench, shelved.card.id, "{ temperature = 0.001 }")?,
        _ => placed,
    };
    let of = |place: &Place| {
        let (ones, channels) = (place.ones(), place.channels());
        let expected = channel_means(&place.evaluates(bench, &ones), channels);
        let passes: Vec<Vec<f64>> = (0..PASSES)
            .map(|step| {
                clock.begin(step, 0);
                channel_means(&place.trained(bench, &ones), channels)
            })
            .collect();
        let of_channel = |(channel, &expected): (usize, &f64)| {
            let means: Vec<f64> = passes.iter().map(|means| means[channel]).collect();
            Measured::mean(&means, expected)
        };
        Measured::worst(expected.iter().enumerate().map(of_channel))
    };
    Ok(Measured::worst(places.iter().filter_map(of)))
}

fn masks(bench: &Bench, Shelved { card, .. }: Shelved) -> Result<Option<Measured>, Error> {
    let Placed { clock, places } = Placed::alone(bench, card.id, &at_rate(card.id))?;
    let scaled = f64::from((1.0 / (1.0 - RATE)) as f32);
    let wrong = |place: &Place| {
        clock.begin(1, 0);
        let outputs = place.trained(bench, &place.ones());
        outputs.into_iter().filter(|&y| y != 0.0 && (y - scaled).abs() > 2e-7).count()
    };
    Ok(Some(Measured::none_of(places.iter().map(wrong).sum())))
}

fn variance(bench: &Bench, Shelved { card, .. }: Shelved) -> Result<Option<Measured>, Error> {
    let Placed { clock, places } = Placed::alone(bench, card.id, &at_rate(card.id))?;
    let of = |place: &Place| {
        let squares: Vec<f64> = (0..PASSES)
            .map(|step| {
                clock.begin(step, 0);
                let outputs = place.trained(bench, &place.ones());
                let squares = outputs.iter().map(|y| (y - 1.0).powi(2));
                squares.sum::<f64>() / outputs.len() as f64
            })
            .collect();
        Measured::mean(&squares, RATE / (1.0 - RATE))
    };
    Ok(Measured::worst(places.iter().map(of)))
}

fn normal_stays_normal(bench: &Bench, shelved: Shelved) -> Result<Option<Measured>, Error> {
    let card = shelved.card;
    let Placed { clock, places } = Placed::alone(bench, card.id, &at_rate(card.id))?;
    let of = |place: &Place| {
        let (mut means, mut squares) = (Vec::new(), Vec::new());
        for step in 0..PASSES {
            clock.begin(step, 0);
            let len = place.inputs().iter().product();
            let outputs = place.trained(bench, &bench.normals(&format!("pass {step}"), len));
            let mean = |of: &dyn Fn(f64) -> f64| {
                outputs.iter().map(|&y| of(y)).sum::<f64>() / outputs.len() as f64
            };
            means.push(mean(&|y| y));
            squares.push(mean(&|y| y * y));
        }
        Measured::mean(&means, 0.0).or(Measured::mean(&squares, 1.0))
    };
    Ok(Measured::worst(places.iter().map(of)))
}

const SPREAD: f64 = 0.2;
/// Evaluation leaves out weights that are noise alone, but for a threshold above all.
const UNPRUNED: &str = "{ initial_std = 0.2, threshold = 100.0 }";

fn variance_of_sums(bench: &Bench, shelved: Shelved) -> Result<Option<Measured>, Error> {
    let card = shelved.card;
    let value = match card.id {
        "drop_connect" => at_rate(card.id),
        "variational_dropout" => UNPRUNED.to_owned(),
        _ => format!("{{ initial_std = {SPREAD} }}"),
    };
    let Placed { clock, places } = Placed::alone(bench, card.id, &value)?;
    let of = |place: &Place| {
        let Place::Dense(layer) = place else { return None };
        let inputs = place.noise(bench, "inputs");
        let mean = place.evaluates(bench, &inputs);
        let expected = expected_variance(layer, &inputs, card.id == "drop_connect");
        // The sum over a batch of squares over their expectation has the mean 1.
        let squares: Vec<f64> = (0..4 * PASSES)
            .map(|step| {
                clock.begin(step, 0);
                let outputs = place.trained(bench, &inputs);
                let square = |at: usize| (outputs[at] - mean[at]).powi(2) / expected[at];
                (0..outputs.len()).map(square).sum::<f64>() / outputs.len() as f64
            })
            .collect();
        Some(Measured::mean(&squares, 1.0))
    };
    Ok(Measured::worst(places.iter().filter_map(of)))
}

/// Σ x² Var w of each sum of a batch; a dropped bias adds its own.
fn expected_variance(layer: &Dense, inputs: &[f32], drops: bool) -> Vec<f64> {
    let weight = super::bench::host(layer.weight.val());
    let bias = layer.bias.as_ref().map(Param::val).map(super::bench::host).unwrap_or_default();
    let of_weight = |w: f64| if drops { RATE / (1.0 - RATE) * w * w } else { SPREAD * SPREAD };
    let of_sum = |example: usize, unit: usize| {
        let row = inputs[example * INPUTS..][..INPUTS].iter().enumerate();
        let sum: f64 =
            row.map(|(i, &x)| f64::from(x * x) * of_weight(weight[i * OUTPUTS + unit])).sum();
        sum + if drops { bias.get(unit).map_or(0.0, |&b| of_weight(b)) } else { 0.0 }
    };
    (0..COUNT)
        .flat_map(|example| (0..OUTPUTS).map(move |unit| (example, unit)))
        .map(|(example, unit)| of_sum(example, unit))
        .collect()
}

fn mask_of_an_example(bench: &Bench, shelved: Shelved) -> Result<Option<Measured>, Error> {
    let card = shelved.card;
    let Placed { clock, places } = Placed::alone(bench, card.id, &at_rate(card.id))?;
    let alike = places.iter().filter(|place| {
        (0..64).all(|step| {
            clock.begin(step, 0);
            let outputs = place.trained(bench, &place.ones());
            let width = outputs.len() / COUNT;
            outputs.chunks(width).all(|row| row == &outputs[..width])
        })
    });
    Ok(Some(Measured::none_of(alike.count())))
}
