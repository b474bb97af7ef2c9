//! The problems of `golden/problems.json`, and what other programs answered.

use serde_json::Value;
use wellfit_linear::{Csc, Design, Problem, Settings};

/// One problem with one λ after the other.
pub struct Case {
    pub name: String,
    pub family: String,
    pub ratio: f64,
    pub lambdas: Vec<f64>,
    pub x: Vec<Vec<f64>>,
    /// Outputs of each sample: one, or several for `multitask`.
    pub y: Vec<Vec<f64>>,
    pub weights: Option<Vec<f64>>,
    pub settings: Settings,
    flat: Vec<f64>,
    target: Vec<f64>,
    sparse: Option<Csc>,
}

/// Coefficients of one λ, a row for each output or class.
#[derive(Debug, Clone)]
pub struct Answer {
    pub intercepts: Vec<f64>,
    pub coefficients: Vec<Vec<f64>>,
}

pub fn cases() -> Vec<Case> {
    let problems: Value = serde_json::from_str(include_str!("../golden/problems.json")).unwrap();
    problems["cases"].as_array().unwrap().iter().map(|case| Case::new(case, &problems)).collect()
}

/// The answers of a program by case; none for a case that it cannot solve.
pub struct Peer(pub &'static str, Value);

pub fn peers() -> [Peer; 2] {
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap()["fits"].take();
    [
        Peer("scikit-learn", read(include_str!("../golden/scikit_learn.json"))),
        Peer("glmnet", read(include_str!("../golden/glmnet.json"))),
    ]
}

impl Peer {
    pub fn answer(&self, case: &str, at: usize) -> Option<Answer> {
        let fit = self.1.get(case)?.get(at)?;
        let intercepts = floats(&fit["intercepts"]);
        Some(Answer { intercepts, coefficients: rows(&fit["coefficients"]) })
    }
}

impl Case {
    fn new(case: &Value, problems: &Value) -> Self {
        let on = case["data"].as_str().unwrap();
        let data = &problems["data"][on];
        let x = rows(&data["x"]);
        let y: Vec<Vec<f64>> = match data["y"][0].is_array() {
            true => rows(&data["y"]),
            false => floats(&data["y"]).into_iter().map(|y| vec![y]).collect(),
        };
        let flat = x.concat();
        let columns: Vec<Vec<f64>> =
            (0..x[0].len()).map(|j| x.iter().map(|row| row[j]).collect()).collect();
        let sparse = on.contains("sparse");
        let sparse = sparse.then(|| Csc::from_columns(x.len(), columns.iter().map(Vec::as_slice)));
        let far = |bound: f64| if bound.abs() > 1e20 { bound * f64::INFINITY } else { bound };
        let bounds = case["bounds"].as_array().map(|_| {
            rows(&case["bounds"]).iter().map(|pair| (far(pair[0]), far(pair[1]))).collect()
        });
        let settings = Settings {
            intercept: case["intercept"].as_bool().unwrap(),
            standardize: case["standardize"].as_bool().unwrap(),
            factors: case["factors"].as_array().map(|_| floats(&case["factors"])),
            bounds,
            ..Settings::default()
        };
        Self {
            name: case["name"].as_str().unwrap().to_owned(),
            family: case["family"].as_str().unwrap().to_owned(),
            ratio: case["ratio"].as_f64().unwrap(),
            lambdas: floats(&case["lambdas"]),
            target: y.iter().map(|row| row[0]).collect(),
            weights: data.get("weights").map(floats),
            settings,
            x,
            y,
            flat,
            sparse,
        }
    }

    pub fn problem(&self) -> Problem<'_> {
        let design = match &self.sparse {
            Some(sparse) => Design::from(sparse),
            None => Design::from_rows(&self.flat, self.x[0].len()).unwrap(),
        };
        let problem = Problem::new(design, &self.target);
        self.weights.iter().fold(problem, |problem, weights| problem.weighted(weights))
    }

    /// Weights that add up to 1.
    pub fn shares(&self) -> Vec<f64> {
        let weights = self.weights.clone().unwrap_or(vec![1.0; self.x.len()]);
        let total: f64 = weights.iter().sum();
        weights.iter().map(|w| w / total).collect()
    }

    pub fn features(&self) -> usize {
        self.x[0].len()
    }

    pub fn factor(&self, j: usize) -> f64 {
        self.settings.factors.as_ref().map_or(1.0, |factors| factors[j])
    }

    pub fn bound(&self, j: usize) -> (f64, f64) {
        let free = (f64::NEG_INFINITY, f64::INFINITY);
        self.settings.bounds.as_ref().map_or(free, |bounds| bounds[j])
    }

    /// Standard deviations of the features, or 1 where they are taken as they are.
    pub fn scales(&self) -> Vec<f64> {
        if !self.settings.standardize {
            return vec![1.0; self.features()];
        }
        let shares = self.shares();
        let moment = |j: usize, about: f64, power: i32| -> f64 {
            self.x.iter().zip(&shares).map(|(row, w)| w * (row[j] - about).powi(power)).sum()
        };
        (0..self.features()).map(|j| moment(j, moment(j, 0.0, 1), 2).sqrt()).collect()
    }
}

fn floats(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn rows(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().unwrap().iter().map(floats).collect()
}
