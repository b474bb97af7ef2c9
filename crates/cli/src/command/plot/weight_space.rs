//! `wellfit plot weight-space`: lambda, seen.

use crate::error::Failure;
use crate::screen::{print, tell};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::path::PathBuf;
use std::process::ExitCode;
use wellfit::core::number::{Fraction, NonNegative, Positive};
use wellfit::linear::weight_space::Design;
use wellfit::plot::{WeightPlane, WeightPlaneOptions, weight_planes};
use wellfit::weight_space::{Question, WeightSpace};

/// Draws two weights in their plane: contours of the loss, the disc of L2 or the diamond of L1, the
/// optimum where they touch, its path as lambda changes, and gradient descent with and without the
/// penalty.
#[derive(Args)]
#[command(after_help = "\
Examples:
  wellfit plot weight-space --out l2.svg
  wellfit plot weight-space --mix 1 --design irrelevant --lambda 0.4 --out l1.png
  wellfit plot weight-space --compare --lambda 0.4 --out both.svg
  wellfit plot weight-space --mix 1 --json | jq '.optimum'

The loss is 1/2n times the sum of squares, and lambda that of
C = loss + lambda (mix sum |w| + (1 - mix)/2 sum w^2): the textbook's lambda is n times as large.")]
pub struct WeightSpaceArgs {
    /// What the two features are to each other: orthogonal, correlated, irrelevant (the second has no
    /// weight) or unequal (in size).
    #[arg(long, value_name = "DESIGN", default_value = "correlated", value_parser = designs(), hide_possible_values = true)]
    design: Design,
    /// Strength of the penalty.
    #[arg(long, value_name = "LAMBDA", default_value = "0.5", value_parser = strength)]
    lambda: NonNegative,
    /// Share of L1 in the penalty: 0 is ridge, 1 the lasso.
    #[arg(long, value_name = "SHARE", default_value = "0", value_parser = share, conflicts_with = "compare")]
    mix: Fraction,
    /// L1 beside L2.
    #[arg(long)]
    compare: bool,
    /// Rows of data.
    #[arg(long, value_name = "N", default_value = "50")]
    n: usize,
    /// Standard deviation of the noise.
    #[arg(long, value_name = "STD", default_value = "1", value_parser = strength)]
    noise: NonNegative,
    /// Learning rate of gradient descent.
    #[arg(long, value_name = "RATE", default_value = "0.1", value_parser = rate)]
    rate: Positive,
    /// Steps of gradient descent.
    #[arg(long, value_name = "N", default_value = "200")]
    steps: usize,
    /// The seed of the data.
    #[arg(long, value_name = "N", default_value = "1")]
    seed: u64,
    /// Where to draw it, as SVG or PNG.
    #[arg(long, value_name = "FILE.svg|png", required_unless_present = "json")]
    out: Option<PathBuf>,
    /// Print the numbers of the figure as one JSON object; with --compare, of both.
    #[arg(long)]
    json: bool,
}

/// Pixels of a PNG for each of the figure's.
const SHARP: f32 = 2.0;

fn strength(text: &str) -> Result<NonNegative, String> {
    let number = text.parse().ok().and_then(|number| NonNegative::new(number).ok());
    number.ok_or_else(|| format!("expected a number of at least 0, found {text}"))
}

fn rate(text: &str) -> Result<Positive, String> {
    let number = text.parse().ok().and_then(|number| Positive::new(number).ok());
    number.ok_or_else(|| format!("expected a number above 0, found {text}"))
}

fn share(text: &str) -> Result<Fraction, String> {
    let number = text.parse().ok().and_then(|number| Fraction::new(number).ok());
    number.ok_or_else(|| format!("expected a share in [0, 1], found {text}"))
}

fn designs() -> impl TypedValueParser<Value = Design> {
    let words = PossibleValuesParser::new(Design::ALL.map(Design::id));
    words.map(|word| Design::named(&word).unwrap_or_default())
}

impl WeightSpaceArgs {
    pub fn run(self) -> Result<ExitCode, Failure> {
        let question = |ratio| Question {
            design: self.design,
            n: self.n,
            noise: self.noise,
            seed: self.seed,
            lambda: self.lambda,
            ratio,
            rate: self.rate,
            steps: self.steps,
            ..Question::default()
        };
        let ratios =
            if self.compare { vec![Fraction::ZERO, Fraction::ONE] } else { vec![self.mix] };
        let found = ratios.into_iter().map(|ratio| question(ratio).answer());
        let found: Vec<WeightSpace> = found.collect::<Result<_, _>>()?;
        if let Some(path) = &self.out {
            let bytes = self.figure(&found, path.extension().is_some_and(|end| end == "png"))?;
            std::fs::write(path, bytes).map_err(|error| {
                Failure::new(format!("cannot write {}: {error}", path.display()), None)
            })?;
            tell!("wrote {}", path.display());
        }
        if self.json {
            let line = match found.as_slice() {
                [one] => serde_json::to_string(one),
                both => serde_json::to_string(both),
            };
            print(&line.map_err(|error| Failure::new(error.to_string(), None))?)?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn figure(&self, found: &[WeightSpace], as_png: bool) -> Result<Vec<u8>, Failure> {
        let planes: Vec<WeightPlane> = found.iter().map(plane).collect();
        let options = WeightPlaneOptions {
            title: format!("Weight space, lambda {}", self.lambda.get()),
            subtitle: format!(
                "{} features, {} rows; the bold contour touches the penalty's body at the optimum",
                self.design.id(),
                self.n
            ),
        };
        let figure = weight_planes(&planes, &options).map_err(wellfit::Error::from)?;
        match as_png {
            true => Ok(figure.png(SHARP).map_err(wellfit::Error::from)?),
            false => Ok(figure.svg().as_bytes().to_vec()),
        }
    }
}

fn plane(found: &WeightSpace) -> WeightPlane {
    let name = match found.question.ratio.get() {
        0.0 => "L2".to_owned(),
        1.0 => "L1".to_owned(),
        ratio => format!("elastic net, {ratio} of it L1"),
    };
    WeightPlane {
        name,
        contours: found.contours.iter().map(|contour| contour.points.clone()).collect(),
        body: found.body.clone(),
        path: found.path.weights.clone(),
        steps: vec![
            ("plain".to_owned(), found.descent.clone()),
            ("penalized".to_owned(), found.penalized_descent.clone()),
        ],
        least_squares: found.least_squares,
        optimum: found.optimum,
    }
}
