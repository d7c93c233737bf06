//! Where somebody is missing or one too many, and what each worker had to do.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Api;
use super::caller::Caller;
use super::extract::Query;
use super::posts::StaffMember;
use super::problem::Problem;
use super::view::{Named, from_cursor, page_size, to_cursor};
use crate::domain::posts::{FilledBy, Filling, SlotState, Stretch, Tally, Workload};
use crate::domain::{AreaCode, AreaRef, Level, Slot};
use crate::index::{Atlas, Ordinal};
use crate::service::Live;
use crate::service::staffing::{Period, StaffingQuery, StaffingReport, WorkQuery};

const MS_PER_MINUTE: i64 = 60_000;

/// How many slots are not filled as they should be.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffingCount {
    pub grids: u64,
    pub slots: u64,
    /// Slots that nobody fills, over a day for some of it.
    pub vacant: u64,
    /// Slots that more than one fill, over a day for some of it.
    pub double: u64,
    /// For how long nobody fills them, added up; null at a moment.
    pub vacant_minutes: Option<i64>,
}

/// The count of an area.
#[derive(Debug, Serialize, ToSchema)]
pub struct AreaCount {
    pub area: AreaRef,
    #[serde(flatten)]
    pub count: StaffingCount,
}

/// Somebody who fills a slot.
#[derive(Debug, Serialize, ToSchema)]
pub struct SlotFilling {
    /// Null for somebody whom this node does not know yet.
    pub worker: Option<StaffMember>,
    pub by: FilledBy,
    pub stands_in_for: Option<Named>,
}

/// How a slot of a grid stands, over a day for a part of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SlotStaffing {
    pub area: AreaRef,
    pub slot: Slot,
    pub state: SlotState,
    /// Null at a moment.
    pub from: Option<DateTime<Utc>>,
    /// Not included; null at a moment.
    pub until: Option<DateTime<Utc>>,
    pub filled_by: Vec<SlotFilling>,
}

/// How the slots of an area's grids stand.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffingAnswer {
    /// Null when a day was asked for.
    pub at: Option<DateTime<Utc>>,
    /// Null when a moment was asked for.
    pub date: Option<NaiveDate>,
    pub total: StaffingCount,
    /// By the areas of a level, in their order.
    pub counts: Vec<AreaCount>,
    /// By grid and slot.
    pub items: Vec<SlotStaffing>,
    pub next: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReportQuery {
    /// The caller's own, or all, when absent.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
    /// At this time; now when absent.
    at: Option<DateTime<Utc>>,
    /// Over this day instead, in the time zone of the calendar.
    date: Option<NaiveDate>,
    /// Counts by areas of this level; of that right below the area when absent.
    #[param(inline)]
    by: Option<Level>,
    /// Lists also the slots that one alone fills: who is on duty.
    #[serde(default)]
    all: bool,
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    cursor: Option<String>,
}

/// Vacancies and double staffing of an area's grids, now, at a time, or over a day. Of one
/// grid with `all`: who is on duty.
#[utoipa::path(get, path = "/api/v1/staffing", tag = "posts", params(ReportQuery), responses(
    (status = 200, body = StaffingAnswer),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
pub async fn report_staffing(
    State(api): State<Api>,
    Caller(actor): Caller,
    Query(query): Query<ReportQuery>,
) -> Result<Json<StaffingAnswer>, Problem> {
    let period = match (query.at, query.date) {
        (Some(_), Some(_)) => {
            return Err(Problem::invalid("ask for `at` or for `date`, not for both"));
        }
        (at, date) => at.map(Period::At).or(date.map(Period::Day)),
    };
    let asked = StaffingQuery {
        area: query.area,
        period,
        by: query.by,
        lists_filled: query.all,
        after: from_cursor(query.cursor.as_deref())?,
        limit: page_size(query.limit)?,
    };
    let report = api.services.report_staffing(&actor, &asked).await?;
    Ok(Json(StaffingAnswer::new(api.services.live(), &report)))
}

impl StaffingCount {
    const fn new(tally: Tally, period: Period) -> Self {
        Self {
            grids: tally.grids,
            slots: tally.slots,
            vacant: tally.vacant,
            double: tally.double,
            vacant_minutes: match period {
                Period::At(_) => None,
                Period::Day(_) => Some(tally.vacant_ms / MS_PER_MINUTE),
            },
        }
    }
}

impl SlotFilling {
    fn new(live: &Live, filling: Filling) -> Self {
        let member = live.roster().find(filling.worker);
        Self {
            worker: member.as_ref().map(StaffMember::new),
            by: filling.by,
            stands_in_for: filling.stands_in_for.map(|absent| {
                let member = live.roster().find(absent);
                Named {
                    id: absent.0,
                    name: member.map_or_else(String::new, |member| member.worker.name.clone()),
                }
            }),
        }
    }
}

