//! The laws that every technique and every run obeys.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod adding;
mod augment;
mod averages;
mod classes;
mod embedding;
mod evidence;
mod exact;
mod lambda;
mod mixing;
mod models;
mod objectives;
mod off;
mod proven;
mod resume;
mod run;
mod runs;
mod second_pass;
mod uncertainty;
