//! A table, a linear model along the whole path of strengths, and the one to take: what
//! `wellfit path` does, for programs.
//!
//! ```text
//! Source (columns understood) -> Table (features and target) -> solve -> Solved -> json
//! ```

mod along;
mod chart;
mod family;
mod json;
mod solve;
mod table;

pub use chart::chart;
pub use family::Family;
pub use json::json;
pub use solve::{Ask, Point, Select, Solved, solve};
pub use table::{Source, Table, told};

use wellfit_core::number::Positive;

const TOLERANCE: f64 = 1e-12;

/// Duality gap, as a share of the deviance without features, at which a fit has converged, 1e-12:
/// about six digits of a coefficient are right then, and the solvers' last steps are cheap.
pub fn tolerance() -> Positive {
    Positive::new(TOLERANCE).unwrap_or(Positive::TINY)
}

/// Six digits that matter.
pub fn number(value: f64) -> String {
    let size = value.abs();
    match size {
        0.0 => "0".to_owned(),
        _ if !size.is_finite() => "unknown".to_owned(),
        _ if !(1e-4..1e7).contains(&size) => format!("{value:.5e}"),
        _ => format!("{value:.*}", (5.0 - size.log10().floor()).clamp(0.0, 9.0) as usize),
    }
}
