//! What all names of a log mean together: a name without a part, `test` without `val`, several
//! evaluation sets.

use super::canonical::{base, canonical};
use super::meaning::{Grain, Meaning, PartWord, meaning};
use std::collections::HashSet;
use wellfit_core::run::Part;

/// What a column of a log is.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::read) enum Role {
    Epoch,
    Step,
    Index,
    LearningRate,
    Nothing,
    Series(Series),
}

/// A column that becomes a series.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::read) struct Series {
    pub part: Part,
    pub metric: String,
    /// Which of several evaluation sets it belongs to; empty for all.
    pub set: String,
    grain: Grain,
    /// The metric without synonyms.
    base: String,
    /// All words that are not about the part.
    full: String,
    asked: Option<PartWord>,
    number: Option<u32>,
}

/// Reads all names of a log. The second value holds sentences about choices that were made.
pub(in crate::read) fn resolve(names: &[String]) -> (Vec<Role>, Vec<String>) {
    let mut roles: Vec<Role> = names.iter().map(|name| first_sight(name)).collect();
    let mut notes = Vec::new();
    one_letter(&mut roles);
    numbered_sets(&mut roles);
    test_for_validation(&mut roles, names, &mut notes);
    name_without_part(&mut roles);
    evaluation_sets(&mut roles);
    one_each(&mut roles);
    (roles, notes)
}

fn first_sight(name: &str) -> Role {
    match meaning(name) {
        Meaning::Epoch => Role::Epoch,
        Meaning::Step => Role::Step,
        Meaning::Index => Role::Index,
        Meaning::LearningRate => Role::LearningRate,
        Meaning::Nothing => Role::Nothing,
        Meaning::Metric { part, set, grain, words } => {
            // `train` and `val` alone are the loss.
            let words = match (words.is_empty(), part) {
                (false, _) => words,
                (true, Some(_)) => vec!["loss".to_owned()],
                (true, None) => return Role::Nothing,
            };
            let base = base(&words);
            Role::Series(Series {
                part: match part {
                    Some(PartWord::Validation | PartWord::Evaluation) => Part::Validation,
                    Some(PartWord::Test) => Part::Test,
                    Some(PartWord::Train) | None => Part::Train,
                },
                metric: canonical(&base).to_owned(),
                set: String::new(),
                grain,
                base,
                full: words.join("_"),
                asked: part,
                number: set,
            })
        }
    }
}

fn series(roles: &[Role]) -> impl Iterator<Item = &Series> {
    roles.iter().filter_map(|role| match role {
        Role::Series(series) => Some(series),
        _ => None,
    })
}

fn series_mut(roles: &mut [Role]) -> impl Iterator<Item = &mut Series> {
    roles.iter_mut().filter_map(|role| match role {
        Role::Series(series) => Some(series),
        _ => None,
    })
}

/// `T_loss` and `V_loss` are of training and validation where both are there.
fn one_letter(roles: &mut [Role]) {
    let of = |letter: &str, roles: &[Role]| -> HashSet<String> {
        let bare = series(roles).filter(|s| s.asked.is_none());
        bare.filter_map(|s| s.base.strip_prefix(letter)).map(str::to_owned).collect()
    };
    let (train, validation) = (of("t_", roles), of("v_", roles));
    let both = |metric: &str| train.contains(metric) && validation.contains(metric);
    for series in series_mut(roles).filter(|s| s.asked.is_none()) {
        let (part, asked) = match series.base.split_once('_') {
            Some(("t", metric)) if both(metric) => (Part::Train, PartWord::Train),
            Some(("v", metric)) if both(metric) => (Part::Validation, PartWord::Validation),
            _ => continue,
        };
        let metric = series.base[2..].to_owned();
        (series.part, series.asked) = (part, Some(asked));
        canonical(&metric).clone_into(&mut series.metric);
        series.base = metric;
    }
}

