//! The incident workflow: one table of transitions, and nothing beside it decides what
//! may follow what. The seven steps are those of urban grid management: 信息收集,
//! 案卷建立, 任务派遣, 任务处理, 处理反馈, 核查结案, 综合评价.

mod apply;
mod command;
mod diagram;
mod rematch;

pub use apply::{IdSource, Step, apply, fire};
pub use command::{Command, Field};
pub use diagram::diagram;
pub use rematch::{Placing, rematch};

use chrono::TimeDelta;

use super::Timestamp;
use super::actor::{Actor, Role};
use super::catalogue::Service;
use super::code::AreaCode;
use super::identity::OrganisationId;
use super::incident::{Assignee, Incident, Outcome, RequestKind, Status, Task, TaskStatus};
use super::timing::Timing;
use super::words::words;

/// How long after closing an incident may be reopened, in days.
pub const REOPEN_WINDOW_DAYS: i64 = 30;

words! {
    /// A step somebody takes with an incident.
    pub enum Action ("action") {
        Report = "report",
        File = "file",
        SelfHandle = "self_handle",
        MarkDuplicate = "mark_duplicate",
        Reject = "reject",
        Dispatch = "dispatch",
        /// An offer that was not signed goes to somebody else.
        Reassign = "reassign",
        Recall = "recall",
        Assist = "assist",
        /// The township calls a department (乡镇吹哨).
        Summon = "summon",
        /// A summons that was not followed goes to the centre above.
        PassUp = "pass_up",
        Release = "release",
        Sign = "sign",
        /// The service itself: the positions of whoever signed say that they are there.
        Arrive = "arrive",
        Return = "return",
        RuleReturn = "rule_return",
        FeedBack = "feed_back",
        RequestExtension = "request_extension",
        RuleExtension = "rule_extension",
        Defer = "defer",
        Resume = "resume",
        Escalate = "escalate",
        HandDown = "hand_down",
        Pass = "pass",
        Rework = "rework",
        Evaluate = "evaluate",
        Reopen = "reopen",
        /// A superior keeps an eye on it until it is answered (督办).
        Supervise = "supervise",
        Answer = "answer",
        /// The service itself: a rule calls attention to it.
        Warn = "warn",
        /// The service itself: an edition put the place on other ground.
        Rematch = "rematch",
    }
}

words! {
    /// The part somebody has in an incident. The system has all, administrators all but
    /// the system's own.
    pub enum Party ("party") {
        /// A dispatcher of the centre that holds the incident, or of one above it.
        Dispatcher = "dispatcher",
        /// The lead task's assignee.
        Lead = "lead",
        /// An assisting task's assignee.
        Assistant = "assistant",
        /// A worker whose own area holds the place, and who has no task in it: nobody
        /// verifies their own work.
        GridWorker = "grid_worker",
        /// Whoever reported it.
        Reporter = "reporter",
        /// A dispatcher or leader of an area above that of the centre that holds it.
        Superior = "superior",
        /// The service itself, when a rule acts.
        Service = "service",
    }
}

/// What must hold besides the status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// No request waits for a ruling and the incident is not deferred.
    Free,
    /// The lead has asked to return it.
    ReturnAsked,
    /// The lead has asked for more time.
    ExtensionAsked,
    Deferred,
    /// Requests may wait, but the incident is not deferred.
    NotDeferred,
    Always,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Transition {
    pub action: Action,
    pub from: &'static [Status],
    pub when: When,
    pub by: &'static [Party],
    /// Where it may lead; which of several is said by the effect.
    pub to: &'static [Status],
}

