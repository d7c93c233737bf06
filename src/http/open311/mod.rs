//! Open311 `GeoReport` v2 (<http://wiki.open311.org/GeoReport_v2>): discovery, services,
//! requests and tokens, in JSON and XML; beside the standard paging, more filters, and the
//! steps of a request as `FixMyStreet` has them. What is told to whom: decision 21.
//!
//! Clients of the standard add arguments of their own, so unknown ones are passed over here.

mod asked;
mod discovery;
mod language;
mod requests;
mod services;
mod told;
mod updates;

use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use serde::Deserialize;
use utoipa::openapi::path::{Operation, PathItem, Paths};
use utoipa::openapi::response::Response as DocumentedResponse;
use utoipa::openapi::{Content, RefOr, Responses, ResponsesBuilder};
use utoipa::{IntoResponses, PartialSchema};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

use super::Api;
use super::problem::{Detail, Problem};
use crate::codec::open311::{Format, RequestError, Root};

/// Where these routes begin.
const ROOT: &str = "/open311";
/// And those of version 2.
const ENDPOINT: &str = "/open311/v2";
/// What has an address for each format.
const LISTS: [&str; 4] = [
    "/open311/discovery",
    "/open311/v2/services",
    "/open311/v2/requests",
    "/open311/v2/servicerequestupdates",
];
const JSON: &str = "application/json";
const XML: &str = "text/xml";

/// Who runs this server, as discovery tells it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Provider {
    /// The one jurisdiction that is served. Without it every `jurisdiction_id` will do, for
    /// "implementations can ignore this parameter if the implementation only serves one
    /// jurisdiction".
    pub jurisdiction_id: Option<String>,
    /// How to get more information, for people.
    pub contact: Option<String>,
    /// How to get an API key, for people.
    pub key_service: Option<String>,
}

/// Every route of Open311.
pub fn documented_routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .merge(in_both_formats(routes!(discovery::discover)))
        .merge(in_both_formats(routes!(services::list_request_services)))
        .merge(in_either_format(routes!(services::define_request_service)))
        .merge(in_both_formats(routes!(
            requests::list_requests,
            requests::file_request
        )))
        .merge(in_either_format(routes!(requests::load_request)))
        .merge(in_either_format(routes!(requests::resolve_token)))
        .merge(in_both_formats(routes!(updates::list_request_updates)))
        .merge(in_both_formats(routes!(updates::list_updates)))
        .route(ROOT, any(nothing_here))
        .route(&format!("{ROOT}/"), any(nothing_here))
        .route(&format!("{ROOT}/{{*rest}}"), any(nothing_here))
}

/// A route whose address ends in `.json`, and the same one for `.xml`.
fn in_both_formats((schemas, paths, methods): UtoipaMethodRouter<Api>) -> OpenApiRouter<Api> {
    let mut in_xml = Paths::new();
    for (path, mut item) in paths.paths.clone() {
        for operation in operations(&mut item) {
            operation.operation_id = operation.operation_id.take().map(|id| format!("{id}_xml"));
            for response in responses(operation) {
                let described = response.content.shift_remove(JSON);
                response.content.extend(described.map(as_xml));
            }
        }
        let stem = path.strip_suffix(".json").unwrap_or(&path);
        in_xml.paths.insert(format!("{stem}.xml"), item);
    }
    OpenApiRouter::new()
        .routes((schemas, paths, methods.clone()))
        .routes((Vec::new(), in_xml, methods))
}

/// A route whose address ends in a parameter, which ends in the format.
fn in_either_format((schemas, mut paths, methods): UtoipaMethodRouter<Api>) -> OpenApiRouter<Api> {
    for item in paths.paths.values_mut() {
        for response in operations(item).flat_map(responses) {
            let described = response.content.get(JSON).cloned();
            response.content.extend(described.map(as_xml));
        }
    }
    OpenApiRouter::new().routes((schemas, paths, methods))
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post].into_iter().flatten()
}

fn responses(operation: &mut Operation) -> impl Iterator<Item = &mut DocumentedResponse> {
    let all = operation.responses.responses.values_mut();
    all.filter_map(|response| match response {
        RefOr::T(response) => Some(response),
        RefOr::Ref(_) => None,
    })
}

fn as_xml(described: RefOr<Content>) -> (String, RefOr<Content>) {
    (XML.to_owned(), described)
}

/// What is refused, and why: as [`in_its_own_words`] tells it.
pub struct Refusals;

impl IntoResponses for Refusals {
    fn responses() -> std::collections::BTreeMap<String, RefOr<DocumentedResponse>> {
        let refusal = |why: &str| {
            let schema = <Vec<RequestError> as PartialSchema>::schema();
            DocumentedResponse::builder()
                .description(why)
                .content(JSON, Content::new(Some(schema)))
        };
        let responses: Responses = ResponsesBuilder::new()
            .response("400", refusal("Cannot be fulfilled as it is"))
            .response("403", refusal("The key is wrong, or not enough for this"))
            .response("404", refusal("There is none, or no such jurisdiction"))
            .build();
        responses.responses.into_iter().collect()
    }
}

