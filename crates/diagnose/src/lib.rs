//! Reads anyone's training log and says whether the model overfits, since when, and what to try.
//!
//! The judgement works on a [`Run`](wellfit_core::run::Run): plain numbers over epochs, whoever
//! wrote them. Nothing here prints.
//!
//! ```
//! use wellfit_core::run::{Part, Run};
//! use wellfit_diagnose::{Verdict, diagnose};
//!
//! let mut run = Run::new("plain");
//! for (epoch, train, validation) in [(1.0, 0.6, 0.62), (5.0, 0.2, 0.58), (10.0, 0.1, 0.75)] {
//!     run.push(Part::Train, "loss", epoch, train);
//!     run.push(Part::Validation, "loss", epoch, validation);
//! }
//! let found = diagnose(&run);
//! assert_eq!((found.verdict, found.onset_epoch), (Verdict::Overfit, Some(5.0)));
//! assert!(found.confidence <= 0.5, "three points are few");
//! ```

mod align;
mod case;
mod confidence;
mod curve;
mod diagnosis;
mod kind;
mod onset;
mod prescription;
pub mod read;
mod rule;
mod segment;
mod sentence;
mod summary;
mod trend;
mod turn;
mod verdict;
mod watched;

pub use diagnosis::{Chosen, Context, Diagnosis, Inputs, diagnose, diagnose_with};
pub use prescription::{Remedy, techniques};
pub use rule::{Evidence, Symptom};
pub use summary::{Summary, summarize};
pub use verdict::Verdict;
pub use watched::{Watched, watched};
pub use wellfit_core::control::{Decision, NoiseAware};