/// Every transition there is.
pub const TRANSITIONS: &[Transition] = {
    use Action as A;
    use Party::{Assistant, Dispatcher, GridWorker, Lead, Reporter, Service, Superior};
    use Status::{Closed, Dispatched, Evaluated, Filed, Handling, Reported, Verifying};
    use When::{Always, Deferred, ExtensionAsked, Free, NotDeferred, ReturnAsked};

    const fn row(
        action: Action,
        from: &'static [Status],
        when: When,
        by: &'static [Party],
        to: &'static [Status],
    ) -> Transition {
        Transition {
            action,
            from,
            when,
            by,
            to,
        }
    }
    &[
        row(A::File, &[Reported], Free, &[Dispatcher], &[Filed]),
        row(
            A::SelfHandle,
            &[Reported],
            Free,
            &[GridWorker, Dispatcher],
            &[Closed],
        ),
        row(
            A::MarkDuplicate,
            &[Reported, Filed],
            Free,
            &[Dispatcher],
            &[Closed],
        ),
        row(
            A::Reject,
            &[Reported, Filed],
            Free,
            &[Dispatcher],
            &[Closed],
        ),
        row(A::Dispatch, &[Filed], Free, &[Dispatcher], &[Dispatched]),
        row(
            A::Sign,
            &[Dispatched],
            NotDeferred,
            &[Lead, Assistant],
            &[Dispatched, Handling],
        ),
        row(A::Sign, &[Handling], NotDeferred, &[Assistant], &[Handling]),
        row(
            A::Arrive,
            &[Dispatched, Handling],
            Always,
            &[Service],
            &[Dispatched, Handling],
        ),
        row(A::Return, &[Dispatched], Free, &[Lead], &[Dispatched]),
        row(
            A::RuleReturn,
            &[Dispatched],
            ReturnAsked,
            &[Dispatcher],
            &[Filed, Dispatched],
        ),
        row(
            A::Reassign,
            &[Dispatched],
            Free,
            &[Dispatcher],
            &[Dispatched],
        ),
        row(A::Recall, &[Dispatched], Free, &[Dispatcher], &[Filed]),
        row(
            A::FeedBack,
            &[Handling],
            NotDeferred,
            &[Lead, Assistant],
            &[Handling, Verifying],
        ),
        row(
            A::Assist,
            &[Dispatched, Handling],
            NotDeferred,
            &[Dispatcher],
            &[Dispatched, Handling],
        ),
        row(
            A::Summon,
            &[Dispatched, Handling],
            NotDeferred,
            &[Dispatcher],
            &[Dispatched, Handling],
        ),
        row(
            A::PassUp,
            &[Dispatched, Handling],
            NotDeferred,
            &[Dispatcher],
            &[Dispatched, Handling],
        ),
        row(
            A::Release,
            &[Dispatched],
            NotDeferred,
            &[Dispatcher],
            &[Dispatched],
        ),
        row(
            A::Release,
            &[Handling],
            NotDeferred,
            &[Dispatcher],
            &[Handling, Verifying],
        ),
        row(A::RequestExtension, &[Handling], Free, &[Lead], &[Handling]),
        row(
            A::RuleExtension,
            &[Handling],
            ExtensionAsked,
            &[Dispatcher],
            &[Handling],
        ),
        row(A::Defer, &[Handling], Free, &[Dispatcher], &[Handling]),
        row(
            A::Resume,
            &[Handling],
            Deferred,
            &[Dispatcher, Lead],
            &[Handling],
        ),
        row(
            A::Escalate,
            &[Filed, Handling],
            Free,
            &[Dispatcher],
            &[Filed],
        ),
        row(A::HandDown, &[Filed], Free, &[Dispatcher], &[Filed]),
        row(
            A::Pass,
            &[Verifying],
            Free,
            &[Dispatcher, GridWorker],
            &[Closed],
        ),
        row(
            A::Rework,
            &[Verifying],
            Free,
            &[Dispatcher, GridWorker],
            &[Handling],
        ),
        row(
            A::Evaluate,
            &[Closed],
            Free,
            &[Reporter, Dispatcher],
            &[Evaluated],
        ),
        row(
            A::Reopen,
            &[Closed, Evaluated],
            Free,
            &[Reporter, Dispatcher],
            &[Filed],
        ),
        row(
            A::Supervise,
            &[Filed, Dispatched, Handling, Verifying],
            Always,
            &[Superior],
            &[Filed, Dispatched, Handling, Verifying],
        ),
        row(
            A::Answer,
            &[Filed, Dispatched, Handling, Verifying],
            Always,
            &[Dispatcher, Lead],
            &[Filed, Dispatched, Handling, Verifying],
        ),
        row(
            A::Warn,
            &[Reported, Filed, Dispatched, Handling, Verifying],
            Always,
            &[Service],
            &[Reported, Filed, Dispatched, Handling, Verifying],
        ),
    ]
};

