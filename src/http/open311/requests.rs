//! Requests, in and out.

use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use utoipa::ToSchema;

use super::super::Api;
use super::super::base::Base;
use super::super::caller::TRACKING_KEY;
use super::super::extract::Path;
use super::super::incidents::{idempotency_key, key_of};
use super::super::problem::Problem;
use super::asked::{Asked, Posted, with_links};
use super::{Refusals, no_such_format, told};
use crate::codec::open311::{
    AcceptedRequest, Arguments, Format, RequestStatus, ResolvedToken, Root, ServiceRequest,
    read_report,
};
use crate::domain::words::UnknownWord;
use crate::domain::{IncidentNumber, ServiceCode, Status};
use crate::service::open311::{MAX_REQUESTS, RequestQuery, SeenIncident, Span};

/// Requests, the newest first: of the most recent 90 days, and 1,000 of them, unless said
/// otherwise. Who may not see incidents is told of each where it stands, its kind and its
/// township: `description`, `lat`, `long` and `media_url` are null.
#[utoipa::path(get, path = "/open311/v2/requests.json", tag = "open311",
    params(
        ("jurisdiction_id" = Option<String>, Query),
        ("api_key" = Option<String>, Query),
        ("service_request_id" = Option<String>, Query, description = "One number or several, separated by commas. Overrides all other arguments."),
        ("service_code" = Option<String>, Query, description = "One code or several, separated by commas."),
        ("start_date" = Option<String>, Query, description = "Requested at this time or later, such as `2010-01-01T00:00:00Z`; at most 90 days before `end_date`."),
        ("end_date" = Option<String>, Query, description = "Requested at this time or earlier."),
        ("status" = Option<String>, Query, description = "`open`, `closed`, or both, separated by a comma."),
        ("page" = Option<u32>, Query, description = "Beside the standard: from 1 on. The header `Link` leads to the next."),
        ("page_size" = Option<u32>, Query, description = "Beside the standard: 1 to 1000."),
        ("updated_after" = Option<String>, Query, description = "Beside the standard: changed last at this time or later."),
        ("updated_before" = Option<String>, Query, description = "Beside the standard: changed last at this time or earlier."),
        ("q" = Option<String>, Query, description = "Beside the standard: part of the number, the description or the address. Needs a key."),
        ("extensions" = Option<bool>, Query, description = "Beside the standard: `true` adds `extended_attributes`."),
    ),
    responses(
        (status = 200, body = Vec<ServiceRequest>, content_type = "application/json",
            headers(("Link" = String))),
        Refusals,
    ))]
pub async fn list_requests(
    State(api): State<Api>,
    base: Base,
    parts: Parts,
    asked: Asked,
) -> Result<Response, Problem> {
    let query = read_query(&asked)?;
    let page = query.page;
    let found = api.services.search_requests(&asked.actor, query).await?;
    let extended = wants_extensions(&asked.arguments)?;
    let requests = tell(&api, &base, &asked, &found.items, extended).await?;
    let response = asked.answer(Root::ServiceRequests, &requests)?;
    Ok(with_links(response, &base, &parts, page, found.more))
}

/// A request by its number.
#[utoipa::path(get, path = "/open311/v2/requests/{service_request_id}", tag = "open311",
    params(
        ("service_request_id" = String, Path, example = "20261122000123.json",
            description = "The number with `.json` or `.xml`"),
        ("jurisdiction_id" = Option<String>, Query),
        ("api_key" = Option<String>, Query),
        ("extensions" = Option<bool>, Query),
    ),
    responses(
        (status = 200, body = Vec<ServiceRequest>, content_type = "application/json"),
        Refusals,
    ))]
pub async fn load_request(
    State(api): State<Api>,
    Path(file): Path<String>,
    base: Base,
    asked: Asked,
) -> Result<Response, Problem> {
    let (number, _) = Format::split_from(&file).ok_or_else(no_such_format)?;
    let key = key_of(number)?;
    let seen = api.services.load_incident(&asked.actor, &key).await?;
    let extended = wants_extensions(&asked.arguments)?;
    let requests = tell(&api, &base, &asked, &[seen], extended).await?;
    asked.answer(Root::ServiceRequests, &requests)
}

/// Requests as the standard has them, each with the address of its first photo.
async fn tell(
    api: &Api,
    base: &Base,
    asked: &Asked,
    seen: &[SeenIncident],
    extended: bool,
) -> Result<Vec<ServiceRequest>, Problem> {
    let photos = api.services.first_photos(seen).await?;
    let tell = |seen: &SeenIncident| {
        let photo = photos.get(&seen.0.id);
        let photo = photo.map(|id| base.at(&format!("/api/v1/media/{id}")));
        let request = told::request(&api.services, seen, asked.language, extended);
        ServiceRequest {
            media_url: request.media_url.or(photo),
            ..request
        }
    };
    Ok(seen.iter().map(tell).collect())
}

