//! The runs of one page: one, or the same seed with and without techniques side by side.

use super::control::{Control, Order};
use super::lock;
use super::pace::Pace;
use super::recipe::Asked;
use super::run::{Mailbox, Runner};
use super::snapshot::{Moment, Observer};
use super::turn::Turns;
use std::sync::{Arc, Mutex};
use tokio::sync::watch::{Receiver, channel};
use wellfit::Experiment;
use wellfit::nn::chance::StepClock;
use wellfit::nn::snapshot::Snapshot;

/// The runs of one page.
pub struct Session {
    /// What the page wants.
    pub control: Arc<Control>,
    /// The run that was asked for, and behind it the one without techniques where that was wanted.
    pub sides: Vec<Side>,
    asked: Mutex<Asked>,
}

/// One run as its page sees it.
pub struct Side {
    /// The experiment as it began.
    pub experiment: Arc<Experiment>,
    /// The newest moment.
    pub told: Receiver<Arc<Moment>>,
    mailbox: Mailbox,
}

impl Session {
    /// Begins to train, or waits where `control` says so.
    ///
    /// # Errors
    /// What is wrong with the recipe, in a sentence.
    pub fn begin(
        asked: Asked,
        beside: bool,
        control: Control,
        turns: &Arc<Turns>,
    ) -> Result<Self, String> {
        let with = Arc::new(asked.experiment(None)?);
        let mut experiments = vec![Arc::clone(&with)];
        if beside {
            let data = Some(Arc::clone(&with.data));
            experiments.push(Arc::new(asked.plain().experiment(data)?));
        }
        let control = Arc::new(control);
        let pace = Arc::new(Pace::new(experiments.len()));
        let begin = |(index, experiment)| {
            side(index, experiment, Arc::clone(&control), Arc::clone(&pace), Arc::clone(turns))
        };
        let sides: Result<_, String> = experiments.into_iter().enumerate().map(begin).collect();
        // Where one cannot begin, the others are not left behind.
        let sides = sides.inspect_err(|_| control.give(Order::End))?;
        Ok(Self { control, sides, asked: Mutex::new(asked) })
    }

    /// Goes on with other strengths from the next epoch on; the run beside takes the learning rate
    /// alone. Gives the recipe that holds then.
    ///
    /// # Errors
    /// More than strengths differ, or what is wrong with the recipe, in a sentence.
    pub fn change(&self, sent: Asked) -> Result<String, String> {
        let mut asked = lock(&self.asked);
        if !asked.is_same_but_for_strengths(&sent) {
            let message = "only techniques and the learning rate can change while a run goes: \
                           start anew for other data, another model or another seed";
            return Err(message.to_owned());
        }
        let next = |(index, side): (usize, &Side)| {
            let wanted = if index == 0 { sent.clone() } else { sent.plain() };
            let next = wanted.experiment(Some(Arc::clone(&side.experiment.data)))?;
            fits(&side.experiment, &next)?;
            Ok(Arc::new(next))
        };
        // All or none go on with it.
        let next: Result<Vec<_>, String> = self.sides.iter().enumerate().map(next).collect();
        let next = next?;
        for (side, next) in self.sides.iter().zip(&next) {
            *lock(&side.mailbox) = Some(Arc::clone(next));
        }
        *asked = sent;
        Ok(next[0].canonical.clone())
    }

    /// What was asked last.
    pub fn asked(&self) -> Asked {
        lock(&self.asked).clone()
    }

    /// Whether all runs have ended.
    pub fn has_ended(&self) -> bool {
        self.sides.iter().all(|side| side.told.borrow().ended.is_some())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.control.give(Order::End);
    }
}

/// Begins one run in a pool of one thread, in which all that the run would spread over cores stays.
fn side(
    index: usize,
    experiment: Arc<Experiment>,
    control: Arc<Control>,
    pace: Arc<Pace>,
    turns: Arc<Turns>,
) -> Result<Side, String> {
    let observer = Observer::new(&experiment).map_err(|error| error.to_string())?;
    let (tell, told) = channel(Arc::new(observer.at_start().map_err(|error| error.to_string())?));
    let mailbox = Mailbox::default();
    let runner = Runner { index, control, pace, turns, mailbox: Arc::clone(&mailbox), tell };
    let name = |_| "wellfit-lab-run".to_owned();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).thread_name(name).build();
    let pool = pool.map_err(|error| format!("no thread for the run: {error}"))?;
    let trained = Arc::clone(&experiment);
    pool.spawn(move || runner.run(trained));
    Ok(Side { experiment, told, mailbox })
}

/// Refuses techniques that give the model other tensors, which training cannot go on with.
fn fits(now: &Experiment, next: &Experiment) -> Result<(), String> {
    let tensors = |experiment: &Experiment| {
        let model = experiment.build(&StepClock::new()).map_err(|error| error.to_string())?;
        let model = Snapshot::of(&model);
        let shape = |(path, data): (&String, &wellfit::nn::burn::tensor::TensorData)| {
            (path.clone(), data.shape().clone())
        };
        Ok::<_, String>(model.tensors().iter().map(shape).collect::<Vec<_>>())
    };
    let same = tensors(now)? == tensors(next)?;
    let message = "this technique adds tensors to the model or takes some away: start anew";
    same.then_some(()).ok_or_else(|| message.to_owned())
}
