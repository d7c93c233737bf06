//! What commands say, to people and to scripts.

use std::error::Error;
use std::io::Write;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

/// Says a result: as one JSON object with one member for scripts, or in words.
pub fn say<T: Serialize>(json: bool, member: &str, value: &T, words: impl FnOnce() -> String) {
    if json {
        print(&serde_json::json!({ member: value }).to_string());
    } else {
        print(&words());
    }
}

/// Prints a line on standard output. A reader that has gone away is no failure.
pub fn print(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Tells people what went wrong, with all that led to it, on standard error.
pub fn report(failure: &(dyn Error + 'static)) {
    let mut stderr = std::io::stderr();
    let _ = writeln!(stderr, "error: {failure}");
    let mut told = failure.to_string();
    let mut source = failure.source();
    while let Some(cause) = source {
        let text = cause.to_string();
        if !told.contains(&text) {
            let _ = writeln!(stderr, "  because: {text}");
            told = text;
        }
        source = cause.source();
    }
}

/// A bar for work whose length is known.
#[must_use]
pub fn bar(what: &'static str, length: u64) -> ProgressBar {
    let bar = ProgressBar::new(length).with_message(what);
    if let Ok(style) =
        ProgressStyle::with_template("{msg:24} {bar:32} {human_pos}/{human_len} {eta:>4}")
    {
        bar.set_style(style);
    }
    bar
}

/// A sign of life for work whose length is not known.
#[must_use]
pub fn spinner(what: &'static str) -> ProgressBar {
    let spinner = ProgressBar::new_spinner().with_message(what);
    if let Ok(style) = ProgressStyle::with_template("{msg:24} {spinner} {elapsed}") {
        spinner.set_style(style);
    }
    spinner.enable_steady_tick(Duration::from_millis(120));
    spinner
}