/// XGBoost calls the sets of `eval_set` `validation_0`, `validation_1`, ...: by custom the first is
/// the training set. Where a set is called training, the first of the others is for validation, and
/// more of them are for tests.
fn numbered_sets(roles: &mut [Role]) {
    let validates = |s: &Series| s.part == Part::Validation;
    let numbers = |roles: &[Role]| {
        let mut numbers: Vec<u32> =
            series(roles).filter(|s| validates(s)).filter_map(|s| s.number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    };
    let trained = series(roles).any(|s| s.asked == Some(PartWord::Train));
    if !trained && let [first, _, ..] = numbers(roles)[..] {
        for series in series_mut(roles).filter(|s| s.number == Some(first) && validates(s)) {
            (series.part, series.asked) = (Part::Train, Some(PartWord::Train));
        }
    }
    if let [first, _, ..] = numbers(roles)[..] {
        for series in
            series_mut(roles).filter(|s| validates(s) && s.number.is_some_and(|n| n > first))
        {
            series.part = Part::Test;
            series.asked = Some(PartWord::Test);
        }
    }
}

/// Many call their validation set `test`.
fn test_for_validation(roles: &mut [Role], names: &[String], notes: &mut Vec<String>) {
    if series(roles).any(|s| s.part == Part::Validation) {
        return;
    }
    let first = roles.iter().position(|r| matches!(r, Role::Series(s) if s.part == Part::Test));
    if let Some(at) = first {
        notes.push(format!("no series is called validation: `{}` is taken for it", names[at]));
        series_mut(roles).filter(|s| s.part == Part::Test).for_each(|s| s.part = Part::Validation);
    }
}

/// A name without a part is training where it has a twin on validation (Keras: `loss`,
/// `val_loss`), and validation where training has a name of its own (fastai: `train_loss`,
/// `valid_loss`, `accuracy`). The only loss is that of training.
fn name_without_part(roles: &mut [Role]) {
    let metrics = |wanted: fn(&Series) -> bool| -> HashSet<String> {
        series(roles).filter(|s| wanted(s)).map(|s| s.metric.clone()).collect()
    };
    let train = metrics(|s| s.asked == Some(PartWord::Train));
    let validation = metrics(|s| s.part == Part::Validation);
    for series in series_mut(roles).filter(|s| s.asked.is_none()) {
        let only_loss = series.metric == "loss" && !train.contains("loss");
        if !train.is_empty() && !validation.contains(&series.metric) && !only_loss {
            series.part = Part::Validation;
        }
    }
}

/// `eval_mnli_loss` and `eval_squad_loss` beside `loss`: a set for each.
fn evaluation_sets(roles: &mut [Role]) {
    let trained: HashSet<String> =
        series(roles).filter(|s| s.part == Part::Train).map(|s| s.metric.clone()).collect();
    let judged: HashSet<String> =
        series(roles).filter(|s| s.part == Part::Validation).map(|s| s.metric.clone()).collect();
    let missing = |metric: &&String| !judged.contains(*metric);
    let mut sets: Vec<String> = Vec::new();
    for twin in trained.iter().filter(missing) {
        for series in series(roles).filter(|s| s.part == Part::Validation) {
            let set = series.base.strip_suffix(twin.as_str()).and_then(|set| set.strip_suffix('_'));
            let known = trained.contains(&series.metric);
            if let Some(set) = set.filter(|set| !known && !set.is_empty())
                && !sets.iter().any(|other| other == set)
            {
                sets.push(set.to_owned());
            }
        }
    }
    for series in series_mut(roles).filter(|s| s.part == Part::Validation) {
        let of = |set: &&String| {
            series.base.strip_prefix(set.as_str()).is_some_and(|r| r.starts_with('_'))
        };
        let Some(set) = sets.iter().filter(of).max_by_key(|set| set.len()) else { continue };
        let metric = series.base[set.len() + 1..].to_owned();
        canonical(&metric).clone_into(&mut series.metric);
        // One set is just the validation set under another name.
        if sets.len() > 1 {
            series.set.clone_from(set);
        }
    }
}

/// Each part and metric at most once: the one for whole epochs, then the one with the plainest
/// name; the others keep their full names, or are left out where that is taken too.
fn one_each(roles: &mut [Role]) {
    let mut order: Vec<usize> = (0..roles.len()).collect();
    order.sort_by_key(|&at| match &roles[at] {
        Role::Series(s) => (s.grain, s.asked.is_none(), s.metric != s.full, s.full.len()),
        _ => (Grain::Step, true, true, usize::MAX),
    });
    let mut taken: HashSet<(&'static str, String, String)> = HashSet::new();
    for at in order {
        let Role::Series(series) = &mut roles[at] else { continue };
        let place = |metric: &str| (series.part.name(), series.set.clone(), metric.to_owned());
        if taken.insert(place(&series.metric)) {
            continue;
        }
        let place = place(&series.full);
        if taken.insert(place) {
            series.metric.clone_from(&series.full);
        } else {
            roles[at] = Role::Nothing;
        }
    }
}

#[cfg(test)]
mod tests;
