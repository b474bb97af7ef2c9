//! The joint space of techniques: a switch for each card, and its strengths below it.

use super::{Choice, Configuration, Domain, Space};
use crate::Error;
use std::fmt::Write;
use toml::{Table, Value};
use wellfit_core::card::{Card, Family, Range};
use wellfit_core::seed::Draw;

/// A technique that is on, by id, with its values as a recipe has them.
pub type OnTechnique = (String, Table);

/// Strengths of which less restrains more; of all others more does.
const BOUNDS: &[&str] = &["max_norm", "prior_std"];

/// The switches and strengths of techniques, and keys of the recipe beside them.
///
/// A technique that is on has the values of its card's example, with those that are searched put
/// in their place.
#[derive(Debug, Clone)]
pub struct Cocktails {
    space: Space,
    members: Vec<Member>,
    settings: Vec<(String, usize)>,
}

#[derive(Debug, Clone)]
struct Member {
    id: &'static str,
    family: Family,
    switch: usize,
    example: Table,
    strengths: Vec<(&'static str, usize)>,
}

impl Cocktails {
    /// The space of these cards, in an order that a recipe may have. A sampler switches half of
    /// them on: take a dozen that suit the model, or bound them by [`Self::at_most`].
    ///
    /// # Errors
    /// [`Error::Technique`] for an example that is no TOML table, [`Error::Dimension`] for a range
    /// without values or an id that comes twice.
    pub fn of(cards: &[Card]) -> Result<Self, Error> {
        let mut cocktails =
            Self { space: Space::default(), members: Vec::new(), settings: Vec::new() };
        cards.iter().try_for_each(|card| cocktails.add(card))?;
        Ok(cocktails)
    }

    fn add(&mut self, card: &Card) -> Result<(), Error> {
        let example = example(card)?;
        let switch = self.space.add(card.id, Domain::switch())?;
        let mut strengths = Vec::new();
        for range in card.search {
            let name = format!("{}.{}", card.id, range.key);
            let domain = domain(range, example.get(range.key));
            strengths.push((range.key, self.space.add_under(switch, 1.0, &name, domain)?));
        }
        let (id, family) = (card.id, card.family);
        self.members.push(Member { id, family, switch, example, strengths });
        Ok(())
    }

    /// Searches a key of the recipe beside the techniques, as `train.learning_rate`.
    ///
    /// # Errors
    /// [`Error::Dimension`] for a name that is taken, or a domain without values.
    pub fn add_key(&mut self, key: &str, domain: Domain) -> Result<(), Error> {
        let index = self.space.add(key, domain)?;
        self.settings.push((key.to_owned(), index));
        Ok(())
    }

    /// The dimensions.
    pub fn space(&self) -> &Space {
        &self.space
    }

    /// Ids of all techniques, in the order of the cards.
    pub fn ids(&self) -> impl Iterator<Item = &'static str> {
        self.members.iter().map(|member| member.id)
    }

    /// Whether a technique is on.
    pub fn is_on(&self, configuration: &Configuration, id: &str) -> bool {
        let member = self.members.iter().find(|member| member.id == id);
        member.is_some_and(|member| configuration.get(member.switch) == Some(1.0))
    }

    fn on<'a>(&'a self, configuration: &'a Configuration) -> impl Iterator<Item = &'a Member> {
        let is_on = |member: &&Member| configuration.get(member.switch) == Some(1.0);
        self.members.iter().filter(is_on)
    }

    /// Switches a technique off, and with it what hangs on it.
    pub fn without(&self, configuration: &Configuration, id: &str) -> Configuration {
        let switch = self.members.iter().find(|member| member.id == id).map(|m| m.switch);
        self.space.decide(|index, dimension| match configuration.get(index) {
            Some(value) if Some(index) != switch => value,
            _ => dimension.domain.nearest(0.0),
        })
    }

    /// Switches off drawn ones until at most so many techniques are on.
    pub fn at_most(
        &self,
        most: usize,
        configuration: &Configuration,
        draw: &mut Draw,
    ) -> Configuration {
        let mut on: Vec<&str> = self.on(configuration).map(|member| member.id).collect();
        let mut bounded = configuration.clone();
        while on.len() > most {
            let loser = on.swap_remove(draw.below(on.len() as u64) as usize);
            bounded = self.without(&bounded, loser);
        }
        bounded
    }

    /// The techniques that are on, as a recipe has them.
    pub fn techniques(&self, configuration: &Configuration) -> Vec<OnTechnique> {
        let spelled = |member: &Member| {
            let mut values = member.example.clone();
            for &(key, index) in &member.strengths {
                let value = configuration.get(index).map(|value| self.value(index, value));
                values.extend(value.map(|value| (key.to_owned(), value)));
            }
            (member.id.to_owned(), values)
        };
        self.on(configuration).map(spelled).collect()
    }

