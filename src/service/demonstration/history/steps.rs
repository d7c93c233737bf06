//! The single steps that stories are made of: who takes them, when and in what words.

use chrono::TimeDelta;

use super::plot::Plot;
use super::setting::dispatcher;
use super::story::{Original, Story};
use super::texts;
use crate::domain::incident::Evaluation;
use crate::domain::limits::limits_for;
use crate::domain::workflow::{Command, Situation, WorkflowError, apply, is_expected};
use crate::domain::{
    Actor, Assignee, OrganisationId, Outcome, Priority, Source, TaskStatus, Timestamp,
};
use crate::service::demonstration::chance::share_of;

type Done = Result<(), WorkflowError>;

/// Nobody works longer at one thing before feeding back.
const LONGEST_WORK: TimeDelta = TimeDelta::days(6);

impl Story<'_, '_> {
    /// Waits, then acts. The ranking is not asked.
    pub(super) fn act(&mut self, wait: TimeDelta, actor: &Actor, command: &Command) -> Done {
        self.act_beside(wait, actor, command, None)
    }

    /// Waits, then acts beside what the ranking recommends.
    fn act_beside(
        &mut self,
        wait: TimeDelta,
        actor: &Actor,
        command: &Command,
        recommended: Option<Assignee>,
    ) -> Done {
        self.now += wait.max(TimeDelta::seconds(1));
        let held_at = self.held_at();
        let service = &self.draft.service;
        let level = held_at.map(|at| self.centres[at].level);
        let limits = limits_for(service, self.incident.priority, level);
        let situation = Situation {
            actor,
            now: self.now,
            service,
            timing: self.setting.rules.timing(limits),
            holder_area: held_at.map(|at| &self.centres[at].area),
            centre_above: held_at.and_then(|at| self.centre_ids.get(at + 1).copied()),
            centres_below: &self.centre_ids[..held_at.unwrap_or(0)],
            recommended: recommended.as_slice(),
        };
        let (chance, now) = (&mut self.chance, self.now);
        let step = apply(&self.incident, command, &situation, &mut || chance.id(now))?;
        self.incident = step.incident;
        self.events.push(step.event);
        Ok(())
    }

    /// The place of the holder among the centres.
    fn held_at(&self) -> Option<usize> {
        let holder = self.incident.holder?;
        self.centre_ids.iter().position(|&centre| centre == holder)
    }

    pub(super) fn can_escalate(&self) -> bool {
        self.held_at()
            .is_some_and(|at| at + 1 < self.centre_ids.len())
    }

    /// Somebody on duty at the centre that holds it.
    fn centre(&self) -> Actor {
        self.held_at()
            .map_or_else(Actor::system, |at| dispatcher(self.centres[at]))
    }

    fn assignee(&self, assignee: Assignee) -> Actor {
        self.setting
            .assignee_actor(assignee, self.draft.grid)
            .unwrap_or_else(Actor::system)
    }

    fn lead(&self) -> Option<Assignee> {
        self.incident.lead().map(|lead| lead.assignee)
    }

    fn lead_actor(&self) -> Actor {
        self.lead()
            .map_or_else(Actor::system, |lead| self.assignee(lead))
    }

