//! What a stored model says of new examples.

use crate::{Error, StoredModel};
use wellfit_data::Examples;
use wellfit_nn::train::{ROWS, outputs};

/// What a model says of one example.
#[derive(Debug, Clone, PartialEq)]
pub enum Prediction {
    /// Classification.
    Class {
        /// The predicted class, an index into [`StoredModel::classes`].
        class: usize,
        /// The probability of every class; they sum to 1.
        probabilities: Vec<f64>,
    },
    /// Regression: a number in the units of the file that the model was trained on.
    Value(f64),
}

impl StoredModel {
    /// Predicts the examples in order, some at a time, so that memory is bounded.
    ///
    /// # Errors
    /// Each part may hold an example that cannot be read, as a damaged picture.
    pub fn predict<'a>(
        &'a self,
        examples: &'a Examples<'a>,
    ) -> impl Iterator<Item = Result<Vec<Prediction>, Error>> + 'a {
        let starts = (0..examples.len()).step_by(ROWS);
        starts.map(move |start| {
            let data = examples.part(start..examples.len().min(start + ROWS))?;
            let outputs = outputs(&self.model, &data, &self.device)?;
            let rows = outputs.chunks_exact(self.file().outputs());
            Ok(rows.map(|row| self.prediction(row)).collect())
        })
    }

    fn prediction(&self, outputs: &[f64]) -> Prediction {
        let file = self.file();
        if file.classes.is_empty() {
            let scale = file.target_scale;
            return Prediction::Value(scale.mean.get() + scale.std.get() * outputs[0]);
        }
        let class = file.loss.class(outputs, self.threshold());
        let mut probabilities = outputs.to_vec();
        file.loss.probabilities(&mut probabilities);
        Prediction::Class { class, probabilities }
    }
}
