//! The cure: a plain recipe's diagnosis, a search for what cures it, and the proof.
//!
//! 1. The plain recipe runs on every pair of seed and split, and is diagnosed.
//! 2. A portfolio, what was prescribed first, and a search over all techniques that suit, on the
//!    recipe's own split.
//! 3. A race of the best against plain, on the pairs.
//! 4. The test rows, opened once.

mod answer;
mod band;
mod candidate;
mod compare_page;
mod comparing;
mod constant;
mod files;
mod judgement;
mod menu;
mod objective;
mod observer;
mod page;
mod plan;
mod race;
mod remote;
mod rules;
mod settings;
mod stretch;
mod trial;
mod tuning;

pub use answer::{Answer, Baseline, Chosen, Difference, Finalist, Test};
pub use band::Band;
pub use candidate::Candidate;
pub use comparing::{Against, Compared, Comparing, Row};
pub use judgement::{Judgement, Lane};
pub use menu::menu;
pub use observer::{Event, Observer};
pub use race::{Race, Ran, Tested};
pub use rules::Mixes;
pub(crate) use settings::SECTION;
pub use settings::Settings;
pub use stretch::{Stretch, stretch, value_at};
pub use trial::{Outcome, Spec};
pub use tuning::{Cure, Tuning};
