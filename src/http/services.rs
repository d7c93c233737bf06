//! The service catalogue and the organisations.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Api;
use super::extract::Query;
use super::problem::Problem;
use super::view::{Page, from_cursor, page_size, to_cursor};
use crate::domain::catalogue::ServiceGroup;
use crate::domain::{AreaCode, Level, OrganisationId, OrganisationKind, Service};
use crate::service::organisations;

/// The whole catalogue.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceList {
    pub groups: Vec<ServiceGroup>,
    pub items: Vec<Service>,
}

/// What can be reported, with forms, time limits and routing.
#[utoipa::path(get, path = "/api/v1/services", tag = "incidents", responses((status = 200, body = ServiceList)))]
pub async fn list_services(State(api): State<Api>) -> Json<ServiceList> {
    let catalogue = api.services.catalogue();
    Json(ServiceList {
        groups: catalogue.groups.clone(),
        items: catalogue
            .services
            .iter()
            .map(|service| Service::clone(service))
            .collect(),
    })
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OrganisationQuery {
    /// Answering for this area or for one that holds it.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
    kind: Option<OrganisationKind>,
    /// Part of the name.
    q: Option<String>,
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    cursor: Option<String>,
}

/// An organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Organisation {
    pub id: OrganisationId,
    pub name: String,
    pub kind: OrganisationKind,
    pub level: Level,
    pub area: AreaCode,
    /// For a department, which one.
    pub department: Option<String>,
}

impl From<&Arc<crate::domain::Organisation>> for Organisation {
    fn from(organisation: &Arc<crate::domain::Organisation>) -> Self {
        Self {
            id: organisation.id,
            name: organisation.name.clone(),
            kind: organisation.kind,
            level: organisation.level,
            area: organisation.area.clone(),
            department: organisation.department.clone(),
        }
    }
}

/// Organisations by area, kind and name; from the top level down, by area.
#[utoipa::path(get, path = "/api/v1/organisations", tag = "incidents", params(OrganisationQuery), responses(
    (status = 200, body = Page<Organisation>),
    (status = 400, body = Problem, content_type = "application/problem+json"),
))]
pub async fn list_organisations(
    State(api): State<Api>,
    Query(query): Query<OrganisationQuery>,
) -> Result<Json<Page<Organisation>>, Problem> {
    let (found, more) = api
        .services
        .list_organisations(&organisations::OrganisationQuery {
            area: query.area,
            kind: query.kind,
            text: query.q.filter(|text| !text.is_empty()),
            after: from_cursor(query.cursor.as_deref())?,
            limit: page_size(query.limit)?,
        });
    let last = found.last().filter(|_| more);
    Ok(Json(Page {
        next: last.and_then(|last| to_cursor(&organisations::place(last))),
        items: found.iter().map(Organisation::from).collect(),
    }))
}
