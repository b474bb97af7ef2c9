//! Random search: every dimension uniform on its scale.

use super::{History, Sampler, draw};
use crate::space::{Configuration, Domain, Space};
use wellfit_core::seed::{Draw, Seed};

/// Random search (Bergstra and Bengio 2012).
#[derive(Debug, Clone, Copy, Default)]
pub struct Random;

impl Sampler for Random {
    fn sample(&self, space: &Space, seed: Seed, trial: u64, _: History<'_>) -> Configuration {
        space.decide(|_, dimension| {
            uniform(&dimension.domain, &mut draw(seed, trial, &dimension.name))
        })
    }
}

/// One value, uniform on the scale.
pub(super) fn uniform(domain: &Domain, draw: &mut Draw) -> f64 {
    if let Domain::Category(choices) = domain {
        return draw.below(choices.len() as u64) as f64;
    }
    let (low, high) = domain.interval();
    domain.at_scale(draw.between(low, high))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wellfit_core::card::Scale;

    fn space() -> Space {
        let mut space = Space::default();
        let log = Domain::Float { low: 1e-4, high: 1.0, scale: Scale::Log };
        space.add("lambda", log).unwrap();
        space.add("depth", Domain::Integer { low: 1, high: 3, scale: Scale::Linear }).unwrap();
        let on = space.add("dropout", Domain::switch()).unwrap();
        let rate = Domain::Float { low: 0.1, high: 0.5, scale: Scale::Linear };
        space.add_under(on, 1.0, "dropout.rate", rate).unwrap();
        space
    }

    fn sampled(seed: u64, trial: u64) -> Configuration {
        Random.sample(&space(), Seed::new(seed), trial, History::default())
    }

    #[test]
    fn values_are_uniform_on_their_scale() {
        let trials: Vec<Configuration> = (0..20_000).map(|trial| sampled(1, trial)).collect();
        assert!(trials.iter().all(|trial| space().holds(trial)));
        let share = |index, below: f64| {
            let values: Vec<f64> = trials.iter().filter_map(|trial| trial.get(index)).collect();
            values.iter().filter(|&&v| v < below).count() as f64 / values.len() as f64
        };
        // Five standard deviations of a share of 20,000.
        let near = |share: f64, p: f64| (share - p).abs() < 5.0 * (p * (1.0 - p) / 1e4).sqrt();
        assert!(near(share(0, 1e-2), 0.5) && near(share(0, 1e-1), 0.75));
        assert!(near(share(1, 1.5), 1.0 / 3.0) && near(share(1, 2.5), 2.0 / 3.0));
        assert!(near(share(2, 0.5), 0.5) && near(share(3, 0.2), 0.25));
    }

    #[test]
    fn a_value_depends_on_seed_trial_and_name() {
        assert_eq!(sampled(1, 7), sampled(1, 7));
        assert_ne!(sampled(1, 7).get(0), sampled(1, 8).get(0));
        assert_ne!(sampled(1, 7).get(0), sampled(2, 7).get(0));
        let mut alone = Space::default();
        alone.add("dropout", Domain::switch()).unwrap();
        for trial in 0..20 {
            let only = Random.sample(&alone, Seed::new(1), trial, History::default());
            assert_eq!(only.get(0), sampled(1, trial).get(2));
        }
    }
}
