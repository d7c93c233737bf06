//! Who was where: the visits of a worker, and who was in an area. Personal, as tracks are:
//! few may see them, whose looking is logged, and they are forgotten after some days.

mod alarms;
mod lookout;

pub use lookout::Lookout;

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::TimeDelta;

use super::{ServiceError, Services};
use crate::domain::actor::Permission;
use crate::domain::presence::Visit;
use crate::domain::{Actor, AreaCode, Timestamp, WorkerId};
use crate::index::roster::Member;
use crate::store::VisitQuery;

/// Who was in an area.
#[derive(Debug, Clone)]
pub struct AreaPresence {
    pub area: AreaCode,
    /// `None` for those who are there now.
    pub during: Option<Range<Timestamp>>,
    /// By name and identity.
    pub people: Vec<Attendance>,
}

/// Somebody's visits to an area, as far as they lie within the time asked for.
#[derive(Debug, Clone)]
pub struct Attendance {
    pub member: Member,
    /// The grid that the worker is in now, if it is one of the area's.
    pub here: Option<AreaCode>,
    pub visits: u32,
    /// How long they were, added up.
    pub lasted: TimeDelta,
    /// When the first began.
    pub from: Timestamp,
    /// When the worker was seen there last.
    pub seen_at: Timestamp,
}

impl Services {
    /// The grids in which a worker was, by time; over the last day when nothing is said.
    /// Workers may see their own; whoever looks at another's is written to the log of the
    /// service.
    ///
    /// # Errors
    /// When the actor may not see them, the time is none or too long, or the store cannot be
    /// read.
    pub async fn load_visits(
        &self,
        actor: &Actor,
        worker: WorkerId,
        from: Option<Timestamp>,
        until: Option<Timestamp>,
    ) -> Result<(Range<Timestamp>, Vec<Visit>), ServiceError> {
        if actor.worker != Some(worker) {
            actor.require(Permission::ReadTracks)?;
        }
        self.load_worker(actor, worker)?;
        let during = self.check_span(from, until)?;
        if actor.worker != Some(worker) {
            let Range { start, end } = during;
            tracing::info!(actor = actor.name, %worker, %start, %end, "visits were read");
        }
        let query = VisitQuery {
            worker: Some(worker),
            during: Some(during.clone()),
            ..VisitQuery::default()
        };
        let visits = self.store().list_visits(&query).await?;
        let visits = visits.into_iter().map(|visit| self.bring_up(visit));
        let visits = visits.filter(|visit| visit.until.is_none_or(|until| until >= during.start));
        let visits = visits.collect();
        Ok((during, visits))
    }

    /// Who is in an area and all below it now; or who was at some time, if one is given. Of
    /// workers whom the actor does not see nothing is said. Whoever looks is written to the
    /// log of the service.
    ///
    /// # Errors
    /// When the actor may not see it, the area does not exist or lies outside the actor's
    /// own, the time is none or too long, or the store cannot be read.
    pub async fn load_presence(
        &self,
        actor: &Actor,
        area: &AreaCode,
        from: Option<Timestamp>,
        until: Option<Timestamp>,
    ) -> Result<AreaPresence, ServiceError> {
        actor.require(Permission::ReadTracks)?;
        let (atlas, ordinal) = self.reach_area(actor, area)?;
        let during = (from.is_some() || until.is_some())
            .then(|| self.check_span(from, until))
            .transpose()?;
        tracing::info!(actor = actor.name, %area, ?during, "presence in an area was read");
        let below = atlas.below(ordinal).into_iter();
        let query = VisitQuery {
            areas: Some(below.map(|place| atlas.area(place).code.clone()).collect()),
            during: during.clone(),
            ..VisitQuery::default()
        };
        let visits = self.store().list_visits(&query).await?;
        let mut by_worker: BTreeMap<WorkerId, Vec<Visit>> = BTreeMap::new();
        for visit in visits.into_iter().map(|visit| self.bring_up(visit)) {
            let counts = match &during {
                None => visit.until.is_none(),
                Some(during) => visit.until.is_none_or(|until| until >= during.start),
            };
            if counts {
                by_worker.entry(visit.worker).or_default().push(visit);
            }
        }
        let mut people: Vec<Attendance> = by_worker
            .into_iter()
            .filter_map(|(worker, visits)| {
                let member = self.live().roster().find(worker)?;
                let is_seen = self.may_see_worker(actor, &member.worker, &member.posts);
                is_seen.then(|| Attendance::new(member, &visits, during.as_ref()))?
            })
            .collect();
        people.sort_by(|a, b| {
            let place = |it: &Attendance| (it.member.worker.name.clone(), it.member.worker.id);
            place(a).cmp(&place(b))
        });
        Ok(AreaPresence {
            area: area.clone(),
            during,
            people,
        })
    }

    /// A visit as it is now: what is kept of one that lasts is some seconds old, and when
    /// nothing was heard for too long it is over, whether or not that was written down.
    fn bring_up(&self, mut visit: Visit) -> Visit {
        if visit.until.is_some() {
            return visit;
        }
        let fix = self.live().roster().find(visit.worker);
        let fix = fix.and_then(|member| member.fix);
        visit.seen_at = fix.map_or(visit.seen_at, |fix| fix.at.max(visit.seen_at));
        let silence = self.clock().now() - visit.seen_at;
        if silence > TimeDelta::seconds(self.presence_policy().silent_after_s.into()) {
            visit.until = Some(visit.seen_at);
        }
        visit
    }
}

impl Attendance {
    fn new(member: Member, visits: &[Visit], during: Option<&Range<Timestamp>>) -> Option<Self> {
        let last = visits.last()?;
        let lasted = visits.iter().map(|visit| {
            let span = during.cloned().unwrap_or(visit.from..visit.seen_at);
            visit.within(span.start, span.end)
        });
        Some(Self {
            member,
            here: last.until.is_none().then(|| last.area.clone()),
            visits: u32::try_from(visits.len()).unwrap_or(u32::MAX),
            lasted: lasted.sum(),
            from: visits.first()?.from,
            seen_at: last.seen_at,
        })
    }
}
