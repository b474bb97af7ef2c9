//! What a recipe does, parameter by parameter and door by door, and why.

use crate::{Error, Experiment};
use serde::Serialize;
use wellfit_nn::chance::StepClock;
use wellfit_nn::parameter::{Parameter, parameters};
use wellfit_nn::penalty::acts_on;
use wellfit_nn::technique::{find, shelf};
use wellfit_tune::conflict::Finding;

/// What happens to one tensor of the model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExplainedParameter {
    /// Path in the model.
    pub path: String,
    /// Its shape.
    pub shape: Vec<usize>,
    /// Number of its elements.
    pub elements: usize,
    /// What penalizes, shrinks or thresholds it; empty when nothing does.
    pub acted_on_by: Vec<String>,
    /// Why.
    pub reason: &'static str,
}

/// What a recipe does.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explained {
    /// Number of training examples, the n of λ/2n.
    pub n: usize,
    /// The techniques in the order of a training step: door, id, formula, whether it is on.
    pub techniques: Vec<(String, &'static str, &'static str, bool)>,
    /// All tensors of the model.
    pub parameters: Vec<ExplainedParameter>,
    /// What fights, what most likely was not meant, what is worth knowing; the worst first.
    pub findings: Vec<Finding>,
}

impl Explained {
    /// Explains an experiment.
    ///
    /// # Errors
    /// The model cannot be built.
    pub fn of(experiment: &Experiment) -> Result<Self, Error> {
        let model = experiment.build(&StepClock::new())?;
        let actions = actions(experiment);
        let explain = |parameter: Parameter| ExplainedParameter {
            acted_on_by: if acts_on(&parameter) { actions.clone() } else { Vec::new() },
            elements: parameter.shape.iter().product(),
            reason: parameter.role.reason(),
            path: parameter.path,
            shape: parameter.shape,
        };
        Ok(Self {
            n: experiment.data.train.len(),
            techniques: techniques(experiment)?,
            parameters: parameters(&model).into_iter().map(explain).collect(),
            findings: experiment.findings.clone(),
        })
    }
}

/// What acts on every weight.
fn actions(experiment: &Experiment) -> Vec<String> {
    let n = experiment.data.train.len() as f64;
    let penalties = experiment.doors.penalties.iter().map(|penalty| penalty.describe(n));
    let weights = experiment.doors.weights.iter().map(|weight| weight.describe());
    let own = match experiment.config.optimizer.weight_decay() {
        0.0 => None,
        decay => Some(format!("adamw: w <- (1 - η {decay}) w beside the update")),
    };
    penalties.chain(weights).chain(own).collect()
}

fn techniques(
    experiment: &Experiment,
) -> Result<Vec<(String, &'static str, &'static str, bool)>, Error> {
    let recipe = &experiment.recipe;
    let mut given = Vec::new();
    for entry in recipe.techniques()? {
        let shelved = find(recipe, &entry)?;
        let on = (shelved.read)(recipe, &entry)?.is_some();
        given.push((shelved.card, on));
    }
    let in_order = shelf().filter_map(|shelved| {
        let (card, on) = given.iter().find(|(card, _)| card.id == shelved.card.id)?;
        Some((format!("{:?}", card.door).to_lowercase(), card.id, card.formula, *on))
    });
    Ok(in_order.collect())
}
