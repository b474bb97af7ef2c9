//! All runs of a server.

use super::control::{Control, Order};
use super::lock;
use super::recipe::Asked;
use super::session::Session;
use super::turn::Turns;
use super::upload::{Upload, Uploads};
use crate::refusal::Refusal;
use axum::http::StatusCode;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Pages that may have runs at once.
pub const PAGES: usize = 8;

/// All runs of a server, and the tables that were sent to it. Runs end when it goes.
pub struct Registry {
    sessions: Mutex<Sessions>,
    uploads: Mutex<Uploads>,
    turns: Arc<Turns>,
    grace: Duration,
}

#[derive(Default)]
struct Sessions {
    next: u64,
    /// Promised to sessions whose data are being read.
    beginning: usize,
    going: BTreeMap<u64, Arc<Session>>,
}

impl Registry {
    /// No run yet; runs end `grace` after their page has left.
    pub fn new(turns: Turns, grace: Duration) -> Self {
        let (sessions, uploads) = (Mutex::default(), Mutex::default());
        Self { sessions, uploads, turns: Arc::new(turns), grace }
    }

    /// Begins the runs of a page.
    ///
    /// # Errors
    /// Too many go already, or what is wrong with the recipe.
    pub fn start(
        &self,
        recipe: Value,
        beside: bool,
        order: Order,
    ) -> Result<(u64, Arc<Session>), Refusal> {
        self.promise()?;
        let begun = Asked::read(recipe, &lock(&self.uploads)).and_then(|asked| {
            Session::begin(asked, beside, Control::new(order, self.grace), &self.turns)
        });
        let mut sessions = lock(&self.sessions);
        sessions.beginning -= 1;
        let session = Arc::new(begun?);
        sessions.next += 1;
        let id = sessions.next;
        sessions.going.insert(id, Arc::clone(&session));
        Ok((id, session))
    }

    /// Keeps a place for one more, where there is one.
    fn promise(&self) -> Result<(), Refusal> {
        let mut sessions = lock(&self.sessions);
        sessions.going.retain(|_, session| !session.has_ended() || session.control.is_heard());
        if sessions.going.len() + sessions.beginning >= PAGES {
            let message =
                format!("expected at most {PAGES} pages with runs, found one more: close one");
            return Err(Refusal(StatusCode::TOO_MANY_REQUESTS, message));
        }
        sessions.beginning += 1;
        Ok(())
    }

    /// Goes on with other strengths; gives the recipe that holds then.
    ///
    /// # Errors
    /// No such run, or what speaks against the change.
    pub fn change(&self, id: u64, recipe: Value) -> Result<String, Refusal> {
        let session = self.session(id)?;
        if session.has_ended() {
            let message = format!("run {id} has ended: start anew");
            return Err(Refusal(StatusCode::CONFLICT, message));
        }
        let asked = Asked::read(recipe, &lock(&self.uploads))?;
        Ok(session.change(asked)?)
    }

    /// The runs of a page.
    ///
    /// # Errors
    /// There are none of this number, or no more.
    pub fn session(&self, id: u64) -> Result<Arc<Session>, Refusal> {
        let found = lock(&self.sessions).going.get(&id).map(Arc::clone);
        found.ok_or_else(|| {
            Refusal(StatusCode::NOT_FOUND, format!("there is no run {id}, or no more: start anew"))
        })
    }

    /// Takes a table in.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn upload(&self, bytes: &[u8]) -> Result<Upload, Refusal> {
        let upload = Upload::read(bytes)?;
        Ok(lock(&self.uploads).keep(upload))
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        for session in lock(&self.sessions).going.values() {
            session.control.give(Order::End);
        }
    }
}