/// What the rules need to know beside the incident itself.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    pub actor: &'a Actor,
    pub now: Timestamp,
    pub service: &'a Service,
    pub timing: Timing<'a>,
    /// The area of the centre that holds the incident.
    pub holder_area: Option<&'a AreaCode>,
    /// The next centre up.
    pub centre_above: Option<OrganisationId>,
    /// Centres below the holder whose area holds the place.
    pub centres_below: &'a [OrganisationId],
    /// Whom the rules would send, as good as each other: sending anybody else needs a
    /// reason. Empty when the rules have no opinion.
    pub recommended: &'a [Assignee],
}

/// Why an action was refused. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkflowError {
    #[error(
        "{action} is not allowed while the incident is {status}; you may: {}",
        if allowed.is_empty() { "nothing".to_owned() } else {
            allowed.iter().map(|action| action.as_str()).collect::<Vec<_>>().join(", ")
        }
    )]
    NotAllowed {
        action: Action,
        status: Status,
        allowed: Vec<Action>,
    },
    #[error("{action} needs {field}: {why}")]
    Needs {
        action: Action,
        field: &'static str,
        why: &'static str,
    },
}

/// What the actor may do with the incident now.
#[must_use]
pub fn allowed_actions(incident: &Incident, situation: &Situation<'_>) -> Vec<Action> {
    let mut actions: Vec<Action> = TRANSITIONS
        .iter()
        .filter(|row| is_allowed(row, incident, situation))
        .map(|row| row.action)
        .collect();
    actions.dedup();
    actions
}

/// True when the row applies to the incident, the actor is one of its parties, and the
/// action finds what it works on.
fn is_allowed(row: &Transition, incident: &Incident, situation: &Situation<'_>) -> bool {
    row.from.contains(&incident.status)
        && holds(row.when, incident)
        && row
            .by
            .iter()
            .any(|&party| has_part(party, incident, situation))
        && finds_its_object(row.action, incident, situation)
}

fn holds(when: When, incident: &Incident) -> bool {
    let pending = incident.pending.as_ref().map(|pending| pending.kind);
    let deferred = incident.deferral.is_some();
    match when {
        When::Free => pending.is_none() && !deferred,
        When::ReturnAsked => pending == Some(RequestKind::Return),
        When::ExtensionAsked => pending == Some(RequestKind::Extension),
        When::Deferred => deferred,
        When::NotDeferred => !deferred,
        When::Always => true,
    }
}

fn has_part(party: Party, incident: &Incident, situation: &Situation<'_>) -> bool {
    let actor = situation.actor;
    match actor.role {
        Role::System => return true,
        Role::Administrator => return party != Party::Service,
        _ => {}
    }
    match party {
        Party::Dispatcher => {
            actor.role == Role::Dispatcher
                && stands_above(actor, incident, situation.holder_area, usize::le)
        }
        Party::Superior => {
            matches!(actor.role, Role::Dispatcher | Role::Leader)
                && stands_above(actor, incident, situation.holder_area, usize::lt)
        }
        Party::Lead => incident.lead().is_some_and(|task| is_assigned(actor, task)),
        Party::Assistant => incident.open_assists().any(|task| is_assigned(actor, task)),
        Party::GridWorker => {
            actor.role == Role::Worker
                && actor
                    .area
                    .as_ref()
                    .is_some_and(|area| incident.is_within(area))
                && !incident.tasks.iter().any(|task| is_assigned(actor, task))
        }
        Party::Reporter => actor.tracks(incident),
        Party::Service => false,
    }
}

