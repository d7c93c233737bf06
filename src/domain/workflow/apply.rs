//! What each action does to an incident.

use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Action, Command, Situation, TRANSITIONS, Transition, WorkflowError, allowed_actions,
    is_allowed, is_assigned, is_expected, is_overdue_summons, own_task,
};
use crate::domain::Timestamp;
use crate::domain::actor::Role;
use crate::domain::identity::{MediaId, OrganisationId, TaskId};
use crate::domain::incident::{
    Assignee, Deadlines, Deferral, Evaluation, Fired, Incident, IncidentEvent, Outcome, Pending,
    RequestKind, Status, Supervision, Task, TaskRole, TaskStatus,
};

/// How far ahead anything may be put off, in days.
const LATEST_DAYS: i64 = 3_650;

/// Fresh identities for tasks.
pub type IdSource<'a> = dyn FnMut() -> Uuid + 'a;

/// An incident after an action, and the entry for its history.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub incident: Incident,
    pub event: IncidentEvent,
}

/// What an effect leaves for the history beside the state: a remark and details.
struct Trace {
    note: Option<String>,
    detail: Value,
}

impl Trace {
    fn note(note: impl Into<Option<String>>) -> Self {
        Self {
            note: note.into(),
            detail: Value::Null,
        }
    }

    fn with(mut self, detail: Value) -> Self {
        self.detail = detail;
        self
    }

    /// Names the files that show what was done, if there are any.
    fn showing(mut self, media: &[MediaId]) -> Self {
        if !media.is_empty() {
            self.detail["media"] = json!(media);
        }
        self
    }
}

/// Carries out an action.
///
/// # Errors
/// When the table does not allow it to this actor now, with what it allows instead; or
/// when something that the action needs is missing or makes no sense.
pub fn apply(
    incident: &Incident,
    command: &Command,
    situation: &Situation<'_>,
    fresh: &mut IdSource<'_>,
) -> Result<Step, WorkflowError> {
    let action = command.action();
    let row = TRANSITIONS
        .iter()
        .find(|row| row.action == action && is_allowed(row, incident, situation))
        .ok_or_else(|| WorkflowError::NotAllowed {
            action,
            status: incident.status,
            allowed: allowed_actions(incident, situation),
        })?;

    let mut after = incident.clone();
    let trace = Effect {
        after: &mut after,
        situation,
        fresh,
    }
    .run(command, row)?;
    debug_assert!(
        row.to.contains(&after.status),
        "{action} led to {}",
        after.status
    );
    let lead_of = |incident: &Incident| incident.lead().map(|task| task.id);
    if (after.status, after.holder, lead_of(&after))
        != (incident.status, incident.holder, lead_of(incident))
    {
        after.status_since = situation.now;
        after.fired.clear();
    }
    after.version += 1;
    after.updated_at = situation.now;
    let event = IncidentEvent {
        incident: after.id,
        version: after.version,
        at: situation.now,
        actor: situation.actor.name.clone(),
        role: situation.actor.role,
        action,
        from: Some(incident.status),
        to: after.status,
        note: trace.note,
        detail: trace.detail,
    };
    Ok(Step {
        incident: after,
        event,
    })
}

/// Carries out what a rule orders, and remembers that it has: it does so once while the
/// incident stays in its status, with its holder and its lead.
///
/// # Errors
/// As [`apply`].
pub fn fire(
    rule: &str,
    incident: &Incident,
    command: &Command,
    situation: &Situation<'_>,
    fresh: &mut IdSource<'_>,
) -> Result<Step, WorkflowError> {
    let mut step = apply(incident, command, situation, fresh)?;
    if step.incident.status_since == incident.status_since {
        step.incident.fired.push(Fired {
            rule: rule.to_owned(),
            since: incident.status_since,
        });
    }
    if step.event.detail.is_null() {
        step.event.detail = json!({});
    }
    step.event.detail["rule"] = json!(rule);
    Ok(step)
}

struct Effect<'a, 'b> {
    after: &'a mut Incident,
    situation: &'a Situation<'b>,
    fresh: &'a mut IdSource<'b>,
}

