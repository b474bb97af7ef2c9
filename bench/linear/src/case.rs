//! What is solved.

use crate::{Outcome, place, python};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::process::Command;
use wellfit_linear::{Csc, Design};

/// A problem and its grid of 100 λ.
#[derive(Serialize)]
pub struct Case {
    pub name: &'static str,
    pub family: &'static str,
    pub rows: usize,
    pub features: usize,
    /// Share of entries other than zero.
    pub density: f64,
    /// Share of L1.
    pub ratio: f64,
    /// Smallest λ over the largest.
    pub least: f64,
    pub peers: &'static [&'static str],
}

const FOR_WIDE: &[&str] = &["glmnet", "adelie", "celer"];
const FOR_ALL: &[&str] = &["glmnet", "adelie"];

const fn dense(
    name: &'static str,
    (rows, features): (usize, usize),
    (ratio, least): (f64, f64),
    peers: &'static [&'static str],
) -> Case {
    Case { name, family: "gaussian", rows, features, density: 1.0, ratio, least, peers }
}

pub const CASES: &[Case] = &[
    dense("elastic net 1,000 x 5,000 to 1e-2", (1_000, 5_000), (0.5, 1e-2), FOR_WIDE),
    dense("elastic net 1,000 x 5,000 to 1e-3", (1_000, 5_000), (0.5, 1e-3), FOR_ALL),
    dense("lasso 1,000 x 5,000 to 1e-2", (1_000, 5_000), (1.0, 1e-2), FOR_WIDE),
    dense("lasso 1,000 x 5,000 to 1e-3", (1_000, 5_000), (1.0, 1e-3), FOR_ALL),
    dense(
        "elastic net 10,000 x 200 to 1e-3",
        (10_000, 200),
        (0.5, 1e-3),
        &["glmnet", "adelie", "scikit-learn"],
    ),
    dense("elastic net 200 x 20,000 to 1e-3", (200, 20_000), (0.5, 1e-3), FOR_ALL),
    Case {
        family: "logistic",
        ..dense("logistic lasso 2,000 x 1,000 to 1e-2", (2_000, 1_000), (1.0, 1e-2), FOR_ALL)
    },
    Case {
        density: 1e-3,
        ..dense("sparse lasso 20,000 x 50,000 to 1e-2", (20_000, 50_000), (1.0, 1e-2), &["glmnet"])
    },
];

/// The numbers of a case.
pub struct Data {
    pub folder: PathBuf,
    pub logistic: bool,
    pub ratio: f64,
    pub target: Vec<f64>,
    pub lambdas: Vec<f64>,
    rows: usize,
    values: Vec<f64>,
    sparse: Option<Csc>,
}

impl Data {
    /// Has the script make them, and reads them.
    pub fn made(case: &Case, python: &Path) -> Outcome<Self> {
        let name: String = case.name.chars().filter(|c| c.is_alphanumeric()).collect();
        let folder = place::scratch(&name)?;
        std::fs::write(folder.join("case.json"), serde_json::to_string(case)?)?;
        python::show(Command::new(python).arg(place::peer("data.py")).arg(&folder))?;
        let values = numbers(&folder.join("x"))?;
        let (values, sparse) = match case.density < 1.0 {
            false => (values, None),
            true => {
                let (starts, rows) = (whole(&folder.join("starts"))?, whole(&folder.join("rows"))?);
                (vec![], Some(Csc::new(case.rows, starts, rows, values)?))
            }
        };
        Ok(Self {
            target: numbers(&folder.join("y"))?,
            lambdas: numbers(&folder.join("lambdas"))?,
            folder,
            logistic: case.family == "logistic",
            ratio: case.ratio,
            rows: case.rows,
            values,
            sparse,
        })
    }

    pub fn design(&self) -> Outcome<Design<'_>> {
        Ok(match &self.sparse {
            Some(sparse) => Design::from(sparse),
            None => Design::from_columns(&self.values, self.rows)?,
        })
    }

    /// v += factor x_j.
    pub fn add(&self, j: usize, factor: f64, v: &mut [f64]) {
        match &self.sparse {
            Some(sparse) => sparse.pairs(j).for_each(|(row, x)| v[row] += factor * x),
            None => {
                let x = &self.values[j * self.rows..(j + 1) * self.rows];
                v.iter_mut().zip(x).for_each(|(v, x)| *v += factor * x);
            }
        }
    }

    /// x_j'v.
    pub fn dot(&self, j: usize, v: &[f64]) -> f64 {
        match &self.sparse {
            Some(sparse) => sparse.pairs(j).map(|(row, x)| x * v[row]).sum(),
            None => {
                let x = &self.values[j * self.rows..(j + 1) * self.rows];
                x.iter().zip(v).map(|(x, v)| x * v).sum()
            }
        }
    }
}

/// 64-bit floats of a file.
pub fn numbers(file: &Path) -> Outcome<Vec<f64>> {
    let bytes = std::fs::read(file)?;
    Ok(bytes.as_chunks::<8>().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect())
}

fn whole(file: &Path) -> Outcome<Vec<usize>> {
    let bytes = std::fs::read(file)?;
    let one = |bytes: &[u8; 8]| usize::try_from(i64::from_le_bytes(*bytes));
    Ok(bytes.as_chunks::<8>().0.iter().map(one).collect::<Result<_, _>>()?)
}
