//! The formats that can be read, by the name that `--format` takes.

use std::fmt;
use std::str::FromStr;

/// Lists the formats once: variant, name, what it is.
macro_rules! formats {
    ($($variant:ident $name:literal $what:literal,)*) => {
        /// A format of training logs.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Format {
            $(#[doc = $what] $variant,)*
        }

        impl Format {
            /// All formats.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name that `--format` takes.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it is, in a few words.
            pub const fn what(self) -> &'static str {
                match self { $(Self::$variant => $what,)* }
            }
        }
    };
}

formats! {
    Keras "keras" "CSV of Keras' CSVLogger",
    History "history" "JSON with a list of values for each name, as Keras' History",
    Lightning "lightning" "metrics.csv of Lightning's CSVLogger",
    HuggingFace "hugging_face" "trainer_state.json of Hugging Face's Trainer",
    TensorBoard "tensorboard" "TensorBoard event files",
    CatBoost "catboost" "learn_error.tsv and test_error.tsv of CatBoost",
    Yolo "yolo" "results.csv of YOLOv5 and later",
    Fastai "fastai" "history.csv of fastai's CSVLogger",
    Mlflow "mlflow" "folders of MLflow's file store",
    MlflowSqlite "mlflow_sqlite" "MLflow's SQLite store",
    XgBoost "xgboost" "XGBoost's evals_result as JSON, or what it prints",
    LightGbm "lightgbm" "LightGBM's record of evaluations as JSON, or what it prints",
    Detectron2 "detectron2" "metrics.json of Detectron2",
    NanoGpt "nanogpt" "what nanoGPT prints",
    JsonLines "json_lines" "a JSON object on each line",
    Text "text" "lines that a program printed",
    Burn "burn" "folder of a Burn learner",
    Wandb "wandb" "CSV of Weights & Biases",
    Sklearn "sklearn" "loss_curve_ and validation_scores_ of scikit-learn as JSON",
    Wellfit "wellfit" "metrics.jsonl of wellfit",
    Csv "csv" "a table with a column for each metric",
}

impl Format {
    /// Whether a log of this format grows line by line.
    pub(super) const fn is_of_lines(self) -> bool {
        matches!(
            self,
            Self::Keras
                | Self::Lightning
                | Self::Yolo
                | Self::Fastai
                | Self::Wandb
                | Self::Csv
                | Self::JsonLines
                | Self::Detectron2
                | Self::NanoGpt
                | Self::Text
                | Self::Wellfit
        )
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().copied().find(|format| format.name() == name);
        found.ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.iter().map(|format| format.name()).collect();
            format!("expected one of {}, found `{name}`", names.join(", "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinct_and_parse() {
        for format in Format::ALL {
            assert_eq!(format.name().parse(), Ok(*format));
        }
        assert!("keras2".parse::<Format>().unwrap_err().contains("lightning"));
    }
}
