//! Who fills the slots of grids, where somebody is missing or one too many, and what each
//! worker had to do.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use chrono::{NaiveDate, SubsecRound, TimeDelta};

use super::{ServiceError, Services};
use crate::domain::actor::Permission;
use crate::domain::posts::{GridPlace, Staffing, Stretch, Tally, Workload, report};
use crate::domain::{Actor, AreaCode, AreaRef, Level, Post, Slot, Timestamp, WorkerId};
use crate::index::roster::Member;
use crate::index::{Atlas, Ordinal};
use crate::store::{DutyQuery, WorkloadQuery};

/// How many days of work are added up when nothing is said.
const WORKLOAD_DAYS: i64 = 30;

/// When staffing is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    At(Timestamp),
    /// A day in the time zone of the calendar.
    Day(NaiveDate),
}

/// A stretch's place in the list: by area in the order of the atlas, slot and, over a day,
/// time.
pub type StretchPlace = (AreaCode, Slot, Option<Timestamp>);

impl Period {
    /// By which a stretch is told from others of its slot.
    #[must_use]
    pub const fn time_of(self, stretch: &Stretch) -> Option<Timestamp> {
        match self {
            Self::At(_) => None,
            Self::Day(_) => Some(stretch.from),
        }
    }
}

/// Which staffing to report on.
#[derive(Debug, Clone, Default)]
pub struct StaffingQuery {
    /// The actor's own, or all of the territory, when absent.
    pub area: Option<AreaCode>,
    /// Now when absent.
    pub period: Option<Period>,
    /// Areas of which level are counted by; those right below the area when absent.
    pub by: Option<Level>,
    /// Lists also the slots that one alone fills.
    pub lists_filled: bool,
    pub after: Option<StretchPlace>,
    pub limit: usize,
}

/// What was found.
#[derive(Debug)]
pub struct StaffingReport {
    pub atlas: Arc<Atlas>,
    pub period: Period,
    pub total: Tally,
    /// In the order of the atlas.
    pub tallies: Vec<(Ordinal, Tally)>,
    /// In the order of the atlas, by slot and time.
    pub stretches: Vec<(Ordinal, Slot, Stretch)>,
    pub more: bool,
}

/// Whose work to add up, by name and identity.
#[derive(Debug, Clone, Default)]
pub struct WorkQuery {
    /// Work on incidents inside this area; the actor's own when absent.
    pub area: Option<AreaCode>,
    /// 30 days before `until` when absent.
    pub since: Option<Timestamp>,
    /// Now when absent.
    pub until: Option<Timestamp>,
    pub after: Option<(String, WorkerId)>,
    pub limit: usize,
}

/// What workers had to do over a time, and whether there are more of them.
#[derive(Debug)]
pub struct Workloads {
    pub since: Timestamp,
    pub until: Timestamp,
    pub workers: Vec<(Member, Workload)>,
    pub more: bool,
}

impl Services {
    /// Vacancies and double staffing of an area's grids.
    ///
    /// # Errors
    /// When the actor may not see workers, or an area does not exist or lies outside the
    /// actor's own.
    pub async fn report_staffing(
        &self,
        actor: &Actor,
        query: &StaffingQuery,
    ) -> Result<StaffingReport, ServiceError> {
        actor.require(Permission::ReadWorkers)?;
        let area = query.area.as_ref().or(actor.area.as_ref());
        let (atlas, asked) = match area {
            Some(code) => {
                let (atlas, ordinal) = self.reach_area(actor, code)?;
                (atlas, Some(ordinal))
            }
            None => (self.live().atlas(), None),
        };
        let now = self.clock().now();
        let period = query.period.unwrap_or(Period::At(now));
        let span = self.span_of(period);
        let grids = grids_of(&atlas, asked);
        let roster = self.live().roster();
        let posts: Vec<Post> = grids
            .iter()
            .flat_map(|&grid| roster.posts_in(&atlas.area(grid).code))
            .map(|(post, _)| post)
            .collect();
        let codes = |&grid: &Ordinal| atlas.area(grid).code.clone();
        let duties = DutyQuery {
            areas: asked.map(|_| grids.iter().map(codes).collect()),
            during: Some(span.clone()),
            ..DutyQuery::default()
        };
        let duties = self.store().list_duties(&duties).await?;
        let by = query.by.or_else(|| level_below(&atlas, asked));
        let places: Vec<GridPlace<'_>> = grids
            .iter()
            .map(|&grid| GridPlace {
                area: &atlas.area(grid).code,
                above: counted_above(&atlas, asked, by, grid),
            })
            .collect();
        let found = report(
            &places,
            Slot::ALL,
            &Staffing::new(&posts, &duties),
            span.start,
            span.end,
            query.lists_filled,
        );
        let ordinal_of = |code: &AreaCode| atlas.find(code);
        let tallies: BTreeMap<Ordinal, Tally> = found
            .tallies
            .iter()
            .filter_map(|(&code, &tally)| Some((ordinal_of(code)?, tally)))
            .filter(|&(area, _)| Some(atlas.area(area).level) == by)
            .collect();
        let after = query.after.as_ref();
        let after = after
            .map(|(code, slot, from)| {
                let area = ordinal_of(code).ok_or_else(|| ServiceError::not_found("area", code))?;
                Ok::<_, ServiceError>((area, *slot, *from))
            })
            .transpose()?;
        let time = |stretch: &Stretch| period.time_of(stretch);
        let mut stretches: Vec<(Ordinal, Slot, Stretch)> = found
            .stretches
            .into_iter()
            .filter_map(|(code, slot, stretch)| Some((ordinal_of(code)?, slot, stretch)))
            .filter(|(area, slot, stretch)| {
                after.is_none_or(|after| (*area, *slot, time(stretch)) > after)
            })
            .take(query.limit + 1)
            .collect();
        let more = stretches.len() > query.limit;
        stretches.truncate(query.limit);
        Ok(StaffingReport {
            period,
            total: found.total,
            tallies: tallies.into_iter().collect(),
            stretches,
            more,
            atlas,
        })
    }