fn area_at(atlas: &Atlas, ordinal: Ordinal) -> AreaRef {
    AreaRef::from(atlas.area(ordinal).as_ref())
}

impl SlotStaffing {
    fn new(
        live: &Live,
        report: &StaffingReport,
        area: Ordinal,
        slot: Slot,
        stretch: &Stretch,
    ) -> Self {
        let is_day = matches!(report.period, Period::Day(_));
        let fillings = stretch.filled.iter();
        Self {
            area: area_at(&report.atlas, area),
            slot,
            state: SlotState::of(&stretch.filled),
            from: is_day.then_some(stretch.from),
            until: is_day.then_some(stretch.until),
            filled_by: fillings
                .map(|&filling| SlotFilling::new(live, filling))
                .collect(),
        }
    }
}

impl StaffingAnswer {
    fn new(live: &Live, report: &StaffingReport) -> Self {
        let (atlas, period) = (&report.atlas, report.period);
        let last = report.stretches.last().filter(|_| report.more);
        let (at, date) = match period {
            Period::At(at) => (Some(at), None),
            Period::Day(date) => (None, Some(date)),
        };
        let counts = report.tallies.iter().map(|&(area, tally)| AreaCount {
            area: area_at(atlas, area),
            count: StaffingCount::new(tally, period),
        });
        let items = report
            .stretches
            .iter()
            .map(|(area, slot, stretch)| SlotStaffing::new(live, report, *area, *slot, stretch));
        Self {
            at,
            date,
            total: StaffingCount::new(report.total, period),
            counts: counts.collect(),
            items: items.collect(),
            next: last.and_then(|(area, slot, stretch)| {
                to_cursor(&(&atlas.area(*area).code, slot, period.time_of(stretch)))
            }),
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WorkloadsQuery {
    /// Work on incidents inside this area; the caller's own, or all, when absent.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
    /// Tasks offered at this time or later; 30 days before `until` when absent.
    since: Option<DateTime<Utc>>,
    /// Not included; now when absent.
    until: Option<DateTime<Utc>>,
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    cursor: Option<String>,
}

/// What a worker had to do.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkerLoad {
    pub worker: StaffMember,
    /// Tasks as the lead.
    pub led: u32,
    /// Tasks as an assistant.
    pub assisted: u32,
    /// Tasks with something still to do.
    pub open: u32,
    /// Tasks fed back after their limit, or open beyond it.
    pub late: u32,
    /// Tasks sent back.
    pub returned: u32,
    /// From the offer to the signature, on the average.
    pub mean_sign_s: Option<f64>,
    /// From the offer to the feedback, on the average.
    pub mean_feed_back_s: Option<f64>,
}

/// What workers had to do over a time.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkloadsAnswer {
    pub since: DateTime<Utc>,
    /// Not included.
    pub until: DateTime<Utc>,
    /// By name.
    pub items: Vec<WorkerLoad>,
    pub next: Option<String>,
}

/// What each worker had to do about incidents inside an area: those who were offered
/// anything, and those who held a post there.
#[utoipa::path(get, path = "/api/v1/workloads", tag = "posts", params(WorkloadsQuery), responses(
    (status = 200, body = WorkloadsAnswer),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub async fn list_workloads(
    State(api): State<Api>,
    Caller(actor): Caller,
    Query(query): Query<WorkloadsQuery>,
) -> Result<Json<WorkloadsAnswer>, Problem> {
    let found = api
        .services
        .list_workloads(
            &actor,
            &WorkQuery {
                area: query.area,
                since: query.since,
                until: query.until,
                after: from_cursor(query.cursor.as_deref())?,
                limit: page_size(query.limit)?,
            },
        )
        .await?;
    let last = found.workers.last().filter(|_| found.more);
    Ok(Json(WorkloadsAnswer {
        since: found.since,
        until: found.until,
        next: last.and_then(|(member, _)| to_cursor(&(&member.worker.name, member.worker.id))),
        items: found
            .workers
            .iter()
            .map(|(member, load)| WorkerLoad::new(StaffMember::new(member), load))
            .collect(),
    }))
}

impl WorkerLoad {
    const fn new(worker: StaffMember, load: &Workload) -> Self {
        Self {
            worker,
            led: load.led,
            assisted: load.assisted,
            open: load.open,
            late: load.late,
            returned: load.returned,
            mean_sign_s: load.mean_sign_s,
            mean_feed_back_s: load.mean_feed_back_s,
        }
    }
}
