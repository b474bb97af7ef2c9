//! The laws that every technique and every run obeys.

mod adding;
mod draws;
mod exact;
mod off;
mod resume;
mod run;
mod runs;
