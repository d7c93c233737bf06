//! `wangge openapi`

use super::{Failure, output};

/// Prints the API's description.
pub fn run() -> Result<(), Failure> {
    output::print(&crate::http::document().to_pretty_json()?);
    Ok(())
}
