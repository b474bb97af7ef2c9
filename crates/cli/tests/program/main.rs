//! The program as a person meets it: its files, its words, its exit codes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]
#![allow(clippy::print_stderr, reason = "messages and counts are there to be read")]

mod bad_input;
mod cards;
mod data_command;
mod desk;
mod diagnose;
mod distillation;
mod evidence;
#[cfg(unix)]
mod fine_tune;
mod formats;
mod interrupt;
#[cfg(unix)]
mod kill;
mod lab;
mod manners;
mod numbering;
mod output;
mod path;
mod pictures;
mod pipe;
mod proof;
mod refit;
mod samples;
mod stored;
mod tables;
mod tensorboard;
mod tune;
