//! What fights in an experiment's recipe: the rules of the room `tune`, given what they look at.

use crate::{Error, Experiment};
use serde::Serialize;
use toml::Table;
use wellfit_core::recipe::Recipe;
use wellfit_data::Target;
use wellfit_nn::technique::find;
use wellfit_nn::train::smallest_batch;
use wellfit_tune::conflict::{Case, DataFacts, Finding, Severity, check};

/// What there is to say about a recipe whose model has so many parameters; errors are refused with
/// the place of the technique that they speak about.
pub(crate) fn findings(experiment: &Experiment, parameters: usize) -> Result<Vec<Finding>, Error> {
    let found = check(&case(experiment, parameters)?);
    match found.iter().find(|finding| finding.severity == Severity::Error) {
        None => Ok(found),
        Some(worst) => Err(refused(&experiment.recipe, worst)),
    }
}

fn refused(recipe: &Recipe, finding: &Finding) -> Error {
    let entries = recipe.techniques().unwrap_or_default();
    let last = finding.techniques.last();
    match entries.iter().find(|entry| Some(&entry.id.as_str()) == last) {
        Some(entry) => recipe.refuse(entry, finding.sentence(), None).into(),
        None => recipe.refuse_at("train", "", finding.sentence()).into(),
    }
}

fn case(experiment: &Experiment, parameters: usize) -> Result<Case, Error> {
    let (recipe, train) = (&experiment.recipe, &experiment.data.train);
    let classes = match &train.target {
        Target::Classes { names, .. } => Some(names.clone()),
        Target::Values(_) => None,
    };
    let data = DataFacts {
        smallest_batch: smallest_batch(train.len(), experiment.config.batch_size.get()),
        classes,
        parameters,
        fine_tuned: experiment.starts_trained(),
    };
    let mut techniques = Vec::new();
    for entry in recipe.techniques()? {
        let shelved = find(recipe, &entry)?;
        if (shelved.read)(recipe, &entry)?.is_some() {
            let values = (shelved.spell_out)(recipe, &entry)?.parse().unwrap_or_default();
            techniques.push((entry.id.clone(), values));
        }
    }
    Ok(Case::new(techniques, table(&experiment.model), table(&experiment.config), data))
}

/// Values that came from TOML go back into it.
fn table(values: &impl Serialize) -> Table {
    Table::try_from(values).unwrap_or_default()
}
