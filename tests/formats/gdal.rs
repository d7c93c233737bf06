//! GDAL's programs.

#![allow(dead_code, reason = "each test crate uses a part of it")]

use std::io::Write;
use std::path::Path;
use std::process::Command;

/// False, and a line to the standard error stream, when there is no GDAL.
///
/// # Panics
/// When there is none although tests must not be left out.
pub fn is_there() -> bool {
    let version = Command::new("ogr2ogr").arg("--version").output();
    if version.is_ok_and(|output| output.status.success()) {
        return true;
    }
    let required = ["CI", "WANGGE_REQUIRE_POSTGRES"]
        .into_iter()
        .find(|name| std::env::var_os(name).is_some());
    if let Some(name) = required {
        panic!("{name} is set, but there is no ogr2ogr");
    }
    // Where the output of tests is captured it must be written past it.
    let _ = writeln!(std::io::stderr(), "skipped: there is no ogr2ogr");
    false
}

/// Converts a file.
///
/// # Panics
/// When GDAL says that something is wrong.
pub fn convert(from: &str, to: &Path, arguments: &[&str]) {
    run(from, to, arguments, &[]);
}

/// Converts a layer of a file or of a server.
///
/// # Panics
/// When GDAL says that something is wrong.
pub fn convert_layer(from: &str, layer: &str, to: &Path, arguments: &[&str]) {
    run(from, to, arguments, &[layer]);
}

fn run(from: &str, to: &Path, arguments: &[&str], layers: &[&str]) {
    let output = Command::new("ogr2ogr")
        .args(arguments)
        .arg(to)
        .arg(from)
        .args(layers)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && !said.contains("ERROR"),
        "ogr2ogr {arguments:?} {from}: {said}"
    );
}
