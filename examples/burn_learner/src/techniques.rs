//! wellfit's techniques at the doors of a training step.

use crate::digits::{BATCH, TRAIN};
use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Gradients, Tensor};
use std::error::Error;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use wellfit_core::number::{Fraction, NonNegative, Positive};
use wellfit_core::seed::{Address, Seed};
use wellfit_nn::average::ema::{Ema, Memory};
use wellfit_nn::average::{AverageDoor, Averages, Moment};
use wellfit_nn::batch::Chance;
use wellfit_nn::batch::label_smoothing::label_smoothing;
use wellfit_nn::batch::mixup::{Mixup, mixup};
use wellfit_nn::chance::StepClock;
use wellfit_nn::gradient::{GradientDoor, clip_global_norm::ClipGlobalNorm};
use wellfit_nn::own_loop::{on_gradients, on_weights};
use wellfit_nn::parameter::parameters;
use wellfit_nn::penalty::{PenaltyDoor, Starts, add_gradients, l2::L2};
use wellfit_nn::weight::{WeightDoor, max_norm::MaxNorm};

/// Mixup, label smoothing, clipping, L2, max-norm and a moving average of the weights. The layers
/// among the techniques are in the model, which holds this as well: Burn's learner knows only models.
#[derive(Clone)]
pub struct Techniques {
    pub seed: Seed,
    pub clock: StepClock,
    mixup: Mixup,
    smoothing: Fraction,
    clip: ClipGlobalNorm,
    penalties: Arc<Vec<Box<dyn PenaltyDoor>>>,
    max_norm: MaxNorm,
    /// Begins with the first step, and is one for all copies of the model.
    averages: Arc<Mutex<Option<Averages<'static>>>>,
}

impl Techniques {
    pub fn new(seed: Seed) -> Result<Self, Box<dyn Error>> {
        Ok(Self {
            seed,
            clock: StepClock::new(),
            mixup: Mixup::new(NonNegative::new(0.3)?),
            smoothing: Fraction::new(0.1)?,
            clip: ClipGlobalNorm { max_norm: Positive::new(5.0)? },
            penalties: Arc::new(vec![Box::new(L2::new(NonNegative::new(0.5)?))]),
            max_norm: MaxNorm { max_norm: Positive::new(3.0)? },
            averages: Arc::default(),
        })
    }

    /// Opens the next step. Returns what batch and targets become; stochastic layers read the clock.
    pub fn on_batch(&self, inputs: Tensor<2>, targets: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        self.clock.begin(self.clock.tick().step + 1, 0);
        mixup(inputs, label_smoothing(targets, self.smoothing), &self.mixup, &self.chance())
    }

    /// The gradients that go to the optimizer.
    pub fn on_gradients<M: Module>(&self, model: &M, gradients: Gradients) -> GradientsParams {
        on_gradients(model, gradients, |slots| {
            self.clip.apply(slots, &self.chance());
            add_gradients(&self.penalties, slots, &Starts::default(), TRAIN as f64);
        })
    }

    /// The averages begin with the weights that the first step finds.
    pub fn before_step<M: Module>(&self, model: &M) {
        let mut averages = self.averages.lock().unwrap_or_else(PoisonError::into_inner);
        averages.get_or_insert_with(|| Averages::begin(ema(), model, &parameters(model)));
    }

    /// The model behind the optimizer's step.
    pub fn after_step<M: Module>(&self, model: M) -> M {
        let model = on_weights(model, |parameter, w| self.max_norm.after(w, parameter));
        let per_epoch = TRAIN.div_ceil(BATCH) as u64;
        let at = Moment { step: self.clock.tick().step, per_epoch, steps: u64::MAX };
        match &mut *self.averages.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(averages) => averages.after_step(model, at),
            None => model,
        }
    }

    /// The model with averaged weights; it must be in training.
    pub fn averaged<M: Module>(&self, model: &M) -> Option<M> {
        let averages = self.averages.lock().unwrap_or_else(PoisonError::into_inner);
        averages.as_ref()?.averaged(model)
    }

    fn chance(&self) -> Chance {
        let step = self.clock.tick().step;
        let epoch = (step * BATCH as u64) as f64 / TRAIN as f64;
        Chance { seed: self.seed, address: Address { step, pass: 0, call: 0 }, epoch }
    }
}

/// Half is forgotten within an epoch.
fn ema() -> &'static [Box<dyn AverageDoor>] {
    static DOORS: OnceLock<Vec<Box<dyn AverageDoor>>> = OnceLock::new();
    DOORS.get_or_init(|| {
        let half_life = Positive::new((TRAIN / BATCH) as f64).expect("it is above zero");
        vec![Box::new(Ema { memory: Memory::HalfLife(half_life), warm_up: true })]
    })
}

/// Burn's modules can be shown, and doors cannot.
impl fmt::Debug for Techniques {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Techniques")
    }
}
