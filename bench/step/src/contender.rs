//! Who is measured: our perceptron with one technique, or the same perceptron written with Burn
//! alone. All go through the same training loop.

use crate::by_hand::ByHand;
use crate::stopwatch::Stopwatch;
use wellfit_core::card::Door;
use wellfit_core::number::Positive;
use wellfit_core::recipe::Recipe;
use wellfit_core::seed::Seed;
use wellfit_data::{Dataset, Target};
use wellfit_nn::Error;
use wellfit_nn::burn::tensor::{Device, Tensor};
use wellfit_nn::chance::StepClock;
use wellfit_nn::layer::Sites;
use wellfit_nn::loss::Loss;
use wellfit_nn::model::{Model, ModelConfig, Network};
use wellfit_nn::technique::{Doors, shelf};
use wellfit_nn::train::{Job, TrainConfig, Trained, train};

/// The plain step. A run is over before its only epoch ends, so that no evaluation is measured.
const RECIPE: &str = "
[model]
mlp = { widths = [512, 512] }
[train]
epochs = 1
batch_size = 128
learning_rate = 0.01
optimizer = { sgd = { momentum = 0.9 } }
clean_examples = 1
";
const BATCH: usize = 128;
const CLASSES: usize = 10;
const SEED: Seed = Seed::new(1);

/// The share that both dropouts drop.
const DROPPED: f64 = 0.2;

/// What all contenders share.
pub struct Setting {
    data: Dataset,
    device: Device,
    steps: usize,
}

impl Setting {
    /// Noise in the shape of MNIST, enough of it for one run of `steps` measured steps.
    pub fn new(steps: usize) -> Result<Self, wellfit_data::Error> {
        let shape = vec![1, 28, 28];
        let count = (Stopwatch::WARM_UP + steps + 1) * BATCH;
        let mut draw = SEED.stream("examples").step(0);
        let inputs = draw.uniform(count * 784, 0.0, 1.0);
        let labels = (0..count).map(|_| draw.below(CLASSES as u64) as u32).collect();
        let names = (0..CLASSES).map(|k| k.to_string()).collect();
        let data = Dataset::new(inputs, shape, Target::Classes { labels, names }, Vec::new())?;
        let data = data.with_white(Positive::ONE);
        Ok(Self { data, device: Device::flex().autodiff(), steps })
    }
}

/// One row of the table.
pub struct Contender {
    /// Id of the technique, for `--only`.
    pub id: &'static str,
    /// How the table calls it.
    pub label: String,
    doors: Doors,
    model: ModelConfig,
    config: TrainConfig,
    /// Burn's own dropout at this rate in a model by hand, instead of our model.
    by_hand: Option<f64>,
}

/// All contenders: first the controls that should cost nothing, then dropout, then what of the shelf
/// has a place in a perceptron.
pub fn contenders() -> Result<Vec<Contender>, wellfit_core::Error> {
    let by_hand = |id, label: &str, rate: f64| {
        Ok(Contender { id, label: label.to_owned(), by_hand: Some(rate), ..Contender::plain()? })
    };
    let example = format!("{{ rate = {DROPPED} }}");
    let mut all = vec![
        Contender::plain()?,
        by_hand("plain", "plain, written with Burn alone", 0.0)?,
        Contender::with("dropout", &example)?,
        by_hand("dropout", &format!("Burn's own dropout, {example}"), DROPPED)?,
    ];
    for card in shelf().map(|shelved| shelved.card).filter(|card| card.id != "dropout") {
        let contender = Contender::with(card.id, card.example)?;
        // Controls act between epochs.
        if card.door != Door::Control && contender.has_place() {
            all.push(contender);
        }
    }
    Ok(all)
}

impl Contender {
    /// The step that all others are compared with.
    pub fn plain() -> Result<Self, wellfit_core::Error> {
        Self::of("plain", "plain".to_owned(), RECIPE)
    }

    /// The plain step and one technique with these values; one that compares passes comes with
    /// the dropout that it cannot be without.
    fn with(id: &'static str, values: &str) -> Result<Self, wellfit_core::Error> {
        let recipe = format!("{RECIPE}\n[[regularize]]\n{id} = {values}\n");
        let alone = Self::of(id, format!("{id} {values}"), &recipe)?;
        if !alone.doors.losses.iter().any(|door| door.compares_passes()) {
            return Ok(alone);
        }
        let dropout = format!("{recipe}\n[[regularize]]\ndropout = {{ rate = {DROPPED} }}\n");
        Self::of(id, format!("{id} {values}, with dropout"), &dropout)
    }