impl Effect<'_, '_> {
    fn run(mut self, command: &Command, row: &Transition) -> Result<Trace, WorkflowError> {
        match command {
            Command::File {
                note,
                service,
                priority,
            } => {
                if let Some(service) = service {
                    self.after.service = service.clone();
                }
                if let Some(priority) = priority {
                    self.after.priority = *priority;
                }
                self.after.status = Status::Filed;
                Ok(Trace::note(note.clone())
                    .with(json!({ "service": service, "priority": priority })))
            }
            Command::SelfHandle { proof, media } => {
                require_text(Action::SelfHandle, "proof", proof)?;
                self.close(Outcome::SelfHandled);
                Ok(Trace::note(proof.clone()).showing(media))
            }
            Command::MarkDuplicate { of, of_id } => {
                let original =
                    of_id
                        .filter(|&id| id != self.after.id)
                        .ok_or(WorkflowError::Needs {
                            action: Action::MarkDuplicate,
                            field: "of",
                            why: "the number of another incident that is neither a duplicate nor rejected",
                        })?;
                self.after.duplicate_of = Some(original);
                self.close(Outcome::Duplicate);
                Ok(Trace::note(None).with(json!({ "of": of })))
            }
            Command::Reject { reason } => {
                require_text(Action::Reject, "reason", reason)?;
                self.close(Outcome::Rejected);
                Ok(Trace::note(reason.clone()))
            }
            Command::Dispatch {
                lead,
                assistants,
                reason,
                offer_until,
            } => self.dispatch(*lead, assistants, reason.as_deref(), *offer_until),
            Command::Reassign {
                lead,
                reason,
                offer_until,
            } => self.reassign(*lead, reason.as_deref(), *offer_until),
            Command::Recall { reason } => {
                self.back_to_filed(TaskStatus::Recalled);
                Ok(Trace::note(reason.clone()))
            }
            Command::Assist { assignee, note } => self.assist(*assignee, note.as_deref()),
            Command::Summon { department, note } => {
                self.require_unengaged(Action::Summon, Assignee::Organisation(*department))?;
                self.summon(*department, note.clone());
                Ok(Trace::note(note.clone()).with(json!({ "department": department })))
            }
            Command::PassUp { task } => self.pass_up(*task),
            Command::Release { task, reason } => self.release(*task, reason),
            Command::Sign { task } => self.sign(*task, row),
            Command::Arrive { task, since } => self.arrive(*task, *since),
            Command::Return { reason } => {
                self.ask(Action::Return, RequestKind::Return, reason, None)
            }
            Command::RequestExtension { until, reason } => {
                self.require_future(Action::RequestExtension, *until)?;
                if self
                    .after
                    .deadlines
                    .resolve_by
                    .is_some_and(|limit| *until <= limit)
                {
                    return Err(WorkflowError::Needs {
                        action: Action::RequestExtension,
                        field: "until",
                        why: "a time after the present limit",
                    });
                }
                self.ask(
                    Action::RequestExtension,
                    RequestKind::Extension,
                    reason,
                    Some(*until),
                )
            }
            Command::RuleReturn { accept, reason } => {
                self.after.pending = None;
                if *accept {
                    self.after.counts.returns += 1;
                    self.back_to_filed(TaskStatus::Returned);
                }
                Ok(Trace::note(reason.clone()).with(json!({ "accept": accept })))
            }
            Command::RuleExtension { accept, reason } => {
                let asked = self.after.pending.take();
                let until = asked.and_then(|pending| pending.until);
                if let Some(until) = until.filter(|_| *accept) {
                    let deadlines = &mut self.after.deadlines;
                    deadlines.resolve_by = Some(until);
                    deadlines.resolve_warning_at = deadlines
                        .started_at
                        .map(|started_at| self.situation.timing.warning_at(started_at, until));
                }
                Ok(Trace::note(reason.clone()).with(json!({ "accept": accept })))
            }
            Command::FeedBack { note, task, media } => {
                let trace = self.feed_back(*task, note.as_deref())?;
                Ok(trace.showing(media))
            }
            Command::Defer { until, reason } => {
                require_text(Action::Defer, "reason", reason)?;
                self.require_future(Action::Defer, *until)?;
                self.after.deferral = Some(Deferral {
                    since: self.situation.now,
                    until: *until,
                    reason: reason.clone(),
                });
                Ok(Trace::note(reason.clone()).with(json!({ "until": until })))
            }
            Command::Resume {} => {
                self.resume();
                Ok(Trace::note(None))
            }
            Command::Escalate { reason } => {
                require_text(Action::Escalate, "reason", reason)?;
                self.after.counts.escalations += 1;
                self.after.holder = self.situation.centre_above;
                self.back_to_filed(TaskStatus::Ended);
                Ok(Trace::note(reason.clone()).with(json!({ "holder": self.after.holder })))
            }
            Command::HandDown { to, reason } => {
                if !self.situation.centres_below.contains(to) {
                    return Err(WorkflowError::Needs {
                        action: Action::HandDown,
                        field: "to",
                        why: "a centre below the holder whose area holds the place",
                    });
                }
                self.after.holder = Some(*to);
                Ok(Trace::note(reason.clone()).with(json!({ "holder": to })))
            }
            Command::Pass { note } => {
                self.close(Outcome::Resolved);
                Ok(Trace::note(note.clone()))
            }
            Command::Rework { reason } => {
                require_text(Action::Rework, "reason", reason)?;
                self.after.counts.reworks += 1;
                self.after.status = Status::Handling;
                if let Some(lead) = self.lead_mut() {
                    lead.status = TaskStatus::Signed;
                    lead.fed_back_at = None;
                }
                Ok(Trace::note(reason.clone()))
            }
            Command::Evaluate(evaluation) => self.evaluate(evaluation),
            Command::Reopen { reason } => {
                require_text(Action::Reopen, "reason", reason)?;
                self.after.counts.reopens += 1;
                self.after.outcome = None;
                self.after.duplicate_of = None;
                self.after.evaluation = None;
                self.after.closed_at = None;
                self.back_to_filed(TaskStatus::Ended);
                Ok(Trace::note(reason.clone()))
            }
            Command::Supervise { reason, answer_by } => {
                require_text(Action::Supervise, "reason", reason)?;
                if let Some(answer_by) = answer_by {
                    self.require_future(Action::Supervise, *answer_by)?;
                }
                self.after.counts.supervisions += 1;
                self.after.supervision = Some(Supervision {
                    since: self.situation.now,
                    by: self.situation.actor.name.clone(),
                    reason: reason.clone(),
                    answer_by: *answer_by,
                });
                Ok(Trace::note(reason.clone()).with(json!({ "answer_by": answer_by })))
            }
            Command::Answer { note } => {
                require_text(Action::Answer, "note", note)?;
                self.after.supervision = None;
                Ok(Trace::note(note.clone()))
            }
            Command::Warn { note } => {
                require_text(Action::Warn, "note", note)?;
                self.after.counts.warnings += 1;
                Ok(Trace::note(note.clone()))
            }
        }
    }

