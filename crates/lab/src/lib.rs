//! The local page of wellfit: see what regularization does.
//!
//! ```text
//! request -> guard (Host, Origin, headers) -> router -> panel -> the facade -> JSON, or events
//! ```
//!
//! A panel is a room with its own routes under `/api/`; the built page lies in `page/` and is part
//! of the program. All numbers come from the crates below: the page draws.
//!
//! What is served is for the person at this machine. It listens on the loopback unless told,
//! answers only requests that name it as their host and come from its own page, reads no file but
//! those that the program was started with, and keeps every upload and every run within bounds.

mod apart;
mod bounded;
mod error;
mod guard;
mod page;
mod panel;
mod refusal;
mod scratch;
mod sent;
mod server;

pub use error::Error;
pub use server::{Options, Server};
