//! Every tile of Huai'an, read by others and measured by GEOS.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

use crate::oracle::find_python;

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/geos/");
const LEVELS: [&str; 6] = [
    "city",
    "county",
    "township",
    "community",
    "grid",
    "microgrid",
];
/// Units of a tile to a pixel.
const PIXEL: f64 = 8.0;

/// What the script found in all tiles of a level at a zoom; see there.
#[derive(Debug, Deserialize)]
struct Findings {
    zoom: u8,
    level: String,
    tiles: usize,
    areas: usize,
    names: usize,
    undrawn: Vec<String>,
    unnamed: Vec<String>,
    overlap: Size,
    gap: Size,
    outline: Size,
    mismatch: Size,
    label: Size,
}

/// Units of a tile, and where.
type Size = (f64, Option<String>);

#[derive(Debug, Deserialize)]
struct Faults {
    faults: Vec<String>,
}

#[test]
fn every_tile_of_huaian_decodes_and_fits_its_neighbours() {
    let Some(python) = find_python() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (tiles, ground) = (
        folder.path().join("tiles.pmtiles"),
        folder.path().join("ground.ndjson"),
    );
    run(wangge(folder.path()).arg("demo"));
    run(wangge(folder.path()).arg("export").arg(&tiles));
    run(wangge(folder.path()).arg("export").arg(&ground));
    let arguments: [&OsStr; 4] = [tiles.as_ref(), ground.as_ref(), "6".as_ref(), "14".as_ref()];
    let said = run(script(&python, "tiles.py").args(arguments));
    let (findings, faults) = said.trim_end().rsplit_once('\n').unwrap();
    let Faults { faults } = serde_json::from_str(faults).unwrap();
    assert!(faults.is_empty(), "{faults:#?}");
    let findings: Vec<Findings> = findings
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();

    for zoom in 6..=14 {
        // Microgrids are shown from zoom 8 on.
        let shown = if zoom < 8 { &LEVELS[..5] } else { &LEVELS };
        let found = findings.iter().filter(|found| found.zoom == zoom);
        assert!(
            found
                .map(|found| found.level.as_str())
                .eq(shown.iter().copied()),
            "zoom {zoom}"
        );
    }
    for found in &findings {
        for (limit, size) in [
            (1.0, &found.overlap),
            (1.0, &found.gap),
            (1.0, &found.mismatch),
            // What thinning may move a border by, which a name may stand next to.
            (PIXEL, &found.label),
            (PIXEL, &found.outline),
        ] {
            assert!(size.0 <= limit, "{size:?} is more than {limit}: {found:#?}");
        }
        assert!(
            found.undrawn.is_empty() && found.unnamed.is_empty(),
            "{found:#?}"
        );
        assert_eq!(found.names, found.areas, "{found:#?}");
    }
    report(&findings);
}

/// What the measures are worth: they find what is put before them.
#[test]
fn the_measures_of_tiles_find_gaps_and_overlaps() {
    if let Some(python) = find_python() {
        run(&mut script(&python, "measures.py"));
    }
}

/// The largest sizes of each zoom.
fn report(findings: &[Findings]) {
    eprintln!("zoom  tiles  overlap    gap  mismatch  label  outline");
    for zoom in 6..=14 {
        let here = || findings.iter().filter(|found| found.zoom == zoom);
        let most =
            |size: fn(&Findings) -> &Size| here().map(|found| size(found).0).fold(0.0, f64::max);
        eprintln!(
            "{zoom:>4} {:>6} {:>8.3} {:>6.3} {:>9.3} {:>6.3} {:>8.3}",
            here().map(|found| found.tiles).max().unwrap_or(0),
            most(|found| &found.overlap),
            most(|found| &found.gap),
            most(|found| &found.mismatch),
            most(|found| &found.label),
            most(|found| &found.outline),
        );
    }
}

/// A script of this folder, which stays as it is.
fn script(python: &str, name: &str) -> Command {
    let mut command = Command::new(python);
    command.arg("-B").arg(format!("{SCRIPTS}{name}"));
    command
}

/// The binary on data of its own in a folder, with nothing from outside.
fn wangge(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wangge"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("WANGGE_") {
            command.env_remove(name);
        }
    }
    command.current_dir(folder).arg("--data-dir").arg(folder);
    command
}

/// Runs a command to its end; what it says.
#[track_caller]
fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{command:?}: {said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    said
}
