//! Likely duplicates and hot spots.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Api;
use super::caller::Caller;
use super::extract::{Path, Query};
use super::incidents::key_of;
use super::problem::Problem;
use super::view::Page;
use super::view::incident::Incident;
use crate::domain::duplicates::{Contradiction, HotSpotPolicy, LikenessPart};
use crate::domain::{AreaCode, IncidentId, LngLat};

/// How far back hot spots are looked for, in days.
const DAYS: u16 = 7;
const MAX_DAYS: u16 = 90;

/// An incident that is likely of the same matter.
#[derive(Debug, Serialize, ToSchema)]
pub struct LikelyDuplicate {
    pub incident: Incident,
    /// The weighted mean of the parts, less for a contradiction; 0 to 1.
    pub score: f64,
    pub distance_m: f64,
    /// The time between the two reports.
    pub apart_s: i64,
    #[schema(value_type = Vec<LikenessPart>)]
    pub parts: [LikenessPart; 4],
    /// What the two reports name differently: a building, a door, a number plate.
    pub contradiction: Option<Contradiction>,
}

/// Open incidents that are likely of the same matter as this one, the likeliest first, by
/// place, time, service and words.
#[utoipa::path(get, path = "/api/v1/incidents/{id}/duplicates", tag = "incidents",
    params(("id" = String, Path, description = "Identity or number")),
    responses(
        (status = 200, body = Page<LikelyDuplicate>),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn find_duplicates(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Json<Page<LikelyDuplicate>>, Problem> {
    let found = api.services.find_duplicates(&actor, &key_of(&id)?).await?;
    let items = found
        .into_iter()
        .map(|(likeness, incident)| LikelyDuplicate {
            incident: Incident::new(&api.services, &actor, &incident),
            score: likeness.score,
            distance_m: likeness.distance_m,
            apart_s: likeness.apart_s,
            parts: likeness.parts,
            contradiction: likeness.contradiction,
        });
    Ok(Json(Page::whole(items.collect())))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HotSpotQuery {
    /// Inside this area.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
    /// How far back; 7 when absent.
    #[param(minimum = 1, maximum = 90)]
    days: Option<u16>,
    /// How near reports must be to each other; 150 when absent.
    #[param(minimum = 1, maximum = 5000)]
    radius_m: Option<f64>,
    /// How many make a crowd; 5 when absent.
    #[param(minimum = 2, maximum = 1000)]
    least: Option<usize>,
}

/// A crowd of reports of one group of services.
#[derive(Debug, Serialize, ToSchema)]
pub struct HotSpot {
    pub group: String,
    #[serde(flatten)]
    pub centre: LngLat,
    pub count: usize,
    pub first_at: DateTime<Utc>,
    pub last_at: DateTime<Utc>,
    /// By time.
    pub incidents: Vec<IncidentId>,
}

/// Where many report the same within three days of each other: each crowd is one spot.
/// Reports that were turned down do not count.
#[utoipa::path(get, path = "/api/v1/hot-spots", tag = "incidents", params(HotSpotQuery), responses(
    (status = 200, body = Page<HotSpot>),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
pub async fn find_hot_spots(
    State(api): State<Api>,
    Caller(actor): Caller,
    Query(query): Query<HotSpotQuery>,
) -> Result<Json<Page<HotSpot>>, Problem> {
    let usual = HotSpotPolicy::default();
    let policy = HotSpotPolicy {
        radius_m: query.radius_m.unwrap_or(usual.radius_m),
        least: query.least.unwrap_or(usual.least),
        ..usual
    };
    let days = query.days.unwrap_or(DAYS);
    if !(1..=MAX_DAYS).contains(&days) {
        return Err(Problem::invalid(format!(
            "days {days} is not between 1 and {MAX_DAYS}"
        )));
    }
    if !(1.0..=5_000.0).contains(&policy.radius_m) {
        return Err(Problem::invalid(format!(
            "radius_m {} is not between 1 and 5000",
            policy.radius_m
        )));
    }
    if !(2..=1_000).contains(&policy.least) {
        return Err(Problem::invalid(format!(
            "least {} is not between 2 and 1000",
            policy.least
        )));
    }
    let spots = api
        .services
        .find_hot_spots(&actor, query.area.as_ref(), days, policy)
        .await?;
    let items = spots.into_iter().map(|spot| HotSpot {
        group: spot.group,
        centre: spot.centre,
        count: spot.members.len(),
        first_at: spot.first_at,
        last_at: spot.last_at,
        incidents: spot.members,
    });
    Ok(Json(Page::whole(items.collect())))
}
