//! Who was where: the visits of a worker, and who was in an area.

use std::ops::Range;

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Api;
use super::caller::Caller;
use super::extract::{Path, Query};
use super::posts::StaffMember;
use super::problem::Problem;
use crate::domain::presence::{Policy, Visit};
use crate::domain::{AreaCode, Timestamp, WorkerId};
use crate::index::Atlas;
use crate::service::presence::{AreaPresence, Attendance};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct VisitQuery {
    /// A day before `until` when absent.
    from: Option<DateTime<Utc>>,
    /// Not included; now when absent. At most 7 days after `from`.
    until: Option<DateTime<Utc>>,
}

/// A worker's stay in a grid.
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitDetail {
    pub area: AreaCode,
    pub area_name: Option<String>,
    pub from: DateTime<Utc>,
    /// Null while it lasts.
    pub until: Option<DateTime<Utc>>,
    /// When the last position was measured that belongs to it.
    pub seen_at: DateTime<Utc>,
    /// How much of it lies within the time asked for.
    pub minutes: f64,
    /// True when it is more than passing through.
    pub dwells: bool,
}

/// The visits of a worker, by time.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkerVisits {
    pub worker: WorkerId,
    pub from: DateTime<Utc>,
    pub until: DateTime<Utc>,
    pub items: Vec<VisitDetail>,
}

/// The grids in which a worker was, as far as their positions tell. Workers may see their
/// own; whoever looks at another's is logged.
#[utoipa::path(get, path = "/api/v1/workers/{id}/visits", tag = "presence",
    params(("id" = uuid::Uuid, Path), VisitQuery),
    responses(
        (status = 200, body = WorkerVisits),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn list_visits(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<WorkerId>,
    Query(query): Query<VisitQuery>,
) -> Result<Json<WorkerVisits>, Problem> {
    let services = &api.services;
    let loaded = services.load_visits(&actor, id, query.from, query.until);
    let (during, visits) = loaded.await?;
    let atlas = services.live().atlas();
    let policy = services.presence_policy();
    let items = visits
        .iter()
        .map(|visit| VisitDetail::new(&atlas, policy, &during, visit));
    Ok(Json(WorkerVisits {
        worker: id,
        items: items.collect(),
        from: during.start,
        until: during.end,
    }))
}

impl VisitDetail {
    fn new(atlas: &Atlas, policy: &Policy, during: &Range<Timestamp>, visit: &Visit) -> Self {
        Self {
            area: visit.area.clone(),
            area_name: name_of(atlas, &visit.area),
            from: visit.from,
            until: visit.until,
            seen_at: visit.seen_at,
            minutes: to_minutes(visit.within(during.start, during.end)),
            dwells: visit.dwells(policy),
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PresenceQuery {
    /// With `from` or `until` it is answered who was there; without, who is there now.
    from: Option<DateTime<Utc>>,
    /// Not included; now when absent. At most 7 days after `from`.
    until: Option<DateTime<Utc>>,
}

/// Somebody who is or was in an area.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttendanceDetail {
    pub worker: StaffMember,
    /// The grid that the worker is in now, if it is one of the area's.
    pub here: Option<AreaCode>,
    pub here_name: Option<String>,
    /// To how many of the area's grids, each time counted.
    pub visits: u32,
    /// How long they were, added up, as far as they lie within the time asked for.
    pub minutes: f64,
    /// When the first of them began.
    pub from: DateTime<Utc>,
    /// When the worker was seen there last.
    pub seen_at: DateTime<Utc>,
}

/// Who is or was in an area, by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct AreaAttendance {
    pub area: AreaCode,
    /// Null when it was asked who is there now.
    pub from: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
    pub items: Vec<AttendanceDetail>,
}

/// Who is in an area and all below it, and for how long; or who was, over a time. Whoever
/// looks is logged.
#[utoipa::path(get, path = "/api/v1/areas/{code}/presence", tag = "presence",
    params(("code" = String, Path, example = "320812"), PresenceQuery),
    responses(
        (status = 200, body = AreaAttendance),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn load_presence(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(code): Path<AreaCode>,
    Query(query): Query<PresenceQuery>,
) -> Result<Json<AreaAttendance>, Problem> {
    let services = &api.services;
    let loaded = services.load_presence(&actor, &code, query.from, query.until);
    let presence: AreaPresence = loaded.await?;
    let atlas = services.live().atlas();
    let people = presence.people.iter();
    Ok(Json(AreaAttendance {
        area: presence.area,
        from: presence.during.as_ref().map(|during| during.start),
        until: presence.during.as_ref().map(|during| during.end),
        items: people
            .map(|attendance| AttendanceDetail::new(&atlas, attendance))
            .collect(),
    }))
}

impl AttendanceDetail {
    fn new(atlas: &Atlas, attendance: &Attendance) -> Self {
        let here = attendance.here.clone();
        Self {
            worker: StaffMember::new(&attendance.member),
            here_name: here.as_ref().and_then(|here| name_of(atlas, here)),
            here,
            visits: attendance.visits,
            minutes: to_minutes(attendance.lasted),
            from: attendance.from,
            seen_at: attendance.seen_at,
        }
    }
}

fn name_of(atlas: &Atlas, code: &AreaCode) -> Option<String> {
    let ordinal = atlas.find(code)?;
    Some(atlas.area(ordinal).name.clone())
}

/// With one decimal.
fn to_minutes(span: TimeDelta) -> f64 {
    (span.as_seconds_f64() / 6.0).round() / 10.0
}
