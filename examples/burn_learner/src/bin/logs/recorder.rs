//! The strategy, and beside it what Burn's event store says after each epoch.

use burn::train::EarlyStoppingStrategy;
use burn::train::metric::store::{Aggregate, EventStoreClient, Split};
use std::fmt::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};
use wellfit_nn::control::learner::NoiseAwareStrategy;

const SERIES: [(&str, Split, &str); 4] = [
    ("train.loss", Split::Train, "Loss"),
    ("train.accuracy", Split::Train, "Accuracy"),
    ("validation.loss", Split::Valid, "Loss"),
    ("validation.accuracy", Split::Valid, "Accuracy"),
];

/// Asks the strategy and remembers.
#[derive(Clone)]
pub struct Recorder(Arc<Mutex<(NoiseAwareStrategy, Vec<[f64; SERIES.len()]>)>>);

impl Default for Recorder {
    fn default() -> Self {
        Self(Arc::new(Mutex::new((NoiseAwareStrategy::loss(), Vec::new()))))
    }
}

impl EarlyStoppingStrategy for Recorder {
    fn should_stop(&mut self, epoch: usize, store: &EventStoreClient) -> bool {
        let mut state = self.0.lock().expect("no other thread failed");
        let values = SERIES.map(|(_, split, metric)| {
            store.find_metric(metric, epoch, Aggregate::Mean, &split).expect("it is registered")
        });
        state.1.push(values);
        state.0.should_stop(epoch, store)
    }
}

impl Recorder {
    /// Writes what the store knew. Returns the best and the last epoch.
    pub fn write(&self, path: &Path) -> (usize, usize) {
        let state = self.0.lock().expect("no other thread failed");
        let mut text = String::from(
            "{\n \"made_by\": {\"burn\": \"0.22.1\"},\n \"log\": \"burn/run\",\n \"format\": \"burn\",\n \"runs\": [\n  {",
        );
        for (at, (name, ..)) in SERIES.iter().enumerate() {
            let points = state
                .1
                .iter()
                .enumerate()
                .map(|(epoch, values)| format!("[{}, {}]", epoch + 1, values[at]));
            let points: Vec<String> = points.collect();
            let comma = if at == 0 { "" } else { "," };
            write!(text, "{comma}\n   \"{name}\": [{}]", points.join(", "))
                .expect("memory takes text");
        }
        text.push_str("\n  }\n ]\n}\n");
        std::fs::write(path, text).expect("the folder can be written");
        (state.0.best().map_or(0, |best| best.0), state.1.len())
    }
}