    /// What each worker had to do about incidents inside an area: those who were offered
    /// anything, and those who held a post there.
    ///
    /// # Errors
    /// When the actor may not see workers, the area does not exist or lies outside the
    /// actor's own, or the time is none.
    pub async fn list_workloads(
        &self,
        actor: &Actor,
        query: &WorkQuery,
    ) -> Result<Workloads, ServiceError> {
        actor.require(Permission::ReadWorkers)?;
        let now = self.clock().now();
        let until = query.until.unwrap_or(now);
        let since = query
            .since
            .or_else(|| until.checked_sub_signed(TimeDelta::days(WORKLOAD_DAYS)))
            .unwrap_or(until);
        if since >= until {
            return Err(ServiceError::Invalid {
                field: "since",
                why: format!("{since} is not earlier than until, {until}"),
            });
        }
        let area = query.area.as_ref().or(actor.area.as_ref());
        let within = match area {
            Some(code) => {
                let (atlas, ordinal) = self.reach_area(actor, code)?;
                Some(AreaRef::from(atlas.area(ordinal).as_ref()))
            }
            None => None,
        };
        let rows = self
            .store()
            .list_workloads(&WorkloadQuery {
                within: within.clone(),
                since,
                until,
                now,
            })
            .await?;
        let rows: BTreeMap<WorkerId, Workload> =
            rows.into_iter().map(|row| (row.worker, row)).collect();
        let atlas = self.live().atlas();
        let is_posted = |post: &Post| {
            let is_then = post.from < until && post.until.is_none_or(|end| since < end);
            let is_there =
                |area: &AreaRef| atlas.codes_above(&post.area).any(|code| *code == area.code);
            is_then && within.as_ref().is_none_or(is_there)
        };
        let mut workers: Vec<(Member, Workload)> = self
            .live()
            .roster()
            .members()
            .filter_map(|member| {
                let id = member.worker.id;
                let row = rows.get(&id).copied();
                let idle = || member.posts.iter().any(is_posted);
                let load = row.or_else(|| idle().then_some(Workload::none(id)))?;
                Some((member, load))
            })
            .filter(|(member, _)| {
                let after = query.after.as_ref();
                after.is_none_or(|(name, id)| (&member.worker.name, member.worker.id) > (name, *id))
            })
            .collect();
        workers.sort_by(|(a, _), (b, _)| {
            (&a.worker.name, a.worker.id).cmp(&(&b.worker.name, b.worker.id))
        });
        let more = workers.len() > query.limit;
        workers.truncate(query.limit);
        Ok(Workloads {
            since,
            until,
            workers,
            more,
        })
    }

    /// Of an instant the millisecond: nothing is kept finer.
    fn span_of(&self, period: Period) -> Range<Timestamp> {
        match period {
            Period::At(at) => {
                let at = at.trunc_subsecs(3);
                at..at + TimeDelta::milliseconds(1)
            }
            Period::Day(date) => self.live().rules().calendar.day(date),
        }
    }
}

/// The grids of an area, or all, in the order of the atlas.
fn grids_of(atlas: &Atlas, area: Option<Ordinal>) -> Vec<Ordinal> {
    let mut grids: Vec<Ordinal> = match area {
        Some(area) => atlas.below(area),
        None => atlas.in_code_order(Level::Grid).to_vec(),
    };
    grids.retain(|&place| atlas.area(place).level == Level::Grid);
    grids.sort_unstable();
    grids
}

/// The level of the areas right below one that stand above grids.
fn level_below(atlas: &Atlas, area: Option<Ordinal>) -> Option<Level> {
    let levels: BTreeSet<Level> = match area {
        Some(area) => {
            let children = atlas.children(area).iter();
            children.map(|&child| atlas.area(child).level).collect()
        }
        None => atlas.areas().iter().map(|area| area.level).collect(),
    };
    levels
        .into_iter()
        .next()
        .filter(|&level| level < Level::Grid)
}

/// The areas above a grid that it is counted in: those of a level, inside the area asked
/// for.
fn counted_above(
    atlas: &Atlas,
    asked: Option<Ordinal>,
    by: Option<Level>,
    grid: Ordinal,
) -> Vec<&AreaCode> {
    let top = asked.map(|asked| &atlas.area(asked).code);
    let mut is_inside = true;
    atlas
        .ascend(grid)
        .take_while(|area| {
            let was_inside = is_inside;
            is_inside = is_inside && Some(&area.code) != top;
            was_inside
        })
        .filter(|area| area.level < Level::Grid && Some(area.level) == by)
        .map(|area| &area.code)
        .collect()
}
