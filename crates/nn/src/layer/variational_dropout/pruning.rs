//! Which weights of a sparse model are noise, and their end.

use super::divergence::whole_log_alpha;
use crate::elementwise::wide;
use crate::snapshot::Snapshot;
use burn::tensor::TensorData;
use wellfit_core::number::Positive;

/// 1 for every weight that carries something, 0 for those that are noise.
pub(super) fn kept(weights: &[f32], log_variances: &[f32], threshold: Positive) -> Vec<f32> {
    let (threshold, mut kept) = (threshold.get() as f32, vec![1.0; weights.len()]);
    wide(
        #[inline(always)]
        move |(kept, weights, spreads): (&mut [f32], &[f32], &[f32])| {
            for ((kept, &theta), &spread) in kept.iter_mut().zip(weights).zip(spreads) {
                *kept = if whole_log_alpha(theta, spread) > threshold { 0.0 } else { 1.0 };
            }
        },
        (&mut *kept, weights, log_variances),
    );
    kept
}

/// Sets the weights of a sparse model that are noise to exactly 0. What the model says in
/// evaluation stays the same to the last bit.
pub fn prune(model: &mut Snapshot, threshold: Positive) {
    let spreads: Vec<(String, TensorData)> = model
        .tensors()
        .iter()
        .filter_map(|(path, spread)| {
            let (layer, within) = path.rsplit_once(".over.")?;
            let weight = within.ends_with("spread").then(|| format!("{layer}.weight"))?;
            Some((weight, spread.clone()))
        })
        .collect();
    for (path, spread) in spreads {
        let Some(weight) = model.tensors().get(&path) else { continue };
        let shape = weight.shape().clone();
        let host = |data: &TensorData| data.clone().try_into_vec_as::<f32>().unwrap_or_default();
        let (mut weight, spread) = (host(weight), host(&spread));
        let kept = kept(&weight, &spread, threshold);
        for (weight, _) in weight.iter_mut().zip(kept).filter(|(_, kept)| *kept == 0.0) {
            *weight = 0.0;
        }
        model.insert(path, TensorData::new(weight, shape));
    }
}
