//! What the targets of the fuzzer and the test over its corpus share.

pub mod bounds;
pub mod input;
