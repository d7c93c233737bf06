//! Requests, as Open311 `GeoReport` v2 (<http://wiki.open311.org/GeoReport_v2>) calls
//! incidents: what may be asked of them by whom, and reporting them.
//!
//! Anyone may list requests, and sees of each what anyone may follow by its number
//! ([`Sight::Public`], decision 21); who may see an incident whole sees it here whole too.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::TimeDelta;

use super::filing::{FiledIncident, Report};
use super::incidents::Sight;
use super::{ServiceError, Services};
use crate::codec::open311::{ReportedRequest, read_form};
use crate::domain::incident::IncidentKey;
use crate::domain::{
    Actor, Incident, IncidentEvent, IncidentId, IncidentNumber, MediaId, ServiceCode, Status,
    Timestamp,
};
use crate::store::IncidentQuery;

/// "Default query limit is a span of 90 days or first 1000 requests returned, whichever is
/// smallest."
const SPAN_DAYS: i64 = 90;
/// How many requests are answered at once when nothing is said, and at most.
pub const MAX_REQUESTS: u32 = 1_000;
/// How many requests may be passed over to get to a page: each is read to be passed over.
const MAX_SKIPPED: u32 = 100_000;
/// What stands before the address of a picture, on the last line of a description. Incidents
/// have no other place for it.
const MEDIA: &str = "media_url: ";

/// Which requests to list, the newest first.
#[derive(Debug, Clone, Default)]
pub struct RequestQuery {
    /// When there are any, nothing else counts.
    pub numbers: Vec<IncidentNumber>,
    pub services: Vec<ServiceCode>,
    /// Any of these; empty for all.
    pub statuses: Vec<Status>,
    /// When they were reported.
    pub reported: Span,
    /// When they changed last.
    pub updated: Span,
    /// Part of the number, the description or the address: for those who may read these.
    pub text: Option<String>,
    pub page: PageNumber,
}

/// From one time to another, both included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

/// A part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageNumber {
    /// From 1 on.
    pub number: u32,
    pub size: u32,
}

impl Default for PageNumber {
    fn default() -> Self {
        Self {
            number: 1,
            size: MAX_REQUESTS,
        }
    }
}

/// A page of a list, and whether there is one after it.
#[derive(Debug, Clone)]
pub struct Paged<T> {
    pub items: Vec<T>,
    pub more: bool,
}

/// An incident with how much of it the actor may see.
pub type SeenIncident = (Arc<Incident>, Sight);

/// A step of a request, with the request.
pub type SeenStep = (SeenIncident, IncidentEvent);

impl Services {
    /// Requests, the newest first. Anybody may.
    ///
    /// # Errors
    /// When more than 90 days or a page far down are asked for, or a text by somebody who may
    /// not read what incidents say.
    pub async fn search_requests(
        &self,
        actor: &Actor,
        query: RequestQuery,
    ) -> Result<Paged<SeenIncident>, ServiceError> {
        let mut condition = query.page.condition()?;
        if query.numbers.is_empty() {
            let reported = query.reported.bounded(self.clock().now())?;
            condition.services = query.services;
            condition.statuses = query.statuses;
            condition.since = reported.from;
            condition.until = reported.until;
            condition.updated_since = query.updated.from;
            condition.updated_until = query.updated.until;
            if query.text.is_some() {
                // Otherwise what others wrote could be guessed word by word.
                condition.within = self.bound(actor, None)?;
                condition.text = query.text;
            }
        } else {
            condition.numbers = query.numbers;
        }
        self.list_seen(actor, condition, query.page).await
    }

    /// The history of a request. Anybody may follow it by its number.
    ///
    /// # Errors
    /// When there is none that the actor may see.
    pub async fn list_request_steps(
        &self,
        actor: &Actor,
        key: &IncidentKey,
    ) -> Result<Vec<SeenStep>, ServiceError> {
        let seen = self.load_incident(actor, key).await?;
        let events = self.store().list_events(seen.0.id).await?;
        Ok(events
            .into_iter()
            .map(|event| (seen.clone(), event))
            .collect())
    }

    /// What happened in a span to requests of the 90 days before its end, page by page of
    /// these requests; the oldest step of a page first. Anybody may.
    ///
    /// # Errors
    /// When more than 90 days are asked for, or a page far down.
    pub async fn search_request_steps(
        &self,
        actor: &Actor,
        span: Span,
        page: PageNumber,
    ) -> Result<Paged<SeenStep>, ServiceError> {
        let now = self.clock().now();
        let bounded = span.bounded(now)?;
        let until = bounded.until.unwrap_or(now);
        let oldest = until - TimeDelta::days(SPAN_DAYS);
        let from = bounded.from.unwrap_or(oldest);
        let condition = IncidentQuery {
            since: Some(oldest),
            until: Some(until),
            // What happened later hides nothing that happened before.
            updated_since: Some(from),
            ..page.condition()?
        };
        let requests = self.list_seen(actor, condition, page).await?;
        let ids: Vec<IncidentId> = requests.items.iter().map(|(it, _)| it.id).collect();
        let events = self.store().list_events_between(&ids, from, until).await?;
        let seen: HashMap<IncidentId, &SeenIncident> = requests
            .items
            .iter()
            .map(|seen| (seen.0.id, seen))
            .collect();
        let steps = events.into_iter().filter_map(|event| {
            let &seen = seen.get(&event.incident)?;
            Some((seen.clone(), event))
        });
        Ok(Paged {
            items: steps.collect(),
            more: requests.more,
        })
    }

