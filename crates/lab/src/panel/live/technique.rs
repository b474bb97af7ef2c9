//! The shelf as the page shows it: every card, and the keys of its example.

use super::teacher;
use serde::Serialize;
use serde_json::Value;
use wellfit::core::card::Card;
use wellfit::core::recipe::Recipe;
use wellfit::nn::technique::{Shelved, shelf};

/// A technique with its card.
#[derive(Debug, Serialize)]
pub struct Shown {
    #[serde(flatten)]
    card: &'static Card,
    /// All keys of the example, spelled out.
    values: Value,
    /// What is otherwise on this page.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
}

/// All techniques that a page can switch on.
pub fn techniques() -> Vec<Shown> {
    let shown = |shelved: Shelved| {
        let (card, mut values) = (shelved.card, values(&shelved));
        let teacher = values.as_object_mut().and_then(|values| values.remove("teacher"));
        Shown { card, values, note: teacher.map(|_| teacher::NOTE) }
    };
    shelf().map(shown).collect()
}

fn values(shelved: &Shelved) -> Value {
    let Card { id, example, .. } = shelved.card;
    let spelled = || {
        let text = format!("[[regularize]]\n{id} = {example}\n");
        let recipe = Recipe::parse("example", &text).ok()?;
        let entries = recipe.techniques().ok()?;
        let values = (shelved.spell_out)(&recipe, entries.first()?).ok()?;
        let values: toml::Table = toml::from_str(&values).ok()?;
        serde_json::to_value(values).ok()
    };
    spelled().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_card_has_its_keys() {
        let shown = techniques();
        assert_eq!(shown.len(), shelf().count());
        for technique in &shown {
            assert!(technique.values.is_object(), "{}", technique.card.id);
            for range in technique.card.search {
                let key = technique.values.get(range.key);
                let optional = ["length_scale", "kl_weight"].contains(&range.key);
                assert!(optional || key.is_some(), "{} {}", technique.card.id, range.key);
            }
        }
    }
}
