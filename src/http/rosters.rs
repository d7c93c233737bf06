//! Duty rosters.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Api;
use super::caller::Caller;
use super::extract::{Json as JsonBody, Path, Query};
use super::problem::Problem;
use super::view::{Named, Page};
use crate::domain::posts::{Duty, Plan, Refused, Shift, ShiftCode};
use crate::domain::{AreaCode, Slot, WorkerId};
use crate::service::Live;
use crate::service::rosters::{Dates, Roster, RosterCopy};

/// Somebody who is on duty in a slot of an area for a shift.
#[derive(Debug, Serialize, ToSchema)]
pub struct DutyDetail {
    pub area: AreaCode,
    pub area_name: Option<String>,
    pub slot: Slot,
    /// On which the shift begins, in the time zone of the calendar.
    pub date: NaiveDate,
    #[schema(value_type = String, example = "night")]
    pub shift: ShiftCode,
    /// The hours of the shift as they were when the roster was written.
    pub from: DateTime<Utc>,
    /// Not included.
    pub until: DateTime<Utc>,
    pub worker: Named,
    /// Who holds the post and is not there.
    pub stands_in_for: Option<Named>,
}

/// The roster of an area and all below it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterAnswer {
    pub area: AreaCode,
    pub from: NaiveDate,
    /// Not included.
    pub until: NaiveDate,
    /// To be sent with a change: by it is told what has been seen.
    pub version: String,
    /// The shifts of the rules in force.
    pub shifts: Vec<Shift>,
    /// By date, time, area and slot.
    pub duties: Vec<DutyDetail>,
}

/// A roster that was copied.
#[derive(Debug, Serialize, ToSchema)]
pub struct CopyAnswer {
    #[serde(flatten)]
    pub roster: RosterAnswer,
    /// Who cannot be on duty on the other dates.
    pub left_out: Vec<LeftOut>,
}

/// Somebody who cannot be on duty as planned.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeftOut {
    #[serde(flatten)]
    pub plan: Plan,
    pub reason: String,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DatesQuery {
    /// The first date; today when absent.
    from: Option<NaiveDate>,
    /// Not included, at most 92 days later; a week later when absent.
    until: Option<NaiveDate>,
}

impl From<DatesQuery> for Dates {
    fn from(query: DatesQuery) -> Self {
        Self {
            from: query.from,
            until: query.until,
        }
    }
}

fn named(live: &Live, id: WorkerId) -> Named {
    let member = live.roster().find(id);
    Named {
        id: id.0,
        name: member.map_or_else(String::new, |member| member.worker.name.clone()),
    }
}

impl DutyDetail {
    fn new(live: &Live, duty: Duty) -> Self {
        let atlas = live.atlas();
        let Duty { plan, from, until } = duty;
        Self {
            area_name: atlas
                .find(&plan.area)
                .map(|ordinal| atlas.area(ordinal).name.clone()),
            area: plan.area,
            slot: plan.slot,
            date: plan.date,
            shift: plan.shift,
            from,
            until,
            worker: named(live, plan.worker),
            stands_in_for: plan.stands_in_for.map(|absent| named(live, absent)),
        }
    }
}

impl RosterAnswer {
    fn new(live: &Live, roster: Roster) -> Self {
        let duties = roster.duties.into_iter();
        Self {
            area: roster.area,
            from: roster.dates.start,
            until: roster.dates.end,
            version: roster.version,
            shifts: roster.shifts,
            duties: duties.map(|duty| DutyDetail::new(live, duty)).collect(),
        }
    }
}

impl From<Refused> for LeftOut {
    fn from(refused: Refused) -> Self {
        Self {
            reason: refused.fault.to_string(),
            plan: refused.plan,
        }
    }
}

/// Who is on duty in an area and all below it.
#[utoipa::path(get, path = "/api/v1/areas/{code}/roster", tag = "posts",
    params(("code" = String, Path, example = "320812"), DatesQuery),
    responses(
        (status = 200, body = RosterAnswer),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn load_roster(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(code): Path<AreaCode>,
    Query(dates): Query<DatesQuery>,
) -> Result<Json<RosterAnswer>, Problem> {
    let roster = api.services.load_roster(&actor, &code, dates.into());
    Ok(Json(RosterAnswer::new(api.services.live(), roster.await?)))
}

/// A roster that is to take the place of another.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RosterRequest {
    /// Of the roster as it was read.
    version: String,
    /// All duties in the area and below it, on the dates.
    duties: Vec<PlannedDuty>,
}

