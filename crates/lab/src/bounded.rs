//! A listener that holds so many connections and no more, and lets none of them keep it waiting.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep};

/// What connections may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at the same time; who comes later waits.
    pub connections: usize,
    /// So long a connection may neither send nor be sent anything.
    pub silence: Duration,
    /// So long it may send without being answered, however little at a time.
    pub patience: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let [silence, patience] = [30, 90].map(Duration::from_secs);
        Self { connections: 512, silence, patience }
    }
}

/// The listener.
pub struct Bounded {
    listener: TcpListener,
    free: Arc<Semaphore>,
    limits: Limits,
}

impl Bounded {
    /// Around a listener of the system.
    pub fn new(listener: TcpListener, limits: Limits) -> Self {
        Self { listener, free: Arc::new(Semaphore::new(limits.connections)), limits }
    }
}

impl axum::serve::Listener for Bounded {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let permit = Arc::clone(&self.free).acquire_owned().await.ok();
        let (stream, address) = axum::serve::Listener::accept(&mut self.listener).await;
        let (limits, silence) = (self.limits, Box::pin(sleep(self.limits.silence)));
        let answered = Instant::now();
        (Connection { stream, limits, silence, answered, _permit: permit }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that ends when it has been silent, or has sent for too long.
pub struct Connection {
    stream: TcpStream,
    limits: Limits,
    answered: Instant,
    silence: Pin<Box<Sleep>>,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Connection {
    fn heard(&mut self) {
        let until = Instant::now() + self.limits.silence;
        self.silence.as_mut().reset(until);
    }

    fn stream(&mut self) -> Pin<&mut TcpStream> {
        Pin::new(&mut self.stream)
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.answered.elapsed() > self.limits.patience {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        let read = self.stream().poll_read(context, buffer);
        match read {
            Poll::Ready(_) => self.heard(),
            Poll::Pending if self.silence.as_mut().poll(context).is_ready() => {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            Poll::Pending => {}
        }
        read
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = self.stream().poll_write(context, bytes);
        if written.is_ready() {
            self.answered = Instant::now();
            self.heard();
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::routing::get;
    use std::io::{Read, Write};
    use std::net::TcpStream as Client;
    use tokio::runtime::Runtime;

    const HEAD: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    /// A server with limits that a test can wait for.
    fn serve(connections: usize) -> (Runtime, SocketAddr) {
        let [silence, patience] = [300, 900].map(Duration::from_millis);
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let listener = Bounded::new(listener, Limits { connections, silence, patience });
        let routes = Router::new().route("/", get(|| async { "well" }));
        runtime.spawn(async { axum::serve(listener, routes).await });
        (runtime, address)
    }

    fn client(address: SocketAddr) -> Client {
        let client = Client::connect(address).unwrap();
        client.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        client
    }

    #[test]
    fn a_silent_connection_ends() {
        let (_runtime, address) = serve(8);
        let (mut silent, began) = (client(address), std::time::Instant::now());
        silent.write_all(&HEAD[..9]).unwrap();
        assert!(matches!(silent.read(&mut [0; 64]), Ok(0) | Err(_)));
        assert!(began.elapsed() < Duration::from_secs(9), "only the test's own patience ended it");
    }

    #[test]
    fn a_connection_that_says_a_letter_now_and_then_ends_too() {
        let (_runtime, address) = serve(8);
        let (mut slow, began) = (client(address), std::time::Instant::now());
        slow.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        let ended = |slow: &mut Client| match slow.read(&mut [0; 64]) {
            Ok(count) => count == 0,
            Err(error) => error.kind() == io::ErrorKind::ConnectionReset,
        };
        while slow.write_all(b"G").is_ok() && !ended(&mut slow) {
            assert!(began.elapsed() < Duration::from_secs(9), "it goes on");
        }
        assert!(began.elapsed() > Duration::from_millis(500), "it ended as a silent one");
    }

    #[test]
    fn who_comes_when_all_places_are_taken_waits_for_one() {
        let (_runtime, address) = serve(2);
        let _taken = [client(address), client(address)];
        let mut third = client(address);
        third.write_all(HEAD).unwrap();
        let mut answer = [0; 12];
        // The two say nothing, and so they end.
        third.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200");
    }
}