    /// The first photo of each request that the actor sees whole.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn first_photos(
        &self,
        seen: &[SeenIncident],
    ) -> Result<HashMap<IncidentId, MediaId>, ServiceError> {
        let whole = seen.iter().filter(|(_, sight)| *sight == Sight::Full);
        let whole: Vec<IncidentId> = whole.map(|(incident, _)| incident.id).collect();
        let mut first = HashMap::new();
        for media in self.store().list_media(&whole).await? {
            if media.kind.is_photo() {
                first.entry(media.incident).or_insert(media.id);
            }
        }
        Ok(first)
    }

    /// Files a request as an incident. Anybody may.
    ///
    /// # Errors
    /// As [`Services::file_incident`], and when an attribute cannot be understood.
    pub async fn file_request(
        &self,
        actor: &Actor,
        request: ReportedRequest,
        idempotency_key: Option<String>,
    ) -> Result<FiledIncident, ServiceError> {
        let service = self
            .catalogue()
            .find(&request.service)
            .ok_or_else(|| ServiceError::not_found("service", &request.service))?;
        let form = read_form(service, &request.attributes)?;
        // The standard lets it be left out.
        let description = request
            .description
            .unwrap_or_else(|| service.name_zh.clone());
        let report = Report {
            service: request.service,
            position: request.position,
            description: match request.media_url {
                Some(url) => format!("{description}\n{MEDIA}{url}"),
                None => description,
            },
            address: request.address,
            reporter_name: request.reporter.name,
            reporter_phone: request.reporter.phone,
            source: None,
            priority: None,
            form,
        };
        self.file_incident(actor, report, idempotency_key).await
    }

    async fn list_seen(
        &self,
        actor: &Actor,
        condition: IncidentQuery,
        page: PageNumber,
    ) -> Result<Paged<SeenIncident>, ServiceError> {
        let mut found = self.store().search_incidents(&condition).await?;
        let size = usize::try_from(page.size).unwrap_or(usize::MAX);
        let more = found.len() > size;
        found.truncate(size);
        let seen = |incident: Incident| {
            let sight = if self.may_see(actor, &incident) {
                Sight::Full
            } else {
                Sight::Public
            };
            (Arc::new(incident), sight)
        };
        Ok(Paged {
            items: found.into_iter().map(seen).collect(),
            more,
        })
    }
}

impl PageNumber {
    /// Finds this page, and one request more, which tells whether there is another.
    fn condition(self) -> Result<IncidentQuery, ServiceError> {
        if !(1..=MAX_REQUESTS).contains(&self.size) {
            return Err(ServiceError::Invalid {
                field: "page_size",
                why: format!("{} is not between 1 and {MAX_REQUESTS}", self.size),
            });
        }
        let before = self.number.checked_sub(1);
        let skip = before.and_then(|before| before.checked_mul(self.size));
        let skip = skip.filter(|&skip| skip <= MAX_SKIPPED).ok_or_else(|| {
            let why = format!(
                "{} is 0 or lies behind {MAX_SKIPPED} requests; ask for a shorter span of time",
                self.number
            );
            ServiceError::Invalid { field: "page", why }
        })?;
        Ok(IncidentQuery {
            skip,
            limit: self.size + 1,
            ..IncidentQuery::default()
        })
    }
}

impl Span {
    /// The span with both its ends, 90 days at most. Without any end it is the most recent
    /// 90 days; without one, the 90 days from or up to the other.
    fn bounded(self, now: Timestamp) -> Result<Self, ServiceError> {
        let most = TimeDelta::days(SPAN_DAYS);
        let (from, until) = match (self.from, self.until) {
            (Some(from), Some(until)) => (from, until),
            (Some(from), None) => (from, from + most),
            (None, until) => {
                let until = until.unwrap_or(now);
                (until - most, until)
            }
        };
        if until - from > most {
            return Err(ServiceError::Invalid {
                field: "start_date",
                why: format!(
                    "{from} lies more than {SPAN_DAYS} days before end_date {until}; \
                     ask for less at a time"
                ),
            });
        }
        Ok(Self {
            from: Some(from),
            until: Some(until),
        })
    }
}

/// Takes the address of a picture off the end of a description, where [`Services::file_request`]
/// puts it.
#[must_use]
pub fn split_media(description: &str) -> (&str, Option<&str>) {
    let split = description.rsplit_once('\n').and_then(|(text, last)| {
        let url = last.strip_prefix(MEDIA)?;
        let known = url.starts_with("http://") || url.starts_with("https://");
        known.then_some((text, Some(url)))
    });
    split.unwrap_or((description, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_span_is_ninety_days_at_most_and_by_itself() {
        let now = time("2026-11-22T08:00:00Z");
        let day = |days| Some(now + TimeDelta::days(days));
        for (from, until, expected) in [
            (None, None, Some((day(-90), day(0)))),
            (day(-200), None, Some((day(-200), day(-110)))),
            (None, day(-10), Some((day(-100), day(-10)))),
            (day(-91), day(-1), Some((day(-91), day(-1)))),
            (day(-92), day(-1), None),
            // Nothing lies between, which is no mistake.
            (day(-1), day(-2), Some((day(-1), day(-2)))),
        ] {
            let bounded = Span { from, until }.bounded(now).ok();
            let bounded = bounded.map(|span| (span.from, span.until));
            assert_eq!(bounded, expected, "{from:?} to {until:?}");
        }
    }

    #[test]
    fn a_picture_is_found_where_it_was_put() {
        for (description, expected) in [
            (
                "路面塌陷\nmedia_url: https://a.cn/b.jpg",
                ("路面塌陷", Some("https://a.cn/b.jpg")),
            ),
            ("media_url: https://a.cn", ("media_url: https://a.cn", None)),
            ("a\nmedia_url: ftp://a", ("a\nmedia_url: ftp://a", None)),
            ("a\nb", ("a\nb", None)),
            ("", ("", None)),
        ] {
            assert_eq!(split_media(description), expected);
        }
    }
}
