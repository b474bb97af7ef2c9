//! The words and numbers of a line, one after the other.

use super::key::{Key, key, part};
use super::line::{Reading, bare};
use super::token::Token;
use wellfit_core::run::Direction;

/// What the tokens say, and the part that one of them names.
pub(super) fn words_and_numbers(line: &str, tokens: &[Token<'_>]) -> (Reading, Option<String>) {
    let mut reader = Reader::default();
    reader.reading.running =
        line.contains("s/step") || line.contains("it/s") || line.contains("s/it");
    // TensorFlow's estimators end an evaluation so.
    if line.contains("Saving dict for") {
        reader.context = Some("eval".to_owned());
    }
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| tokens[at]);
        let after = tokens.get(at + 1).copied();
        reader.take(*token, before, after, at);
    }
    reader.named_behind();
    (reader.reading, reader.context)
}

#[derive(Default)]
struct Reader<'a> {
    reading: Reading,
    /// Words since the last number or mark.
    words: Vec<&'a str>,
    /// The part that a word of its own named in this line.
    context: Option<String>,
    /// The last number was a value, and a mean may stand in brackets behind it. Behind a fraction
    /// `(75%)` says the same again.
    awaits_mean: bool,
    /// A number without words before it: `0.9 train loss`.
    unnamed: Option<f64>,
    /// A colon or an equals sign stood before the number.
    told: bool,
    /// Gradients of layers follow: `| grad L1 0.25 L2 0.18`.
    of_gradients: bool,
}

impl<'a> Reader<'a> {
    fn take(
        &mut self,
        token: Token<'a>,
        before: Option<Token<'_>>,
        after: Option<Token<'_>>,
        at: usize,
    ) {
        self.told = matches!(before, Some(Token::Sign(':' | '=')));
        match token {
            Token::Word(word) => {
                if part(word).is_some() {
                    self.context = Some(word.to_owned());
                }
                self.of_gradients |=
                    matches!(word, "grad" | "grads" | "Grad" | "gradient" | "gradients");
                match numbered_epoch(word) {
                    Some(epoch) => self.reading.epoch = Some(epoch),
                    None => self.words.push(word),
                }
            }
            Token::Sign(',' | ';' | '|' | '\t') => {
                self.named_behind();
                self.words.clear();
                self.of_gradients = false;
            }
            // `[Avg]top1: 0.7`: what stands in brackets is no part of the name.
            Token::Sign(']') if matches!(after, Some(Token::Word(_))) => self.words.clear(),
            Token::Sign(_) => {}
            Token::Measure => self.words.clear(),
            Token::Bar => {
                self.reading.running = true;
                self.words.clear();
            }
            Token::Number(value) => {
                self.unnamed = self.words.is_empty().then_some(value);
                let bracketed = before == Some(Token::Sign('[')) && after == Some(Token::Sign(']'));
                let leads = at == 0 && after == Some(Token::Sign(':')) || bracketed;
                let first = self.reading.step.is_none() && self.reading.values.is_empty();
                if leads && first && self.words.is_empty() {
                    self.reading.step = Some(value);
                } else if self.is_epoch(value, before, after) {
                    self.reading.epoch = Some(value);
                } else if self.words.is_empty()
                    && before == Some(Token::Sign('('))
                    && after == Some(Token::Sign(')'))
                {
                    self.mean(value);
                } else {
                    self.number(value, None);
                }
                self.words.clear();
            }
            Token::Fraction(value, of) => {
                self.number(value, Some(of));
                self.words.clear();
            }
        }
    }

    /// The name of `0.9 train loss`, in a line that counts epochs and says it of every value.
    fn named_behind(&mut self) {
        let Some(value) = self.unnamed.take().filter(|_| self.reading.epoch.is_some()) else {
            return;
        };
        if let Key::Metric(name) = key(&self.words, false) {
            self.reading.values.push((name, value));
        }
    }

    /// timm: `Train: 3 [  50/391 ( 13%)]`; mmengine: `Epoch(train) [3][50/391]`.
    fn is_epoch(&self, value: f64, before: Option<Token<'_>>, after: Option<Token<'_>>) -> bool {
        let begins = self.reading.epoch.is_none() && self.reading.values.is_empty();
        let behind_part = matches!(self.words[..], [word] if part(word).is_some());
        let colon = before == Some(Token::Sign(':')) && after == Some(Token::Sign('['));
        begins && behind_part && colon && value.fract() == 0.0
    }

    fn number(&mut self, value: f64, of: Option<f64>) {
        self.awaits_mean = false;
        let plural = self.words.last().is_some_and(|word| word.eq_ignore_ascii_case("epochs"));
        match key(&self.words, of.is_some()) {
            // `epochs = 10` is a setting.
            Key::Epoch if plural && of.is_none() => {}
            Key::Epoch => self.reading.epoch = self.reading.epoch.or(Some(value)),
            Key::Step => self.reading.step = self.reading.step.or(Some(value)),
            Key::Batch => {
                self.reading.batch = true;
                self.reading.of_many = of.map(|_| value);
            }
            Key::Metric(_) if self.of_gradients => {}
            Key::Metric(name) => {
                let value = match of {
                    // `Accuracy: 98/120`.
                    Some(of) if of > 0.0 && Direction::of(&name) == Direction::Higher => value / of,
                    _ => value,
                };
                let name = match &self.context {
                    Some(part) if bare(&name) => format!("{part} {name}"),
                    _ => name,
                };
                self.reading.values.push((name, value));
                self.awaits_mean = of.is_none();
            }
            // CatBoost: `0:  learn: 0.5  test: 0.6`; PyG: `Epoch: 1, Loss: 0.9, Train: 0.7, Val: 0.6`.
            // But not `Train 4000 in 1.2 seconds`.
            Key::Nothing
                if (self.reading.step.is_some() || self.reading.epoch.is_some())
                    && of.is_none()
                    && (self.told || value.fract() != 0.0)
                    && self.words.len() == 1
                    && part(self.words[0]).is_some() =>
            {
                self.reading.values.push((self.words[0].to_owned(), value));
            }
            // `[640/60000 (1%)]`, `375/375 [====]`.
            Key::Nothing
                if of.is_some() && self.words.is_empty() && self.reading.values.is_empty() =>
            {
                self.reading.batch = true;
            }
            Key::Nothing => {}
        }
    }

    /// `Loss 6.90 (7.02)`: the mean so far stands behind the value of the batch.
    fn mean(&mut self, value: f64) {
        // `0.95 (-0.1)` tells by how much it changed.
        let awaited =
            |last: &&mut (String, f64)| self.awaits_mean && (value >= 0.0 || last.1 < 0.0);
        if let Some(last) = self.reading.values.last_mut().filter(awaited) {
            last.1 = value;
            self.reading.running = true;
        }
    }
}

/// 3 of `epoch3`, `Epoch_003`, `epoch-3`, `3epoch`.
fn numbered_epoch(word: &str) -> Option<f64> {
    let lower = word.to_ascii_lowercase();
    if let Some(number) = lower.strip_suffix("epoch") {
        return number.parse::<u32>().ok().map(f64::from);
    }
    let rest = lower.strip_prefix("epoch").or_else(|| lower.strip_prefix("ep"))?;
    rest.trim_start_matches(['_', '-']).parse::<u32>().ok().map(f64::from)
}
