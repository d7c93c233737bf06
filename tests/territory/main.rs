//! The demonstration territory and the splitter that makes it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test that panics is a test that fails"
)]

mod coverage;
mod subdivide;