    fn dispatch(
        &mut self,
        lead: Assignee,
        assistants: &[Assignee],
        reason: Option<&str>,
        offer_until: Option<Timestamp>,
    ) -> Result<Trace, WorkflowError> {
        let (reason, overrides) = self.justify(Action::Dispatch, lead, reason)?;
        self.offer(TaskRole::Lead, lead, None).offer_until = offer_until;
        for &assistant in assistants {
            self.assist(assistant, None)?;
        }
        self.after.deadlines = self.situation.timing.start(self.situation.now);
        self.after.status = Status::Dispatched;
        Ok(Trace::note(reason).with(json!({
            "lead": lead,
            "assistants": assistants,
            "override": overrides,
        })))
    }

    /// The next one has the whole time to sign, but whoever reported it has waited all the
    /// while: the limit for resolving stays.
    fn reassign(
        &mut self,
        lead: Assignee,
        reason: Option<&str>,
        offer_until: Option<Timestamp>,
    ) -> Result<Trace, WorkflowError> {
        let now = self.situation.now;
        let (reason, overrides) = self.justify(Action::Reassign, lead, reason)?;
        let was = self.lead_mut().map(|task| {
            let expired = task.offer_until.is_some_and(|until| until <= now);
            task.status = if expired {
                TaskStatus::Expired
            } else {
                TaskStatus::Recalled
            };
            task.assignee
        });
        self.require_unengaged(Action::Reassign, lead)?;
        self.offer(TaskRole::Lead, lead, None).offer_until = offer_until;
        let fresh = self.situation.timing.start(now);
        self.after.deadlines.sign_by = fresh.sign_by;
        self.after.deadlines.sign_warning_at = fresh.sign_warning_at;
        self.after.counts.reassignments += 1;
        Ok(Trace::note(reason).with(json!({ "lead": lead, "was": was, "override": overrides })))
    }

