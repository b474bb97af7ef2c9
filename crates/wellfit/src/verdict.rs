//! The closing verdict on a run of ours: a diagnosis that knows more than the log tells.

use crate::Experiment;
use wellfit_core::run::Run;
use wellfit_diagnose::{Context, Diagnosis, Inputs, diagnose_with};

impl Experiment {
    /// Diagnoses the log of a run of this experiment.
    pub fn diagnose(&self, log: &Run) -> Diagnosis {
        diagnose_with(log, &self.context())
    }

    fn context(&self) -> Context {
        let train = &self.data.train;
        let is_table = train.shape.len() == 1;
        Context {
            constant_loss: Some(self.loss().of_constant(&train.target)),
            inputs: Some(if is_table { Inputs::Table } else { Inputs::Images }),
            examples: Some(train.len() as u64),
            batch_size: Some(self.config.batch_size.get() as u64),
            in_use: self.doors.ids().iter().map(|id| id.to_string()).collect(),
        }
    }
}
