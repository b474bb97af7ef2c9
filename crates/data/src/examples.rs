//! New examples for a trained model, brought to numbers as its training examples were.

mod idx;
mod table;

use crate::catalogue::Set;
use crate::digits;
use crate::image_folder::{Form, Gallery};
use crate::{Cache, Dataset, Error, Frame, Preprocessing, Scaler, Source, Target, TargetScale};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// What a trained model knows of its examples; all that is needed to read new ones.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// Where its training examples came from.
    pub source: &'a Source,
    /// Shape of one example.
    pub shape: &'a [usize],
    /// Names of the classes; `None` for regression.
    pub classes: Option<&'a [String]>,
    /// What is done to images.
    pub scaler: &'a Scaler,
    /// What is done to the columns of a table.
    pub preprocessing: Option<&'a Preprocessing>,
    /// What the values of a regression target are brought to.
    pub target_scale: TargetScale,
}

/// Examples that are made into numbers part by part, so that few of them are in memory as such.
pub struct Examples<'a> {
    reader: Reader<'a>,
    inputs: Inputs<'a>,
    /// Known where it was asked for.
    target: Option<Target>,
    kept: Vec<Kept>,
    notes: Vec<String>,
}

enum Inputs<'a> {
    /// The columns of the model, and no target.
    Table(&'a Preprocessing, Frame),
    Pictures(Gallery),
    /// Images not yet scaled.
    Images(Vec<f32>),
}

/// A column to stand beside the predictions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its name.
    pub name: String,
    /// A cell for each example, as the file has it; empty where it is missing.
    pub cells: Vec<String>,
}

impl<'a> Reader<'a> {
    /// Opens a table for a model of tables; for a model of images a folder or tar file of pictures,
    /// one picture, a folder of IDX files (its test images, where it has them) or a file of IDX
    /// images, or the word `digits`, `mnist` or `fashion-mnist` where the model was trained on that.
    ///
    /// Columns may come in any order. With `labelled`, targets must be there: a target column, a
    /// folder per class, a file of IDX labels; without, they are passed over. The columns `keep` of
    /// a table stay as [`Examples::kept`]; pictures have the column `file`.
    ///
    /// # Errors
    /// Those of [`Frame::read`] and [`idx::read`](crate::idx::read), [`Error::Format`] for examples
    /// of another kind or shape, without labels, or of a table that lacks columns;
    /// [`Error::Cell`] for a cell that does not fit its column and for a class that training did not
    /// have.
    pub fn open(self, path: &Path, labelled: bool, keep: &[String]) -> Result<Examples<'a>, Error> {
        if let Some(preprocessing) = self.preprocessing {
            return table::open(self, preprocessing, path, labelled, keep);
        }
        if let Some(name) = keep.first() {
            let expected = "a table, which alone has columns to keep";
            return Err(wrong(path, expected, format!("pictures, and `{name}` to keep")));
        }
        if path == Path::new("digits") && *self.source == Source::Digits {
            return self.whole(path, digits::digits()?, labelled);
        }
        if *self.source == Source::Digits {
            let expected = "the word `digits`, as the model was trained on the embedded digits";
            return Err(wrong(path, expected, "something else".to_owned()));
        }
        let path = &self.cached(path)?;
        if idx::is_at(path)? {
            let data = idx::open(path, self.classes.filter(|_| labelled))?;
            return self.whole(path, data, labelled);
        }
        self.gallery(path, labelled)
    }

    /// The folder in the cache of a well-known set that is called by its name.
    fn cached(self, path: &Path) -> Result<PathBuf, Error> {
        match self.source {
            Source::Cached(name) if path == Path::new(name) && !path.exists() => {
                Cache::of_user()?.holding(Set::named(name)?)
            }
            _ => Ok(path.to_owned()),
        }
    }

    /// Images that are in memory already.
    fn whole(self, path: &Path, data: Dataset, labelled: bool) -> Result<Examples<'a>, Error> {
        if data.shape != self.shape {
            let expected = format!("images of {}", crate::idx::sizes(self.shape));
            return Err(wrong(path, &expected, crate::idx::sizes(&data.shape)));
        }
        let target = labelled.then_some(data.target);
        let inputs = Inputs::Images(data.inputs);
        let all = "all digits, those that the model was trained on among them".to_owned();
        let notes = (*self.source == Source::Digits).then_some(all).into_iter().collect();
        Ok(Examples { reader: self, inputs, target, kept: Vec::new(), notes })
    }

    fn gallery(self, path: &Path, labelled: bool) -> Result<Examples<'a>, Error> {
        let &[channels, height, width] = self.shape else {
            let expected = "a table, as the model was trained on tables";
            return Err(wrong(path, expected, "something else".to_owned()));
        };
        let form = Form::of_model(self.source, channels, [height, width]);
        let names = self.classes.filter(|_| labelled);
        let gallery = Gallery::open(path, form, names, self.classes.unwrap_or(&[]))?;
        let kept = vec![Kept { name: "file".to_owned(), cells: gallery.names() }];
        let target = gallery.labels().zip(names);
        let target =
            target.map(|(labels, names)| Target::Classes { labels, names: names.to_vec() });
        let notes = gallery.note().into_iter().collect();
        Ok(Examples { reader: self, inputs: Inputs::Pictures(gallery), target, kept, notes })
    }
}

