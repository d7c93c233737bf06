//! OGC API – Features and Tiles described on their own, in OpenAPI 3.0, as GIS programs read it: with
//! the paths of each collection spelled out.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

use super::draft::Source;
use super::link::OPENAPI_JSON;
use super::parameters::{FormatParameter, Parameters};
use super::queryables::value_schema;
use super::{ROOT, documented_routes};
use crate::http::Api;
use crate::http::base::Base;
use crate::http::caller::Caller;
use crate::http::problem::Problem;
use crate::index::filter::{Kind, Queryable};
use crate::service::features::Collection;

/// The path parameter that names a collection.
const COLLECTION: &str = "{collection}";

/// These routes described for programs, in OpenAPI 3.0, with a path for each collection
/// that the caller may see.
#[utoipa::path(get, path = "/ogc/api", tag = "ogc",
    params(FormatParameter),
    responses(
        (status = 200, body = Object, content_type = "application/vnd.oai.openapi+json;version=3.0"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn load_api_document(
    State(api): State<Api>,
    Caller(actor): Caller,
    source: Source,
    base: Base,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.expect_none()?;
    let mut collections = api.services.list_collections(&actor);
    collections.retain(|&collection| source.has(collection));
    let document = describe(&collections, &base, source);
    Ok(([(header::CONTENT_TYPE, OPENAPI_JSON)], Json(document)).into_response())
}

/// These routes as the whole API describes them, in OpenAPI 3.1.
static ROUTES: LazyLock<Value> = LazyLock::new(|| {
    let (_, document) = documented_routes().split_for_parts();
    let mut document = serde_json::to_value(document).unwrap_or_default();
    to_3_0(&mut document);
    document
});

fn describe(collections: &[Collection], base: &Base, source: Source) -> Value {
    let mut paths = Map::new();
    let routes = ROUTES["paths"].as_object().into_iter().flatten();
    for (path, item) in routes {
        let path = path.strip_prefix(ROOT).unwrap_or(path);
        if path.contains(COLLECTION) {
            let is_tiled = path.contains("/tiles");
            for &collection in collections {
                let has_areas = matches!(collection, Collection::Areas(_));
                if is_tiled && (!has_areas || source.is_draft()) {
                    continue;
                }
                let path = path.replace(COLLECTION, collection.name());
                paths.insert(path, of_collection(item, collection));
            }
        } else {
            let path = if path.is_empty() { "/" } else { path };
            paths.insert(path.to_owned(), item.clone());
        }
    }
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": "Wangge 网格: OGC API – Features and Tiles",
            "description": "Areas, grids, incidents and workers for GIS programs.",
            "version": env!("CARGO_PKG_VERSION"),
            "license": {"name": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": base.ogc("")}],
        "tags": [{"name": "ogc", "description": "OGC API – Features and Tiles"}],
        "security": [{}, {"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": ROUTES["components"]["schemas"],
            "parameters": shared_parameters(),
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A key that `wangge user add` has made.",
                },
            },
        },
    })
}

/// A path of one collection: named by itself, with its properties as parameters.
fn of_collection(item: &Value, collection: Collection) -> Value {
    let mut item = item.clone();
    if let (Value::Object(methods), Collection::Incidents | Collection::Workers) =
        (&mut item, collection)
    {
        methods.retain(|method, _| ["get", "options"].contains(&method.as_str()));
    }
    let shared = shared_parameters();
    for operation in item.as_object_mut().into_iter().flat_map(Map::values_mut) {
        if let Some(id) = operation["operationId"].as_str() {
            let id = format!("{id}_of_{}", collection.name());
            operation["operationId"] = id.into();
        }
        let Some(parameters) = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut)
        else {
            continue;
        };
        parameters.retain(|parameter| parameter["name"] != "collection");
        for parameter in parameters.iter_mut() {
            let name = parameter["name"].as_str().unwrap_or_default().to_owned();
            // Tiles have another `f`.
            let is_same = name != "f" || parameter["schema"] == shared["f"]["schema"];
            if parameter["in"] == "query" && is_same && shared.get(&name).is_some() {
                *parameter = json!({"$ref": format!("#/components/parameters/{name}")});
            }
        }
        let filters = |parameter: &Value| parameter["$ref"] == "#/components/parameters/filter";
        if parameters.iter().any(filters) {
            parameters.extend(collection.queryables().iter().map(property_parameter));
        }
    }
    item
}

/// The parameters of items, which are alike for all collections.
fn shared_parameters() -> Value {
    let items = &ROUTES["paths"]["/ogc/collections/{collection}/items"]["get"]["parameters"];
    let parameters = items.as_array().into_iter().flatten();
    let shared = parameters.filter(|parameter| parameter["in"] == "query");
    let named = shared.filter_map(|parameter| {
        let name = parameter["name"].as_str()?;
        let mut parameter = parameter.clone();
        match name {
            "bbox" => {
                parameter["schema"] = json!({
                    "type": "array",
                    "items": {"type": "number"},
                    "minItems": 4,
                    "maxItems": 6,
                });
                parameter["style"] = "form".into();
                parameter["explode"] = false.into();
                parameter["example"] = json!([119.0, 33.5, 119.1, 33.6]);
            }
            "limit" => parameter["schema"]["default"] = super::parameters::DEFAULT_LIMIT.into(),
            "crs" | "bbox-crs" | "filter-crs" => parameter["schema"]["format"] = "uri".into(),
            "filter-lang" => {
                parameter["schema"]["enum"] = json!(["cql2-text", "cql2-json"]);
                parameter["schema"]["default"] = "cql2-text".into();
            }
            _ => {}
        }
        Some((name.to_owned(), parameter))
    });
    Value::Object(named.collect())
}

fn property_parameter(queryable: &Queryable) -> Value {
    let schema = match queryable.kind {
        // A time may be an interval, and of a list one value is named.
        Kind::Time | Kind::Interval | Kind::List => json!({"type": "string"}),
        _ => value_schema(queryable),
    };
    json!({
        "name": queryable.name,
        "in": "query",
        "required": false,
        "description": queryable.title,
        "schema": schema,
    })
}

/// What OpenAPI 3.1 says otherwise than 3.0: that a value may be null.
fn to_3_0(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(to_3_0),
        Value::Object(members) => {
            if let Some(Value::Array(kinds)) = members.get("type") {
                let kind = kinds.iter().find(|kind| *kind != "null").cloned();
                if let Some(kind) = kind {
                    members.insert("type".to_owned(), kind);
                    members.insert("nullable".to_owned(), true.into());
                }
            }
            if let Some(Value::Array(choices)) = members.get_mut("oneOf") {
                let several = choices.len();
                choices.retain(|choice| choice["type"] != "null");
                if choices.len() < several {
                    members.insert("nullable".to_owned(), true.into());
                }
            }
            members.values_mut().for_each(to_3_0);
        }
        _ => {}
    }
}
