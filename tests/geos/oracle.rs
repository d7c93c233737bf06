//! GEOS, in a process of its own.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::{Deserialize, Serialize};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/geos/oracle.py");
/// Fails when a package is missing, or too old.
const PACKAGES: &str =
    "import mapbox_vector_tile, pmtiles.reader, shapely; shapely.coverage_invalid_edges";

/// Polygons as well-known text.
#[derive(Serialize)]
pub struct Case {
    pub drawn: Vec<String>,
    pub repaired: Vec<String>,
    pub parent: String,
}

/// What GEOS says of a case; see the script.
#[derive(Deserialize)]
pub struct Opinion {
    pub valid: Vec<bool>,
    pub unmatched: Option<Vec<bool>>,
    pub covers: bool,
    /// Square lattice steps.
    pub differs: f64,
}

pub struct Geos {
    process: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

/// A Python with all that the scripts ask; `None`, and a line to the standard error stream,
/// when there is none.
///
/// # Panics
/// When there is none although one is required.
pub fn find_python() -> Option<String> {
    let python = std::env::var("WANGGE_GEOS_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let has_packages = Command::new(&python).args(["-c", PACKAGES]).output();
    if has_packages.is_ok_and(|output| output.status.success()) {
        return Some(python);
    }
    let lacks = format!("{python} lacks shapely 2.1, mapbox-vector-tile or pmtiles");
    let required = ["CI", "WANGGE_REQUIRE_POSTGRES"]
        .into_iter()
        .find(|name| std::env::var_os(name).is_some());
    if let Some(name) = required {
        panic!("{name} is set, but {lacks}");
    }
    let _ = writeln!(std::io::stderr(), "skipped: {lacks}");
    None
}

impl Geos {
    /// `None` when there is no GEOS to be asked.
    pub fn start() -> Option<Self> {
        let mut process = Command::new(find_python()?)
            .arg(SCRIPT)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (to, from) = (
            process.stdin.take().unwrap(),
            process.stdout.take().unwrap(),
        );
        Some(Self {
            process,
            to,
            from: BufReader::new(from),
        })
    }

    pub fn ask(&mut self, case: &Case) -> Opinion {
        let question = serde_json::to_string(case).unwrap();
        writeln!(self.to, "{question}").unwrap();
        let mut answer = String::new();
        self.from.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{error}: {answer:?}"))
    }
}

impl Drop for Geos {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
