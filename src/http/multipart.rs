//! The parts of `multipart/form-data`: files streamed to disk while they come, and gone again
//! when they do not all come; and short texts.

use std::io::Write;

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::Api;
use super::problem::Problem;

/// The longest text field, in bytes.
const MAX_FIELD: usize = 64 * 1024;

/// A file that has come in whole.
pub struct Received {
    pub file: NamedTempFile,
    /// As whoever sent it calls it.
    pub name: Option<String>,
    pub bytes: u64,
    /// Hexadecimal.
    pub sha256: String,
}

pub async fn parts_of(request: Request, api: &Api) -> Result<Multipart, Problem> {
    Multipart::from_request(request, api)
        .await
        .map_err(|rejection| {
            Problem::new(rejection.status(), "invalid_request", rejection.body_text())
        })
}

pub async fn next_part(parts: &mut Multipart) -> Result<Option<Field<'_>>, Problem> {
    parts.next_field().await.map_err(|error| broken(&error))
}

/// Writes a file to disk. `watch` is told after each piece how many bytes have come, and may
/// end it.
pub async fn receive_file(
    api: &Api,
    mut field: Field<'_>,
    mut watch: impl FnMut(u64) -> Result<(), Problem>,
) -> Result<Received, Problem> {
    let name = field.file_name().map(str::to_owned);
    let mut file = api.services.incoming_file()?;
    let mut digest = Sha256::new();
    let mut bytes = 0_u64;
    while let Some(chunk) = field.chunk().await.map_err(|error| broken(&error))? {
        bytes += chunk.len() as u64;
        watch(bytes)?;
        digest.update(&chunk);
        // Into the page cache, mostly: not worth a thread of its own.
        file.write_all(&chunk)
            .map_err(|error| Problem::internal(&error))?;
    }
    let digest = digest.finalize();
    let sha256: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Received {
        file,
        name,
        bytes,
        sha256: sha256.concat(),
    })
}

pub async fn receive_text(mut field: Field<'_>, name: &str) -> Result<String, Problem> {
    let mut text = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| broken(&error))? {
        text.extend_from_slice(&chunk);
        if text.len() > MAX_FIELD {
            return Err(Problem::invalid(format!("the part {name:?} is too long")));
        }
    }
    String::from_utf8(text).map_err(|_| Problem::invalid(format!("the part {name:?} is not UTF-8")))
}

fn broken(error: &MultipartError) -> Problem {
    Problem::new(error.status(), "invalid_request", error.body_text())
}