    /// Keys of the recipe beside the techniques, as [`wellfit_core::recipe::Recipe::set`] takes
    /// them.
    pub fn assignments(&self, configuration: &Configuration) -> Vec<String> {
        let assignment = |(key, index): &(String, usize)| {
            Some(format!("{key}={}", self.value(*index, configuration.get(*index)?)))
        };
        self.settings.iter().filter_map(assignment).collect()
    }

    /// The techniques that are on, as text to put behind a recipe without techniques.
    pub fn to_toml(&self, configuration: &Configuration) -> String {
        let mut text = String::new();
        for (id, values) in self.techniques(configuration) {
            // Writing into a string does not fail.
            let _ = writeln!(text, "[[regularize]]\n{id} = {}\n", Value::Table(values));
        }
        text
    }

    fn value(&self, index: usize, value: f64) -> Value {
        match &self.space.dimensions()[index].domain {
            Domain::Float { .. } => Value::Float(value),
            Domain::Integer { .. } => Value::Integer(value as i64),
            Domain::Category(choices) => match &choices[value as usize] {
                Choice::Nothing(()) => Value::String(String::new()),
                Choice::Switch(on) => Value::Boolean(*on),
                Choice::Whole(whole) => Value::Integer(*whole),
                Choice::Number(number) => Value::Float(*number),
                Choice::Word(word) => Value::String(word.clone()),
            },
        }
    }

    /// The configuration that these techniques are, each with all searched values spelled out.
    /// Keys beside the techniques have the smallest of their values, or the first. A value outside
    /// its range moves to the nearest in it.
    ///
    /// # Errors
    /// [`Error::Technique`] for one that is not searched, and for a searched value that is missing
    /// or no number.
    pub fn configuration(&self, techniques: &[OnTechnique]) -> Result<Configuration, Error> {
        let mut values = vec![None; self.space.dimensions().len()];
        for (id, table) in techniques {
            let refuse = |message: String| Error::Technique { technique: id.clone(), message };
            let member = self.members.iter().find(|member| member.id == id);
            let member = member.ok_or_else(|| {
                refuse("expected a technique that is searched, found another".to_owned())
            })?;
            values[member.switch] = Some(1.0);
            for &(key, index) in &member.strengths {
                let value = table.get(key).and_then(number);
                values[index] = Some(value.ok_or_else(|| {
                    refuse(format!("expected a number for `{key}`, found {:?}", table.get(key)))
                })?);
            }
        }
        Ok(self.space.decide(|index, dimension| {
            dimension.domain.nearest(values[index].unwrap_or(match dimension.domain {
                Domain::Category(_) => 0.0,
                _ => f64::NEG_INFINITY,
            }))
        }))
    }

    /// How heavily a configuration restrains: each technique that is on counts 1/2 and up to 1/2
    /// more for the place of its first strength in its range. Training control counts nothing.
    ///
    /// A rough order, good enough to give restrained configurations the epochs that they need.
    pub fn heaviness(&self, configuration: &Configuration) -> f64 {
        let of = |member: &Member| {
            let Some(&(key, index)) = member.strengths.first() else { return 0.5 };
            let domain = &self.space.dimensions()[index].domain;
            let place = configuration.get(index).map_or(0.0, |value| domain.position(value));
            0.5 + 0.5 * if BOUNDS.contains(&key) { 1.0 - place } else { place }
        };
        self.on(configuration)
            .filter(|member| member.family != Family::TrainingControl)
            .map(of)
            .sum()
    }
}

fn example(card: &Card) -> Result<Table, Error> {
    let text = format!("example = {}", card.example);
    let table = text.parse::<Table>().ok().and_then(|mut table| table.remove("example"));
    match table {
        Some(Value::Table(table)) => Ok(table),
        _ => Err(Error::Technique {
            technique: card.id.to_owned(),
            message: format!("expected a table as example, found `{}`", card.example),
        }),
    }
}

/// Whole numbers where the card's example has one.
fn domain(range: &Range, example: Option<&Value>) -> Domain {
    let Range { low, high, scale, .. } = *range;
    match example {
        Some(Value::Integer(_)) => {
            Domain::Integer { low: low.ceil() as i64, high: high.floor() as i64, scale }
        }
        _ => Domain::Float { low, high, scale },
    }
}

fn number(value: &Value) -> Option<f64> {
    let number = value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64))?;
    number.is_finite().then_some(number)
}

#[cfg(test)]
#[path = "cocktail_tests.rs"]
pub(super) mod tests;
