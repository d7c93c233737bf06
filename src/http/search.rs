//! Lists of incidents: what they may be searched by, and the query string that lists the
//! cases of a figure.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Datelike, TimeDelta, Utc};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::Api;
use super::areas::parse_bbox;
use super::caller::Caller;
use super::extract::Query;
use super::problem::Problem;
use super::view::incident::Incident;
use super::view::{Page, from_cursor, page_size, to_cursor};
use crate::domain::figures::Figure;
use crate::domain::incident::Sorting;
use crate::domain::words::UnknownWord;
use crate::domain::{
    AreaCode, IncidentId, IncidentNumber, Level, Phone, ServiceCode, Status, Timestamp,
};
use crate::store::{HeldFirst, IncidentQuery};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// One status or several, separated by commas.
    #[param(example = "reported,filed")]
    status: Option<String>,
    /// Only those that are neither closed nor evaluated.
    open: Option<bool>,
    /// Inside this area.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
    /// In no area of this level.
    #[param(inline)]
    without: Option<Level>,
    /// One service or several, separated by commas.
    service: Option<String>,
    /// One priority or several, separated by commas.
    priority: Option<String>,
    /// One source or several, separated by commas.
    source: Option<String>,
    /// Led by this worker or organisation, now or at the end.
    lead: Option<Uuid>,
    /// Held first by a centre of this level; `none` for those that were held nowhere.
    #[param(example = "township")]
    first_level: Option<String>,
    #[param(value_type = Option<String>)]
    number: Option<IncidentNumber>,
    /// Reported by somebody with this phone number. For those who dispatch; it is logged.
    phone: Option<String>,
    bbox: Option<String>,
    /// Reported at this time or later.
    since: Option<DateTime<Utc>>,
    /// Reported before this time.
    until: Option<DateTime<Utc>>,
    /// Changed last at this time or later.
    updated_since: Option<DateTime<Utc>>,
    /// Changed last before this time.
    updated_until: Option<DateTime<Utc>>,
    /// Closed at this time or later.
    closed_since: Option<DateTime<Utc>>,
    /// Closed before this time.
    closed_until: Option<DateTime<Utc>>,
    /// Signed or fed back after the limit, or not yet and the limit is over; or, with
    /// `false`, not so.
    late: Option<bool>,
    /// Counted by this figure of the statistics, or by all of several, separated by commas.
    #[param(example = "local,returned")]
    figure: Option<String>,
    /// When lateness and ages are looked at; now when absent.
    as_of: Option<DateTime<Utc>>,
    /// Part of the number, the description or the address: any number of characters,
    /// Chinese ones too; ASCII letters in either case.
    q: Option<String>,
    /// By the time of the report or of the last change; with `-` the newest first, as when
    /// absent.
    #[param(inline)]
    order: Option<Sorting>,
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    cursor: Option<String>,
}

/// A place in a list, and in which.
type ListPlace = (Sorting, Timestamp, IncidentId);

/// Incidents, open and closed, over all of history; the newest first unless another order
/// is asked for. Ordered by report, pages hold nothing twice, whatever comes meanwhile;
/// ordered by the last change, what changes meanwhile moves, and may come again.
#[utoipa::path(get, path = "/api/v1/incidents", tag = "incidents", params(SearchQuery), responses(
    (status = 200, body = Page<Incident>),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
pub async fn search_incidents(
    State(api): State<Api>,
    Caller(actor): Caller,
    Query(query): Query<SearchQuery>,
) -> Result<Json<Page<Incident>>, Problem> {
    let limit = page_size(query.limit)?;
    let sorting = query.order.unwrap_or_default();
    let after: Option<ListPlace> = from_cursor(query.cursor.as_deref())?;
    if after.is_some_and(|(other, ..)| other != sorting) {
        return Err(Problem::invalid("the cursor is of a list in another order"));
    }
    let now = api.services.clock().now();
    let area = query.area.clone();
    let condition = IncidentQuery {
        sorting,
        after: after.map(|(_, at, id)| (at, id)),
        limit: u32::try_from(limit + 1).unwrap_or(u32::MAX),
        ..query.condition(now)?
    };
    let mut found = api
        .services
        .search_incidents(&actor, condition, area.as_ref())
        .await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let last = found.last().filter(|_| more);
    Ok(Json(Page {
        next: last.and_then(|last| {
            let (at, id) = sorting.place_of(last);
            to_cursor(&(sorting, at, id))
        }),
        items: found
            .iter()
            .map(|incident| Incident::new(&api.services, &actor, incident))
            .collect(),
    }))
}

