//! A Ray cluster, by its job API: nothing in Python is shipped.

use super::package::{digest, zip};
use crate::Error;
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use ureq::Agent;

/// How often a job that failed, or whose worker was lost, is sent again.
const AGAIN: usize = 2;
/// Between two looks at a job.
const POLL: Duration = Duration::from_millis(400);
/// An answer takes no longer, or the head is away.
const TIMEOUT: Duration = Duration::from_secs(120);
/// How long the head may be away before a job counts as lost.
const PATIENCE: usize = 75;
/// How often the output of a job is asked for before it counts as lost.
const LOOKS: usize = 15;
/// The program's name in the folder of a job.
const PROGRAM: &str = "wellfit";

/// A cluster that has the program.
pub struct Ray {
    agent: Agent,
    head: String,
    package: String,
    /// Apart from the jobs of other programs and of this one before.
    session: String,
    jobs: AtomicU64,
}

#[derive(Deserialize)]
struct Status {
    status: String,
    message: Option<String>,
}

impl Ray {
    /// Finds the cluster at `head`, as `http://head:8265`, and brings it the program.
    ///
    /// # Errors
    /// [`Error::Engine`] when nobody answers there, or the program cannot be read or brought.
    pub fn connect(head: &str, program: &Path) -> Result<Self, Error> {
        let agent: Agent = Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(true)
            .build()
            .into();
        let bytes = std::fs::read(program).map_err(|e| lost("reading the program", &e))?;
        let package = format!("_ray_pkg_{}.zip", digest(&bytes));
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let session = format!("{:x}-{:x}", since.as_nanos(), std::process::id());
        let head = head.trim_end_matches('/').to_owned();
        let ray = Self { agent, head, package, session, jobs: AtomicU64::new(0) };
        let version = ray.agent.get(ray.address("/api/version")).call();
        version.map_err(|error| lost("finding the cluster", &error))?;
        let address = ray.address(&format!("/api/packages/gcs/{}", ray.package));
        if ray.agent.get(&address).call().is_err() {
            let file = zip(PROGRAM, &bytes).map_err(|error| lost("packing the program", &error))?;
            let sent = ray.agent.put(&address).send(&file[..]);
            sent.map_err(|error| lost("bringing the program", &error))?;
        }
        Ok(ray)
    }

    /// Runs the program on these specifications, a line each, as one job, and gives the lines that
    /// it printed; none where it was stopped. A job that fails is sent again twice.
    ///
    /// # Errors
    /// [`Error::Engine`] when it failed three times, or the head stays away.
    pub fn carry(
        &self,
        specs: &[String],
        stop: &dyn Fn() -> bool,
    ) -> Result<Option<Vec<String>>, Error> {
        let mut last = String::new();
        for _ in 0..=AGAIN {
            let id = self.submit(specs)?;
            match self.wait(&id, stop)? {
                None => {
                    // It would go on for nobody.
                    let _ =
                        self.agent.post(self.address(&format!("/api/jobs/{id}/stop"))).send_empty();
                    return Ok(None);
                }
                Some(status) => match (status.status.as_str(), self.lines(&id)) {
                    ("SUCCEEDED", Ok(lines)) => return Ok(Some(lines)),
                    // Its output was lost with its machine.
                    ("SUCCEEDED", Err(error)) => last = error.to_string(),
                    (_, said) => last = told(&status, &said.unwrap_or_default()),
                },
            }
        }
        Err(Error::Engine { action: "a job that was sent three times", message: last })
    }

    fn submit(&self, specs: &[String]) -> Result<String, Error> {
        let number = self.jobs.fetch_add(1, Ordering::Relaxed);
        let id = format!("wellfit-{}-{number}", self.session);
        // Quoted, the shell changes nothing in it; JSON has no line that is this word alone.
        let entrypoint = format!(
            "chmod +x ./{PROGRAM} && ./{PROGRAM} trial --spec - <<'END_OF_SPECS'\n{}\nEND_OF_SPECS",
            specs.join("\n")
        );
        let job = json!({
            "submission_id": id,
            "entrypoint": entrypoint,
            "entrypoint_num_cpus": 1,
            "runtime_env": { "working_dir": format!("gcs://{}", self.package) },
        });
        let sent = self.agent.post(self.address("/api/jobs/")).send_json(&job);
        sent.map_err(|error| lost("sending a job", &error))?;
        Ok(id)
    }

    /// Until it has ended; none where it was stopped.
    fn wait(&self, id: &str, stop: &dyn Fn() -> bool) -> Result<Option<Status>, Error> {
        let (address, mut missed) = (self.address(&format!("/api/jobs/{id}")), 0);
        loop {
            if stop() {
                return Ok(None);
            }
            std::thread::sleep(POLL);
            let answer = self.agent.get(&address).call();
            match answer.and_then(|mut answer| answer.body_mut().read_json::<Status>()) {
                Ok(status) if ["SUCCEEDED", "FAILED", "STOPPED"].contains(&&*status.status) => {
                    return Ok(Some(status));
                }
                Ok(_) => missed = 0,
                Err(error) => {
                    missed += 1;
                    if missed > PATIENCE {
                        return Err(lost("asking for a job", &error));
                    }
                }
            }
        }
    }

    fn lines(&self, id: &str) -> Result<Vec<String>, Error> {
        let address = self.address(&format!("/api/jobs/{id}/logs"));
        let ask = || -> Result<Value, ureq::Error> {
            self.agent.get(&address).call()?.body_mut().read_json()
        };
        let mut answer = ask();
        // The machine that has the output may be busy, or have only come.
        for _ in 0..LOOKS {
            if answer.is_ok() {
                break;
            }
            std::thread::sleep(POLL);
            answer = ask();
        }
        let answer = answer.map_err(|error| lost("reading a job's output", &error))?;
        let text = answer.get("logs").and_then(Value::as_str).unwrap_or_default();
        Ok(text.lines().map(str::to_owned).collect())
    }

    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.head)
    }
}

/// What a job that failed says: Ray's message and the end of its output.
fn told(status: &Status, said: &[String]) -> String {
    let end = said.len().saturating_sub(5);
    [status.message.as_deref().unwrap_or_default(), &said[end..].join("\n")].join("\n")
}

fn lost(action: &'static str, error: &dyn std::fmt::Display) -> Error {
    Error::Engine { action, message: error.to_string() }
}
