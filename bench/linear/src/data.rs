//! The numbers of a case.

use crate::ROOM;
use crate::case::{Case, Task};
use bench_peer::{Outcome, show};
use std::path::{Path, PathBuf};
use std::process::Command;
use wellfit_linear::{Csc, Design};

pub struct Data {
    pub folder: PathBuf,
    pub task: Task,
    pub logistic: bool,
    pub ratio: f64,
    pub target: Vec<f64>,
    /// For ridge n λ.
    pub lambdas: Vec<f64>,
    /// The fold of each row.
    pub folds: Vec<usize>,
    pub features: usize,
    rows: usize,
    values: Vec<f64>,
    sparse: Option<Csc>,
}

impl Data {
    /// Has the script make them, unless they are there, and reads them.
    pub fn made(case: &Case, python: &Path) -> Outcome<Self> {
        let name: String = case.name.chars().filter(|c| c.is_alphanumeric()).collect();
        let folder = ROOM.scratch(&name)?;
        let told = serde_json::to_string(case)?;
        std::fs::write(folder.join("case.json"), &told)?;
        if !std::fs::read_to_string(folder.join("made.json")).is_ok_and(|made| made == told) {
            show(Command::new(python).arg(ROOM.script("data.py")).arg(&folder))?;
        }
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
            folds: whole(&folder.join("folds"))?,
            folder,
            task: case.task,
            logistic: case.family == "logistic",
            ratio: case.ratio,
            features: case.features,
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
