//! GET from a given byte on, over http and https.

use std::io::{self, ErrorKind, Read};
use std::time::Duration;
use ureq::http::{Response, StatusCode, Uri, header};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body, BodyReader};

/// A machine that does not take a connection in this time will not take it later.
const CONNECT: Duration = Duration::from_secs(10);
const REDIRECTS: u32 = 5;

/// Asks servers; trusts whom the system trusts, and goes through the proxy that the environment
/// names.
pub(super) struct Client(Agent);

/// An answer with its body still to be read.
pub(super) struct Answer {
    pub status: u16,
    /// Place of the body's first byte within the file.
    pub start: u64,
    /// Bytes of the whole file, where the server tells.
    pub total: Option<u64>,
    pub body: Box<dyn Read>,
}

impl Client {
    /// Waits at most `timeout` for a connection, for the head of an answer, and for each further
    /// piece of it.
    pub fn new(timeout: Duration) -> Self {
        let (connect, timeout) = (Some(timeout.min(CONNECT)), Some(timeout));
        let config = Agent::config_builder()
            // A status is for the caller to judge: one may go on after 416 and 503.
            .http_status_as_error(false)
            .max_redirects(REDIRECTS)
            // Files are few and large: a connection for each cannot have gone stale.
            .max_idle_connections(0)
            .timeout_resolve(connect)
            .timeout_connect(connect)
            .timeout_recv_response(timeout)
            .timeout_per_read(timeout)
            .timeout_per_write(timeout)
            .user_agent(concat!("wellfit/", env!("CARGO_PKG_VERSION")))
            .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
            .build();
        Self(config.into())
    }

    /// Asks for `address` from byte `from` on, and follows redirects.
    pub fn get(&self, address: &str, from: u64) -> io::Result<Answer> {
        let uri = uri(address)?;
        let here = matches!(uri.host(), Some("localhost" | "127.0.0.1" | "[::1]"));
        // `identity`: a checksum is of the file, not of what a server packs on the way.
        let mut request = self.0.get(uri).header(header::ACCEPT_ENCODING, "identity");
        if here {
            // A proxy does not know this machine by these names.
            request = request.config().proxy(None).build();
        }
        if from > 0 {
            request = request.header(header::RANGE, format!("bytes={from}-"));
        }
        Ok(answer(request.call().map_err(plain)?))
    }
}

fn uri(address: &str) -> io::Result<Uri> {
    let good = |uri: &Uri| {
        // A password in an address would end up in messages.
        let host = uri.authority().is_some_and(|host| !host.as_str().contains('@'));
        host && matches!(uri.scheme_str(), Some("http" | "https"))
    };
    address.parse().ok().filter(good).ok_or_else(|| {
        let form = "is no address of the form http://HOST/PATH or https://HOST/PATH";
        io::Error::new(ErrorKind::InvalidInput, format!("`{address}` {form}"))
    })
}

fn answer(response: Response<Body>) -> Answer {
    let (head, body) = response.into_parts();
    let range = head.headers.get(header::CONTENT_RANGE).and_then(|value| value.to_str().ok());
    let (start, total) = match range.and_then(range_of) {
        Some(range) if head.status == StatusCode::PARTIAL_CONTENT => range,
        _ if head.status == StatusCode::PARTIAL_CONTENT => (0, None),
        _ => (0, body.content_length()),
    };
    Answer { status: head.status.as_u16(), start, total, body: Box::new(Plain(body.into_reader())) }
}

/// `bytes 100-199/200` as (100, 200).
fn range_of(text: &str) -> Option<(u64, Option<u64>)> {
    let (range, total) = text.strip_prefix("bytes")?.trim().split_once('/')?;
    Some((range.split_once('-')?.0.trim().parse().ok()?, total.trim().parse().ok()))
}

/// A body whose errors tell their kind.
struct Plain(BodyReader<'static>);

impl Read for Plain {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| plain(error.into()))
    }
}

/// The error in words and with a kind by which it is judged.
fn plain(error: ureq::Error) -> io::Error {
    let other = |why: String| io::Error::other(why);
    match error {
        ureq::Error::Io(error) => error,
        ureq::Error::Timeout(_) => ErrorKind::TimedOut.into(),
        ureq::Error::TooManyRedirects => other("it redirects in a circle".to_owned()),
        ureq::Error::HostNotFound => other("the host is not known here".to_owned()),
        ureq::Error::Protocol(why) => other(format!("the answer is no HTTP: {why}")),
        ureq::Error::Rustls(why) => {
            let why = why.to_string();
            other(format!(
                "no https: {}; where the system has no certificates to know servers by, install \
                 them (package ca-certificates) or set SSL_CERT_FILE",
                why.trim_start_matches("unexpected error: ")
            ))
        }
        error => other(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_without_a_server_or_with_a_password_are_refused() {
        for good in ["http://a.b", "HTTPS://a:8443/x/y?z", "http://[::1]:8080/x"] {
            assert!(uri(good).is_ok(), "{good}");
        }
        for bad in ["mnist", "ftp://a/b", "http://", "http:///x", "http://a/b c", "http://u:p@a/b"]
        {
            assert!(uri(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn ranges_tell_start_and_total() {
        assert_eq!(range_of("bytes 100-199/200"), Some((100, Some(200))));
        assert_eq!(range_of("bytes 0-9/*"), Some((0, None)));
        for odd in ["", "bytes", "bytes */200", "lines 1-2/3"] {
            assert_eq!(range_of(odd), None, "{odd}");
        }
    }
}
