//! Lists that a program printed: `train losses: [0.9, 0.6, 0.4]` is a curve, and
//! `Pseudo dice [0.89, 0.67]` behind the number of an epoch a value for each class.

use crate::read::history;
use crate::read::json::{Json, parse};
use crate::read::name::{Meaning, meaning};
use crate::read::table::Table;

/// The line with the mean of a list of numbers in place of the list.
pub(super) fn averaged(line: String) -> String {
    let Some(begin) = line.find('[').filter(|_| line.contains(',')) else { return line };
    let Some(values) = numbers(&line[begin..]) else { return line };
    let finite: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
    let end = line.rfind(']').map_or(line.len(), |end| end + 1);
    let mean = finite.iter().sum::<f64>() / finite.len().max(1) as f64;
    format!("{} {mean} {}", &line[..begin], &line[end.max(begin)..])
}

/// The runs in texts that are nothing but lists under names: results of a notebook.
pub(super) fn tables(text: &str) -> Vec<Table> {
    let mut lists = Vec::new();
    for (at, _) in text.match_indices('[') {
        let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let name = text[line..at].trim().trim_end_matches([':', '=', ' ']);
        let named = matches!(meaning(name), Meaning::Metric { .. } | Meaning::Epoch);
        // A value may be longer than a curve; it is read once, where its name stands.
        if named && name.len() < 40 && !name.contains(['[', ']', '{', '(']) {
            let value = parse(&text[at..]).value;
            if matches!(&value, Json::List(items) if items.len() > 2) {
                lists.push((name.to_owned(), value));
            }
        }
    }
    history::tables(&Json::Map(lists), 1.0)
}

/// Two numbers and more in brackets.
fn numbers(text: &str) -> Option<Vec<f64>> {
    let parsed = parse(text);
    let Json::List(items) = parsed.value else { return None };
    let values = items.iter().map(|item| match item {
        Json::Number(number) => Some(*number),
        _ => None,
    });
    let values: Vec<f64> = values.collect::<Option<_>>()?;
    (values.len() > 1 && parsed.broken.is_none()).then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_classes_have_a_mean() {
        let of = |line: &str| averaged(line.to_owned());
        assert_eq!(of("dice [0.25, 0.75]"), "dice  0.5 ");
        assert_eq!(of("dice [np.float32(0.25), np.float32(nan), 0.75] ok"), "dice  0.5  ok");
        for same in ["Epoch [1/50], loss 0.5", "[100] a=1, b=2", "loss: 0.6 [ 64/60000], x"] {
            assert_eq!(of(same), same);
        }
    }
}
