//! What may be asked about the features of a collection, as a JSON schema.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::draft::Source;
use super::link::SCHEMA_JSON;
use super::parameters::{FormatParameter, Parameters};
use crate::http::Api;
use crate::http::base::Base;
use crate::http::caller::Caller;
use crate::http::extract::Path;
use crate::http::problem::Problem;
use crate::index::filter::{Kind, Queryable};
use crate::service::features::Collection;

/// The properties that filters may name, as a JSON schema.
#[utoipa::path(get, path = "/ogc/collections/{collection}/queryables", tag = "ogc",
    params(
        ("collection" = String, Path, example = "grids"),
        FormatParameter,
    ),
    responses(
        (status = 200, body = Object, content_type = "application/schema+json"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn load_queryables(
    State(api): State<Api>,
    Caller(actor): Caller,
    source: Source,
    base: Base,
    Path(name): Path<String>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let collection = source.load_collection(&api, &actor, &name)?;
    parameters.expect_none()?;
    let properties = collection.queryables().iter();
    let mut properties: Map<String, Value> = properties
        .map(|queryable| {
            let mut schema = value_schema(queryable);
            schema["title"] = queryable.title.into();
            (queryable.name.to_owned(), schema)
        })
        .collect();
    properties.insert("geometry".to_owned(), geometry_schema(collection));
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": base.ogc(&format!("/collections/{name}/queryables")),
        "type": "object",
        "title": name,
        "properties": properties,
        "additionalProperties": false,
    });
    Ok(([(header::CONTENT_TYPE, SCHEMA_JSON)], Json(schema)).into_response())
}

/// A value as JSON has it.
pub fn value_schema(queryable: &Queryable) -> Value {
    let mut schema = match queryable.kind {
        Kind::Text => json!({"type": "string"}),
        Kind::Number => json!({"type": "number"}),
        Kind::Integer => json!({"type": "integer"}),
        Kind::Flag => json!({"type": "boolean"}),
        Kind::Time => json!({"type": "string", "format": "date-time"}),
        Kind::List => json!({"type": "array", "items": {"type": "string"}}),
        Kind::Interval => {
            let end = json!({"type": "string", "format": "date-time"});
            json!({"type": "array", "items": end, "minItems": 2, "maxItems": 2})
        }
    };
    if !queryable.words.is_empty() {
        schema["enum"] = json!(queryable.words);
    }
    schema
}

fn geometry_schema(collection: Collection) -> Value {
    let format = match collection {
        Collection::Areas(_) => "geometry-polygon-or-multipolygon",
        Collection::Incidents | Collection::Workers => "geometry-point",
    };
    json!({
        "title": "位置 · place",
        "format": format,
        "x-ogc-role": "primary-geometry",
    })
}
