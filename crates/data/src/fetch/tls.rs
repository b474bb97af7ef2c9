//! https: rustls, trusting whom the system trusts.

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, crypto::ring};
use std::io;
use std::net::TcpStream;
use std::sync::Arc;

/// Puts TLS around a connection to `host`.
pub(super) fn wrap(
    host: &str,
    socket: TcpStream,
) -> io::Result<StreamOwned<ClientConnection, TcpStream>> {
    let other = |why: rustls::Error| io::Error::other(why);
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        let why = "this system has no certificates to know https servers by; install them (package \
                   ca-certificates), or set SSL_CERT_FILE";
        return Err(io::Error::other(why));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(other)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
    let connection = ClientConnection::new(Arc::new(config), name).map_err(other)?;
    Ok(StreamOwned::new(connection, socket))
}
