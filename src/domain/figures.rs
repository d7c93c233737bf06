//! Figures: what is counted of incidents, and which incidents each figure counts. The
//! store counts by the same rules in SQL, so that a list of a figure's cases is as long
//! as the figure says.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use uuid::Uuid;

use super::Timestamp;
use super::buckets::Bucket;
use super::identity::{OrganisationId, WorkerId};
use super::incident::{Assignee, Incident, Outcome, TaskRole};
use super::words::words;

words! {
    /// Something that is counted. Each counts whole incidents, each once.
    pub enum Figure ("figure") {
        /// All of them.
        Reported = "reported",
        /// Neither closed nor evaluated.
        Open = "open",
        /// Closed or evaluated, however it ended.
        Closed = "closed",
        /// Closed as settled: resolved, or handled by the grid itself.
        Resolved = "resolved",
        /// 自办
        SelfHandled = "self_handled",
        Duplicate = "duplicate",
        Rejected = "rejected",
        /// 就地化解: settled without ever having been escalated from the level that first
        /// held it. What was handed down came nearer to the ground, and counts.
        Local = "local",
        /// A lead has signed, the first time or later.
        Responded = "responded",
        /// The present or last lead signed within its limit.
        SignedOnTime = "signed_on_time",
        /// It signed after its limit, or has not signed and the limit is over.
        SignedLate = "signed_late",
        /// The present or last lead fed back within the limit for resolving.
        FedBackOnTime = "fed_back_on_time",
        /// It fed back after the limit, or has not and the limit is over. What is put off
        /// has no limit meanwhile.
        FedBackLate = "fed_back_late",
        /// Signed or fed back late.
        Late = "late",
        /// 退单, accepted at least once.
        Returned = "returned",
        /// 返工
        Reworked = "reworked",
        /// Went from one who did not sign to another.
        Reassigned = "reassigned",
        /// 提级
        Escalated = "escalated",
        /// 督办
        Supervised = "supervised",
        Warned = "warned",
        Reopened = "reopened",
        /// Open for less than an hour since the report.
        OpenUnderHour = "open_under_1h",
        /// Open for an hour or more, and less than a day.
        OpenUnderDay = "open_under_1d",
        /// Open for a day or more, and less than three.
        OpenUnderThreeDays = "open_under_3d",
        /// Open for three days or more, and less than seven.
        OpenUnderSevenDays = "open_under_7d",
        /// Open for seven days or more.
        OpenOverSevenDays = "open_over_7d",
        /// The reporter has judged it.
        Evaluated = "evaluated",
        /// 响应: and says that somebody came or called.
        JudgedResponded = "judged_responded",
        /// 解决: and says that the matter is settled.
        JudgedResolved = "judged_resolved",
        /// 满意: and is satisfied, 4 or 5 of 5.
        JudgedSatisfied = "judged_satisfied",
    }
}

/// The ages between which open incidents are told apart.
pub const AGES: [TimeDelta; 4] = [
    TimeDelta::hours(1),
    TimeDelta::days(1),
    TimeDelta::days(3),
    TimeDelta::days(7),
];

/// From which satisfaction on a reporter counts as satisfied.
pub const SATISFIED: u8 = 4;

/// What of an incident's tasks and clocks its figures are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// Who has the lead, or had it last.
    pub lead: Option<Assignee>,
    /// When any lead signed first.
    pub responded_at: Option<Timestamp>,
    /// When the present lead signed, and until when it should have.
    pub signed_at: Option<Timestamp>,
    pub sign_by: Option<Timestamp>,
    /// When the present lead fed back, and until when it should have; no limit runs while
    /// the incident is put off.
    pub fed_back_at: Option<Timestamp>,
    pub resolve_by: Option<Timestamp>,
}

impl Facts {
    #[must_use]
    pub fn of(incident: &Incident) -> Self {
        let lead = incident.lead();
        let leads = incident
            .tasks
            .iter()
            .filter(|task| task.role == TaskRole::Lead);
        let deadlines = &incident.deadlines;
        Self {
            lead: lead.map(|task| task.assignee),
            responded_at: leads.filter_map(|task| task.signed_at).min(),
            signed_at: lead.and_then(|task| task.signed_at),
            sign_by: deadlines.sign_by,
            fed_back_at: lead.and_then(|task| task.fed_back_at),
            resolve_by: deadlines.resolve_by.filter(|_| incident.deferral.is_none()),
        }
    }

    /// The identity of who has the lead, whatever it is.
    #[must_use]
    pub fn lead_id(&self) -> Option<Uuid> {
        self.lead.map(|lead| match lead {
            Assignee::Worker(WorkerId(id)) | Assignee::Organisation(OrganisationId(id)) => id,
        })
    }
}

