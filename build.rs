//! The web application becomes part of the binary: a new one makes a new binary.

#![allow(clippy::print_stdout, reason = "this is how cargo is spoken to")]

fn main() {
    println!("cargo:rerun-if-changed=maps/dist");
    println!("cargo:rerun-if-changed=migrations");
}