    /// The reason for sending somebody, which whoever is not recommended needs; and
    /// whether the choice goes beside what is recommended.
    fn justify(
        &self,
        action: Action,
        lead: Assignee,
        reason: Option<&str>,
    ) -> Result<(Option<String>, bool), WorkflowError> {
        let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
        let recommended = self.situation.recommended;
        let overrides = !recommended.is_empty() && !recommended.contains(&lead);
        if overrides && reason.is_none() {
            return Err(WorkflowError::Needs {
                action,
                field: "reason",
                why: "the lead is not among the first of the ranking, so say why",
            });
        }
        Ok((reason.map(str::to_owned), overrides))
    }

    fn summon(&mut self, department: OrganisationId, note: Option<String>) {
        let deadlines = self.situation.timing.start_summons(self.situation.now);
        let task = self.offer(TaskRole::Assist, Assignee::Organisation(department), note);
        task.deadlines = deadlines;
        task.summoned = true;
    }

    /// The centre above is told to see to it, in the place of the department.
    fn pass_up(&mut self, named: Option<TaskId>) -> Result<Trace, WorkflowError> {
        let now = self.situation.now;
        let overdue = self
            .after
            .tasks
            .iter_mut()
            .find(|task| named.is_none_or(|id| id == task.id) && is_overdue_summons(task, now));
        let (Some(task), Some(centre)) = (overdue, self.situation.centre_above) else {
            return Err(WorkflowError::Needs {
                action: Action::PassUp,
                field: "task",
                why: "a summons that was not signed in time",
            });
        };
        task.status = TaskStatus::Expired;
        let (id, department, note) = (task.id, task.assignee, task.note.clone());
        let centre = Assignee::Organisation(centre);
        let engaged = self.is_engaged(centre);
        if !engaged {
            self.assist(centre, note.as_deref())?;
        }
        Ok(Trace::note(note).with(json!({ "task": id, "department": department, "to": centre })))
    }

    fn assist(&mut self, assignee: Assignee, note: Option<&str>) -> Result<Trace, WorkflowError> {
        self.require_unengaged(Action::Assist, assignee)?;
        let deadlines = self.situation.timing.start(self.situation.now);
        let note = note.map(str::to_owned);
        self.offer(TaskRole::Assist, assignee, note.clone())
            .deadlines = deadlines;
        Ok(Trace::note(note).with(json!({ "assignee": assignee })))
    }

    fn is_engaged(&self, assignee: Assignee) -> bool {
        self.after.tasks.iter().any(|task| {
            task.assignee == assignee
                && matches!(
                    task.status,
                    TaskStatus::Offered | TaskStatus::Signed | TaskStatus::FedBack
                )
        })
    }

    fn require_unengaged(&self, action: Action, assignee: Assignee) -> Result<(), WorkflowError> {
        if self.is_engaged(assignee) {
            Err(WorkflowError::Needs {
                action,
                field: "assignee",
                why: "someone who has no task in this incident yet",
            })
        } else {
            Ok(())
        }
    }

