//! An incident's story, step by step through the workflow.

use chrono::TimeDelta;

use super::draft::Draft;
use super::plot::{Course, Plot, Pressure, Stage};
use super::setting::Setting;
use super::texts;
use crate::domain::workflow::{Command, WorkflowError};
use crate::domain::{
    Actor, Assignee, Incident, IncidentEvent, IncidentId, IncidentNumber, Organisation,
    OrganisationId, Outcome, Timestamp,
};
use crate::service::demonstration::chance::{Chance, share_of};

/// The incident that a duplicate repeats.
#[derive(Clone)]
pub struct Original {
    pub id: IncidentId,
    pub number: IncidentNumber,
}

/// A story told to its end, or to where it stands now.
pub struct Told {
    pub incident: Incident,
    pub events: Vec<IncidentEvent>,
    /// How long an open incident has been waiting since the last step.
    pub rest: TimeDelta,
}

/// An incident on its way, with those who act on it.
pub struct Story<'a, 'b> {
    pub(super) setting: &'b Setting<'a>,
    pub(super) draft: &'b Draft,
    pub(super) chance: Chance,
    pub(super) now: Timestamp,
    pub(super) incident: Incident,
    pub(super) events: Vec<IncidentEvent>,
    /// Those that answer for the place, the nearest first.
    pub(super) centres: Vec<&'a Organisation>,
    pub(super) centre_ids: Vec<OrganisationId>,
}

impl<'a, 'b> Story<'a, 'b> {
    pub fn new(
        setting: &'b Setting<'a>,
        draft: &'b Draft,
        incident: Incident,
        report: IncidentEvent,
        chance: Chance,
    ) -> Self {
        let centres: Vec<&Organisation> = setting
            .offices
            .centres_over(&setting.ground, draft.grid)
            .collect();
        Self {
            setting,
            draft,
            chance,
            now: incident.reported_at,
            incident,
            events: vec![report],
            centre_ids: centres.iter().map(|centre| centre.id).collect(),
            centres,
        }
    }

    /// Tells it. `reporter` is whoever reported; `original` is what a duplicate repeats.
    pub fn tell(
        mut self,
        reporter: &Actor,
        original: Option<Original>,
    ) -> Result<Told, WorkflowError> {
        let mut rest = TimeDelta::zero();
        match self.draft.plot {
            Plot::SelfHandled => self.self_handle(reporter)?,
            Plot::Rejected => self.reject()?,
            Plot::Duplicate { .. } => self.mark_duplicate(original)?,
            Plot::Handled(course) => {
                self.handle(course)?;
                self.evaluate(reporter)?;
                if course == Course::Reopened {
                    self.reopen(reporter)?;
                }
            }
            Plot::Open(stage) => rest = self.stand_open(stage)?,
        }
        Ok(Told {
            incident: self.incident,
            events: self.events,
            rest,
        })
    }

    /// Handles it to the end.
    fn handle(&mut self, course: Course) -> Result<(), WorkflowError> {
        self.file()?;
        if matches!(course, Course::EscalatedEarly | Course::HandedDown) && self.can_escalate() {
            self.escalate(5.0, 60.0)?;
        }
        if course == Course::HandedDown {
            self.hand_down()?;
        }
        let Some(lead) = self.choose_lead() else {
            return self.reject();
        };
        let partners = self.other_partners(lead);
        let joint = course == Course::Joint;
        self.dispatch(lead, if joint { &partners } else { &[] })?;
        match course {
            Course::Recalled => {
                self.recall()?;
                self.dispatch(lead, &[])?;
            }
            Course::Reassigned => self.reassign(lead)?,
            Course::Returned => {
                self.ask_return()?;
                self.rule_return(true)?;
                let other = self.choose_other(lead);
                self.dispatch(other, &[])?;
            }
            Course::ReturnRefused => {
                self.ask_return()?;
                self.rule_return(false)?;
            }
            _ => {}
        }
        self.sign()?;
        match course {
            Course::Extended | Course::ExtensionRefused => {
                self.ask_extension()?;
                self.rule_extension(course == Course::Extended)?;
            }
            Course::Deferred => {
                self.defer()?;
                self.resume()?;
            }
            Course::EscalatedLate if self.can_escalate() => {
                self.escalate(60.0, 600.0)?;
                let lead = partners.first().copied().unwrap_or(lead);
                self.dispatch(lead, &[])?;
                self.sign()?;
            }
            Course::Joined => {
                if let Some(&partner) = partners.first() {
                    self.join(partner)?;
                }
            }
            Course::Summoned => {
                if let Some(&Assignee::Organisation(department)) = partners.first() {
                    self.summon(department)?;
                }
            }
            Course::Supervised => self.supervise()?,
            _ => {}
        }
        self.finish()?;
        if course == Course::Reworked {
            self.rework()?;
            self.finish()?;
        }
        self.pass()
    }

