//! Figures for boards.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Api;
use super::caller::Caller;
use super::extract::Query;
use super::problem::Problem;
use super::search::{cases_of, check_year, services, words};
use crate::domain::figures::{CountedBy, Dimension, Figure, Spread, Tally};
use crate::domain::{AreaCode, AreaRef, Level};
use crate::index::Atlas;
use crate::service::statistics::{Breakdown, GroupCounted, StatisticsQuery};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StatisticsParameters {
    /// Incidents inside this area; the caller's own, or all, when absent.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
    /// One service or several, separated by commas.
    service: Option<String>,
    /// One source or several, separated by commas.
    source: Option<String>,
    /// One priority or several, separated by commas.
    priority: Option<String>,
    /// Which of an incident's times falls into the window and its stretches; the report's
    /// when absent.
    #[param(inline)]
    time: Option<CountedBy>,
    /// 30 days before `until` when absent; at most 400 days before it.
    from: Option<DateTime<Utc>>,
    /// Not included; now when absent.
    until: Option<DateTime<Utc>>,
    /// When ages and lateness are looked at; now when absent.
    as_of: Option<DateTime<Utc>>,
    /// By what the figures are told apart, besides the total; several are separated by
    /// commas: `status`, `service`, `source`, `priority`, `area`, `level`, `hour`, `day`,
    /// `week`, `month`.
    #[param(example = "area,day")]
    by: Option<String>,
    /// Of which level areas are told apart; those right below the area when absent.
    #[param(inline)]
    level: Option<Level>,
    /// By whose clocks days begin: an IANA name; the time zone of the calendar when absent.
    #[param(example = "Asia/Shanghai")]
    zone: Option<String>,
}

/// The figures of some incidents. Each counts whole incidents; `GET /api/v1/incidents` lists
/// them with the parameters of `query` and the figure's word as `figure`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Figures {
    /// The parameters that list the incidents; null when the area is no longer in the
    /// territory.
    #[schema(example = "area=320812&since=2026-11-01T00:00:00.000Z")]
    pub query: Option<String>,
    /// How many incidents each figure counts.
    #[schema(value_type = BTreeMap<String, u64>)]
    pub cases: BTreeMap<Figure, u64>,
    /// How often it happened to them, for what may happen to an incident more than once.
    #[schema(value_type = BTreeMap<String, u64>)]
    pub times: BTreeMap<Figure, u64>,
    pub shares: Shares,
    /// From the report to the first signature of a lead, of the cases of `responded`.
    pub response: Durations,
    /// From the report to the close, of the cases of `resolved`.
    pub resolution: Durations,
    /// 1 to 5, of the cases of `evaluated`.
    pub mean_satisfaction: Option<f64>,
}

/// Parts from 0 to 1; null when there is nothing to take a part of.
#[derive(Debug, Serialize, ToSchema)]
pub struct Shares {
    /// `signed_on_time` of these and `signed_late`.
    pub signed_on_time: Option<f64>,
    /// `fed_back_on_time` of these and `fed_back_late`.
    pub fed_back_on_time: Option<f64>,
    /// 就地化解率: `local` of `resolved`.
    pub local: Option<f64>,
    /// `judged_responded`, `judged_resolved` and `judged_satisfied` of `evaluated`.
    pub judged_responded: Option<f64>,
    pub judged_resolved: Option<f64>,
    pub judged_satisfied: Option<f64>,
}

/// How long something took: of half the cases, and of nine tenths, at most so long.
#[derive(Debug, Serialize, ToSchema)]
pub struct Durations {
    pub median_s: Option<f64>,
    pub p90_s: Option<f64>,
}

/// The figures of one group.
#[derive(Debug, Serialize, ToSchema)]
pub struct FiguresOfGroup {
    /// A word, a code, or the name of a stretch of time: `2026-11-22`, `2026-W47`,
    /// `2026-11`. Null for incidents without such a thing, such as those in no grid.
    pub key: Option<String>,
    /// For areas and services.
    pub name: Option<String>,
    /// For stretches of time.
    pub from: Option<DateTime<Utc>>,
    /// Not included.
    pub until: Option<DateTime<Utc>>,
    #[serde(flatten)]
    pub figures: Figures,
}

/// The figures, told apart.
#[derive(Debug, Serialize, ToSchema)]
pub struct FiguresBy {
    pub by: Dimension,
    /// For areas: of which level.
    pub level: Option<Level>,
    /// All stretches of time and all areas, also without incidents; of others those that
    /// have any.
    pub groups: Vec<FiguresOfGroup>,
}

