//! Choices that a recipe gives by a bare name, `"adam"`, or with their numbers, `{ adam = {..} }`.

use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// Reads an enum whose variants are tables; a bare name stands for an empty one.
pub fn named<'de, D: Deserializer<'de>, T: Deserialize<'de>>(input: D) -> Result<T, D::Error> {
    input.deserialize_any(Named(PhantomData))
}

struct Named<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Named<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name, as \"adam\", or a table with one, as { adam = { beta1 = 0.9 } }")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<T, E> {
        let plain: Result<T, E> = T::deserialize(StrDeserializer::new(name));
        plain.or_else(|error| {
            // An unknown name fails here as well; a known one may only lack its table.
            if error.to_string().starts_with("unknown variant") {
                return Err(error);
            }
            let table = toml::Table::from_iter([(name.to_owned(), toml::Table::new().into())]);
            T::deserialize(toml::Value::Table(table)).map_err(|e| E::custom(e.message()))
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}

#[cfg(test)]
mod tests {
    use crate::optimizer::schedule::Schedule;
    use crate::optimizer::{Adam, Optimizer};
    use crate::train::TrainConfig;

    fn read(line: &str) -> Result<TrainConfig, String> {
        let text = format!("epochs = 1\nbatch_size = 1\nlearning_rate = 1\n{line}");
        toml::from_str(&text).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn a_bare_name_and_an_empty_table_are_the_same() {
        for line in ["optimizer = \"adam\"", "optimizer = { adam = {} }"] {
            assert_eq!(read(line).unwrap().optimizer, Optimizer::Adam(Adam::default()));
        }
        assert_eq!(read("schedule = \"cosine\""), read("schedule = { cosine = {} }"));
        assert_eq!(read("schedule = \"constant\"").unwrap().schedule, Schedule::Constant);
    }

    #[test]
    fn errors_name_the_choices() {
        let error = read("optimizer = \"adm\"").unwrap_err();
        assert!(error.contains("unknown variant `adm`") && error.contains("`adamw`"), "{error}");
        assert!(read("schedule = \"step\"").unwrap_err().contains("missing field"));
        assert!(read("optimizer = 3").unwrap_err().contains("expected a name"));
        let error = read("optimizer = { adam = { beta1 = 2 } }").unwrap_err();
        assert!(error.contains("[0, 1)"), "{error}");
    }
}