/// The number of a request by its token. A request is given its number at once, so none is
/// ever answered with a token; an incident's identity or number will do as one.
#[utoipa::path(get, path = "/open311/v2/tokens/{token}", tag = "open311",
    params(
        ("token" = String, Path, example = "20261122000123.json",
            description = "The token with `.json` or `.xml`"),
        ("jurisdiction_id" = Option<String>, Query),
        ("api_key" = Option<String>, Query),
    ),
    responses(
        (status = 200, body = Vec<ResolvedToken>, content_type = "application/json"),
        Refusals,
    ))]
pub async fn resolve_token(
    State(api): State<Api>,
    Path(file): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    let (token, _) = Format::split_from(&file).ok_or_else(no_such_format)?;
    let key = key_of(token)?;
    let (incident, _) = api.services.load_incident(&asked.actor, &key).await?;
    let resolved = ResolvedToken {
        service_request_id: incident.number.to_string(),
        token: token.to_owned(),
    };
    asked.answer(Root::ServiceRequests, &[resolved])
}

/// The arguments of a report. Attributes are sent as `attribute[CODE]=value`, several values
/// of one as `attribute[CODE][]=value`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described here, read by the codec")]
pub struct RequestForm {
    jurisdiction_id: Option<String>,
    api_key: Option<String>,
    #[schema(example = "city-bulky-waste")]
    service_code: String,
    /// WGS 84, degrees. The standard also knows reports with an address alone; nobody here
    /// would find it, so they are refused.
    lat: f64,
    long: f64,
    address_string: Option<String>,
    /// Kept nowhere, as `email`, `device_id` and `account_id`; the answer says so.
    address_id: Option<String>,
    email: Option<String>,
    device_id: Option<String>,
    account_id: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    phone: Option<String>,
    /// At most 4,000 characters; without it the name of the service stands there.
    description: Option<String>,
    /// Of `http` or `https`. Kept as a link; what it leads to is not fetched.
    media_url: Option<String>,
}

/// Reports a request. Anybody may; a key says who does. The header `Wangge-Tracking-Key` of
/// the answer, sent back with later questions, shows the request whole to whoever reported it.
#[utoipa::path(post, path = "/open311/v2/requests.json", tag = "open311",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body(content = RequestForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, body = Vec<AcceptedRequest>, content_type = "application/json",
            headers(("Wangge-Tracking-Key" = String))),
        Refusals,
    ))]
pub async fn file_request(
    State(api): State<Api>,
    headers: HeaderMap,
    Posted(asked): Posted,
) -> Result<Response, Problem> {
    let request = read_report(&asked.arguments)?;
    let not_kept = request.not_kept.join(", ");
    let key = idempotency_key(&headers)?;
    let filed = api
        .services
        .file_request(&asked.actor, request, key)
        .await?;
    let notice = format!(
        "{}: {not_kept}",
        asked.language.choose("未保存", "Not kept")
    );
    let accepted = AcceptedRequest {
        service_request_id: filed.incident.number.to_string(),
        service_notice: Some(notice).filter(|_| !not_kept.is_empty()),
        account_id: None,
    };
    let mut response = asked.answer(Root::ServiceRequests, &[accepted])?;
    if let Ok(key) = HeaderValue::from_str(&filed.incident.tracking_key) {
        response.headers_mut().insert(TRACKING_KEY, key);
    }
    Ok(response)
}

fn read_query(asked: &Asked) -> Result<RequestQuery, Problem> {
    let arguments = &asked.arguments;
    let numbers = arguments.list("service_request_id");
    if numbers.len() > usize::try_from(MAX_REQUESTS).unwrap_or(usize::MAX) {
        return Err(Problem::invalid(format!(
            "service_request_id: {} are too many; {MAX_REQUESTS} are the most",
            numbers.len()
        )));
    }
    if !numbers.is_empty() {
        // "This overrides all other arguments", also those that make no sense.
        return Ok(RequestQuery {
            numbers: numbers
                .iter()
                .map(|it| IncidentNumber((*it).into()))
                .collect(),
            ..RequestQuery::default()
        });
    }
    let codes = arguments.list("service_code");
    Ok(RequestQuery {
        numbers: Vec::new(),
        services: codes.iter().map(|it| ServiceCode((*it).into())).collect(),
        statuses: read_statuses(arguments)?,
        reported: Span {
            from: arguments.time("start_date")?,
            until: arguments.time("end_date")?,
        },
        updated: Span {
            from: arguments.time("updated_after")?,
            until: arguments.time("updated_before")?,
        },
        text: arguments.find("q").map(str::to_owned),
        page: asked.page()?,
    })
}

fn read_statuses(arguments: &Arguments) -> Result<Vec<Status>, Problem> {
    let named: Result<Vec<RequestStatus>, UnknownWord> = arguments
        .list("status")
        .into_iter()
        .map(|word| word.to_ascii_lowercase().parse())
        .collect();
    let named = named.map_err(|error| Problem::invalid(error.to_string()))?;
    let all = Status::ALL.iter().copied();
    Ok(all
        .filter(|&status| named.contains(&status.into()))
        .collect())
}

fn wants_extensions(arguments: &Arguments) -> Result<bool, Problem> {
    let said = arguments.parse("extensions", "true or false")?;
    Ok(said.unwrap_or(false))
}