/// Figures over a window of time.
#[derive(Debug, Serialize, ToSchema)]
pub struct Statistics {
    pub area: Option<AreaRef>,
    pub time: CountedBy,
    pub from: DateTime<Utc>,
    /// Not included.
    pub until: DateTime<Utc>,
    pub as_of: DateTime<Utc>,
    pub zone: String,
    pub total: Figures,
    /// In the order in which they were asked for.
    pub breakdowns: Vec<FiguresBy>,
}

/// Figures of the incidents that were reported, or closed, in a window of time: how many
/// there are of each kind, shares, times, and all of these told apart. Every figure leads to
/// its cases.
#[utoipa::path(get, path = "/api/v1/statistics", tag = "statistics", params(StatisticsParameters),
    responses(
        (status = 200, body = Statistics),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn load_statistics(
    State(api): State<Api>,
    Caller(actor): Caller,
    Query(query): Query<StatisticsParameters>,
) -> Result<Json<Statistics>, Problem> {
    for (name, time) in [
        ("from", query.from),
        ("until", query.until),
        ("as_of", query.as_of),
    ] {
        check_year(name, time)?;
    }
    let asked = StatisticsQuery {
        area: query.area,
        services: services(query.service.as_deref()),
        sources: words(query.source.as_deref())?,
        priorities: words(query.priority.as_deref())?,
        time: query.time.unwrap_or(CountedBy::Reported),
        from: query.from,
        until: query.until,
        as_of: query.as_of,
        zone: query.zone,
        by: words(query.by.as_deref())?,
        level: query.level,
    };
    let found = api.services.load_statistics(&actor, asked).await?;
    let atlas = api.services.live().atlas();
    Ok(Json(Statistics {
        total: Figures::new(Some(cases_of(&found.total.cases)), found.total.tally),
        area: found.within,
        time: found.time,
        from: found.from,
        until: found.until,
        as_of: found.as_of,
        zone: found.zone.name().to_owned(),
        breakdowns: found
            .breakdowns
            .into_iter()
            .map(|breakdown| FiguresBy::new(&atlas, breakdown))
            .collect(),
    }))
}

impl FiguresBy {
    fn new(atlas: &Atlas, breakdown: Breakdown) -> Self {
        let groups = breakdown.groups.into_iter();
        Self {
            by: breakdown.by,
            level: breakdown.level,
            groups: groups
                .map(|group| FiguresOfGroup::new(atlas, group))
                .collect(),
        }
    }
}

impl FiguresOfGroup {
    fn new(atlas: &Atlas, group: GroupCounted) -> Self {
        let cases = group.counted.cases;
        let is_there = cases
            .within
            .as_ref()
            .is_none_or(|area| atlas.find(&area.code).is_some());
        Self {
            key: group.key,
            name: group.name,
            from: group.span.map(|(from, _)| from),
            until: group.span.map(|(_, until)| until),
            figures: Figures::new(is_there.then(|| cases_of(&cases)), group.counted.tally),
        }
    }
}

impl Figures {
    fn new(query: Option<String>, tally: Tally) -> Self {
        use Figure as F;
        let judged = |figure| tally.share(figure, &[F::Evaluated]);
        let evaluated = tally.of(F::Evaluated);
        #[expect(
            clippy::cast_precision_loss,
            reason = "sums of satisfactions stay far below 2^52"
        )]
        let mean = tally.satisfaction as f64 / evaluated as f64;
        Self {
            query,
            shares: Shares {
                signed_on_time: tally.share(F::SignedOnTime, &[F::SignedOnTime, F::SignedLate]),
                fed_back_on_time: tally
                    .share(F::FedBackOnTime, &[F::FedBackOnTime, F::FedBackLate]),
                local: tally.share(F::Local, &[F::Resolved]),
                judged_responded: judged(F::JudgedResponded),
                judged_resolved: judged(F::JudgedResolved),
                judged_satisfied: judged(F::JudgedSatisfied),
            },
            response: Durations::from(tally.response),
            resolution: Durations::from(tally.resolution),
            mean_satisfaction: (evaluated > 0).then_some(mean),
            cases: tally.cases,
            times: tally.times,
        }
    }
}

impl From<Spread> for Durations {
    fn from(spread: Spread) -> Self {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a hundred thousand years are below 2^52 ms"
        )]
        let seconds = |ms: i64| ms as f64 / 1_000.0;
        Self {
            median_s: spread.median_ms.map(seconds),
            p90_s: spread.p90_ms.map(seconds),
        }
    }
}
