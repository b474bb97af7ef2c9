//! Laws of whole runs: off is absence, on acts, and the same seed brings the same bits.

use super::bench::regularize;
use super::{Bench, IMAGES, Law, MLP, Measured, SKIP, Small};
use crate::Error;
use crate::model::Model;
use crate::snapshot::Snapshot;
use crate::technique::Shelved;
use crate::train::Trained;
use wellfit_core::card::Card;
use wellfit_core::run::Series;

pub(super) const LAWS: &[Law] = &[
    Law {
        id: "off",
        says: "a run with it switched off has the bits of one without it",
        about: &[],
        measure: off,
    },
    Law {
        id: "repeats",
        says: "the same seed brings the same bits again",
        about: &[],
        measure: repeats,
    },
    Law { id: "acts", says: "switched on, it changes the run", about: &[], measure: acts },
];

/// Makes a run of a recipe.
type Make = fn(&str, &Bench) -> Result<Small, Error>;

/// Where a technique is at home.
struct Home {
    /// The first of our models in which it finds its place.
    model: &'static str,
    /// The data for it.
    make: Make,
    /// What it cannot be without: one that compares passes needs a layer that draws.
    beside: &'static [(&'static str, &'static str)],
}

impl Home {
    fn of(bench: &Bench, card: &Card) -> Result<Self, Error> {
        let doors = bench.doors(&[(card.id, card.example)])?;
        let compares = doors.losses.iter().any(|door| door.compares_passes());
        let beside: &[_] = if compares { &[("dropout", "{ rate = 0.3 }")] } else { &[] };
        let images = doors.batch.iter().any(|door| door.needs_images())
            || doors.losses.iter().any(|door| door.needs_images());
        let plain: Make = if images { Small::of_images } else { Small::of };
        let homes = [(MLP, plain), (SKIP, plain), (IMAGES, plain), (MLP, Small::of_levels)];
        for (model, make) in homes {
            let text = model.to_owned() + &regularize(&[(card.id, card.example)]);
            if make(&text, bench)?.builds() {
                return Ok(Self { model, make, beside });
            }
        }
        Err(Error::Mismatch(format!("{} fits no model of the bench", card.id)))
    }

    fn run(&self, bench: &Bench, entries: &[(&str, &str)]) -> Result<Vec<u64>, Error> {
        let text = self.model.to_owned() + &regularize(&[self.beside, entries].concat());
        Ok(bits(&(self.make)(&text, bench)?.run()?))
    }
}

/// The losses of a run and its weights, best and last. What a technique logs by itself is no part.
fn bits(run: &Trained<Model>) -> Vec<u64> {
    let losses = run.log.series.iter().filter(|series| series.name().ends_with(".loss"));
    let losses = losses.flat_map(Series::values).map(f64::to_bits);
    losses.chain(Snapshot::of(&run.best).bits()).chain(Snapshot::of(&run.last).bits()).collect()
}

fn differing(a: &[u64], b: &[u64]) -> usize {
    let unequal = a.iter().zip(b).filter(|(a, b)| a != b).count();
    unequal + a.len().abs_diff(b.len())
}

/// Values at which the technique bites on so small a run.
fn biting(card: &Card) -> &'static str {
    match card.id {
        "clip_value" => "{ max = 1e-3 }",
        "clip_norm" | "clip_global_norm" => "{ max_norm = 1e-3 }",
        "max_norm" => "{ max_norm = 0.5 }",
        "early_stopping" => "{ patience = 1, min_delta = 1e9 }",
        _ => card.example,
    }
}

fn off(bench: &Bench, Shelved { card, .. }: Shelved) -> Result<Option<Measured>, Error> {
    let Some(off) = card.off else { return Ok(None) };
    let home = Home::of(bench, card)?;
    let (plain, run) = (home.run(bench, &[])?, home.run(bench, &[(card.id, off)])?);
    Ok(Some(Measured::none_of(differing(&plain, &run))))
}

fn repeats(bench: &Bench, Shelved { card, .. }: Shelved) -> Result<Option<Measured>, Error> {
    let home = Home::of(bench, card)?;
    let run = || home.run(bench, &[(card.id, biting(card))]);
    Ok(Some(Measured::none_of(differing(&run()?, &run()?))))
}

fn acts(bench: &Bench, Shelved { card, .. }: Shelved) -> Result<Option<Measured>, Error> {
    // It acts on broken runs alone.
    if card.id == "skip_non_finite" {
        return Ok(None);
    }
    let home = Home::of(bench, card)?;
    let (plain, run) = (home.run(bench, &[])?, home.run(bench, &[(card.id, biting(card))])?);
    Ok(Some(Measured::none_of(usize::from(differing(&plain, &run) == 0))))
}