/// Somebody who is to be on duty.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedDuty {
    /// That of the address when absent.
    #[schema(value_type = Option<String>)]
    area: Option<AreaCode>,
    slot: Slot,
    date: NaiveDate,
    #[schema(value_type = String, example = "day")]
    shift: ShiftCode,
    worker: WorkerId,
    stands_in_for: Option<WorkerId>,
}

/// Writes the roster of an area and all below it for some dates, in the place of the one
/// that was read. Whoever is on duty holds the post when the shift begins, or stands in for
/// somebody who does; where nobody holds it, anybody whom the slot takes may be on duty.
#[utoipa::path(put, path = "/api/v1/areas/{code}/roster", tag = "posts",
    params(("code" = String, Path, example = "320812"), DatesQuery),
    request_body = RosterRequest,
    responses(
        (status = 200, body = RosterAnswer),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json",
            description = "`roster_conflict`: it was changed since it was read"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json",
            description = "`roster_refused` lists everyone who cannot be on duty as planned"),
    ))]
pub async fn save_roster(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(code): Path<AreaCode>,
    Query(dates): Query<DatesQuery>,
    JsonBody(request): JsonBody<RosterRequest>,
) -> Result<Json<RosterAnswer>, Problem> {
    let plans = request.duties.into_iter().map(|duty| Plan {
        area: duty.area.unwrap_or_else(|| code.clone()),
        slot: duty.slot,
        date: duty.date,
        shift: duty.shift,
        worker: duty.worker,
        stands_in_for: duty.stands_in_for,
    });
    let roster = api.services.save_roster(
        &actor,
        &code,
        dates.into(),
        request.version,
        plans.collect(),
    );
    Ok(Json(RosterAnswer::new(api.services.live(), roster.await?)))
}

/// Which dates of a roster are to be copied to which.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CopyRequest {
    /// The first date to copy; today when absent.
    from: Option<NaiveDate>,
    /// Not included; a week later when absent.
    until: Option<NaiveDate>,
    /// What the first date becomes; a week later when absent.
    to: Option<NaiveDate>,
    /// Of the roster that is replaced; absent when there is none yet.
    version: Option<String>,
}

/// Copies the roster of an area and all below it to other dates: a week forward when
/// nothing is said. Where somebody stood in for another, it is the other's turn again; who
/// cannot be on duty on the other dates is left out and named.
#[utoipa::path(post, path = "/api/v1/areas/{code}/roster/copy", tag = "posts",
    params(("code" = String, Path, example = "320812")),
    request_body = CopyRequest,
    responses(
        (status = 200, body = CopyAnswer),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json",
            description = "`roster_conflict`: there is another roster for the other dates"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn copy_roster(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(code): Path<AreaCode>,
    JsonBody(request): JsonBody<CopyRequest>,
) -> Result<Json<CopyAnswer>, Problem> {
    let copy = RosterCopy {
        dates: Dates {
            from: request.from,
            until: request.until,
        },
        to: request.to,
        version: request.version,
    };
    let (roster, left_out) = api.services.copy_roster(&actor, &code, copy).await?;
    Ok(Json(CopyAnswer {
        roster: RosterAnswer::new(api.services.live(), roster),
        left_out: left_out.into_iter().map(LeftOut::from).collect(),
    }))
}

/// When a worker is on duty, and where. Workers may see their own.
#[utoipa::path(get, path = "/api/v1/workers/{id}/duties", tag = "posts",
    params(("id" = uuid::Uuid, Path), DatesQuery),
    responses(
        (status = 200, body = Page<DutyDetail>),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn list_duties(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<WorkerId>,
    Query(dates): Query<DatesQuery>,
) -> Result<Json<Page<DutyDetail>>, Problem> {
    let duties = api.services.list_duties(&actor, id, dates.into()).await?;
    let live = api.services.live();
    Ok(Json(Page::whole(
        duties
            .into_iter()
            .map(|duty| DutyDetail::new(live, duty))
            .collect(),
    )))
}
