//! The web application becomes part of the binary: a new one makes a new binary.

fn main() {
    println!("cargo:rerun-if-changed=maps/dist");
    println!("cargo:rerun-if-changed=migrations");
}
