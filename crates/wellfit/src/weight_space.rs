//! All that a picture of two weights shows, in numbers: the same for the program and for the lab.

use crate::Error;
use serde::{Deserialize, Serialize};
use wellfit_core::number::{Fraction, NonNegative, Positive};
use wellfit_core::seed::Seed;
use wellfit_linear::weight_space::{
    Descent, Design, Ellipse, Landscape, Weights, boundary, lambda_max, limit, optimum, path,
    penalty,
};

/// Which data, which penalty, which descent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// What the two features are to each other.
    #[serde(with = "word")]
    pub design: Design,
    /// Rows, 3 to 10 000.
    pub n: usize,
    /// Standard deviation of the target's noise.
    pub noise: NonNegative,
    /// Seed of the rows.
    pub seed: u64,
    /// λ of the objective, at most 1 000: λ/n in the textbook's letters.
    pub lambda: NonNegative,
    /// Share of L1: 0 is ridge, 1 the lasso.
    pub ratio: Fraction,
    /// η of gradient descent.
    pub rate: Positive,
    /// Its steps, at most 2 000.
    pub steps: usize,
    /// Another optimum of the loss, in place of the data's.
    pub best0: Option<f64>,
    /// Its second weight.
    pub best1: Option<f64>,
}

impl Default for Question {
    fn default() -> Self {
        Self {
            design: Design::Correlated,
            n: 50,
            noise: NonNegative::ONE,
            seed: 1,
            lambda: NonNegative::new(0.5).unwrap_or(NonNegative::ONE),
            ratio: Fraction::ZERO,
            rate: Positive::TENTH,
            steps: 200,
            best0: None,
            best1: None,
        }
    }
}

pub(crate) mod word {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use wellfit_linear::weight_space::Design;

    pub fn serialize<S: Serializer>(design: &Design, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(design.id())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Design, D::Error> {
        let word = String::deserialize(deserializer)?;
        let known = Design::ALL.map(Design::id).join(", ");
        let wrong = || D::Error::custom(format!("expected a design among {known}, found `{word}`"));
        Design::named(&word).ok_or_else(wrong)
    }
}

/// The answer: what is to be seen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WeightSpace {
    /// Version of this object's layout: 1.
    pub schema: u32,
    /// What was asked.
    pub question: Question,
    /// X'X/n.
    pub hessian: [[f64; 2]; 2],
    /// w*, the optimum without a penalty.
    pub least_squares: Weights,
    /// The weights that made the data.
    pub truth: Weights,
    /// The optimum under the penalty.
    pub optimum: Weights,
    /// Its loss above the least.
    pub loss: f64,
    /// t(λ): the bound on the penalty of which the same optimum is the best.
    pub bound: f64,
    /// The textbook's λ, n times as large.
    pub textbook_lambda: f64,
    /// The λ from which on both weights are zero; none without L1.
    pub lambda_max: Option<f64>,
    /// The λ from which on each is exactly zero; none without L1.
    pub zero_from: [Option<f64>; 2],
    /// Contours of the loss; the first touches the body.
    pub contours: Vec<Contour>,
    /// The edge of the body P(w) <= t.
    pub body: Vec<Weights>,
    /// The optima as λ falls.
    pub path: Optima,
    /// Gradient descent on the loss alone.
    pub descent: Vec<Weights>,
    /// Gradient descent with the penalty.
    pub penalized_descent: Vec<Weights>,
    /// The learning rate from which on descent goes astray.
    pub rate_limit: f64,
}

/// Weights of one loss.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contour {
    /// The loss above the least.
    pub level: f64,
    /// Points around it.
    pub points: Vec<Weights>,
}

/// The optima along λ, from strong to weak.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Optima {
    /// λ, falling.
    pub lambdas: Vec<f64>,
    /// The optimum at each.
    pub weights: Vec<Weights>,
    /// t(λ) at each.
    pub bounds: Vec<f64>,
}

/// Points around a contour and around a body: corners among them.
const AROUND: usize = 180;
/// Points of the path.
const ALONG: usize = 120;
/// The strongest and the weakest λ of the path.
const RANGE: (f64, f64) = (100.0, 1e-3);
/// Where descent begins.
const START: Weights = [-0.8, 1.6];
/// Losses of the contours, in that of the farthest one.
const LEVELS: [f64; 5] = [0.01, 0.06, 0.2, 0.5, 1.0];

