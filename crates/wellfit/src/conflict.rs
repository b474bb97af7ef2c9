//! What fights in an experiment's recipe: the rules of the room `tune`, given what they look at.

use crate::{Error, Experiment};
use serde::Serialize;
use toml::Table;
use wellfit_core::recipe::Recipe;
use wellfit_data::schema::Role;
use wellfit_data::{Scaling, Target};
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
    let batch = experiment.config.batch_size.get();
    let per_epoch = train.len().div_ceil(batch) as f64;
    let mut data = DataFacts {
        smallest_batch: smallest_batch(train.len(), batch),
        classes,
        parameters,
        fine_tuned: experiment.starts_trained(),
        batch,
        steps: per_epoch * experiment.config.epochs.get() as f64,
        images: train.shape.len() == 3,
        one_hot: has_categories(experiment) && train.embedded.is_empty(),
        unscaled: experiment.source.scale == Some(Scaling::None),
        silent: Vec::new(),
    };
    let mut techniques = Vec::new();
    for entry in recipe.techniques()? {
        let shelved = find(recipe, &entry)?;
        if (shelved.read)(recipe, &entry)?.is_some() {
            let values = (shelved.spell_out)(recipe, &entry)?.parse().unwrap_or_default();
            techniques.push((entry.id.clone(), values));
        } else if entry.is_empty() {
            data.silent.push(entry.id.clone());
        }
    }
    Ok(Case::new(techniques, table(&experiment.model), table(&experiment.config), data))
}

/// Whether the examples are rows of a table with a column of words.
fn has_categories(experiment: &Experiment) -> bool {
    let columns = experiment.data.schema.as_ref().map(|schema| &schema.columns);
    columns.is_some_and(|columns| columns.iter().any(|column| column.role == Role::Category))
}

/// Values that came from TOML go back into it.
fn table(values: &impl Serialize) -> Table {
    Table::try_from(values).unwrap_or_default()
}