impl SearchQuery {
    fn condition(self, now: Timestamp) -> Result<IncidentQuery, Problem> {
        for (name, time) in [
            ("since", self.since),
            ("until", self.until),
            ("updated_since", self.updated_since),
            ("updated_until", self.updated_until),
            ("closed_since", self.closed_since),
            ("closed_until", self.closed_until),
            ("as_of", self.as_of),
        ] {
            check_year(name, time)?;
        }
        let mut figures: Vec<Figure> = words(self.figure.as_deref())?;
        let mut not_figures = Vec::new();
        match self.late {
            Some(true) => figures.push(Figure::Late),
            Some(false) => not_figures.push(Figure::Late),
            None => {}
        }
        let phone = self.phone.as_deref().map(Phone::parse).transpose();
        Ok(IncidentQuery {
            statuses: statuses(self.status.as_deref(), self.open)?,
            without: self.without,
            services: services(self.service.as_deref()),
            priorities: words(self.priority.as_deref())?,
            sources: words(self.source.as_deref())?,
            lead: self.lead,
            held_first: self.first_level.as_deref().map(held_first).transpose()?,
            numbers: self.number.into_iter().collect(),
            phone: phone.map_err(|error| Problem::invalid(error.to_string()))?,
            bounds: self.bbox.as_deref().map(parse_bbox).transpose()?,
            since: self.since,
            until: self.until.map(last_before),
            updated_since: self.updated_since,
            updated_until: self.updated_until.map(last_before),
            closed_since: self.closed_since,
            closed_until: self.closed_until.map(last_before),
            figures,
            not_figures,
            as_of: self.as_of.unwrap_or(now),
            text: self.q.filter(|text| !text.is_empty()),
            ..IncidentQuery::default()
        })
    }
}

/// # Errors
/// When the time lies beyond what databases keep and calendars know.
pub(super) fn check_year(name: &str, time: Option<Timestamp>) -> Result<(), Problem> {
    if time.is_some_and(|time| !(1970..2200).contains(&time.year())) {
        return Err(Problem::invalid(format!(
            "{name} lies beyond the years 1970 to 2199"
        )));
    }
    Ok(())
}

/// The last time before one: times are kept to the millisecond.
fn last_before(time: Timestamp) -> Timestamp {
    let whole = time.timestamp_subsec_nanos().is_multiple_of(1_000_000);
    if whole {
        time - TimeDelta::milliseconds(1)
    } else {
        time
    }
}

/// The words of a list separated by commas.
pub(super) fn words<T: std::str::FromStr<Err = UnknownWord>>(
    list: Option<&str>,
) -> Result<Vec<T>, Problem> {
    list.into_iter()
        .flat_map(|list| list.split(','))
        .map(|word| word.trim().parse())
        .collect::<Result<_, UnknownWord>>()
        .map_err(|error| Problem::invalid(error.to_string()))
}

pub(super) fn services(list: Option<&str>) -> Vec<ServiceCode> {
    list.into_iter()
        .flat_map(|list| list.split(','))
        .map(|code| ServiceCode(code.trim().to_owned()))
        .collect()
}

fn held_first(word: &str) -> Result<HeldFirst, Problem> {
    if word == "none" {
        return Ok(HeldFirst::Nowhere);
    }
    word.parse()
        .map(HeldFirst::At)
        .map_err(|error: UnknownWord| Problem::invalid(error.to_string()))
}

/// The statuses asked for: those named, and with `open` those of them that are open.
pub fn statuses(named: Option<&str>, open: Option<bool>) -> Result<Vec<Status>, Problem> {
    let named: Vec<Status> = words(named)?;
    let Some(open) = open else { return Ok(named) };
    let from = if named.is_empty() {
        Status::ALL.to_vec()
    } else {
        named
    };
    let kept: Vec<Status> = from
        .into_iter()
        .filter(|status| status.is_open() == open)
        .collect();
    if kept.is_empty() {
        return Err(Problem::invalid(
            "no status that is named agrees with `open`",
        ));
    }
    Ok(kept)
}

/// The query string by which [`search_incidents`] lists what figures were counted of.
pub(super) fn cases_of(query: &IncidentQuery) -> String {
    let list = |words: Vec<&str>| (!words.is_empty()).then(|| words.join(","));
    let time = |time: Timestamp| time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    let end = |last: Timestamp| time(last + TimeDelta::milliseconds(1));
    let parameters = [
        (
            "area",
            query.within.as_ref().map(|area| area.code.to_string()),
        ),
        ("without", query.without.map(|level| level.to_string())),
        (
            "status",
            list(query.statuses.iter().map(|it| it.as_str()).collect()),
        ),
        (
            "service",
            list(query.services.iter().map(|it| it.0.as_str()).collect()),
        ),
        (
            "priority",
            list(query.priorities.iter().map(|it| it.as_str()).collect()),
        ),
        (
            "source",
            list(query.sources.iter().map(|it| it.as_str()).collect()),
        ),
        (
            "first_level",
            query.held_first.map(|held| match held {
                HeldFirst::At(level) => level.to_string(),
                HeldFirst::Nowhere => "none".to_owned(),
            }),
        ),
        ("since", query.since.map(time)),
        ("until", query.until.map(end)),
        ("closed_since", query.closed_since.map(time)),
        ("closed_until", query.closed_until.map(end)),
        ("as_of", Some(time(query.as_of))),
    ];
    let said = parameters
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(said)
        .finish()
}
