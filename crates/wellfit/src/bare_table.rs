//! The recipe for a table of which nothing is told but its target.

use crate::Error;
use std::path::Path;
use wellfit_core::recipe::Recipe;

/// Sound for most tables, and meant to be changed: two layers that are wide enough, decay and
/// dropout that hold them back, an end when validation says so, and a last training on all rows.
const DEFAULTS: &str = "\
[model]
mlp = { widths = [128, 128] }

[train]
epochs = 200
batch_size = 64
learning_rate = 0.002
optimizer = { adamw = { weight_decay = 0.3 } }
refit = 'with_all'

[[regularize]]
dropout = { rate = 0.1 }

[[regularize]]
early_stopping = { patience = 20 }
";

/// A recipe for the table at `path`, whose column `target` is to be predicted; all that can be
/// left open is.
///
/// # Errors
/// A path that is not Unicode, for a recipe is.
pub fn recipe(path: &Path, target: &str) -> Result<Recipe, Error> {
    let Some(file) = path.to_str() else {
        let message = "expected a path in Unicode, for it is written into a recipe".to_owned();
        return Err(wellfit_core::Error::Recipe { message, hint: None, place: None }.into());
    };
    let word = |text: &str| toml::Value::from(text).to_string();
    let data = format!("[data]\ntable = {{ path = {}, target = {} }}\n", word(file), word(target));
    let name = format!("the default recipe for {file}");
    Ok(Recipe::parse(&name, &format!("{data}\n{DEFAULTS}"))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_names_become_a_recipe() {
        let recipe = recipe(Path::new("a \"b\"\\c.csv"), "π\n'").unwrap();
        let data: wellfit_data::DataConfig = recipe.section("data").unwrap();
        let wellfit_data::Source::Table(table) = data.source else { panic!("no table") };
        assert_eq!((table.path.as_str(), table.target.as_str()), ("a \"b\"\\c.csv", "π\n'"));
    }
}
