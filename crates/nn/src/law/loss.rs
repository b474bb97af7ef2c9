//! Laws of terms of the outputs: their gradients, and where they vanish.

use super::bench::host;
use super::measured::largest;
use super::{Bench, Law, Measured};
use crate::Error;
use crate::loss::{Loss, LossDoor, Seen};
use crate::technique::Shelved;
use burn::tensor::Tensor;

pub(super) const LAWS: &[Law] = &[
    Law {
        id: "gradient_of_outputs",
        says: "the gradient of the term is its finite difference, in every output of every pass and view",
        about: &[],
        measure: gradient,
    },
    Law {
        id: "nothing_to_add",
        says: "where both predictions agree, the term and its gradient are 0",
        about: &["r_drop", "distillation", "jensen_shannon"],
        measure: nothing,
    },
];

const LOSSES: [Loss; 2] = [Loss::CrossEntropy, Loss::SigmoidCrossEntropy];
const SHAPE: [usize; 2] = [3, 4];
const LEN: usize = SHAPE[0] * SHAPE[1];

/// Outputs of passes and views, and what a teacher says.
struct Scene {
    passes: Vec<Vec<f32>>,
    teacher: Vec<f32>,
}

impl Scene {
    fn term(&self, bench: &Bench, door: &dyn LossDoor, loss: Loss) -> (Vec<Tensor<2>>, Tensor<1>) {
        let outputs: Vec<Tensor<2>> =
            self.passes.iter().map(|z| bench.leaf(z, SHAPE).require_grad()).collect();
        let teacher = bench.leaf(&self.teacher, SHAPE);
        let hot: Vec<f32> = (0..LEN).map(|at| f32::from(u8::from(at % 5 == 0))).collect();
        let targets = bench.leaf(&hot, SHAPE);
        let (own, views) = outputs.split_at(door.passes() as usize);
        let seen = Seen { outputs: own, views, teacher: Some(&teacher), targets: &targets, loss };
        let term = door.term(&seen);
        (outputs, term)
    }

    fn value(&self, bench: &Bench, door: &dyn LossDoor, loss: Loss) -> f64 {
        self.term(bench, door, loss).1.into_scalar::<f64>()
    }

    fn gradients(&self, bench: &Bench, door: &dyn LossDoor, loss: Loss) -> Vec<Vec<f64>> {
        let (outputs, term) = self.term(bench, door, loss);
        let gradients = term.backward();
        let of = |z: &Tensor<2>| z.grad(&gradients).map_or_else(|| vec![0.0; LEN], host);
        outputs.iter().map(of).collect()
    }
}

fn gradient(bench: &Bench, Shelved { card, .. }: Shelved) -> Result<Option<Measured>, Error> {
    let doors = bench.doors(&[(card.id, card.example)])?;
    let mut worst = None;
    for (door, loss) in doors.losses.iter().flat_map(|door| LOSSES.map(|loss| (door, loss))) {
        let passes = (0..door.passes() + door.views())
            .map(|pass| bench.normals(&format!("pass {pass}"), LEN));
        let mut scene = Scene { passes: passes.collect(), teacher: bench.normals("teacher", LEN) };
        let found = scene.gradients(bench, &**door, loss);
        let mut apart = 0.0;
        for (pass, at) in (0..scene.passes.len()).flat_map(|p| (0..LEN).map(move |at| (p, at))) {
            let here = scene.passes[pass][at];
            let mut beside = |by: f32| {
                scene.passes[pass][at] = here + by;
                scene.value(bench, &**door, loss)
            };
            let slope = (beside(0.02) - beside(-0.02)) / 0.04;
            scene.passes[pass][at] = here;
            apart = largest([apart, (found[pass][at] - slope).abs()]);
        }
        worst = Measured::worst(worst.into_iter().chain([Measured::within(1e-3, apart)]));
    }
    Ok(worst)
}

fn nothing(bench: &Bench, Shelved { card, .. }: Shelved) -> Result<Option<Measured>, Error> {
    let doors = bench.doors(&[(card.id, card.example)])?;
    let of = |(door, loss): (&dyn LossDoor, Loss)| {
        let teacher = bench.normals("teacher", LEN);
        let passes = vec![teacher.clone(); (door.passes() + door.views()) as usize];
        let scene = Scene { passes, teacher };
        let gradients = scene.gradients(bench, door, loss).concat();
        let slopes = gradients.iter().map(|g| g.abs());
        Measured::within(1e-6, largest(slopes.chain([scene.value(bench, door, loss).abs()])))
    };
    let all = doors.losses.iter().flat_map(|door| LOSSES.map(|loss| (&**door, loss)));
    Ok(Measured::worst(all.map(of)))
}