    fn of(id: &'static str, label: String, recipe: &str) -> Result<Self, wellfit_core::Error> {
        let recipe = Recipe::parse("benchmark", recipe)?;
        let (model, config) = (recipe.section("model")?, recipe.section("train")?);
        Ok(Self { id, label, doors: Doors::read(&recipe)?, model, config, by_hand: None })
    }

    /// Whether its technique finds a place in the model.
    fn has_place(&self) -> bool {
        let (clock, device) = (StepClock::new(), Device::flex().autodiff());
        let sites = Sites::new(&self.doors, SEED, &clock, &device);
        self.model.build(&[784], CLASSES, &sites).is_ok()
    }

    /// Whether it is our model, and not Burn's by hand.
    pub fn is_ours(&self) -> bool {
        self.by_hand.is_none()
    }

    /// Milliseconds of the median step in one short run from fresh weights.
    pub fn step_time(&self, setting: &Setting) -> Result<f64, Error> {
        let mut stopwatch = Stopwatch::new(setting.steps);
        match self.by_hand {
            Some(rate) => drop(self.train_by_hand(rate, setting, &mut stopwatch)?),
            None => drop(self.train_ours(setting, &mut stopwatch)?),
        }
        Ok(stopwatch.median())
    }

    fn train_by_hand(
        &self,
        rate: f64,
        setting: &Setting,
        watch: &mut Stopwatch,
    ) -> Result<Trained<ByHand>, Error> {
        let build = || Ok(ByHand::new(rate, SEED, &setting.device));
        self.train(&build, &StepClock::new(), setting, watch)
    }

    fn train_ours(
        &self,
        setting: &Setting,
        watch: &mut Stopwatch,
    ) -> Result<Trained<Model>, Error> {
        let clock = &StepClock::new();
        let sites = Sites::new(&self.doors, SEED, clock, &setting.device);
        let build = || self.model.build(&setting.data.shape, CLASSES, &sites);
        self.train(&build, clock, setting, watch)
    }

    fn train<M: Network>(
        &self,
        build: &(dyn Fn() -> Result<M, Error> + Sync),
        clock: &StepClock,
        setting: &Setting,
        watch: &mut Stopwatch,
    ) -> Result<Trained<M>, Error> {
        let teacher = build()?.valid();
        let teach = |inputs: Tensor<2>| Tensor::from_inner(teacher.forward(inputs.inner()));
        let learns = self.doors.losses.iter().any(|door| door.teacher().is_some());
        let job = Job {
            build,
            clock,
            train: &setting.data,
            validation: &setting.data,
            doors: &self.doors,
            config: &self.config,
            loss: Loss::CrossEntropy,
            seed: SEED,
            device: &setting.device,
            teacher: learns.then_some(&teach),
        };
        train(&job, None, watch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wellfit_nn::train::{StoppedBy, outputs};

    /// The comparison with Burn is fair: without dropout both models do the same to the last bit.
    #[test]
    fn the_model_by_hand_is_the_same_model() {
        let setting = Setting::new(2).unwrap();
        let plain = Contender::plain().unwrap();
        let watch = || Stopwatch::new(2);
        let ours = plain.train_ours(&setting, &mut watch()).unwrap();
        let by_hand = |rate| plain.train_by_hand(rate, &setting, &mut watch()).unwrap();
        let ours = outputs(&ours.last, &setting.data, &setting.device).unwrap();
        let of = |rate| outputs(&by_hand(rate).last, &setting.data, &setting.device).unwrap();
        assert_eq!(of(0.0), ours);
        assert_ne!(of(DROPPED), ours);
    }

    #[test]
    fn a_run_ends_before_its_epoch_is_evaluated() {
        let setting = Setting::new(2).unwrap();
        let plain = Contender::plain().unwrap();
        let trained = plain.train_ours(&setting, &mut Stopwatch::new(2)).unwrap();
        assert_eq!(trained.stopped_by, StoppedBy::Interrupt);
        assert_eq!(trained.epochs, 0);
        assert!(trained.log.series.is_empty());
    }

    #[test]
    fn every_technique_of_a_step_takes_part_once() {
        let all = contenders().unwrap();
        for card in shelf().map(|shelved| shelved.card) {
            let times = all.iter().filter(|c| c.id == card.id && c.by_hand.is_none()).count();
            let of_images = Contender::with(card.id, card.example).is_ok_and(|c| !c.has_place());
            let takes_part = card.door != Door::Control && !of_images;
            assert_eq!(times, usize::from(takes_part), "{}", card.id);
        }
        assert!(all.len() > 20, "only {} contenders", all.len());
    }
}
