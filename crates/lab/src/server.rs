//! The server: an address, and what is answered there.

use crate::bounded::{Bounded, Limits};
use crate::guard::{Names, guard};
use crate::refusal::Refusal;
use crate::{Error, page, panel};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use std::future::IntoFuture;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::num::NonZeroU16;
use std::path::PathBuf;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// The port unless told; the next free one where it is taken.
const PORT: u16 = 7878;
/// Ports that are tried.
const TRIED: u16 = 20;
/// Bytes of a request's body, unless a route takes more.
const BODY: usize = 64 << 10;
/// Threads that answer; runs have their own.
const THREADS: usize = 2;

/// Where to serve.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The address to listen on; the loopback unless told.
    pub host: Option<IpAddr>,
    /// The port; 7878 or the next free one unless told.
    pub port: Option<NonZeroU16>,
    /// Study files, or folders of a search, that the page may show.
    pub studies: Vec<PathBuf>,
}

/// A server that listens.
pub struct Server {
    runtime: Runtime,
    listener: TcpListener,
    address: SocketAddr,
    studies: Vec<PathBuf>,
}

impl Server {
    /// Listens; nobody is answered before [`Self::run`].
    ///
    /// # Errors
    /// The address is taken or none of this machine's.
    pub fn bind(options: &Options) -> Result<Self, Error> {
        let host = options.host.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let listener = match options.port {
            Some(port) => listen(SocketAddr::new(host, port.get()))?,
            None => (PORT..PORT + TRIED)
                .find_map(|port| TcpListener::bind((host, port)).ok())
                .map_or_else(|| listen(SocketAddr::new(host, 0)), Ok)?,
        };
        listener.set_nonblocking(true)?;
        let runtime = Builder::new_multi_thread().worker_threads(THREADS).enable_all().build()?;
        let (address, studies) = (listener.local_addr()?, options.studies.clone());
        Ok(Self { runtime, listener, address, studies })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop` says so, which is asked every `look`. Runs that go on then end with it.
    ///
    /// # Errors
    /// The system ended it.
    pub fn run(self, look: Duration, stop: &dyn Fn() -> bool) -> Result<(), Error> {
        let Self { runtime, listener, address, studies } = self;
        let served = runtime.block_on(async {
            let listener =
                Bounded::new(tokio::net::TcpListener::from_std(listener)?, Limits::default());
            tokio::select! {
                served = axum::serve(listener, routes(address, &studies)).into_future() => served,
                () = until(look, stop) => Ok(()),
            }
        });
        // What still runs is of no use to anybody.
        runtime.shutdown_background();
        Ok(served?)
    }
}

async fn until(look: Duration, stop: &dyn Fn() -> bool) {
    while !stop() {
        tokio::time::sleep(look).await;
    }
}

fn listen(address: SocketAddr) -> Result<TcpListener, Error> {
    TcpListener::bind(address).map_err(|source| Error::Listen { address, source })
}

/// All that is answered, behind the guard.
fn routes(address: SocketAddr, studies: &[PathBuf]) -> Router {
    let unknown = || async { Refusal(StatusCode::NOT_FOUND, "there is no such page".to_owned()) };
    let method = || async {
        let message = "this address takes another method".to_owned();
        Refusal(StatusCode::METHOD_NOT_ALLOWED, message).into_response()
    };
    Router::new()
        .merge(page::routes())
        .merge(panel::weight_space::routes())
        .merge(panel::equivalence::routes())
        .merge(panel::linear::routes())
        .merge(panel::diagnose::routes())
        .merge(panel::live::routes())
        .merge(panel::study::routes(studies))
        .fallback(unknown)
        .method_not_allowed_fallback(method)
        .layer(DefaultBodyLimit::max(BODY))
        .layer(from_fn_with_state(Names::of(address), guard))
}
