//! Figures for boards: counted in the store, over a window of time, whole and by groups.
//! Each group comes with the query that lists its incidents, so that every figure leads to
//! its cases.

use std::collections::BTreeMap;

use chrono::{SubsecRound, TimeDelta};
use chrono_tz::Tz;

use super::{ServiceError, Services};
use crate::domain::figures::{CountedBy, Dimension, Tally};
use crate::domain::{
    Actor, AreaCode, AreaRef, Level, Priority, ServiceCode, Source, Status, Timestamp,
};
use crate::index::{Atlas, Ordinal};
use crate::store::{Grouping, HeldFirst, IncidentQuery};

/// How many days are counted when nothing is said, and at most.
const DAYS: i64 = 30;
pub const MAX_DAYS: i64 = 400;
/// The most groups that are told apart.
const MAX_GROUPS: usize = 1_000;

/// What to count. Conditions add up.
#[derive(Debug, Clone)]
pub struct StatisticsQuery {
    /// The actor's own, or all of the territory, when absent.
    pub area: Option<AreaCode>,
    pub services: Vec<ServiceCode>,
    pub sources: Vec<Source>,
    pub priorities: Vec<Priority>,
    /// Which of an incident's times falls into the window and the buckets.
    pub time: CountedBy,
    /// 30 days before `until` when absent.
    pub from: Option<Timestamp>,
    /// Not included; now when absent.
    pub until: Option<Timestamp>,
    /// When ages and lateness are looked at; now when absent.
    pub as_of: Option<Timestamp>,
    /// An IANA name; the calendar's when absent.
    pub zone: Option<String>,
    pub by: Vec<Dimension>,
    /// Of which level areas are told apart; those right below the area when absent.
    pub level: Option<Level>,
}

/// What was counted.
#[derive(Debug)]
pub struct Statistics {
    pub within: Option<AreaRef>,
    pub time: CountedBy,
    pub from: Timestamp,
    /// Not included.
    pub until: Timestamp,
    pub as_of: Timestamp,
    pub zone: Tz,
    pub total: Counted,
    /// In the order in which they were asked for.
    pub breakdowns: Vec<Breakdown>,
}

/// Figures, and the query that finds the incidents they are of.
#[derive(Debug)]
pub struct Counted {
    pub cases: IncidentQuery,
    pub tally: Tally,
}

/// The figures of each group.
#[derive(Debug)]
pub struct Breakdown {
    pub by: Dimension,
    /// For areas: of which level.
    pub level: Option<Level>,
    pub groups: Vec<GroupCounted>,
}

/// The figures of a group.
#[derive(Debug)]
pub struct GroupCounted {
    /// `None` for incidents without such a thing, such as those in no grid.
    pub key: Option<String>,
    /// For areas that are in the territory now, and for services.
    pub name: Option<String>,
    /// For stretches of time.
    pub span: Option<(Timestamp, Timestamp)>,
    pub counted: Counted,
}

/// A group before it is counted: by what the store knows it, how it is called, and the
/// query that finds its incidents.
struct Frame {
    key: Option<String>,
    shown: Option<String>,
    name: Option<String>,
    span: Option<(Timestamp, Timestamp)>,
    cases: IncidentQuery,
}

