//! How the program shows an error: what was wrong, and what to do about it.

use crate::screen::complain;
use console::style;
use wellfit::Error;

/// An error with advice.
pub struct Failure {
    message: String,
    hint: Option<String>,
}

impl Failure {
    /// An error of the program itself.
    pub fn new(message: impl Into<String>, hint: Option<String>) -> Self {
        Self { message: message.into(), hint }
    }

    /// Shows it on standard error.
    pub fn print(&self) {
        complain!("{} {}", style("error:").red().bold().for_stderr(), self.message);
        if let Some(hint) = &self.hint {
            complain!("{} {hint}", style("hint:").cyan().bold().for_stderr());
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let hint = match &error {
            Error::Occupied(_) => {
                Some("go on with it by --resume, or name another folder by --out".to_owned())
            }
            Error::Format { .. } => {
                Some("this is a defect of wellfit; please report it".to_owned())
            }
            Error::Nn(wellfit::nn::Error::Stored { .. }) => {
                Some("to begin a new run, leave out --resume and name another folder".to_owned())
            }
            _ => None,
        };
        Self::new(error.to_string(), hint)
    }
}

impl From<wellfit::core::Error> for Failure {
    fn from(error: wellfit::core::Error) -> Self {
        Error::from(error).into()
    }
}