    /// Offers a task without clocks of its own.
    fn offer(&mut self, role: TaskRole, assignee: Assignee, note: Option<String>) -> &mut Task {
        let task = Task {
            id: TaskId((self.fresh)()),
            role,
            assignee,
            status: TaskStatus::Offered,
            offered_at: self.situation.now,
            signed_at: None,
            fed_back_at: None,
            note,
            deadlines: Deadlines::default(),
            offer_until: None,
            summoned: false,
            arrived_at: None,
        };
        self.after.tasks.push_mut(task)
    }

    fn release(&mut self, task: TaskId, reason: &str) -> Result<Trace, WorkflowError> {
        require_text(Action::Release, "reason", reason)?;
        let released = self
            .after
            .tasks
            .iter_mut()
            .find(|candidate| {
                candidate.id == task
                    && candidate.role == TaskRole::Assist
                    && candidate.status.is_open()
            })
            .ok_or(WorkflowError::Needs {
                action: Action::Release,
                field: "task",
                why: "an assisting task that is still open",
            })?;
        released.status = TaskStatus::Ended;
        self.verify_when_all_is_done();
        Ok(Trace::note(reason.to_owned()).with(json!({ "task": task })))
    }

    fn sign(&mut self, task: Option<TaskId>, row: &Transition) -> Result<Trace, WorkflowError> {
        let now = self.situation.now;
        let signed = self.chosen_task(Action::Sign, task, TaskStatus::Offered)?;
        signed.status = TaskStatus::Signed;
        signed.signed_at = Some(now);
        let (id, role) = (signed.id, signed.role);
        if role == TaskRole::Lead {
            debug_assert!(row.to.contains(&Status::Handling));
            self.after.pending = None;
            self.after.status = Status::Handling;
        }
        Ok(Trace::note(None).with(json!({ "task": id, "role": role })))
    }

    /// Once for each task: whoever goes and comes again has been there.
    fn arrive(&mut self, task: TaskId, since: Timestamp) -> Result<Trace, WorkflowError> {
        let mut expected = self.after.tasks.iter_mut().filter(|task| is_expected(task));
        let arrived =
            expected
                .find(|expected| expected.id == task)
                .ok_or(WorkflowError::Needs {
                    action: Action::Arrive,
                    field: "task",
                    why: "a signed task whose worker has not arrived yet",
                })?;
        arrived.arrived_at = Some(since);
        let worker = arrived.assignee;
        Ok(Trace::note(None).with(json!({ "task": task, "worker": worker, "since": since })))
    }

    fn feed_back(
        &mut self,
        task: Option<TaskId>,
        note: Option<&str>,
    ) -> Result<Trace, WorkflowError> {
        let now = self.situation.now;
        let done = self.chosen_task(Action::FeedBack, task, TaskStatus::Signed)?;
        done.status = TaskStatus::FedBack;
        done.fed_back_at = Some(now);
        done.note = note.map(str::to_owned).or_else(|| done.note.take());
        let (id, role) = (done.id, done.role);
        if role == TaskRole::Lead {
            self.after.pending = None;
        }
        self.verify_when_all_is_done();
        Ok(Trace::note(note.map(str::to_owned)).with(json!({ "task": id, "role": role })))
    }

    /// The incident goes on to be verified once the lead has fed back and no assisting
    /// task is open.
    fn verify_when_all_is_done(&mut self) {
        let lead_is_done = self
            .after
            .lead()
            .is_some_and(|task| task.status == TaskStatus::FedBack);
        if lead_is_done && self.after.open_assists().next().is_none() {
            self.after.status = Status::Verifying;
        }
    }

    /// The task that was named, or else the actor's own, in the state it must have.
    fn chosen_task(
        &mut self,
        action: Action,
        named: Option<TaskId>,
        status: TaskStatus,
    ) -> Result<&mut Task, WorkflowError> {
        let actor = self.situation.actor;
        let stands_in = matches!(actor.role, Role::Administrator | Role::System);
        let chosen = named.or_else(|| own_task(self.after, actor, status).map(|task| task.id));
        self.after
            .tasks
            .iter_mut()
            .find(|task| {
                Some(task.id) == chosen
                    && task.status == status
                    && (stands_in || is_assigned(actor, task))
            })
            .ok_or(WorkflowError::Needs {
                action,
                field: "task",
                why: "a task of your own that waits for this",
            })
    }

