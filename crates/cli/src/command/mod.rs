//! The subcommands, one file each.

mod compare;
mod completions;
mod data;
mod diagnose;
mod evaluate;
mod explain;
mod lab;
mod man;
mod path;
mod plot;
mod predict;
mod prove;
mod study;
mod techniques;
mod train;
mod trial;
mod tune;

use crate::error::Failure;
use clap::Subcommand;
use std::process::ExitCode;

/// A subcommand with its arguments.
#[derive(Subcommand)]
pub enum Command {
    Diagnose(diagnose::Diagnose),
    Train(train::Train),
    Tune(tune::Tune),
    Compare(compare::Compare),
    Trial(trial::TrialArgs),
    Study(study::Study),
    Path(path::PathArgs),
    Predict(predict::Predict),
    Evaluate(evaluate::Evaluate),
    Plot(plot::Plot),
    Lab(lab::LabArgs),
    Explain(explain::Explain),
    Techniques(techniques::Techniques),
    Prove(prove::Prove),
    Data(data::Data),
    Completions(completions::Completions),
    Man(man::Man),
}

impl Command {
    /// Runs it.
    pub fn run(self) -> Result<ExitCode, Failure> {
        match self {
            Self::Diagnose(diagnose) => diagnose.run(),
            Self::Train(train) => train.run(),
            Self::Tune(tune) => tune.run(),
            Self::Compare(compare) => compare.run(),
            Self::Trial(trial) => trial.run(),
            Self::Study(study) => study.run(),
            Self::Path(path) => path.run(),
            Self::Predict(predict) => predict.run(),
            Self::Evaluate(evaluate) => evaluate.run(),
            Self::Plot(plot) => plot.run(),
            Self::Lab(lab) => lab.run(),
            Self::Explain(explain) => explain.run(),
            Self::Techniques(techniques) => techniques.run(),
            Self::Prove(prove) => prove.run(),
            Self::Data(data) => data.run(),
            Self::Completions(completions) => completions.run(),
            Self::Man(man) => man.run(),
        }
    }
}