impl Question {
    /// Computes all of it.
    ///
    /// # Errors
    /// A number out of its range.
    pub fn answer(&self) -> Result<WeightSpace, Error> {
        let landscape = self.landscape()?;
        let Self { lambda, ratio, rate, .. } = *self;
        let found = optimum(&landscape, lambda, ratio);
        let bound = penalty(found, ratio);
        let loss = landscape.loss(found);
        let level =
            |level: f64| Contour { level, points: Ellipse::of(&landscape, level).points(AROUND) };
        // Those of the loss at no weights are what a person compares with.
        let far = landscape.loss([0.0; 2]).max(1e-3);
        let contours = [loss].into_iter().chain(LEVELS.map(|share| share * far)).map(level);
        let along = path(&landscape, ratio, RANGE, ALONG);
        let descend =
            |lambda, ratio| Descent { rate, lambda, ratio }.from(&landscape, START, self.steps);
        Ok(WeightSpace {
            schema: 1,
            question: *self,
            hessian: landscape.hessian(),
            least_squares: landscape.best(),
            truth: self.design.truth(),
            optimum: found,
            loss,
            bound,
            textbook_lambda: lambda.get() * self.n as f64,
            lambda_max: lambda_max(&landscape, ratio),
            zero_from: along.zero_from,
            contours: contours.collect(),
            body: boundary(bound, ratio, AROUND),
            path: Optima { lambdas: along.lambdas, weights: along.weights, bounds: along.bounds },
            descent: descend(NonNegative::ZERO, Fraction::ZERO),
            penalized_descent: descend(lambda, ratio),
            rate_limit: limit(&landscape, lambda, ratio),
        })
    }

    fn landscape(&self) -> Result<Landscape, Error> {
        let refuse = |key: &str, expected: &str, found: f64| {
            Err(Error::Range { key: key.to_owned(), expected: expected.to_owned(), found })
        };
        if !(3..=10_000).contains(&self.n) {
            return refuse("n", "3 to 10000 rows", self.n as f64);
        }
        if self.steps > 2000 {
            return refuse("steps", "at most 2000 steps", self.steps as f64);
        }
        for (key, value, most) in
            [("lambda", self.lambda.get(), 1e3), ("noise", self.noise.get(), 1e3)]
        {
            if value > most {
                return refuse(key, "at most 1000", value);
            }
        }
        let made = self.design.landscape(self.n, self.noise, Seed::new(self.seed));
        let Some(made) = made else {
            return refuse("n", "rows that tell two features apart", self.n as f64);
        };
        let [u, v] = made.best();
        let best = [self.best0.unwrap_or(u), self.best1.unwrap_or(v)];
        match best.into_iter().find(|weight| weight.is_nan() || weight.abs() > 100.0) {
            Some(wrong) => refuse("best", "an optimum between -100 and 100", wrong),
            None => Ok(made.around(best)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(query: &str) -> Result<Question, toml::de::Error> {
        toml::from_str(query)
    }

    #[test]
    fn the_contour_of_the_optimum_touches_the_body_and_no_more() {
        let scene = question("lambda = 0.3\nratio = 1.0").unwrap().answer().unwrap();
        let inside = |w: &Weights| penalty(*w, Fraction::ONE) < scene.bound - 1e-9;
        assert!(!scene.contours[0].points.iter().any(inside));
        assert!(scene.contours[1..].iter().all(|contour| contour.points.len() == AROUND));
        assert_eq!(scene.textbook_lambda, 0.3 * 50.0);
    }

    #[test]
    fn a_strong_lasso_zeroes_a_weight_that_ridge_keeps() {
        let text = "design = 'irrelevant'\nlambda = 0.4\nratio = ";
        let at = |ratio: &str| question(&format!("{text}{ratio}")).unwrap().answer().unwrap();
        let (lasso, ridge) = (at("1.0"), at("0.0"));
        assert!(lasso.optimum[1] == 0.0 && lasso.optimum[0] > 0.5);
        assert!(ridge.optimum[1] != 0.0 && ridge.zero_from == [None, None]);
        assert!(lasso.zero_from[1].unwrap() <= 0.4);
    }

    #[test]
    fn numbers_out_of_range_are_refused() {
        for wrong in
            ["n = 2", "n = 20000", "steps = 5000", "lambda = 1e9", "noise = 1e9", "best0 = 1e9"]
        {
            let told = question(wrong).unwrap().answer().unwrap_err().to_string();
            assert!(told.contains("expected"), "{told}");
        }
        assert!(question("design = 'round'").unwrap_err().to_string().contains("orthogonal"));
        assert!(question("ratio = 2.0").is_err() && question("more = 1").is_err());
    }
}