    /// Goes on after it was thought to be over.
    fn reopen(&mut self, reporter: &Actor) -> Result<(), WorkflowError> {
        if self.incident.outcome != Some(Outcome::Resolved) {
            return Ok(());
        }
        let wait = self.chance.minutes(600.0, 4_000.0);
        let reason = self.chance.word(&texts::REOPENINGS).to_owned();
        let by = self.judge(reporter);
        self.act(wait, &by, &Command::Reopen { reason })?;
        if let Some(lead) = self.choose_lead() {
            self.dispatch(lead, &[])?;
            self.sign()?;
            self.finish()?;
            self.pass()?;
        }
        Ok(())
    }

    /// Brings it to a stage at which it waits, and says for how long it has waited.
    fn stand_open(&mut self, stage: Stage) -> Result<TimeDelta, WorkflowError> {
        if stage == Stage::Reported {
            return Ok(self.chance.minutes(2.0, 45.0));
        }
        self.file()?;
        if stage == Stage::FiledAtCounty && self.can_escalate() {
            self.escalate(5.0, 60.0)?;
        }
        let lead = self.choose_lead();
        let (Some(lead), false) = (lead, matches!(stage, Stage::Filed | Stage::FiledAtCounty))
        else {
            return Ok(self.chance.minutes(5.0, 120.0));
        };
        let partners = self.other_partners(lead);
        let joint = stage == Stage::HandlingJointly;
        self.dispatch(lead, if joint { &partners } else { &[] })?;
        match stage {
            Stage::Dispatched(pressure) => return Ok(self.rest_under(pressure)),
            Stage::ReturnAsked | Stage::FiledAfterReturn => {
                self.ask_return()?;
                if stage == Stage::FiledAfterReturn {
                    self.rule_return(true)?;
                }
                return Ok(self.chance.minutes(5.0, 90.0));
            }
            _ => self.sign()?,
        }
        match stage {
            Stage::Handling(pressure) => return Ok(self.rest_under(pressure)),
            Stage::HandlingJointly => return Ok(self.rest_under(Pressure::OnTime)),
            Stage::ExtensionAsked => self.ask_extension()?,
            Stage::Deferred => {
                self.defer()?;
                return Ok(self.chance.minutes(120.0, 2_800.0));
            }
            Stage::Reworking => {
                self.finish()?;
                self.rework()?;
            }
            _ => self.finish()?,
        }
        Ok(self.chance.minutes(10.0, 240.0))
    }

    /// How long to wait until so much of the running limit is used up.
    fn rest_under(&mut self, pressure: Pressure) -> TimeDelta {
        let deadlines = self.incident.deadlines;
        let signed = self.incident.lead().and_then(|lead| lead.signed_at);
        let limit = match signed {
            None => deadlines.sign_by.min(deadlines.resolve_by),
            Some(_) => deadlines.resolve_by,
        };
        let (Some(start), Some(limit)) = (deadlines.started_at, limit) else {
            return TimeDelta::minutes(10);
        };
        let target = start + share_of(limit - start, pressure.draw_share(&mut self.chance));
        (target - self.now).max(TimeDelta::seconds(20))
    }
}