impl Figure {
    /// True when the figure counts the incident, as it stands, at a time.
    #[must_use]
    pub fn counts(self, incident: &Incident, as_of: Timestamp) -> bool {
        let facts = Facts::of(incident);
        let is_open = incident.status.is_open();
        let aged = |from: TimeDelta, until: Option<TimeDelta>| {
            let age = as_of - incident.reported_at;
            is_open && from <= age && until.is_none_or(|until| age < until)
        };
        let judged = |says: fn(&super::incident::Evaluation) -> bool| {
            incident.evaluation.as_ref().is_some_and(says)
        };
        let in_time = |done: Option<Timestamp>, by: Option<Timestamp>| {
            done.zip(by).is_some_and(|(done, by)| done <= by)
        };
        let too_late = |done: Option<Timestamp>, by: Option<Timestamp>| {
            by.is_some_and(|by| by < done.or(incident.closed_at).unwrap_or(as_of))
        };
        let is_settled = matches!(
            incident.outcome,
            Some(Outcome::Resolved | Outcome::SelfHandled)
        );
        let counts = &incident.counts;
        let [hour, day, three_days, seven_days] = AGES;
        match self {
            Self::Reported => true,
            Self::Open => is_open,
            Self::Closed => !is_open,
            Self::Resolved => is_settled,
            Self::SelfHandled => incident.outcome == Some(Outcome::SelfHandled),
            Self::Duplicate => incident.outcome == Some(Outcome::Duplicate),
            Self::Rejected => incident.outcome == Some(Outcome::Rejected),
            Self::Local => is_settled && counts.escalations == 0,
            Self::Responded => facts.responded_at.is_some(),
            Self::SignedOnTime => in_time(facts.signed_at, facts.sign_by),
            Self::SignedLate => too_late(facts.signed_at, facts.sign_by),
            Self::FedBackOnTime => in_time(facts.fed_back_at, facts.resolve_by),
            Self::FedBackLate => too_late(facts.fed_back_at, facts.resolve_by),
            Self::Late => {
                too_late(facts.signed_at, facts.sign_by)
                    || too_late(facts.fed_back_at, facts.resolve_by)
            }
            Self::Returned
            | Self::Reworked
            | Self::Reassigned
            | Self::Escalated
            | Self::Supervised
            | Self::Warned
            | Self::Reopened => self.times(incident) > 0,
            Self::OpenUnderHour => aged(TimeDelta::MIN, Some(hour)),
            Self::OpenUnderDay => aged(hour, Some(day)),
            Self::OpenUnderThreeDays => aged(day, Some(three_days)),
            Self::OpenUnderSevenDays => aged(three_days, Some(seven_days)),
            Self::OpenOverSevenDays => aged(seven_days, None),
            Self::Evaluated => incident.evaluation.is_some(),
            Self::JudgedResponded => judged(|judgement| judgement.responded),
            Self::JudgedResolved => judged(|judgement| judgement.resolved),
            Self::JudgedSatisfied => judged(|judgement| judgement.satisfied >= SATISFIED),
        }
    }

    /// How often it happened to the incident; 0 for what happens once or not at all.
    #[must_use]
    pub const fn times(self, incident: &Incident) -> u32 {
        let counts = &incident.counts;
        match self {
            Self::Returned => counts.returns,
            Self::Reworked => counts.reworks,
            Self::Reassigned => counts.reassignments,
            Self::Escalated => counts.escalations,
            Self::Supervised => counts.supervisions,
            Self::Warned => counts.warnings,
            Self::Reopened => counts.reopens,
            _ => 0,
        }
    }

    /// What may happen to an incident more than once.
    pub const REPEATED: [Self; 7] = [
        Self::Returned,
        Self::Reworked,
        Self::Reassigned,
        Self::Escalated,
        Self::Supervised,
        Self::Warned,
        Self::Reopened,
    ];
}

/// The half and nine tenths of how long something took: the shortest time that so many
/// of the cases did not exceed. `None` without cases.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spread {
    pub median_ms: Option<i64>,
    pub p90_ms: Option<i64>,
}

/// The figures of some incidents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many incidents each figure counts.
    pub cases: BTreeMap<Figure, u64>,
    /// How often it happened to them, for what may happen more than once.
    pub times: BTreeMap<Figure, u64>,
    /// From the report to the first signature of a lead ([`Figure::Responded`]).
    pub response: Spread,
    /// From the report to the close of what was settled ([`Figure::Resolved`]).
    pub resolution: Spread,
    /// The sum of the satisfactions of [`Figure::Evaluated`].
    pub satisfaction: u64,
}

impl Tally {
    /// Of no incidents.
    #[must_use]
    pub fn none() -> Self {
        Self {
            cases: Figure::ALL.iter().map(|&figure| (figure, 0)).collect(),
            times: Figure::REPEATED.map(|figure| (figure, 0)).into(),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn of(&self, figure: Figure) -> u64 {
        self.cases.get(&figure).copied().unwrap_or(0)
    }

    /// The part of one figure in another; `None` when there is nothing to take a part of.
    #[must_use]
    pub fn share(&self, part: Figure, whole: &[Figure]) -> Option<f64> {
        let whole: u64 = whole.iter().map(|&figure| self.of(figure)).sum();
        #[expect(
            clippy::cast_precision_loss,
            reason = "counts of incidents stay far below 2^52"
        )]
        let share = |whole: u64| self.of(part) as f64 / whole as f64;
        (whole > 0).then(|| share(whole))
    }
}

words! {
    /// By what figures are told apart.
    pub enum Dimension ("dimension") {
        Status = "status",
        Service = "service",
        Source = "source",
        Priority = "priority",
        /// The areas of a level.
        Area = "area",
        /// The level of the centre that held it first.
        Level = "level",
        Hour = "hour",
        Day = "day",
        /// From Monday on.
        Week = "week",
        Month = "month",
    }
}

impl Dimension {
    /// For a dimension of time.
    #[must_use]
    pub const fn bucket(self) -> Option<Bucket> {
        match self {
            Self::Hour => Some(Bucket::Hour),
            Self::Day => Some(Bucket::Day),
            Self::Week => Some(Bucket::Week),
            Self::Month => Some(Bucket::Month),
            _ => None,
        }
    }
}

words! {
    /// By which of its times an incident falls into a window or a bucket.
    pub enum CountedBy ("time") {
        Reported = "reported",
        Closed = "closed",
    }
}
