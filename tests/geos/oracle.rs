//! GEOS, in a process of its own.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::{Deserialize, Serialize};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/geos/oracle.py");

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

impl Geos {
    /// `None`, and a line to the standard error stream, when there is no such shapely.
    pub fn start() -> Option<Self> {
        let python = std::env::var("WANGGE_GEOS_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let has_shapely = Command::new(&python)
            .args(["-c", "import shapely; shapely.coverage_invalid_edges"])
            .stderr(Stdio::null())
            .status();
        if !has_shapely.is_ok_and(|status| status.success()) {
            let required = ["CI", "WANGGE_REQUIRE_POSTGRES"]
                .into_iter()
                .find(|name| std::env::var_os(name).is_some());
            if let Some(name) = required {
                panic!("{name} is set, but {python} has no shapely 2.1");
            }
            let _ = writeln!(std::io::stderr(), "skipped: {python} has no shapely 2.1");
            return None;
        }
        let mut process = Command::new(python)
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
