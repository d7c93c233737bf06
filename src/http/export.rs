//! Files out.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use tokio_util::io::ReaderStream;
use utoipa::IntoParams;

use super::Api;
use super::extract::Query;
use super::problem::Problem;
use crate::codec::export::ExportFormat;
use crate::domain::{AreaCode, EditionId, Level};
use crate::geometry::Crs;
use crate::service::exporting::{EditionChoice, ExportQuery};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FileQuery {
    #[param(inline)]
    format: ExportFormat,
    /// Such as `EPSG:4490`, `EPSG:4528`, `EPSG:3857`, `gcj02` or `bd09`; WGS 84 when
    /// absent. Vector tiles (`pmtiles`) are always in Web Mercator.
    #[param(example = "EPSG:4528")]
    crs: Option<String>,
    /// One level or several, separated by commas; all when absent.
    #[param(example = "community,grid")]
    level: Option<String>,
    /// The code of an area: it and everything below it.
    #[param(value_type = Option<String>, example = "320812")]
    area: Option<AreaCode>,
    /// An edition by its number; the one in force when absent.
    edition: Option<i64>,
    /// The edition in force at this time.
    at: Option<DateTime<Utc>>,
    /// The last zoom of vector tiles; 14 when absent.
    #[param(minimum = 0, maximum = 16)]
    max_zoom: Option<u8>,
}

/// The areas of an edition as a file: in any of the formats that are read, or as vector tiles
/// (`pmtiles`, version 3).
#[utoipa::path(get, path = "/api/v1/export", tag = "boundaries", params(FileQuery),
    responses(
        (status = 200, description = "The file", content((Object = "application/geo+json"), (String = "application/x-ndjson"), (Vec<u8> = "application/zip"), (Vec<u8> = "application/geopackage+sqlite3"), (Vec<u8> = "application/vnd.google-earth.kml+xml"), (Vec<u8> = "application/vnd.google-earth.kmz"), (Vec<u8> = "application/flatgeobuf"), (String = "text/csv"), (String = "text/plain"))),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn export_areas(
    State(api): State<Api>,
    Query(query): Query<FileQuery>,
) -> Result<Response, Problem> {
    let crs: Option<Crs> = query
        .crs
        .as_deref()
        .map(str::parse)
        .transpose()
        .map_err(|error| Problem::invalid(format!("crs: {error}")))?;
    let levels: BTreeSet<Level> = query
        .level
        .iter()
        .flat_map(|list| list.split(','))
        .map(|word| word.trim().parse())
        .collect::<Result<_, crate::domain::words::UnknownWord>>()
        .map_err(|error| Problem::invalid(format!("level: {error}")))?;
    let edition = match (query.edition, query.at) {
        (None, None) => EditionChoice::InForce,
        (Some(edition), None) => EditionChoice::Numbered(EditionId(edition)),
        (None, Some(at)) => EditionChoice::At(at),
        (Some(_), Some(_)) => {
            return Err(Problem::invalid("name an edition or a time, not both"));
        }
    };
    let format = query.format;
    let file = api
        .services
        .export_areas(ExportQuery {
            format,
            crs,
            edition,
            within: query.area,
            levels,
            max_zoom: query.max_zoom,
        })
        .await?;
    let length = file.as_file().metadata().map(|about| about.len());
    let length = length.map_err(|error| Problem::internal(&error))?;
    // Its name can go at once: what is open is read to its end.
    let file = tokio::fs::File::from_std(file.into_file());
    let headers = [
        (header::CONTENT_TYPE, format.media_type().to_owned()),
        (header::CONTENT_LENGTH, length.to_string()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"areas.{}\"", format.extension()),
        ),
    ];
    Ok((headers, Body::from_stream(ReaderStream::new(file))).into_response())
}
