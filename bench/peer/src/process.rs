//! One side of a comparison as a process, which sleeps while it is not its turn.

use crate::Outcome;
use serde::de::DeserializeOwned;
use std::fmt::Display;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A process at the other end of two pipes: a line asks, a line of JSON answers.
#[derive(Debug)]
pub struct Process {
    child: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Process {
    /// Starts it and waits until it is ready, which it says in its first line.
    ///
    /// # Errors
    /// It does not start, or its first line is not what was expected.
    pub fn start<Hello: DeserializeOwned>(mut command: Command) -> Outcome<(Self, Hello)> {
        let program = command.get_program().to_string_lossy().into_owned();
        let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = spawned.map_err(|error| format!("`{program}` did not start: {error}"))?;
        let requests = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().ok_or("a process without stdout")?);
        let mut process = Self { child, requests, answers };
        let hello = process.answer().inspect_err(|_| drop(process.child.kill()))?;
        Ok((process, hello))
    }

    /// Asks, and waits for the answer.
    ///
    /// # Errors
    /// It has ended, or its answer is not what was expected.
    pub fn ask<Answer: DeserializeOwned>(&mut self, request: impl Display) -> Outcome<Answer> {
        if let Some(requests) = &mut self.requests {
            writeln!(requests, "{request}")?;
            requests.flush()?;
        }
        self.answer()
    }

    fn answer<Answer: DeserializeOwned>(&mut self) -> Outcome<Answer> {
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            return Err("a process ended before it answered; what it said stands above".into());
        }
        serde_json::from_str(&line)
            .map_err(|error| format!("expected an answer, found `{}`: {error}", line.trim()).into())
    }
}

impl Drop for Process {
    /// The end of its requests tells the process to leave.
    fn drop(&mut self) {
        drop(self.requests.take());
        // Nothing is left to be done about a process that does not end well.
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_process_answers_what_it_is_asked() {
        let script = r#"echo '"ready"'; while read line; do echo "[$line, 1]"; done"#;
        let (mut process, hello) = Process::start::<String>(shell(script)).unwrap();
        assert_eq!(hello, "ready");
        assert_eq!(process.ask::<[f64; 2]>(0.5).unwrap(), [0.5, 1.0]);
        assert_eq!(process.ask::<[f64; 2]>("7").unwrap(), [7.0, 1.0]);
        let found = process.ask::<String>(3).unwrap_err().to_string();
        assert!(found.starts_with("expected an answer, found `[3, 1]`"), "{found}");
    }

    #[test]
    fn a_process_that_ends_is_told() {
        let found = Process::start::<String>(shell("exit 3")).unwrap_err().to_string();
        assert!(found.contains("ended before it answered"), "{found}");
        let found = Process::start::<f64>(shell("echo hello; cat")).unwrap_err().to_string();
        assert!(found.contains("found `hello`"), "{found}");
        let nowhere = Process::start::<f64>(Command::new("no such program")).unwrap_err();
        assert!(nowhere.to_string().starts_with("`no such program` did not start"), "{nowhere}");
    }
}
