//! What can go wrong before anything is served.

use std::io;
use std::net::SocketAddr;

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address is taken, or is not one of this machine.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The system gives no threads or ended the connection.
    #[error("the server broke: {0}")]
    Broken(#[from] io::Error),
}
