//! Laws of augmentation: an image changes by itself, its label not at all, the values stay finite.

use super::bench::host;
use super::{Bench, Law, Measured};
use crate::Error;
use crate::batch::augment::SHELF;
use crate::batch::{Batch, BatchDoor};
use crate::technique::Shelved;
use wellfit_data::PixelScale;

pub(super) const LAWS: &[Law] = &[Law {
    id: "own_picture",
    says: "an image changes by what is drawn for it, whatever the others are; its label stays",
    about: &[],
    measure: own_picture,
}];

const COUNT: usize = 4;
const SHAPE: [usize; 3] = [3, 10, 8];

/// Four images on a scale by channel; those behind the first are times `others`.
fn batch(bench: &Bench, others: f32) -> Batch {
    let width = SHAPE.iter().product::<usize>();
    let value = |i: usize| (i as f32 * 0.37).sin() * if i < width { 1.0 } else { others };
    let inputs: Vec<f32> = (0..COUNT * width).map(value).collect();
    Batch {
        inputs: bench.tensor(&inputs, [COUNT, width]),
        shape: SHAPE.to_vec(),
        pixels: Some(PixelScale { mean: vec![0.5, 0.4, 0.6], std: vec![0.4, 0.3, 0.35] }),
        moments: None,
        embedded: Vec::new(),
        cells: None,
        targets: bench.tensor(&[0.5; 2 * COUNT], [COUNT, 2]),
        classes: true,
    }
}

fn own_picture(bench: &Bench, shelved: Shelved) -> Result<Option<Measured>, Error> {
    let card = shelved.card;
    if SHELF.iter().all(|image| image.card.id != card.id) {
        return Ok(None);
    }
    let doors = bench.doors(&[(card.id, card.example)])?;
    let wrong = |door: &dyn BatchDoor| {
        let exceptions = (0..20).filter(|&step| {
            let [changed, beside] =
                [1.0, 0.5].map(|others| door.apply(batch(bench, others), &bench.chance(step)));
            let labels = host(changed.targets) != host(batch(bench, 1.0).targets);
            let (changed, beside) = (host(changed.inputs), host(beside.inputs));
            let first = SHAPE.iter().product::<usize>();
            let infinite = changed.iter().any(|x| !x.is_finite());
            labels || infinite || changed.get(..first) != beside.get(..first)
        });
        exceptions.count()
    };
    Ok(Some(Measured::none_of(doors.batch.iter().map(|door| wrong(&**door)).sum())))
}
