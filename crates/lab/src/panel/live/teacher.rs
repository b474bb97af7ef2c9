//! The teacher of a page's distillation: the same network without any technique, trained first. A
//! page cannot name a stored model of the machine.

use super::lock;
use super::recipe::Asked;
use crate::scratch::Scratch;
use serde_json::Value;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use wellfit::nn::train::{Progress, Watch, Wish};
use wellfit::{Experiment, Folder};

/// The folder of the teacher beside the recipe.
pub const FOLDER: &str = "teacher";
/// What the page says of it.
pub const NOTE: &str = "Here the teacher is the same network without any technique, trained first \
                        for up to 30 epochs: what `wellfit train` leaves in the folder `teacher`.";
/// Epochs of a teacher, at most.
const EPOCHS: u64 = 30;
/// A page waits so long for a teacher, which then teaches what it knows.
const LONGEST: Duration = Duration::from_secs(15);
/// Teachers that are kept, for strengths are tried one after the other.
const KEPT: usize = 4;

/// A recipe and the folder of its model.
type Taught = (Asked, Arc<Scratch>);

static TAUGHT: Mutex<VecDeque<Taught>> = Mutex::new(VecDeque::new());

/// The folder with the trained teacher of `student`.
///
/// # Errors
/// What is wrong with the recipe, in a sentence.
pub fn of(student: &Asked) -> Result<Arc<Scratch>, String> {
    let asked = student.teacher();
    let known = |taught: &&Taught| taught.0 == asked;
    if let Some((_, folder)) = lock(&TAUGHT).iter().find(known) {
        return Ok(Arc::clone(folder));
    }
    let folder = Arc::new(train(&asked.experiment(None)?)?);
    let mut taught = lock(&TAUGHT);
    taught.truncate(KEPT - 1);
    taught.push_front((asked, Arc::clone(&folder)));
    Ok(folder)
}

fn train(experiment: &Experiment) -> Result<Scratch, String> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let pool = pool.map_err(|error| format!("no thread for the teacher: {error}"))?;
    let mut watch = Until(Instant::now() + LONGEST);
    let failed = |error: wellfit::Error| format!("the teacher: {error}");
    let trained = pool.install(|| experiment.train(None, &mut watch)).map_err(failed)?;
    let scratch = Scratch::empty()?;
    let kept = Folder::create(&scratch.file(FOLDER))
        .and_then(|folder| folder.store(experiment, &trained.best, None, false));
    kept.map_err(|error| scratch.hide(&failed(error)))?;
    Ok(scratch)
}

/// A recipe's epochs, but no more than a teacher gets.
pub fn fewer(epochs: &mut Value) {
    if epochs.as_u64().is_some_and(|asked| asked > EPOCHS) {
        *epochs = EPOCHS.into();
    }
}

/// Ends with the time that a page waits.
struct Until(Instant);

impl Watch for Until {
    fn after_step(&mut self, _: &Progress<'_>) -> Wish {
        if Instant::now() > self.0 { Wish::Interrupt } else { Wish::Continue }
    }
}
