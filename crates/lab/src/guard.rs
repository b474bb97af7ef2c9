//! Who may ask, and what the browser is told about the page.
//!
//! A page of another site can send requests to this one from the person's own browser: straight
//! away (a cross-site post), or under a name of its own that it lets point to this machine (DNS
//! rebinding). The first tells itself by its `Origin`, the second by its `Host`.

use crate::refusal::Refusal;
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// Nothing but the page's own files, no frames, no forms: what stands in an upload stays text.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The names under which this server may be asked.
#[derive(Debug, Clone)]
pub struct Names(Arc<Vec<String>>);

impl Names {
    /// Those of a server that listens on `address`: the loopback's names, and the address itself.
    pub fn of(address: SocketAddr) -> Self {
        let port = address.port();
        let own = match address.ip() {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => format!("[{ip}]"),
        };
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned(), "[::1]".to_owned(), own];
        let mut all: Vec<String> = names.iter().map(|name| format!("{name}:{port}")).collect();
        // Browsers leave the port of http out.
        if port == 80 {
            all.extend(names);
        }
        Self(Arc::new(all))
    }

    fn holds(&self, name: &str) -> bool {
        self.0.iter().any(|own| own.eq_ignore_ascii_case(name))
    }

    fn check(&self, headers: &HeaderMap) -> Result<(), String> {
        let of = |name: HeaderName| headers.get_all(name).iter().map(HeaderValue::to_str);
        let hosts: Vec<_> = of(HOST).collect();
        match hosts.as_slice() {
            [Ok(host)] if self.holds(host) => {}
            _ => return Err(format!("expected a request to {}", self.0.join(" or "))),
        }
        let own =
            |origin: &str| origin.strip_prefix("http://").is_some_and(|name| self.holds(name));
        match of(ORIGIN).all(|origin| origin.is_ok_and(own)) {
            true => Ok(()),
            false => Err("this comes from another site's page, which has no business here".into()),
        }
    }
}

/// Lets requests to this server through, and gives every answer the headers that keep it here.
pub async fn guard(State(names): State<Names>, request: Request, next: Next) -> Response {
    let checked = names.check(request.headers());
    let mut response = match checked {
        Ok(()) => next.run(request).await,
        Err(message) => Refusal(StatusCode::FORBIDDEN, message).into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(host: &[&str], origin: Option<&str>) -> bool {
        let names = Names::of(SocketAddr::from(([127, 0, 0, 1], 7878)));
        let mut headers = HeaderMap::new();
        for host in host {
            headers.append(HOST, HeaderValue::from_str(host).unwrap());
        }
        origin.map(|origin| headers.insert(ORIGIN, HeaderValue::from_str(origin).unwrap()));
        names.check(&headers).is_ok()
    }

    #[test]
    fn only_its_own_names_and_pages_may_ask() {
        assert!(check(&["localhost:7878"], None));
        assert!(check(&["127.0.0.1:7878"], Some("http://localhost:7878")));
        assert!(check(&["[::1]:7878"], None));
        for host in ["evil.example:7878", "localhost", "localhost:80", "127.0.0.1.evil:7878", ""] {
            assert!(!check(&[host], None), "{host}");
        }
        assert!(!check(&[], None) && !check(&["localhost:7878", "evil"], None));
        for origin in ["http://evil.example", "https://localhost:7878", "null", "http://localhost"]
        {
            assert!(!check(&["localhost:7878"], Some(origin)), "{origin}");
        }
    }
}
