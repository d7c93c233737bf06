//! What can be reported, and what can be said of it.

use axum::extract::State;
use axum::response::Response;

use super::super::Api;
use super::super::extract::Path;
use super::super::problem::Problem;
use super::asked::Asked;
use super::{Refusals, no_such_format};
use crate::codec::open311::{Format, Root, ServiceDefinition, ServiceListing, ServiceType};
use crate::domain::{Catalogue, Service, ServiceCode};
use crate::service::ServiceError;

/// What can be reported.
#[utoipa::path(get, path = "/open311/v2/services.json", tag = "open311",
    params(("jurisdiction_id" = Option<String>, Query)),
    responses(
        (status = 200, body = Vec<ServiceListing>, content_type = "application/json"),
        Refusals,
    ))]
pub async fn list_request_services(
    State(api): State<Api>,
    asked: Asked,
) -> Result<Response, Problem> {
    let catalogue = api.services.catalogue();
    let services = catalogue.services.iter();
    let services: Vec<ServiceListing> = services
        .map(|service| list(catalogue, service, &asked))
        .collect();
    asked.answer(Root::Services, &services)
}

/// The attributes of a kind of request.
#[utoipa::path(get, path = "/open311/v2/services/{service_code}", tag = "open311",
    params(
        ("service_code" = String, Path, example = "city-exposed-garbage.json",
            description = "The code with `.json` or `.xml`"),
        ("jurisdiction_id" = Option<String>, Query),
    ),
    responses(
        (status = 200, body = ServiceDefinition, content_type = "application/json"),
        Refusals,
    ))]
pub async fn define_request_service(
    State(api): State<Api>,
    Path(file): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    let (code, _) = Format::split_from(&file).ok_or_else(no_such_format)?;
    let found = api.services.catalogue().find(&ServiceCode(code.to_owned()));
    let service = found.ok_or_else(|| ServiceError::not_found("service", &code))?;
    let name = |chinese: &str, english: &str| asked.language.choose(chinese, english).to_owned();
    let definition = ServiceDefinition::of(service, name);
    asked.answer(Root::ServiceDefinition, &definition)
}

fn list(catalogue: &Catalogue, service: &Service, asked: &Asked) -> ServiceListing {
    let choose = |chinese: &str, english: &str| asked.language.choose(chinese, english).to_owned();
    let group = catalogue.groups.iter().find(|it| it.code == service.group);
    let mut keywords = vec![&service.name_zh, &service.name_en];
    keywords.extend(
        group
            .iter()
            .flat_map(|group| [&group.name_zh, &group.name_en]),
    );
    // What separates them is a comma.
    let keywords: Vec<String> = keywords.iter().map(|word| word.replace(',', "")).collect();
    ServiceListing {
        service_code: service.code.clone(),
        service_name: choose(&service.name_zh, &service.name_en),
        description: choose(&service.description_zh, &service.description_en),
        metadata: !service.fields.is_empty(),
        kind: ServiceType::Realtime,
        keywords: keywords.join(", "),
        group: group.map_or_else(
            || service.group.clone(),
            |group| choose(&group.name_zh, &group.name_en),
        ),
    }
}