    fn tone(&self) -> &'static texts::Tone {
        texts::tone(&self.draft.service.group)
    }

    /// A length of time within bounds for what is urgent; everything else may take longer.
    fn soon(&mut self, low: f64, high: f64) -> TimeDelta {
        let factor = match self.incident.priority {
            Priority::Urgent => 1.0,
            Priority::High => 3.0,
            Priority::Normal | Priority::Low => 8.0,
        };
        self.chance.minutes(low, high * factor)
    }

    pub(super) fn file(&mut self) -> Done {
        let wait = self.soon(0.5, 5.0);
        let command = Command::File {
            note: None,
            service: None,
            priority: None,
        };
        self.act(wait, &self.centre(), &command)
    }

    pub(super) fn self_handle(&mut self, reporter: &Actor) -> Done {
        let wait = self.chance.minutes(1.0, 40.0);
        let proof = self.chance.word(self.tone().proofs).to_owned();
        self.act(
            wait,
            reporter,
            &Command::SelfHandle {
                proof,
                media: Vec::new(),
            },
        )
    }

    pub(super) fn reject(&mut self) -> Done {
        let wait = self.soon(5.0, 30.0);
        let reason = self.chance.word(&texts::REJECTIONS).to_owned();
        self.act(wait, &self.centre(), &Command::Reject { reason })
    }

    pub(super) fn mark_duplicate(&mut self, original: Option<Original>) -> Done {
        let wait = self.chance.minutes(1.0, 30.0);
        let Some(original) = original else {
            return self.reject();
        };
        let command = Command::MarkDuplicate {
            of: original.number,
            of_id: Some(original.id),
        };
        self.act(wait, &self.centre(), &command)
    }

    /// Who leads: at the township whoever the service says, further up a department.
    pub(super) fn choose_lead(&mut self) -> Option<Assignee> {
        let (setting, draft) = (self.setting, self.draft);
        let usual = setting.lead(&draft.service, draft.grid, &mut self.chance);
        if self.held_at().is_some_and(|at| at > 0) {
            let partners = setting.partners(&draft.service, draft.grid);
            return partners.first().copied().or(usual);
        }
        usual
    }

    /// Departments that may help beside the lead.
    pub(super) fn other_partners(&self, lead: Assignee) -> Vec<Assignee> {
        let mut partners = self.setting.partners(&self.draft.service, self.draft.grid);
        partners.retain(|&partner| partner != lead);
        partners
    }

    /// Another than the one who sent it back, if there is one.
    pub(super) fn choose_other(&self, first: Assignee) -> Assignee {
        let partners = self.other_partners(first);
        let around = self.setting.workers_around(self.draft.grid);
        let mut workers = around.iter().map(|worker| Assignee::Worker(worker.id));
        match first {
            Assignee::Worker(_) => workers.find(|&other| other != first),
            Assignee::Organisation(_) => None,
        }
        .or(partners.first().copied())
        .unwrap_or(first)
    }

    /// Sends a lead and assistants; now and then not the one whom the ranking puts first.
    pub(super) fn dispatch(&mut self, lead: Assignee, assistants: &[Assignee]) -> Done {
        let wait = self.soon(0.5, 4.0);
        let other = Some(self.choose_other(lead)).filter(|&other| other != lead);
        let overridden = other.filter(|_| self.chance.hits(0.08));
        let reason = self.chance.word(&texts::OVERRIDES).to_owned();
        let command = Command::Dispatch {
            lead,
            assistants: assistants.to_vec(),
            reason: overridden.map(|_| reason),
            offer_until: None,
        };
        let recommended = overridden.or(Some(lead));
        self.act_beside(wait, &self.centre(), &command, recommended)
    }

    pub(super) fn recall(&mut self) -> Done {
        let wait = self.chance.minutes(1.0, 3.0);
        let reason = Some(self.chance.word(&texts::RECALLS).to_owned());
        self.act(wait, &self.centre(), &Command::Recall { reason })
    }

    /// The offer goes to another before it is signed, when there is one.
    pub(super) fn reassign(&mut self, first: Assignee) -> Done {
        let wait = self.soon(1.0, 3.0);
        let lead = self.choose_other(first);
        if lead == first {
            return Ok(());
        }
        let command = Command::Reassign {
            lead,
            reason: Some(self.chance.word(&texts::OVERRIDES).to_owned()),
            offer_until: None,
        };
        self.act(wait, &self.centre(), &command)
    }

    /// The lead signs, mostly in time. Open incidents' leads do, so that only their own
    /// clock says how they stand.
    pub(super) fn sign(&mut self) -> Done {
        let limits = self.draft.service.limits;
        let limit = TimeDelta::minutes(limits.sign_minutes.into());
        let late = !matches!(self.draft.plot, Plot::Open(_)) && self.chance.hits(0.07);
        let share = if late {
            self.chance.within(1.05, 1.8)
        } else {
            self.chance.within(0.1, 0.8)
        };
        let brisk = TimeDelta::minutes(i64::from(limits.resolve_minutes) / 8);
        let wait = share_of(limit.min(brisk), share);
        self.act(wait, &self.lead_actor(), &Command::Sign { task: None })
    }

    pub(super) fn ask_return(&mut self) -> Done {
        let wait = self.soon(1.0, 3.0);
        let reason = match self.lead() {
            Some(Assignee::Organisation(_)) => self.chance.word(&texts::DEPARTMENT_RETURNS),
            _ => self.chance.word(&texts::WORKER_RETURNS),
        };
        let reason = reason.to_owned();
        self.act(wait, &self.lead_actor(), &Command::Return { reason })
    }

    pub(super) fn rule_return(&mut self, accept: bool) -> Done {
        let wait = self.soon(1.0, 4.0);
        let reason = if accept {
            self.chance.word(&texts::RETURN_ACCEPTED)
        } else {
            self.chance.word(&texts::RETURN_REFUSED)
        };
        let reason = Some(reason.to_owned());
        self.act(
            wait,
            &self.centre(),
            &Command::RuleReturn { accept, reason },
        )
    }

    pub(super) fn ask_extension(&mut self) -> Done {
        let (from, limit) = self.time_left();
        let wait = share_of(limit - from, self.chance.within(0.5, 0.8)).min(LONGEST_WORK);
        let reason = self.chance.word(self.tone().extensions).to_owned();
        // Half as much again, but never less than half an hour.
        let more = share_of(limit - from, 0.5).max(TimeDelta::minutes(30));
        let until = limit + more;
        let command = Command::RequestExtension { until, reason };
        self.act(wait, &self.lead_actor(), &command)
    }

    pub(super) fn rule_extension(&mut self, accept: bool) -> Done {
        let wait = self.soon(1.0, 6.0);
        let refusal = self.chance.word(&texts::EXTENSION_REFUSED).to_owned();
        let reason = (!accept).then_some(refusal);
        let command = Command::RuleExtension { accept, reason };
        self.act(wait, &self.centre(), &command)
    }

    pub(super) fn defer(&mut self) -> Done {
        let wait = self.soon(5.0, 20.0);
        let reason = self.chance.word(self.tone().deferrals).to_owned();
        let until = self.now + wait + self.chance.minutes(2_880.0, 7_200.0);
        self.act(wait, &self.centre(), &Command::Defer { until, reason })
    }

    /// On the day that was set, or a little before.
    pub(super) fn resume(&mut self) -> Done {
        let until = self.incident.deferral.as_ref().map(|it| it.until);
        let wait = until.map_or(TimeDelta::zero(), |until| until - self.now);
        let wait = share_of(wait, self.chance.within(0.6, 1.0));
        self.act(wait, &self.centre(), &Command::Resume {})
    }

    pub(super) fn escalate(&mut self, low_minutes: f64, high_minutes: f64) -> Done {
        let wait = self.chance.minutes(low_minutes, high_minutes);
        let reason = self.chance.word(&texts::ESCALATIONS).to_owned();
        self.act(wait, &self.centre(), &Command::Escalate { reason })
    }

    /// Back to the centre that had it first.
    pub(super) fn hand_down(&mut self) -> Done {
        let wait = self.chance.minutes(10.0, 120.0);
        let reason = Some(self.chance.word(&texts::HAND_DOWNS).to_owned());
        match self.centre_ids.first().copied() {
            Some(to) if self.held_at() != Some(0) => {
                self.act(wait, &self.centre(), &Command::HandDown { to, reason })
            }
            _ => Ok(()),
        }
    }

    pub(super) fn join(&mut self, assignee: Assignee) -> Done {
        let wait = self.soon(5.0, 15.0);
        let note = Some(self.chance.word(&texts::JOININGS).to_owned());
        self.act(wait, &self.centre(), &Command::Assist { assignee, note })
    }

    pub(super) fn summon(&mut self, department: OrganisationId) -> Done {
        let wait = self.soon(5.0, 15.0);
        let note = Some(self.chance.word(&texts::SUMMONS).to_owned());
        self.act(wait, &self.centre(), &Command::Summon { department, note })
    }

    /// The centre above looks on, and the one that holds it answers.
    pub(super) fn supervise(&mut self) -> Done {
        let above = self.held_at().and_then(|at| self.centres.get(at + 1));
        let Some(above) = above.map(|above| dispatcher(above)) else {
            return Ok(());
        };
        let wait = self.soon(5.0, 30.0);
        let reason = self.chance.word(&texts::SUPERVISIONS).to_owned();
        let answer_by = Some(self.now + wait + TimeDelta::hours(24));
        self.act(wait, &above, &Command::Supervise { reason, answer_by })?;
        let wait = self.soon(10.0, 60.0);
        let note = self.chance.word(&texts::ANSWERS).to_owned();
        self.act(wait, &self.centre(), &Command::Answer { note })
    }

    /// The lead and all assistants end their work, in either order.
    pub(super) fn finish(&mut self) -> Done {
        if self.chance.hits(0.5) {
            self.feed_back()?;
            self.finish_assists()
        } else {
            self.finish_assists()?;
            self.feed_back()
        }
    }

    fn feed_back(&mut self) -> Done {
        let (from, limit) = self.time_left();
        let wait = if self.chance.hits(0.06) {
            (limit - self.now) + share_of(limit - from, self.chance.within(0.05, 0.5))
        } else {
            share_of(limit - self.now, self.chance.within(0.15, 0.9))
        };
        let wait = wait.clamp(TimeDelta::minutes(2), LONGEST_WORK);
        let wait = wait - self.arrive(wait)?;
        let note = Some(self.chance.word(self.tone().feedbacks).to_owned());
        let command = Command::FeedBack {
            note,
            task: None,
            media: Vec::new(),
        };
        self.act(wait, &self.lead_actor(), &command)
    }

    /// Most leads who are workers are seen at the place before they are done. Says how much
    /// of the time has gone by then.
    fn arrive(&mut self, wait: TimeDelta) -> Result<TimeDelta, WorkflowError> {
        let task = self.incident.lead().filter(|lead| is_expected(lead));
        let Some(task) = task.map(|task| task.id) else {
            return Ok(TimeDelta::zero());
        };
        if !self.chance.hits(0.7) {
            return Ok(TimeDelta::zero());
        }
        // Who takes days for it is not on the way for days.
        let way = share_of(wait, self.chance.within(0.2, 0.7)).min(TimeDelta::minutes(40));
        let since = self.now + way;
        self.act(way, &Actor::system(), &Command::Arrive { task, since })?;
        Ok(way)
    }

    /// When the work began, and when it should end: at least a quarter of an hour later.
    fn time_left(&self) -> (Timestamp, Timestamp) {
        let deadlines = self.incident.deadlines;
        let from = deadlines.started_at.unwrap_or(self.now);
        let limit = deadlines.resolve_by.unwrap_or(self.now);
        (from, limit.max(from + TimeDelta::minutes(15)))
    }

    fn finish_assists(&mut self) -> Done {
        let open: Vec<_> = self
            .incident
            .open_assists()
            .map(|task| (task.id, task.assignee, task.status))
            .collect();
        for (task, assignee, status) in open {
            let actor = self.assignee(assignee);
            let wait = self.soon(3.0, 10.0);
            if status == TaskStatus::Offered && self.chance.hits(0.15) {
                let reason = self.chance.word(&texts::RELEASES).to_owned();
                self.act(wait, &self.centre(), &Command::Release { task, reason })?;
                continue;
            }
            let task = Some(task);
            if status == TaskStatus::Offered {
                self.act(wait, &actor, &Command::Sign { task })?;
            }
            let wait = self.soon(5.0, 20.0);
            let note = Some(self.chance.word(self.tone().feedbacks).to_owned());
            self.act(
                wait,
                &actor,
                &Command::FeedBack {
                    note,
                    task,
                    media: Vec::new(),
                },
            )?;
        }
        Ok(())
    }

    /// The centre, or a worker of the grid who did not lead.
    fn verifier(&mut self) -> Actor {
        // Nobody verifies their own work.
        let engaged: Vec<Assignee> = self
            .incident
            .tasks
            .iter()
            .map(|task| task.assignee)
            .collect();
        let worker = self
            .setting
            .worker_on_the_spot(self.draft.grid, &engaged)
            .filter(|_| self.chance.hits(0.4));
        worker.unwrap_or_else(|| self.centre())
    }

    pub(super) fn pass(&mut self) -> Done {
        let wait = self.soon(5.0, 40.0);
        let note = Some(self.chance.word(&texts::PASSES).to_owned());
        let verifier = self.verifier();
        self.act(wait, &verifier, &Command::Pass { note })
    }

    pub(super) fn rework(&mut self) -> Done {
        let wait = self.soon(5.0, 30.0);
        let reason = self.chance.word(&texts::REWORKS).to_owned();
        let verifier = self.verifier();
        self.act(wait, &verifier, &Command::Rework { reason })
    }

    /// Whoever judges it: the resident who reported it, or the centre that calls back.
    pub(super) fn judge(&self, reporter: &Actor) -> Actor {
        if self.draft.source == Source::Resident {
            reporter.clone()
        } else {
            self.centre()
        }
    }

    /// Some residents judge, and most who called are called back.
    pub(super) fn evaluate(&mut self, reporter: &Actor) -> Done {
        let share = match self.draft.source {
            Source::Resident => 0.6,
            Source::Hotline => 0.85,
            _ => 0.3,
        };
        if self.incident.outcome != Some(Outcome::Resolved) || !self.chance.hits(share) {
            return Ok(());
        }
        let wait = self.chance.minutes(30.0, 2_880.0);
        let satisfied = match self.chance.within(0.0, 1.0) {
            draw if draw < 0.5 => 5,
            draw if draw < 0.8 => 4,
            draw if draw < 0.92 => 3,
            draw if draw < 0.97 => 2,
            _ => 1,
        };
        let comment = match satisfied {
            4.. => self.chance.word(&texts::PRAISE),
            _ => self.chance.word(&texts::COMPLAINTS),
        };
        let evaluation = Evaluation {
            responded: satisfied > 1,
            resolved: satisfied > 2,
            satisfied,
            comment: Some(comment.to_owned()).filter(|_| self.chance.hits(0.5)),
        };
        let judge = self.judge(reporter);
        self.act(wait, &judge, &Command::Evaluate(evaluation))
    }
}