impl Services {
    /// Figures of the incidents within the actor's area.
    ///
    /// # Errors
    /// When the actor may not see incidents or the area, the window is none or too long, or
    /// there are too many groups.
    pub async fn load_statistics(
        &self,
        actor: &Actor,
        query: StatisticsQuery,
    ) -> Result<Statistics, ServiceError> {
        let within = self.bound(actor, query.area.as_ref())?;
        let now = self.clock().now().trunc_subsecs(3);
        let until = query.until.unwrap_or(now).trunc_subsecs(3);
        let from = query.from.unwrap_or(until - TimeDelta::days(DAYS));
        let from = from.trunc_subsecs(3);
        check_window(from, until)?;
        let zone = self.zone(query.zone.as_deref())?;
        let all = IncidentQuery {
            within: within.clone(),
            services: query.services,
            sources: query.sources,
            priorities: query.priorities,
            as_of: query.as_of.unwrap_or(now).trunc_subsecs(3),
            ..between(IncidentQuery::default(), query.time, from, until)
        };
        let mut breakdowns = Vec::with_capacity(query.by.len());
        for (turn, &by) in query.by.iter().enumerate() {
            if query.by[..turn].contains(&by) {
                return Err(ServiceError::Invalid {
                    field: "by",
                    why: format!("{by} stands there twice"),
                });
            }
            let breakdown = if let Some(bucket) = by.bucket() {
                let edges = bucket.edges(from, until, zone, MAX_GROUPS);
                let edges = edges.ok_or_else(|| ServiceError::Invalid {
                    field: "by",
                    why: format!("{by}: there are more than {MAX_GROUPS} of them in the window"),
                })?;
                let frames = edges.windows(2).enumerate().filter_map(|(place, pair)| {
                    let &[begin, end] = pair else { return None };
                    Some(Frame {
                        key: Some(place.to_string()),
                        shown: Some(bucket.name(begin, zone)),
                        name: None,
                        span: Some((begin, end)),
                        cases: between(all.clone(), query.time, begin, end),
                    })
                });
                let frames = frames.collect();
                let grouping = Grouping::Time(query.time, edges);
                self.break_down(by, None, &all, &grouping, frames).await?
            } else if by == Dimension::Area {
                let (level, frames) = self.frame_areas(&all, query.level)?;
                let grouping = Grouping::Area(level);
                self.break_down(by, Some(level), &all, &grouping, frames)
                    .await?
            } else {
                let grouping = match by {
                    Dimension::Status => Grouping::Status,
                    Dimension::Service => Grouping::Service,
                    Dimension::Source => Grouping::Source,
                    Dimension::Priority => Grouping::Priority,
                    _ => Grouping::HeldFirst,
                };
                self.break_down(by, None, &all, &grouping, Vec::new())
                    .await?
            };
            breakdowns.push(breakdown);
        }
        let total = self.store().count_incidents(&all, None).await?;
        let tally = total.into_iter().next().map(|(_, tally)| tally);
        Ok(Statistics {
            within,
            time: query.time,
            from,
            until,
            as_of: all.as_of,
            zone,
            total: Counted {
                cases: all,
                tally: tally.unwrap_or_else(Tally::none),
            },
            breakdowns,
        })
    }

    fn zone(&self, name: Option<&str>) -> Result<Tz, ServiceError> {
        let rules = self.live().rules();
        let name = name.unwrap_or(&rules.calendar.definition().zone);
        name.parse().map_err(|_| ServiceError::Invalid {
            field: "zone",
            why: format!("{name:?} is no time zone; use an IANA name such as Asia/Shanghai"),
        })
    }

    /// The areas of a level that are counted in, with or without incidents.
    fn frame_areas(
        &self,
        all: &IncidentQuery,
        level: Option<Level>,
    ) -> Result<(Level, Vec<Frame>), ServiceError> {
        let atlas = self.live().atlas();
        let within = all.within.as_ref();
        let place = within.and_then(|area| atlas.find(&area.code));
        let level = level.unwrap_or_else(|| level_below(&atlas, place));
        if let Some(area) = within.filter(|area| level < area.level) {
            return Err(ServiceError::Invalid {
                field: "level",
                why: format!(
                    "{level} lies above the area {}, which is a {}",
                    area.code, area.level
                ),
            });
        }
        let inside = match place {
            Some(place) => atlas.below(place),
            None => atlas.in_code_order(level).to_vec(),
        };
        let areas: Vec<_> = inside
            .into_iter()
            .map(|place| atlas.area(place))
            .filter(|area| area.level == level)
            .collect();
        if areas.len() > MAX_GROUPS {
            return Err(ServiceError::Invalid {
                field: "level",
                why: format!(
                    "there are {} areas of the level {level} here; ask for an area with at most \
                     {MAX_GROUPS}",
                    areas.len()
                ),
            });
        }
        let frames = areas
            .into_iter()
            .map(|area| frame_area(all, AreaRef::from(area.as_ref())));
        Ok((level, frames.collect()))
    }