/// The answer at addresses that there are not.
async fn nothing_here(uri: Uri) -> Problem {
    let path = uri.path();
    let file = path.rfind('/').map_or(path, |at| &path[at..]);
    let stem = file
        .rfind('.')
        .map_or(path, |at| &path[..path.len() - file.len() + at]);
    if LISTS.contains(&stem) {
        return no_such_format();
    }
    Problem::new(
        StatusCode::NOT_FOUND,
        "not_found",
        "there is nothing at this address; /api/docs lists what there is",
    )
}

/// The answer when the address does not say in which format, or in another.
fn no_such_format() -> Problem {
    Problem::new(
        StatusCode::NOT_ACCEPTABLE,
        "not_acceptable",
        "answers are in XML and JSON: let the address end in .xml or .json",
    )
}

/// Says what went wrong in the form of the standard, to those who asked for something of it.
/// "The HTTP error codes should always be 404 for resources that don't exist, 403 for errors
/// because of wrong or missing `api_key` and basically 400 for any other error": what HTTP has
/// a use for itself (the wrong method, no such format, too many requests, a failure here)
/// keeps its own.
pub fn in_its_own_words(uri: &Uri, response: Response) -> Response {
    let path = uri.path();
    let rest = path.strip_prefix(ROOT);
    let status = response.status();
    let is_failure = status.is_client_error() || status.is_server_error();
    if !is_failure || !rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
        return response;
    }
    let (mut head, _) = response.into_parts();
    let told = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => StatusCode::FORBIDDEN,
        StatusCode::NOT_FOUND
        | StatusCode::METHOD_NOT_ALLOWED
        | StatusCode::NOT_ACCEPTABLE
        | StatusCode::TOO_MANY_REQUESTS => status,
        _ if status.is_server_error() => status,
        _ => StatusCode::BAD_REQUEST,
    };
    let description = match head.extensions.remove::<Detail>() {
        Some(Detail(detail)) => detail,
        None => told.canonical_reason().unwrap_or("Error").to_owned(),
    };
    let error = RequestError {
        code: told.as_u16(),
        description,
    };
    // "XML is a required format".
    let format = Format::split_from(path).map_or(Format::Xml, |(_, format)| format);
    let body = format.write(Root::Errors, &[error]).unwrap_or_default();
    let kind = HeaderValue::from_static(format.content_type());
    let mut response = (told, [(header::CONTENT_TYPE, kind)], body).into_response();
    for kept in [header::ALLOW, header::RETRY_AFTER] {
        if let Some(value) = head.headers.remove(&kept) {
            response.headers_mut().insert(kept, value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, to_bytes};

    async fn told(path: &str, response: impl IntoResponse) -> (u16, String) {
        let uri: Uri = path.parse().unwrap();
        let response = in_its_own_words(&uri, response.into_response());
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), 10_000).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn failures_below_are_told_in_the_words_of_the_standard() {
        let problem = |status| Problem::new(status, "invalid_request", "it's wrong");
        for (status, expected) in [
            (400, 400),
            (401, 403),
            (403, 403),
            (404, 404),
            (405, 405),
            (406, 406),
            (409, 400),
            (413, 400),
            (415, 400),
            (422, 400),
            (429, 429),
            (500, 500),
            (503, 503),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            let (said, body) = told("/open311/v2/requests.json?a=b.xml", problem(status)).await;
            assert_eq!(said, expected, "{status}");
            let wanted = format!(r#"[{{"code":{expected},"description":"it's wrong"}}]"#);
            assert_eq!(body, wanted, "{status}");
        }
        let (_, body) = told("/open311/v2/x", problem(StatusCode::NOT_FOUND)).await;
        assert!(body.ends_with(
            "<errors><error><code>404</code><description>it&apos;s wrong</description></error></errors>"
        ));
        let bare = Response::builder().status(405).header("allow", "GET");
        let bare = bare.body(Body::from("text")).unwrap();
        let uri = Uri::from_static("/open311");
        let answered = in_its_own_words(&uri, bare);
        assert_eq!(answered.headers()["allow"], "GET");
    }

    #[tokio::test]
    async fn what_succeeds_and_what_is_elsewhere_stays_as_it_is() {
        assert_eq!(
            told("/open311/v2/requests.xml", "fine").await,
            (200, "fine".into())
        );
        let (status, body) = told("/open311er", Problem::invalid("no")).await;
        assert_eq!(status, 400);
        assert!(body.contains("invalid_request"), "{body}");
    }

    #[tokio::test]
    async fn an_address_without_its_format_is_told_from_one_that_there_is_not() {
        for (path, expected) in [
            ("/open311/v2/services", 406),
            ("/open311/v2/services.csv", 406),
            ("/open311/discovery.html", 406),
            ("/open311/v2/nothing.json", 404),
            ("/open311/v3/services.json", 404),
            ("/open311", 404),
            ("/open311/", 404),
        ] {
            let problem = nothing_here(path.parse().unwrap()).await;
            assert_eq!(problem.into_response().status(), expected, "{path}");
        }
    }
}
