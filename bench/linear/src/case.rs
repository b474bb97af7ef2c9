//! What is solved.

use serde::Serialize;

/// A problem and its grid of 100 λ.
#[derive(Serialize, Clone)]
pub struct Case {
    pub name: &'static str,
    pub task: Task,
    pub family: &'static str,
    pub rows: usize,
    pub features: usize,
    /// Share of entries other than zero.
    pub density: f64,
    /// Share of features that carry signal.
    pub signal: f64,
    /// Share of L1.
    pub ratio: f64,
    /// Smallest λ over the largest.
    pub least: f64,
    pub peers: &'static [&'static str],
}

#[derive(Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Task {
    /// Coefficients of each λ; an answer is judged by its largest duality gap over P(0), the
    /// objective of the intercept alone.
    Path,
    /// The error of each λ in ten folds, and a path on all rows; judged by the largest relative
    /// error of the curve.
    Folds,
    /// The leave-one-out error of ridge for each λ; judged as folds are.
    Ridge,
}

impl Task {
    /// How far from exact a peer may be to count as having solved it, and how far we may be.
    pub fn limits(self) -> (f64, f64) {
        match self {
            Self::Path => (3e-5, 1e-6),
            Self::Folds => (5e-4, 5e-4),
            Self::Ridge => (1e-6, 1e-6),
        }
    }
}

const FOR_WIDE: &[&str] = &["adelie", "glmnet", "celer", "skglm"];
const FOR_WEAK: &[&str] = &["adelie", "glmnet"];
const FOR_TALL: &[&str] = &["scikit-learn", "adelie", "glmnet"];
const FOR_CLASSES: &[&str] = &["adelie", "glmnet", "skglm"];
const FOR_SPARSE: &[&str] = &["glmnet", "adelie", "celer"];
const FOR_FOLDS: &[&str] = &["scikit-learn", "adelie", "glmnet"];
const FOR_RIDGE: &[&str] = &["scikit-learn auto", "scikit-learn svd", "scikit-learn eigen"];

const fn path(
    name: &'static str,
    (rows, features): (usize, usize),
    (ratio, least): (f64, f64),
    peers: &'static [&'static str],
) -> Case {
    let (task, family) = (Task::Path, "gaussian");
    Case { name, task, family, rows, features, density: 1.0, signal: 0.2, ratio, least, peers }
}

const fn few(mut case: Case) -> Case {
    case.signal = 0.02;
    case
}

const fn folds(name: &'static str, shape: (usize, usize), least: f64) -> Case {
    let mut case = path(name, shape, (1.0, least), FOR_FOLDS);
    case.task = Task::Folds;
    case
}

const fn ridge(name: &'static str, shape: (usize, usize)) -> Case {
    let mut case = path(name, shape, (0.0, 1e-6), FOR_RIDGE);
    case.task = Task::Ridge;
    case
}

pub const CASES: &[Case] = &[
    path("elastic net 1,000 x 5,000 to 1e-2", (1_000, 5_000), (0.5, 1e-2), FOR_WIDE),
    path("elastic net 1,000 x 5,000 to 1e-3", (1_000, 5_000), (0.5, 1e-3), FOR_WEAK),
    path("lasso 1,000 x 5,000 to 1e-2", (1_000, 5_000), (1.0, 1e-2), FOR_WIDE),
    path("lasso 1,000 x 5,000 to 1e-3", (1_000, 5_000), (1.0, 1e-3), FOR_WEAK),
    few(path("elastic net, few signals 1,000 x 5,000", (1_000, 5_000), (0.5, 1e-2), FOR_WIDE)),
    few(path("lasso, few signals 1,000 x 5,000", (1_000, 5_000), (1.0, 1e-2), FOR_WIDE)),
    path("elastic net 10,000 x 200 to 1e-3", (10_000, 200), (0.5, 1e-3), FOR_TALL),
    path("elastic net 200 x 20,000 to 1e-3", (200, 20_000), (0.5, 1e-3), FOR_WIDE),
    Case {
        family: "logistic",
        ..path("logistic lasso 2,000 x 1,000 to 1e-2", (2_000, 1_000), (1.0, 1e-2), FOR_CLASSES)
    },
    Case {
        density: 1e-3,
        signal: 0.002,
        ..path("sparse lasso 20,000 x 50,000 to 1e-2", (20_000, 50_000), (1.0, 1e-2), FOR_SPARSE)
    },
    folds("ten folds 1,000 x 1,000 to 1e-2", (1_000, 1_000), 1e-2),
    folds("ten folds 1,000 x 1,000 to 1e-3", (1_000, 1_000), 1e-3),
    folds("ten folds 20,000 x 200 to 1e-3", (20_000, 200), 1e-3),
    ridge("ridge, leave-one-out 2,000 x 500", (2_000, 500)),
    ridge("ridge, leave-one-out 500 x 5,000", (500, 5_000)),
];
