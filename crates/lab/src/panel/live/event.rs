//! Moments of runs as server-sent events.
//!
//! A page is told at most ten times a second, and always the newest: moments that nobody could
//! take in time are gone. Curves come in pieces, each page being told what is new to it.

use super::control::Listening;
use super::run::TELL;
use super::session::Session;
use super::snapshot::Moment;
use axum::response::sse::Event;
use futures_core::Stream;
use serde::Serialize;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::watch;
use wellfit::core::run::Run;

/// The events of one connection.
pub struct Events(Receiver<Event>);

impl Stream for Events {
    type Item = Result<Event, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|event| event.map(Ok))
    }
}

/// What a page is told of one run.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    moment: &'a Moment,
    /// New points of each series, by its name.
    curves: BTreeMap<String, Vec<(f64, f64)>>,
}

/// One run and what this connection knows of it.
struct Followed {
    told: watch::Receiver<Arc<Moment>>,
    /// The moment that was told last.
    last: Option<Arc<Moment>>,
    known: BTreeMap<String, usize>,
}

impl Followed {
    fn news(&mut self) -> Arc<Moment> {
        let newest = Arc::clone(&self.told.borrow());
        self.last = Some(Arc::clone(&newest));
        newest
    }

    /// Whether there is a moment that was not told; the last one of a run that is gone counts too.
    fn has_news(&self) -> bool {
        self.last.as_ref().is_none_or(|last| !Arc::ptr_eq(last, &self.told.borrow()))
    }

    /// The points that were not told yet.
    fn new_points(&mut self, log: &Run) -> BTreeMap<String, Vec<(f64, f64)>> {
        let mut new = BTreeMap::new();
        for series in &log.series {
            let name = series.name();
            let known = self.known.entry(name.clone()).or_default();
            if let Some(points) = series.points.get(*known..).filter(|points| !points.is_empty()) {
                new.insert(name, points.to_vec());
                *known = series.points.len();
            }
        }
        new
    }
}

/// Begins to tell a page of its runs.
pub fn follow(session: &Arc<Session>) -> Events {
    // One event at a time: who is slow gets the newest next.
    let (send, events) = channel(1);
    let listening = session.control.listen();
    let follow = |side: &super::session::Side| Followed {
        told: side.told.clone(),
        last: None,
        known: BTreeMap::new(),
    };
    tokio::spawn(tell(session.sides.iter().map(follow).collect(), send, listening));
    Events(events)
}

async fn tell(mut runs: Vec<Followed>, send: Sender<Event>, _listening: Listening) {
    loop {
        let moments: Vec<Arc<Moment>> = runs.iter_mut().map(Followed::news).collect();
        let told = |(run, moment): (&mut Followed, &Arc<Moment>)| {
            let curves = run.new_points(&moment.log);
            serde_json::to_value(Told { moment, curves }).unwrap_or_default()
        };
        let told: Vec<serde_json::Value> = runs.iter_mut().zip(&moments).map(told).collect();
        let event = Event::default().data(serde_json::Value::from(told).to_string());
        if send.send(event).await.is_err() {
            return;
        }
        if moments.iter().all(|moment| moment.ended.is_some()) {
            // The page closes the connection; a browser would ask again if the server did.
            send.closed().await;
            return;
        }
        tokio::time::sleep(TELL).await;
        let changed = any_changed(&runs);
        tokio::select! {
            () = changed => {}
            () = send.closed() => return,
        }
    }
}

/// Waits until there is news of one of the runs.
async fn any_changed(runs: &[Followed]) {
    while !runs.iter().any(Followed::has_news) {
        tokio::time::sleep(TELL / 5).await;
    }
}
