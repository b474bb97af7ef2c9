//! The columns of a table, from the statement that made it.

use super::record::Value;
use super::statement::{Token, Tokens};

/// A column as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Column {
    pub name: String,
    /// Stands for the number of the row.
    is_row_number: bool,
    /// What rows hold that are older than the column.
    default: Value<'static>,
}

impl Column {
    /// The value in a row, from what is stored there.
    pub fn value<'a>(&self, row: i64, stored: Option<Value<'a>>) -> Value<'a> {
        match stored {
            Some(Value::Null) if self.is_row_number => Value::Integer(row),
            Some(value) => value,
            None => self.default.clone(),
        }
    }
}

/// Words with which something else than a column begins.
const CONSTRAINTS: &[&str] = &["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

/// Reads `CREATE TABLE name (column type ..., ...) ...`.
///
/// # Errors
/// The rows of such a table do not hold these columns one after the other.
pub(super) fn columns(statement: &str) -> Result<Vec<Column>, String> {
    let mut tokens = Tokens(statement).peekable();
    let is_mark = |token: &Token<'_>, mark| *token == Token::Mark(mark);
    let head: Vec<Token<'_>> =
        std::iter::from_fn(|| tokens.next_if(|token| !is_mark(token, '('))).collect();
    if has(&head, "VIRTUAL") {
        return Err("it is a virtual table, which stores no rows".to_owned());
    }
    let (mut parts, mut part, mut depth) = (Vec::new(), Vec::new(), 0);
    for token in tokens.by_ref() {
        depth += i32::from(is_mark(&token, '(')) - i32::from(is_mark(&token, ')'));
        match token {
            Token::Mark('(') if depth == 1 => {}
            Token::Mark(',' | ')') if depth == i32::from(is_mark(&token, ',')) => {
                parts.push(std::mem::take(&mut part));
            }
            token => part.push(token),
        }
        if depth <= 0 {
            break;
        }
    }
    if has(&tokens.collect::<Vec<_>>(), "WITHOUT") {
        return Err("it is made WITHOUT ROWID, which is not read".to_owned());
    }
    let mut columns =
        parts.iter().filter_map(|part| column(part)).collect::<Result<Vec<_>, _>>()?;
    for part in &parts {
        // `PRIMARY KEY (id)` says of an integer column what `id INTEGER PRIMARY KEY` says.
        if let [Token::Word(first), .., Token::Mark('('), key, Token::Mark(')')] = part[..]
            && first.eq_ignore_ascii_case("PRIMARY")
        {
            let key = key.text();
            let named = |part: &&Vec<Token<'_>>| {
                part.first().is_some_and(|name| name.text().eq_ignore_ascii_case(key))
            };
            let integer = parts.iter().find(named).is_some_and(|part| is_integer(part));
            let column = columns.iter_mut().find(|column| column.name.eq_ignore_ascii_case(key));
            column.into_iter().for_each(|column| column.is_row_number = integer);
        }
    }
    Ok(columns)
}