    /// Counts by groups: those that are framed, with or without incidents, then others that
    /// there are.
    async fn break_down(
        &self,
        by: Dimension,
        level: Option<Level>,
        all: &IncidentQuery,
        grouping: &Grouping,
        frames: Vec<Frame>,
    ) -> Result<Breakdown, ServiceError> {
        let counted = self.store().count_incidents(all, Some(grouping)).await?;
        let mut counted: BTreeMap<Option<String>, Tally> = counted.into_iter().collect();
        let mut groups: Vec<GroupCounted> = frames
            .into_iter()
            .map(|frame| GroupCounted {
                counted: Counted {
                    cases: frame.cases,
                    tally: counted.remove(&frame.key).unwrap_or_else(Tally::none),
                },
                key: frame.shown,
                name: frame.name,
                span: frame.span,
            })
            .collect();
        for (key, tally) in counted {
            let cases = cases_of(all, grouping, key.as_deref())?;
            let service = |key: &String| self.catalogue().find(&ServiceCode(key.clone()));
            let name = key.as_ref().filter(|_| *grouping == Grouping::Service);
            groups.push(GroupCounted {
                name: name
                    .and_then(service)
                    .map(|service| service.name_zh.clone()),
                key,
                span: None,
                counted: Counted { cases, tally },
            });
        }
        Ok(Breakdown { by, level, groups })
    }
}

/// The query that finds the incidents of a group.
fn cases_of(
    all: &IncidentQuery,
    grouping: &Grouping,
    key: Option<&str>,
) -> Result<IncidentQuery, ServiceError> {
    let mut cases = all.clone();
    let unknown = || ServiceError::not_found("group", &key.unwrap_or_default());
    match (grouping, key) {
        (Grouping::Status, Some(word)) => {
            cases.statuses = vec![word.parse::<Status>().map_err(|_| unknown())?];
        }
        (Grouping::Service, Some(code)) => cases.services = vec![ServiceCode(code.into())],
        (Grouping::Source, Some(word)) => {
            cases.sources = vec![word.parse().map_err(|_| unknown())?];
        }
        (Grouping::Priority, Some(word)) => {
            cases.priorities = vec![word.parse().map_err(|_| unknown())?];
        }
        (Grouping::HeldFirst, key) => {
            cases.held_first = Some(match key {
                Some(word) => HeldFirst::At(word.parse().map_err(|_| unknown())?),
                None => HeldFirst::Nowhere,
            });
        }
        (Grouping::Area(level), None) => cases.without = Some(*level),
        (Grouping::Area(level), Some(code)) => {
            // An area that no longer exists, but did when the incident was matched.
            cases.within = Some(AreaRef {
                code: code.parse().map_err(|_| unknown())?,
                name: String::new(),
                level: *level,
            });
        }
        // These always have a key, and buckets are framed.
        (Grouping::Status | Grouping::Service | Grouping::Source | Grouping::Priority, None)
        | (Grouping::Time(..), _) => {}
    }
    Ok(cases)
}

fn check_window(from: Timestamp, until: Timestamp) -> Result<(), ServiceError> {
    let why = if from >= until {
        format!("{from} is not before until, {until}")
    } else if until - from > TimeDelta::days(MAX_DAYS) {
        format!("at most {MAX_DAYS} days are counted at once")
    } else {
        return Ok(());
    };
    Err(ServiceError::Invalid { field: "from", why })
}

/// Bounds a query to a window. Times are kept to the millisecond, and the end of a query is
/// included.
fn between(
    query: IncidentQuery,
    time: CountedBy,
    from: Timestamp,
    until: Timestamp,
) -> IncidentQuery {
    let last = Some(until - TimeDelta::milliseconds(1));
    match time {
        CountedBy::Reported => IncidentQuery {
            since: Some(from),
            until: last,
            ..query
        },
        CountedBy::Closed => IncidentQuery {
            closed_since: Some(from),
            closed_until: last,
            ..query
        },
    }
}

/// The level of the areas right below one, or of the topmost there are; its own where
/// there is nothing below.
fn level_below(atlas: &Atlas, area: Option<Ordinal>) -> Level {
    let level_of = |&place: &Ordinal| atlas.area(place).level;
    let level = match area {
        Some(area) => atlas.children(area).iter().map(level_of).min(),
        None => atlas.areas().iter().map(|area| area.level).min(),
    };
    level
        .or_else(|| area.map(|area| level_of(&area)))
        .unwrap_or(Level::Province)
}

fn frame_area(all: &IncidentQuery, area: AreaRef) -> Frame {
    let code = area.code.as_str().to_owned();
    Frame {
        shown: Some(code.clone()),
        key: Some(code),
        name: Some(area.name.clone()),
        span: None,
        cases: IncidentQuery {
            within: Some(area),
            ..all.clone()
        },
    }
}
