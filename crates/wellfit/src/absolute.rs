//! A recipe that is kept elsewhere than where it was written: its relative paths made absolute.

use std::path::Path;
use toml::{Table, Value};

/// Where a recipe names files: the table and the key in it.
const PATHS: &[(&str, &str)] = &[
    ("table", "path"),
    ("table", "validation_file"),
    ("table", "test_file"),
    ("csv", "path"),
    ("csv", "validation_file"),
    ("csv", "test_file"),
    ("parquet", "path"),
    ("parquet", "validation_file"),
    ("parquet", "test_file"),
    ("idx", "dir"),
    ("images", "dir"),
    ("fine_tune", "from"),
    ("distillation", "teacher"),
];

/// A recipe whose relative paths start at `base`, as text, with every path absolute. One that starts
/// with an environment variable stays: what that stands for is the business of the machine.
pub fn make_absolute(recipe: String, base: &Path) -> String {
    // An empty one is where the program was started.
    let base = if base.as_os_str().is_empty() { Path::new(".") } else { base };
    let base = std::path::absolute(base).unwrap_or_else(|_| base.to_owned());
    let Ok(mut table) = recipe.parse::<Table>() else { return recipe };
    in_table("", &mut table, &base);
    toml::to_string(&table).unwrap_or(recipe)
}

fn in_table(name: &str, table: &mut Table, base: &Path) {
    for (key, value) in table.iter_mut() {
        match value {
            Value::Table(inner) => in_table(key, inner, base),
            Value::Array(entries) => {
                let tables = entries.iter_mut().filter_map(Value::as_table_mut);
                tables.for_each(|inner| in_table(key, inner, base));
            }
            Value::String(text) if PATHS.contains(&(name, key)) && !text.starts_with("${") => {
                *text = base.join(&*text).display().to_string();
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn absolute(recipe: &str, base: &str) -> Table {
        make_absolute(recipe.to_owned(), Path::new(base)).parse().unwrap()
    }

    #[test]
    fn paths_of_data_and_of_models_are_absolute_and_nothing_else_changes() {
        let text = "[data]\ntable = {path = 'a.csv', test_file = '/t.csv', target = 'path'}\n\
                    [[regularize]]\ndistillation = {teacher = '../t', temperature = 2.0}\n";
        let expected = text.replace("'a.csv'", "'/r/a.csv'").replace("'../t'", "'/r/../t'");
        assert_eq!(absolute(text, "/r"), expected.parse().unwrap());
    }

    #[test]
    fn variables_stay_and_no_folder_is_the_present_one() {
        let text = "[data]\nidx = {dir = '${DATA}/mnist'}\n";
        assert_eq!(absolute(text, "/r"), text.parse().unwrap());
        let here = std::env::current_dir().unwrap().join("m").display().to_string();
        let found = absolute("[data]\nimages = {dir = 'm'}\n", "");
        assert_eq!(found["data"]["images"]["dir"].as_str(), Some(here.as_str()));
    }
}