impl Examples<'_> {
    /// Number of examples.
    pub fn len(&self) -> usize {
        match &self.inputs {
            Inputs::Table(_, frame) => frame.rows(),
            Inputs::Pictures(gallery) => gallery.len(),
            Inputs::Images(pixels) => pixels.len() / self.width(),
        }
    }

    /// Whether there is no example.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The targets, where they were asked for; values in units of the reader's target scale.
    pub fn target(&self) -> Option<&Target> {
        self.target.as_ref()
    }

    /// What stands beside the predictions.
    pub fn kept(&self) -> &[Kept] {
        &self.kept
    }

    /// What was passed over or chosen among several, a sentence each.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The examples `range`, which must lie within [`Self::len`], as with a slice; ready for the
    /// model. Without targets they are NaN.
    ///
    /// # Errors
    /// A picture is damaged or of another size.
    pub fn part(&self, range: Range<usize>) -> Result<Dataset, Error> {
        let unknown = || Target::Values(vec![f64::NAN; range.len()]);
        let rows: Vec<usize> = range.clone().collect();
        let target = self.target.as_ref().map_or_else(unknown, |target| target.select(&rows));
        let data = match &self.inputs {
            Inputs::Table(preprocessing, frame) => {
                Dataset { target, ..preprocessing.apply(&table::slice(frame, range))? }
            }
            Inputs::Pictures(gallery) => self.scaled(gallery.pixels(range)?, target)?,
            Inputs::Images(pixels) => {
                let width = self.width();
                self.scaled(pixels[range.start * width..range.end * width].to_vec(), target)?
            }
        };
        Ok(data.with_target_scale(self.reader.target_scale))
    }

    /// The inputs of the rows `range` of a table, one row after the other, with every bit of the
    /// file; none of other examples.
    ///
    /// # Errors
    /// As [`Preprocessing::matrix`].
    pub fn matrix(&self, range: Range<usize>) -> Result<Option<Vec<f64>>, Error> {
        let Inputs::Table(preprocessing, frame) = &self.inputs else { return Ok(None) };
        preprocessing.matrix(&table::slice(frame, range)).map(Some)
    }

    fn scaled(&self, mut pixels: Vec<f32>, target: Target) -> Result<Dataset, Error> {
        self.reader.scaler.apply(&mut pixels)?;
        Dataset::new(pixels, self.reader.shape.to_vec(), target, Vec::new())
    }

    fn width(&self) -> usize {
        self.reader.shape.iter().product::<usize>().max(1)
    }
}

fn wrong(path: &Path, expected: &str, found: String) -> Error {
    Error::Format { path: path.into(), expected: expected.to_owned(), found }
}
