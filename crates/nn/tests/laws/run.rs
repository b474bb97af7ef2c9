//! The small run of the laws, as tests want it: what goes wrong fails the test.

use std::collections::BTreeMap;
use std::num::NonZeroU64;
use std::ops::{Deref, DerefMut};
use wellfit_core::run::Run;
use wellfit_core::seed::Seed;
use wellfit_nn::Device;
use wellfit_nn::Error;
use wellfit_nn::chance::StepClock;
use wellfit_nn::gradient::GradientDoor;
use wellfit_nn::law::{self, Bench};
pub use wellfit_nn::law::{MLP, SKIP};
use wellfit_nn::model::Model;
use wellfit_nn::snapshot::Snapshot;
use wellfit_nn::train::{Checkpoint, Trained, Watch};

/// A run on three Gaussian blobs in six dimensions, that overlap.
pub struct Small(law::Small);

impl Deref for Small {
    type Target = law::Small;

    fn deref(&self) -> &law::Small {
        &self.0
    }
}

impl DerefMut for Small {
    fn deref_mut(&mut self) -> &mut law::Small {
        &mut self.0
    }
}

/// The processor, and a seed.
pub fn bench() -> Bench {
    Bench::new(&Device::flex(), Seed::new(5))
}

impl Small {
    pub fn of(text: &str) -> Self {
        Self(law::Small::of(text, &bench()).unwrap())
    }

    /// The same recipe on small images in colour.
    pub fn of_images(text: &str) -> Self {
        Self(law::Small::of_images(text, &bench()).unwrap())
    }

    pub fn run(&self) -> Trained<Model> {
        self.0.run().unwrap()
    }

    pub fn try_run(&self) -> Result<Trained<Model>, Error> {
        self.0.run()
    }

    pub fn epochs(mut self, epochs: u64) -> Self {
        self.config.epochs = NonZeroU64::new(epochs).unwrap();
        self
    }

    /// A gradient technique of the test's own in front of the others.
    pub fn behind(mut self, door: Box<dyn GradientDoor>) -> Self {
        self.doors.gradients.insert(0, door);
        self
    }

    /// The model before its first step.
    pub fn start(&self) -> Model {
        self.build(&StepClock::new()).unwrap()
    }

    pub fn watched(&self, from: Option<Checkpoint>, watch: &mut dyn Watch) -> Trained<Model> {
        self.0.watched(from, watch).unwrap()
    }
}

/// The log and the weights of a run, as bits.
pub fn bits(trained: &Trained<Model>) -> (BTreeMap<String, Vec<u64>>, Snapshot, Snapshot) {
    (log_bits(&trained.log), Snapshot::of(&trained.best), Snapshot::of(&trained.last))
}

pub fn log_bits(log: &Run) -> BTreeMap<String, Vec<u64>> {
    let series = |s: &wellfit_core::run::Series| {
        (s.name(), s.values().into_iter().map(f64::to_bits).collect())
    };
    log.series.iter().map(series).collect()
}
