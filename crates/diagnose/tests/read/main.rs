//! Reading: logs that the real libraries wrote, and what happens to damaged ones.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is how a test fails, in its helpers too"
)]

mod damaged;
mod goldens;
mod search;
mod wild;