/// The column that a part of the statement makes, if it makes one.
fn column(part: &[Token<'_>]) -> Option<Result<Column, String>> {
    let (first, rest) = part.split_first()?;
    if matches!(first, Token::Word(word) if CONSTRAINTS.iter().any(|c| c.eq_ignore_ascii_case(word)))
    {
        return None;
    }
    let name = first.text().to_owned();
    // A cast is `x AS INT`, without a bracket behind.
    let computed = |pair: &[Token<'_>]| has(&pair[..1], "AS") && pair[1] == Token::Mark('(');
    if rest.windows(2).any(computed) {
        return Some(Err(format!("column `{name}` is computed, which is not read")));
    }
    let is_row_number = is_integer(part) && has(rest, "PRIMARY") && !has(rest, "DESC");
    Some(Ok(Column { name, is_row_number, default: default(rest) }))
}

/// Whether the type of a column is INTEGER and no other word.
fn is_integer(part: &[Token<'_>]) -> bool {
    let next = part.get(2).copied();
    let ends = match next {
        None => true,
        Some(Token::Word(word)) => CONSTRAINTS
            .iter()
            .chain(&["NOT", "NULL", "DEFAULT", "COLLATE", "REFERENCES"])
            .any(|c| c.eq_ignore_ascii_case(word)),
        Some(_) => false,
    };
    ends && part.get(1).is_some_and(|token| token.text().eq_ignore_ascii_case("INTEGER"))
}

/// `DEFAULT 0`, `DEFAULT -1`, `DEFAULT ('a')`; null for anything that is computed.
fn default(part: &[Token<'_>]) -> Value<'static> {
    let is = |token: &Token<'_>| matches!(token, Token::Word(word) if word.eq_ignore_ascii_case("DEFAULT"));
    let Some(at) = part.iter().position(is) else { return Value::Null };
    let mut rest = &part[at + 1..];
    let mut sign = 1;
    while let [Token::Mark(mark @ ('(' | '-' | '+')), after @ ..] = rest {
        sign = if *mark == '-' { -sign } else { sign };
        rest = after;
    }
    match rest.first() {
        Some(Token::Quoted(text)) => Value::Text((*text).to_owned().into()),
        Some(Token::Word(word)) => match (word.parse::<i64>(), word.parse::<f64>()) {
            (Ok(number), _) => Value::Integer(sign * number),
            (_, Ok(number)) if number.is_finite() => Value::Real(sign as f64 * number),
            _ if word.eq_ignore_ascii_case("TRUE") => Value::Integer(1),
            _ if word.eq_ignore_ascii_case("FALSE") => Value::Integer(0),
            _ => Value::Null,
        },
        _ => Value::Null,
    }
}

fn has(tokens: &[Token<'_>], wanted: &str) -> bool {
    tokens
        .iter()
        .any(|token| matches!(token, Token::Word(word) if word.eq_ignore_ascii_case(wanted)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(statement: &str) -> Vec<String> {
        columns(statement).unwrap().into_iter().map(|column| column.name).collect()
    }

    #[test]
    fn columns_of_all_spellings() {
        let statement = "CREATE TABLE \"a b\" ( -- of MLflow\n\tkey VARCHAR(250) NOT NULL, \n\
            value FLOAT, [the step] BIGINT DEFAULT '0' NOT NULL, `is_nan` BOOLEAN DEFAULT (-1),\
            /* the end */ \"x, (y\" DECIMAL(10, 5), CONSTRAINT pk PRIMARY KEY (key, value),\
            CHECK (CAST(is_nan AS INT) IN (0, 1)), FOREIGN KEY(key) REFERENCES runs (id))";
        assert_eq!(names(statement), ["key", "value", "the step", "is_nan", "x, (y"]);
        let columns = columns(statement).unwrap();
        assert_eq!(columns[2].default, Value::Text("0".into()));
        assert_eq!(columns[3].default, Value::Integer(-1));
        assert!(columns.iter().all(|column| !column.is_row_number));
    }

    #[test]
    fn the_number_of_a_row_may_have_a_name() {
        let first = |statement: &str| columns(statement).unwrap()[0].is_row_number;
        assert!(first("CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, x)"));
        assert!(first("create table t(id integer not null, x, primary key (id))"));
        assert!(!first("CREATE TABLE t(id INT PRIMARY KEY, x)"));
        assert!(!first("CREATE TABLE t(id INTEGER PRIMARY KEY DESC, x)"));
        assert!(!first("CREATE TABLE t(id INTEGER, x, PRIMARY KEY (id, x))"));
    }

    #[test]
    fn other_tables_are_refused() {
        let why = |statement: &str| columns(statement).unwrap_err();
        assert!(why("CREATE TABLE t(a PRIMARY KEY) WITHOUT ROWID").contains("WITHOUT ROWID"));
        assert!(why("CREATE VIRTUAL TABLE t USING fts5(a)").contains("virtual"));
        assert!(why("CREATE TABLE t(a, b AS (a + 1))").contains("`b` is computed"));
        assert_eq!(columns("CREATE TABLE t").unwrap(), []);
    }
}
