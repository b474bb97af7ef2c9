//! A technique to try, and the shelf that they are taken from.

use serde::Serialize;

/// A technique to try, with why and how to begin.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Remedy {
    /// Id of the technique.
    pub technique: &'static str,
    /// Why it may help this run, in one sentence.
    pub reason: String,
    /// Values to begin with.
    pub start: String,
    /// Where that value comes from.
    pub source: &'static str,
    /// Lines to paste into a recipe.
    pub recipe: String,
}

impl Remedy {
    /// A technique that a prescription can name, with its usual start and no reason; none for
    /// another id.
    pub fn usual(technique: &str) -> Option<Self> {
        let shelved = SHELF.iter().find(|shelved| shelved.id == technique)?;
        Some(shelved.because(""))
    }
}

/// A technique with its usual start.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shelved {
    pub id: &'static str,
    start: &'static str,
    source: &'static str,
}

impl Shelved {
    /// The remedy with the usual start.
    pub fn because(self, reason: impl Into<String>) -> Remedy {
        self.starting(self.start, reason)
    }

    /// The remedy with a start that this run asks for.
    pub fn starting(self, start: &str, reason: impl Into<String>) -> Remedy {
        Remedy {
            technique: self.id,
            reason: reason.into(),
            start: start.to_owned(),
            source: self.source,
            recipe: format!("[[regularize]]\n{} = {{ {start} }}\n", self.id),
        }
    }
}

/// Declares the shelf: one constant for each technique, and the list of all.
macro_rules! shelf {
    ($($name:ident: $id:literal, $start:literal, $source:literal;)*) => {
        $(pub(super) const $name: Shelved = Shelved { id: $id, start: $start, source: $source };)*

        const SHELF: &[Shelved] = &[$($name),*];

        /// Every technique that a prescription can name.
        pub(super) const ALL: &[&str] = &[$($id),*];
    };
}

#[rustfmt::skip]
shelf! {
    EARLY_STOPPING: "early_stopping", "patience = 10", "Prechelt 1998, LNCS 1524";
    DROPOUT: "dropout", "rate = 0.2", "Srivastava et al. 2014, JMLR 15: 0.2 on inputs to 0.5 on hidden layers";
    L2: "l2", "lambda = 0.1", "Nielsen 2015, chapter 3: 0.1 for 1,000 examples, 5 for 50,000";
    WEIGHT_DECAY: "weight_decay", "lambda = 0.01", "Loshchilov and Hutter 2019, arXiv 1711.05101; PyTorch's default for AdamW";
    FLIP: "flip", "horizontal = 0.5", "He et al. 2016, arXiv 1512.03385";
    CROP: "crop", "padding = 0.125", "He et al. 2016, arXiv 1512.03385: four pixels on images of 32";
    MIXUP: "mixup", "alpha = 0.2", "Zhang et al. 2018, arXiv 1710.09412: 0.1 to 0.4 on ImageNet";
    LABEL_SMOOTHING: "label_smoothing", "epsilon = 0.1", "Szegedy et al. 2016, arXiv 1512.00567";
    INPUT_NOISE: "input_noise", "std = 0.1", "Bishop 1995, Neural Computation 7(1)";
    CLIP_GLOBAL_NORM: "clip_global_norm", "max_norm = 1.0", "Pascanu et al. 2013, arXiv 1211.5063";
    GROUP_NORM: "group_norm", "groups = 8", "Wu and He 2018, arXiv 1803.08494";
}
