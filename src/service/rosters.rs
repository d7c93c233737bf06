//! Duty rosters: reading and writing them, carrying them forward, and following them.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

use chrono::{Days, NaiveDate};

use super::lease::Lease;
use super::{ServiceError, Services};
use crate::domain::actor::Permission;
use crate::domain::posts::{
    Duty, Judged, Plan, Planning, Refused, Shift, carry_forward, fingerprint,
};
use crate::domain::{Actor, AreaCode, Post, WorkerId, WorkerRole};
use crate::store::{DutyQuery, NewRoster};

/// How many days a roster has when nothing is said.
const USUAL_DAYS: u64 = 7;
/// And at most.
const MAX_DAYS: i64 = 92;

/// Who is on duty in an area and all below it, on some dates.
#[derive(Debug, Clone)]
pub struct Roster {
    pub area: AreaCode,
    pub dates: Range<NaiveDate>,
    /// Whoever changes it says by this what they have seen.
    pub version: String,
    /// Those in force.
    pub shifts: Vec<Shift>,
    /// By date, beginning, area, slot and worker.
    pub duties: Vec<Duty>,
}

/// Some dates; from today on, and a week, when nothing is said.
#[derive(Debug, Clone, Copy, Default)]
pub struct Dates {
    pub from: Option<NaiveDate>,
    /// Not included.
    pub until: Option<NaiveDate>,
}

/// Which dates are copied to which.
#[derive(Debug, Clone, Default)]
pub struct RosterCopy {
    pub dates: Dates,
    /// What the first of them becomes; a week later when absent.
    pub to: Option<NaiveDate>,
    /// The version of the roster that is replaced, if there is one.
    pub version: Option<String>,
}

impl Services {
    /// The roster of an area and all below it.
    ///
    /// # Errors
    /// When the actor may not see workers, the area does not exist or lies outside the
    /// actor's own, or the dates are none or too many.
    pub async fn load_roster(
        &self,
        actor: &Actor,
        area: &AreaCode,
        dates: Dates,
    ) -> Result<Roster, ServiceError> {
        actor.require(Permission::ReadWorkers)?;
        let areas = self.areas_below(actor, area)?;
        let dates = self.check_dates(dates)?;
        self.read_roster(area, areas, dates).await
    }

    /// Puts a roster in the place of the one that is known as `version`.
    ///
    /// # Errors
    /// When the actor may not, somebody cannot be on duty as planned, or the roster has
    /// another version by now.
    pub async fn save_roster(
        &self,
        actor: &Actor,
        area: &AreaCode,
        dates: Dates,
        version: String,
        plans: Vec<Plan>,
    ) -> Result<Roster, ServiceError> {
        actor.require(Permission::ManagePosts)?;
        let areas = self.areas_below(actor, area)?;
        let dates = self.check_dates(dates)?;
        let judged = self.judge(actor, &areas, &dates, plans);
        if !judged.refused.is_empty() {
            return Err(ServiceError::Roster(judged.refused));
        }
        self.keep_roster(area, areas, dates, version, judged.duties)
            .await
    }

    /// Copies a roster to later or earlier dates, and says who cannot be on duty then.
    /// Those who stood in for others do not; it is the others' turn again.
    ///
    /// # Errors
    /// When the actor may not, the dates are none or too many, or there is a roster of
    /// another version already.
    pub async fn copy_roster(
        &self,
        actor: &Actor,
        area: &AreaCode,
        copy: RosterCopy,
    ) -> Result<(Roster, Vec<Refused>), ServiceError> {
        actor.require(Permission::ManagePosts)?;
        let areas = self.areas_below(actor, area)?;
        let dates = self.check_dates(copy.dates)?;
        let later = |date: NaiveDate, days| date.checked_add_days(Days::new(days));
        let to = copy.to.or_else(|| later(dates.start, USUAL_DAYS));
        let by = to.unwrap_or(dates.start) - dates.start;
        let target = self.check_dates(Dates {
            from: dates.start.checked_add_signed(by),
            until: dates.end.checked_add_signed(by),
        })?;
        let present = self.read_roster(area, areas.clone(), dates).await?;
        let plans = carry_forward(&present.duties, by);
        let Judged { duties, refused } = self.judge(actor, &areas, &target, plans);
        let version = copy.version.unwrap_or_else(|| fingerprint(&[]));
        let roster = self.keep_roster(area, areas, target, version, duties);
        Ok((roster.await?, refused))
    }

