//! The faults: what developers get wrong most often, as small changes of the sources.

/// A deliberate mistake.
pub struct Fault {
    /// What is wrong.
    pub name: &'static str,
    /// Where, from the root.
    pub file: &'static str,
    /// Texts that stand there once, and what stands there instead.
    pub changes: &'static [(&'static str, &'static str)],
}

pub const FAULTS: &[Fault] = &[
    Fault {
        name: "λ off by a factor 2",
        file: "crates/nn/src/penalty/l2.rs",
        changes: &[(
            "let strength = self.strength(place) as f32;",
            "let strength = 2.0 * self.strength(place) as f32;",
        )],
    },
    Fault {
        name: "n is the batch size, in penalties",
        file: "crates/nn/src/train/step.rs",
        changes: &[(
            "n: self.job.train.len() as f64",
            "n: self.job.config.batch_size.get() as f64",
        )],
    },
    Fault {
        name: "n is the batch size, in the divergence of Bayesian layers",
        file: "crates/nn/src/train/step.rs",
        changes: &[(
            "loss + terms / job.train.len() as f64",
            "loss + terms / job.config.batch_size.get() as f64",
        )],
    },
    Fault {
        name: "biases are penalized",
        file: "crates/nn/src/parameter/mod.rs",
        changes: &[("() if rank < 2 => Role::Bias", "() if rank < 1 => Role::Bias")],
    },
    Fault {
        name: "running statistics take part in noise, decay and proximal steps",
        file: "crates/nn/src/parameter/mod.rs",
        changes: &[(
            "() if !trained => Role::Fixed,",
            "() if !trained && owner.ends_with(\"Norm\") => Role::Weight,\n            \
             () if !trained => Role::Fixed,",
        )],
    },
    Fault {
        name: "CutMix's λ is that of the box before it is clipped",
        file: "crates/nn/src/batch/cutmix.rs",
        changes: &[(
            "1.0 - (region.height * region.width) as f64 / pixels",
            "1.0 - (region.height.max(region.width) as f64).powi(2) / pixels",
        )],
    },
    Fault {
        name: "label smoothing by ε/(K-1) on the other classes",
        file: "crates/nn/src/batch/label_smoothing.rs",
        changes: &[(
            "targets * (1.0 - epsilon) + epsilon / classes as f64",
            "let others = epsilon / (classes as f64 - 1.0);\n    \
             targets * (1.0 - epsilon - others) + others",
        )],
    },
    Fault {
        name: "the mean of the divergences in place of their sum",
        file: "crates/nn/src/layer/posterior/field.rs",
        changes: &[(
            "self.strength * sums.iter().sum::<f64>()",
            "self.strength * sums.iter().sum::<f64>() / self.means.values().len() as f64",
        )],
    },
    Fault {
        name: "the global norm is that of each tensor",
        file: "crates/nn/src/gradient/clip_global_norm.rs",
        changes: &[(
            "slot.gradient = map(taken(&mut slot.gradient), move |g| g * factor);",
            "let own = sum_of_squares(&slot.gradient).sqrt();\n                \
             let factor = (self.max_norm.get() / own).min(1.0) as f32;\n                \
             slot.gradient = map(taken(&mut slot.gradient), move |g| g * factor);",
        )],
    },
    Fault {
        name: "the best model is a clone, which shares running statistics with the last",
        file: "crates/nn/src/train/training.rs",
        changes: &[(
            "let best = match &self.best {",
            "let shared = Snapshot::of(&last);\n        \
                 let running = shared.tensors().iter().filter(|(path, _)| path.contains(\"running\"));\n        \
                 for (path, tensor) in running {\n            \
                 if let Some(best) = &mut self.best {\n                \
                 best.model.insert(path.clone(), tensor.clone());\n            }\n        }\n        \
                 let best = match &self.best {",
        )],
    },
    Fault {
        name: "a mask is drawn once and used in all steps",
        file: "crates/nn/src/chance.rs",
        changes: &[(
            "self.stream.at(Address { step: tick.step, pass: tick.pass, call })",
            "self.stream.at(Address { step: 0, pass: 0, call })",
        )],
    },
    Fault {
        name: "stochastic depth drops the sum of branch and shortcut",
        file: "crates/nn/src/model/mlp.rs",
        changes: &[
            (
                "branch(&self.around, &input, || through(&self.hidden, active()));",
                "branch(&self.around, &input, || {\n            \
                 let branch = through(&self.hidden, active());\n            \
                 if self.skip { branch + input.clone() } else { branch }\n        });",
            ),
            ("Some(output) if self.skip => output + input,\n", ""),
            ("None => input,", "None => input.zeros_like(),"),
        ],
    },
    Fault {
        name: "stochastic depth drops the sum, in a residual network",
        file: "crates/nn/src/model/resnet.rs",
        changes: &[
            (
                "let branch = branch(&self.around, &x, || {",
                "let shortcut = match &self.shortcut {\n            \
                 Some(convolution) => convolution.forward(x.clone()),\n            \
                 None => x.clone(),\n        };\n        \
                 let branch = branch(&self.around, &x, || {",
            ),
            (
                "self.second.forward(through(&self.between, hidden))",
                "self.second.forward(through(&self.between, hidden)) + shortcut.clone()",
            ),
            (
                "        let shortcut = match &self.shortcut {\n            \
                 Some(convolution) => convolution.forward(x),\n            None => x,\n        };\n",
                "",
            ),
            ("Some(branch) => branch + shortcut,", "Some(branch) => branch,"),
            ("None => shortcut,", "None => shortcut.zeros_like(),"),
        ],
    },
    Fault {
        name: "DropConnect evaluates with the mean of the weights",
        file: "crates/nn/src/layer/drop_connect.rs",
        changes: &[(
            "        self.config.inference == Inference::Gaussian &&",
            "        false && self.config.inference == Inference::Gaussian &&",
        )],
    },
    Fault {
        name: "train metrics are taken while dropout is live",
        file: "crates/nn/src/train/training.rs",
        changes: &[(
            "let scores = evaluate(&evaluated, data, self.job.loss, self.job.device)?;",
            "self.job.clock.sample(true);\n            \
             let scores = evaluate(&evaluated, data, self.job.loss, self.job.device)?;\n            \
             self.job.clock.sample(false);",
        )],
    },
];