    fn ask(
        &mut self,
        action: Action,
        kind: RequestKind,
        reason: &str,
        until: Option<Timestamp>,
    ) -> Result<Trace, WorkflowError> {
        require_text(action, "reason", reason)?;
        if let Some(task) = self.after.lead().map(|task| task.id) {
            self.after.pending = Some(Pending {
                kind,
                reason: reason.to_owned(),
                until,
                task,
            });
        }
        Ok(Trace::note(reason.to_owned()).with(json!({ "until": until })))
    }

    /// What was left of each limit when the incident was put off is left of it again.
    fn resume(&mut self) {
        let Some(deferral) = self.after.deferral.take() else {
            return;
        };
        let (timing, now) = (&self.situation.timing, self.situation.now);
        // The lead has signed, or the incident could not have been put off.
        let lead = std::iter::once((&mut self.after.deadlines, true));
        let open = self
            .after
            .tasks
            .iter_mut()
            .filter(|task| task.role == TaskRole::Assist && task.status.is_open())
            .map(|task| (&mut task.deadlines, task.signed_at.is_some()));
        for (deadlines, is_signed) in lead.chain(open) {
            let before = *deadlines;
            *deadlines = timing.resume(before, deferral.since, now);
            if is_signed {
                // It stays known whether it was signed in time.
                deadlines.sign_by = before.sign_by;
                deadlines.sign_warning_at = before.sign_warning_at;
            }
        }
    }

    fn evaluate(&mut self, evaluation: &Evaluation) -> Result<Trace, WorkflowError> {
        if !(1..=5).contains(&evaluation.satisfied) {
            return Err(WorkflowError::Needs {
                action: Action::Evaluate,
                field: "satisfied",
                why: "a number from 1 to 5",
            });
        }
        self.after.evaluation = Some(evaluation.clone());
        self.after.status = Status::Evaluated;
        Ok(Trace::note(evaluation.comment.clone()).with(json!({
            "responded": evaluation.responded,
            "resolved": evaluation.resolved,
            "satisfied": evaluation.satisfied,
        })))
    }

    fn close(&mut self, outcome: Outcome) {
        self.after.status = Status::Closed;
        self.after.outcome = Some(outcome);
        self.after.closed_at = Some(self.situation.now);
        self.after.supervision = None;
    }

    /// Ends what is under way, the lead as said and assistants as ended, and stops the
    /// clocks: they start again with the next dispatch.
    fn back_to_filed(&mut self, lead_ends_as: TaskStatus) {
        for task in &mut self.after.tasks {
            if task.status.is_open() || task.status == TaskStatus::FedBack {
                task.status = match task.role {
                    TaskRole::Lead => lead_ends_as,
                    TaskRole::Assist => TaskStatus::Ended,
                };
            }
        }
        self.after.pending = None;
        self.after.deferral = None;
        self.after.deadlines = Deadlines::default();
        self.after.status = Status::Filed;
    }

    fn lead_mut(&mut self) -> Option<&mut Task> {
        let id = self.after.lead()?.id;
        self.after.tasks.iter_mut().find(|task| task.id == id)
    }

    fn require_future(&self, action: Action, until: Timestamp) -> Result<(), WorkflowError> {
        let latest = self.situation.now + TimeDelta::days(LATEST_DAYS);
        if self.situation.now < until && until <= latest {
            Ok(())
        } else {
            Err(WorkflowError::Needs {
                action,
                field: "until",
                why: "a time in the future, within ten years",
            })
        }
    }
}

fn require_text(action: Action, field: &'static str, text: &str) -> Result<(), WorkflowError> {
    if text.trim().is_empty() {
        Err(WorkflowError::Needs {
            action,
            field,
            why: "some words of explanation",
        })
    } else {
        Ok(())
    }
}
