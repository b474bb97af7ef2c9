//! What recipes say wrong is refused with its place; the laws of off and on are in the library.

use crate::run::MLP;
use wellfit_core::recipe::Recipe;
use wellfit_nn::technique::find;

pub fn with(entries: &[(&str, &str)]) -> String {
    let entry = |(id, value): &(&str, &str)| format!("[[regularize]]\n{id} = {value}\n");
    MLP.to_owned() + &entries.iter().map(entry).collect::<String>()
}

#[test]
fn an_unknown_technique_brings_the_closest() {
    let recipe = Recipe::parse("test", &with(&[("dropuot", "{ rate = 0.5 }")])).unwrap();
    let Err(error) = find(&recipe, &recipe.techniques().unwrap()[0]) else { panic!("found") };
    assert!(error.to_string().contains("did you mean `dropout`?"), "{error}");
}
