//! A technique to try, and the shelf that they are taken from.

use serde::Serialize;

/// A technique to try, with why and how to begin.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Remedy {
    /// Id of the technique.
    pub technique: &'static str,
    /// Why it may help this run, in one sentence.
    pub reason: String,
    /// Value to begin with, or for a technique without recipe lines, how to do it elsewhere.
    pub start: String,
    /// Where that value comes from.
    pub source: &'static str,
    /// Lines to paste into a recipe; none for a technique that recipes do not hold.
    pub recipe: Option<String>,
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
    start: Start,
    source: &'static str,
}

/// How to begin.
#[derive(Debug, Clone, Copy)]
enum Start {
    /// With this setting in a recipe.
    Recipe(&'static str),
    /// In the user's own framework, in words: recipes do not hold the technique.
    Words(&'static str),
}

impl Shelved {
    /// The remedy with the usual start.
    pub fn because(self, reason: impl Into<String>) -> Remedy {
        let (Start::Recipe(start) | Start::Words(start)) = self.start;
        self.starting(start, reason)
    }

    /// The remedy with a start that this run asks for.
    pub fn starting(self, start: &str, reason: impl Into<String>) -> Remedy {
        let lines = || format!("[[regularize]]\n{} = {{ {start} }}\n", self.id);
        Remedy {
            technique: self.id,
            reason: reason.into(),
            start: start.to_owned(),
            source: self.source,
            recipe: matches!(self.start, Start::Recipe(_)).then(lines),
        }
    }
}

/// Declares the shelf: one constant for each technique, and the list of all.
macro_rules! shelf {
    ($($name:ident: $id:literal, $start:expr, $source:literal;)*) => {
        $(pub(super) const $name: Shelved = Shelved { id: $id, start: $start, source: $source };)*

        const SHELF: &[Shelved] = &[$($name),*];

        /// Every technique that a prescription can name.
        pub(super) const ALL: &[&str] = &[$($id),*];
    };
}

#[rustfmt::skip]
shelf! {
    EARLY_STOPPING: "early_stopping", Start::Recipe("patience = 10"), "Prechelt 1998, LNCS 1524";
    DROPOUT: "dropout", Start::Recipe("rate = 0.2"), "Srivastava et al. 2014, JMLR 15: 0.2 on inputs to 0.5 on hidden layers";
    L2: "l2", Start::Recipe("lambda = 0.1"), "Nielsen 2015, chapter 3: 0.1 for 1,000 examples, 5 for 50,000";
    WEIGHT_DECAY: "weight_decay", Start::Recipe("lambda = 0.01"), "Loshchilov and Hutter 2019, arXiv 1711.05101; PyTorch's default for AdamW";
    FLIP: "flip", Start::Recipe("horizontal = 0.5"), "He et al. 2016, arXiv 1512.03385";
    CROP: "crop", Start::Recipe("padding = 0.125"), "He et al. 2016, arXiv 1512.03385: four pixels on images of 32";
    MIXUP: "mixup", Start::Words("alpha = 0.2: blend pairs of training examples and their labels by a weight drawn from Beta(0.2, 0.2) (torchvision: v2.MixUp; timm: Mixup)"), "Zhang et al. 2018, arXiv 1710.09412: 0.1 to 0.4 on ImageNet";
    LABEL_SMOOTHING: "label_smoothing", Start::Recipe("epsilon = 0.1"), "Szegedy et al. 2016, arXiv 1512.00567";
    INPUT_NOISE: "input_noise", Start::Recipe("std = 0.1"), "Bishop 1995, Neural Computation 7(1)";
    CLIP_GLOBAL_NORM: "clip_global_norm", Start::Recipe("max_norm = 1.0"), "Pascanu et al. 2013, arXiv 1211.5063";
    GROUP_NORM: "group_norm", Start::Recipe("groups = 8"), "Wu and He 2018, arXiv 1803.08494";
}
