//! The rules of the territory: reading, replacing and trying them.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Api;
use super::caller::Caller;
use super::extract::{Json as JsonBody, Path, Query};
use super::incidents::key_of;
use super::problem::Problem;
use super::view::Page;
use crate::domain::rules::{Order, Route, Rulebook};
use crate::domain::{AreaCode, IncidentId, IncidentNumber, Level, Status};
use crate::store::{KeptRulebook, RulebookVersion};

/// The most that a rehearsal answers with, one by one; the counts are of all.
const MAX_FIRES: usize = 1_000;

/// When rules were saved, and by whom.
#[derive(Debug, Serialize, ToSchema)]
pub struct RulesVersion {
    /// 0 for the rules that are built in.
    pub version: i64,
    pub at: DateTime<Utc>,
    pub saved_by: String,
    pub note: Option<String>,
}

/// All rules of the territory in one version.
#[derive(Debug, Serialize, ToSchema)]
pub struct RulesAnswer {
    #[serde(flatten)]
    pub head: RulesVersion,
    pub rules: Rulebook,
}

/// Rules that are to take the place of those in force.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RulesRequest {
    /// The version that they were made from; it must still be in force.
    pub base: i64,
    /// Why they are changed.
    pub note: Option<String>,
    pub rules: Rulebook,
}

/// Rules to try on incidents of the past.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RehearsalRequest {
    /// Those in force when absent.
    pub rules: Option<Rulebook>,
    /// Incidents reported at this time or later, and before `until`.
    pub since: DateTime<Utc>,
    pub until: DateTime<Utc>,
    #[schema(value_type = Option<String>)]
    pub area: Option<AreaCode>,
}

/// What the rules of escalation would have done.
#[derive(Debug, Serialize, ToSchema)]
pub struct RehearsalAnswer {
    pub looked_at: usize,
    /// False when there are more incidents than a rehearsal looks at: the latest were.
    pub complete: bool,
    /// By rule, in the order of the rules.
    pub rules: Vec<RehearsedRule>,
    /// One by one, the earliest first; at most a thousand.
    pub fires: Vec<Fire>,
}

/// How often a rule would have acted.
#[derive(Debug, Serialize, ToSchema)]
pub struct RehearsedRule {
    pub rule: String,
    pub order: Order,
    pub times: usize,
    /// On how many incidents.
    pub incidents: usize,
}

/// One time that a rule would have acted.
#[derive(Debug, Serialize, ToSchema)]
pub struct Fire {
    pub rule: String,
    pub order: Order,
    pub id: IncidentId,
    pub number: IncidentNumber,
    pub at: DateTime<Utc>,
    pub status: Status,
    /// The level of the centre that held it.
    pub level: Option<Level>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RulesQuery {
    /// A version; that in force when absent.
    version: Option<i64>,
}

/// The rules in force, or those of an earlier version.
#[utoipa::path(get, path = "/api/v1/rules", tag = "rules", params(RulesQuery), responses(
    (status = 200, body = RulesAnswer),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
pub async fn load_rules(
    State(api): State<Api>,
    Caller(actor): Caller,
    Query(query): Query<RulesQuery>,
) -> Result<Json<RulesAnswer>, Problem> {
    let kept = api.services.load_rulebook(&actor, query.version).await?;
    Ok(Json(kept.into()))
}

/// Puts rules into force. Two rules of routing that tie are refused, and so is what names
/// a service that there is not or asks for what the workflow does not know.
#[utoipa::path(put, path = "/api/v1/rules", tag = "rules", request_body = RulesRequest, responses(
    (status = 200, body = RulesAnswer),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json",
        description = "`rules_conflict`: others were put into force meanwhile"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 415, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json",
        description = "`rules_refused` lists everything that is wrong"),
))]
pub async fn save_rules(
    State(api): State<Api>,
    Caller(actor): Caller,
    JsonBody(request): JsonBody<RulesRequest>,
) -> Result<Json<RulesAnswer>, Problem> {
    let kept = api
        .services
        .save_rulebook(&actor, request.base, request.rules, request.note)
        .await?;
    Ok(Json(kept.into()))
}

/// Every version of the rules that was saved, the newest first.
#[utoipa::path(get, path = "/api/v1/rules/versions", tag = "rules", responses(
    (status = 200, body = Page<RulesVersion>),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
))]
pub async fn list_rule_versions(
    State(api): State<Api>,
    Caller(actor): Caller,
) -> Result<Json<Page<RulesVersion>>, Problem> {
    let versions = api.services.list_rulebooks(&actor).await?;
    Ok(Json(Page::whole(
        versions.into_iter().map(RulesVersion::from).collect(),
    )))
}

/// What rules of escalation would have done to incidents of the past. Nothing is changed.
#[utoipa::path(post, path = "/api/v1/rules/rehearsal", tag = "rules",
    request_body = RehearsalRequest, responses(
    (status = 200, body = RehearsalAnswer),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 415, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub async fn rehearse_rules(
    State(api): State<Api>,
    Caller(actor): Caller,
    JsonBody(request): JsonBody<RehearsalRequest>,
) -> Result<Json<RehearsalAnswer>, Problem> {
    let book = match request.rules {
        Some(book) => book,
        None => api.services.load_rulebook(&actor, None).await?.book,
    };
    let orders: Vec<(String, Order)> = book
        .escalation
        .iter()
        .map(|rule| (rule.id.clone(), rule.then))
        .collect();
    let rehearsal = api
        .services
        .rehearse_rules(
            &actor,
            book,
            request.since,
            request.until,
            request.area.as_ref(),
        )
        .await?;
    let fires: Vec<Fire> = rehearsal
        .fires
        .into_iter()
        .map(|(number, fire)| Fire {
            rule: fire.rule,
            order: fire.order,
            id: fire.incident,
            number,
            at: fire.at,
            status: fire.status,
            level: fire.level,
        })
        .collect();
    let rules = orders
        .into_iter()
        .map(|(rule, order)| {
            let own = || fires.iter().filter(|fire| fire.rule == rule);
            let mut incidents: Vec<IncidentId> = own().map(|fire| fire.id).collect();
            incidents.sort_unstable();
            incidents.dedup();
            RehearsedRule {
                times: own().count(),
                incidents: incidents.len(),
                order,
                rule,
            }
        })
        .collect();
    Ok(Json(RehearsalAnswer {
        looked_at: rehearsal.looked_at,
        complete: rehearsal.is_complete,
        rules,
        fires: fires.into_iter().take(MAX_FIRES).collect(),
    }))
}

/// Where an incident goes by the rules in force, and which of them it meets: why did it
/// go there?
#[utoipa::path(get, path = "/api/v1/incidents/{id}/route", tag = "rules",
    params(("id" = String, Path, description = "Identity or number")),
    responses(
        (status = 200, body = Route),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn explain_route(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Json<Route>, Problem> {
    Ok(Json(
        api.services.explain_route(&actor, &key_of(&id)?).await?,
    ))
}

impl From<RulebookVersion> for RulesVersion {
    fn from(version: RulebookVersion) -> Self {
        Self {
            version: version.version,
            at: version.at,
            saved_by: version.saved_by,
            note: version.note,
        }
    }
}

impl From<KeptRulebook> for RulesAnswer {
    fn from(kept: KeptRulebook) -> Self {
        Self {
            head: kept.head.into(),
            rules: kept.book,
        }
    }
}