/// True when the incident lies in the actor's own area, and the depth of that area in the
/// chain stands to the depth of the holder's as asked.
fn stands_above(
    actor: &Actor,
    incident: &Incident,
    holder_area: Option<&AreaCode>,
    stands: fn(&usize, &usize) -> bool,
) -> bool {
    let Some(own) = &actor.area else { return true };
    if incident.chain.is_empty() {
        // What lies nowhere is commanded where it is held.
        return holder_area == Some(own) && stands(&0, &0);
    }
    let depth_of = |code: &AreaCode| incident.chain.iter().position(|link| &link.code == code);
    match (depth_of(own), holder_area.and_then(depth_of)) {
        (Some(own_depth), Some(holder_depth)) => stands(&own_depth, &holder_depth),
        _ => false,
    }
}

fn is_assigned(actor: &Actor, task: &Task) -> bool {
    match task.assignee {
        Assignee::Worker(worker) => actor.worker == Some(worker),
        Assignee::Organisation(organisation) => actor.organisation == Some(organisation),
    }
}

/// The actor's own task in the given state: the lead before the assisting ones.
/// Whoever has every part stands in for any assignee.
fn own_task<'a>(incident: &'a Incident, actor: &Actor, status: TaskStatus) -> Option<&'a Task> {
    let stands_in = matches!(actor.role, Role::Administrator | Role::System);
    incident
        .lead()
        .into_iter()
        .chain(incident.open_assists())
        .find(|task| task.status == status && (stands_in || is_assigned(actor, task)))
}

/// A summons that should have been signed by now.
fn is_overdue_summons(task: &Task, now: Timestamp) -> bool {
    task.summoned
        && task.status == TaskStatus::Offered
        && task.deadlines.sign_by.is_some_and(|limit| limit < now)
}

/// A task that was signed by a worker who has not been seen at the place.
#[must_use]
pub fn is_expected(task: &Task) -> bool {
    task.status == TaskStatus::Signed
        && task.arrived_at.is_none()
        && matches!(task.assignee, Assignee::Worker(_))
}

fn finds_its_object(action: Action, incident: &Incident, situation: &Situation<'_>) -> bool {
    match action {
        Action::SelfHandle => situation.service.self_handle,
        Action::Sign => own_task(incident, situation.actor, TaskStatus::Offered).is_some(),
        Action::Arrive => incident.tasks.iter().any(is_expected),
        Action::FeedBack => own_task(incident, situation.actor, TaskStatus::Signed).is_some(),
        Action::Recall | Action::Reassign => incident
            .lead()
            .is_some_and(|task| task.status == TaskStatus::Offered),
        Action::Release => incident.open_assists().next().is_some(),
        // Once the lead has fed back there is nothing left to wait for or to put off.
        Action::Assist | Action::Summon | Action::RequestExtension | Action::Defer => {
            incident.lead().is_some_and(|task| task.status.is_open())
        }
        Action::PassUp => {
            situation.centre_above.is_some()
                && incident
                    .open_assists()
                    .any(|task| is_overdue_summons(task, situation.now))
        }
        Action::Supervise => incident.supervision.is_none(),
        Action::Answer => incident.supervision.is_some(),
        Action::Escalate => situation.centre_above.is_some(),
        Action::HandDown => !situation.centres_below.is_empty(),
        Action::Evaluate => {
            matches!(
                incident.outcome,
                Some(Outcome::Resolved | Outcome::SelfHandled)
            )
        }
        Action::Reopen => incident.closed_at.is_some_and(|closed_at| {
            situation.now - closed_at <= TimeDelta::days(REOPEN_WINDOW_DAYS)
        }),
        _ => true,
    }
}

#[cfg(test)]
mod tests;
