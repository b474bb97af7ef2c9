//! The laws that every technique and every run obeys.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod adding;
mod classes;
mod draws;
mod embedding;
mod exact;
mod models;
mod off;
mod resume;
mod run;
mod runs;
mod uncertainty;