    /// When a worker is on duty. Workers may see their own.
    ///
    /// # Errors
    /// When there is no such worker that the actor may see, or the dates are none or too
    /// many.
    pub async fn list_duties(
        &self,
        actor: &Actor,
        worker: WorkerId,
        dates: Dates,
    ) -> Result<Vec<Duty>, ServiceError> {
        self.load_worker(actor, worker)?;
        let query = DutyQuery {
            worker: Some(worker),
            dates: Some(self.check_dates(dates)?),
            ..DutyQuery::default()
        };
        let mut duties = self.store().list_duties(&query).await?;
        put_in_order(&mut duties);
        Ok(duties)
    }

    async fn read_roster(
        &self,
        area: &AreaCode,
        areas: HashSet<AreaCode>,
        dates: Range<NaiveDate>,
    ) -> Result<Roster, ServiceError> {
        let query = DutyQuery {
            areas: Some(areas.into_iter().collect()),
            dates: Some(dates.clone()),
            ..DutyQuery::default()
        };
        let duties = self.store().list_duties(&query).await?;
        Ok(self.roster_of(area, dates, duties))
    }

    async fn keep_roster(
        &self,
        area: &AreaCode,
        areas: HashSet<AreaCode>,
        dates: Range<NaiveDate>,
        version: String,
        duties: Vec<Duty>,
    ) -> Result<Roster, ServiceError> {
        let new = NewRoster {
            areas: areas.into_iter().collect(),
            dates,
            base: version,
            duties,
            at: self.clock().now(),
        };
        let touched = self.store().save_roster(&new).await?;
        self.bring_in(&touched).await?;
        Ok(self.roster_of(area, new.dates, new.duties))
    }

    fn roster_of(&self, area: &AreaCode, dates: Range<NaiveDate>, mut duties: Vec<Duty>) -> Roster {
        put_in_order(&mut duties);
        Roster {
            area: area.clone(),
            dates,
            version: fingerprint(&duties),
            shifts: self.live().rules().book.shifts.clone(),
            duties,
        }
    }

    fn judge(
        &self,
        actor: &Actor,
        areas: &HashSet<AreaCode>,
        dates: &Range<NaiveDate>,
        plans: Vec<Plan>,
    ) -> Judged {
        let workers: BTreeSet<WorkerId> = plans.iter().map(|plan| plan.worker).collect();
        let roles: HashMap<WorkerId, WorkerRole> = workers
            .into_iter()
            .filter_map(|id| Some((id, self.find_placeable(actor, id).ok()?.worker.role)))
            .collect();
        let named: BTreeSet<&AreaCode> = plans.iter().map(|plan| &plan.area).collect();
        let roster = self.live().roster();
        let posts: Vec<Post> = named
            .into_iter()
            .flat_map(|area| roster.posts_in(area))
            .map(|(post, _)| post)
            .collect();
        let rules = self.live().rules();
        Planning {
            shifts: &rules.book.shifts,
            calendar: &rules.calendar,
            areas,
            dates,
            roles: &roles,
            posts: &posts,
        }
        .judge(plans)
    }

    fn areas_below(
        &self,
        actor: &Actor,
        area: &AreaCode,
    ) -> Result<HashSet<AreaCode>, ServiceError> {
        let (atlas, ordinal) = self.reach_area(actor, area)?;
        let below = atlas.below(ordinal).into_iter();
        Ok(below.map(|place| atlas.area(place).code.clone()).collect())
    }

    fn check_dates(&self, dates: Dates) -> Result<Range<NaiveDate>, ServiceError> {
        let today = self.live().rules().calendar.local_date(self.clock().now());
        let from = dates.from.unwrap_or(today);
        let week = || from.checked_add_days(Days::new(USUAL_DAYS)).unwrap_or(from);
        let until = dates.until.unwrap_or_else(week);
        match (until - from).num_days() {
            1..=MAX_DAYS => Ok(from..until),
            _ => Err(ServiceError::Invalid {
                field: "until",
                why: format!("{until} is not 1 to {MAX_DAYS} days after from, {from}"),
            }),
        }
    }
}

fn put_in_order(duties: &mut [Duty]) {
    duties.sort_unstable();
    duties.sort_by_key(|duty| (duty.plan.date, duty.from));
}

/// Puts workers on and off duty as the roster says; one to a node.
pub struct Steward {
    services: Services,
    lease: Lease,
}

impl Steward {
    #[must_use]
    pub fn new(services: Services) -> Self {
        Self {
            services,
            lease: Lease::new("roster"),
        }
    }

    /// Follows the roster up to now, if it is this node's turn and a duty has begun or
    /// ended.
    ///
    /// # Errors
    /// When the store does not answer; the next time nothing of it is left out.
    pub async fn look(&mut self) -> Result<(), ServiceError> {
        let now = self.services.clock().now();
        let store = self.services.store();
        if !self.lease.hold(&self.services, now).await? || !store.is_roster_due(now).await? {
            return Ok(());
        }
        let changed = store.follow_roster(now).await?;
        self.services.bring_in(&changed).await
    }
}
