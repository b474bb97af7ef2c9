//! The evidence for a verdict in one sentence.

use crate::diagnosis::Diagnosis;
use crate::verdict::Verdict;

impl Diagnosis {
    /// What the verdict rests on: the first symptom that speaks for it, with its numbers.
    pub fn sentence(&self) -> String {
        let symptom = self.symptoms.iter().find(|symptom| speaks(symptom.id, self.verdict));
        let missing = self.warnings.iter().find(|warning| warning.starts_with("no series on"));
        match (missing, symptom) {
            (Some(missing), _) if self.verdict == Verdict::CannotTell => missing.clone(),
            (_, Some(symptom)) => symptom.summary.clone(),
            (_, None) => self.without_symptom().to_owned(),
        }
    }

    fn without_symptom(&self) -> &str {
        match self.verdict {
            Verdict::Good => "validation is near its best, and nothing speaks of overfitting",
            Verdict::CannotTell => "too little was logged",
            Verdict::Overfit => "validation is worse than training",
            Verdict::Underfit => "training examples are not learned",
            Verdict::NotConverged => "validation still improved when the log ended",
            Verdict::Diverged => "a loss broke down",
        }
    }
}

fn speaks(symptom: &str, verdict: Verdict) -> bool {
    let speaking: &[&str] = match verdict {
        Verdict::Overfit => &["val_loss_rising", "metric_drop", "gap", "overconfident"],
        Verdict::Underfit => &["train_plateau"],
        Verdict::Good => &[],
        Verdict::NotConverged => &["still_improving"],
        Verdict::Diverged => &["diverged"],
        Verdict::CannotTell => &["too_few_points"],
    };
    speaking.contains(&symptom)
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::diagnose;
    use crate::rule::example::log;
    use crate::verdict::Verdict;
    use wellfit_core::run::Part::{Train, Validation};

    #[test]
    fn a_sentence_has_the_numbers_of_its_verdict() {
        let found = diagnose(&log(
            40,
            &[
                (Train, "loss", &|e| 1.0 / e),
                (Validation, "loss", &|e| 0.5 + 0.01 * (e - 15.0).powi(2)),
            ],
        ));
        assert_eq!(found.verdict, Verdict::Overfit);
        assert!(found.sentence().contains("has risen by"), "{}", found.sentence());
        let alone = diagnose(&log(40, &[(Train, "loss", &|e| 1.0 / e)]));
        assert_eq!(alone.verdict, Verdict::CannotTell);
        assert!(alone.sentence().starts_with("no series on validation"), "{}", alone.sentence());
    }
}
