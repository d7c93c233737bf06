//! Every figure of a month can be found again in the events alone: who did what when, and
//! the rules by which limits are set.

use super::tests::sample;
use super::*;
use crate::domain::OrganisationKind;
use crate::domain::figures::{Facts, Figure};
use crate::domain::limits::limits_for;
use crate::domain::workflow::Action;
use crate::domain::{
    IncidentEvent, Level, OrganisationId, Outcome, Priority, ServiceCode, Status, TaskRole,
};
use crate::service::demonstration::testing::{catalogue, now, rules};

/// What a reader of one history knows at its end.
struct Reader<'a> {
    catalogue: &'a Catalogue,
    rules: &'a Rules,
    /// The levels of the centres.
    levels: &'a HashMap<OrganisationId, Level>,
    reported_at: Timestamp,
    status: Status,
    outcome: Option<Outcome>,
    closed_at: Option<Timestamp>,
    service: ServiceCode,
    priority: Priority,
    holder: Option<OrganisationId>,
    responded_at: Option<Timestamp>,
    signed_at: Option<Timestamp>,
    sign_by: Option<Timestamp>,
    fed_back_at: Option<Timestamp>,
    resolve_by: Option<Timestamp>,
    asked_until: Option<Timestamp>,
    put_off_since: Option<Timestamp>,
    /// How often each action was taken, and a return accepted.
    taken: HashMap<Action, u32>,
    returns: u32,
    judgement: Option<(bool, bool, u64)>,
}

impl Reader<'_> {
    fn timing(&self) -> crate::domain::timing::Timing<'_> {
        let service = self.catalogue.find(&self.service).unwrap();
        let level = self.holder.and_then(|holder| self.levels.get(&holder));
        let limits = limits_for(service, self.priority, level.copied());
        self.rules.timing(limits)
    }

    fn read(&mut self, event: &IncidentEvent) {
        fn of<T: serde::de::DeserializeOwned>(event: &IncidentEvent, name: &str) -> Option<T> {
            let value = event.detail.get(name).cloned()?;
            serde_json::from_value(value).ok()
        }
        let is_lead = of::<TaskRole>(event, "role") == Some(TaskRole::Lead);
        let is_accepted = of::<bool>(event, "accept") == Some(true);
        *self.taken.entry(event.action).or_default() += 1;
        self.status = event.to;
        match event.action {
            Action::Report | Action::HandDown => self.holder = of(event, "holder"),
            Action::File => {
                self.service = of(event, "service").unwrap_or(self.service.clone());
                self.priority = of(event, "priority").unwrap_or(self.priority);
            }
            Action::Dispatch => {
                let start = self.timing().start(event.at);
                (self.sign_by, self.resolve_by) = (start.sign_by, start.resolve_by);
                (self.signed_at, self.fed_back_at) = (None, None);
            }
            Action::Reassign => self.sign_by = self.timing().start(event.at).sign_by,
            Action::Sign if is_lead => {
                self.signed_at = Some(event.at);
                self.responded_at = self.responded_at.or(self.signed_at);
            }
            Action::FeedBack if is_lead => self.fed_back_at = Some(event.at),
            Action::Rework => self.fed_back_at = None,
            Action::RequestExtension => self.asked_until = of(event, "until"),
            Action::RuleExtension if is_accepted => self.resolve_by = self.asked_until,
            Action::Defer => self.put_off_since = Some(event.at),
            Action::Resume => {
                let since = self.put_off_since.take().unwrap();
                let before = crate::domain::incident::Deadlines {
                    resolve_by: self.resolve_by,
                    ..Default::default()
                };
                self.resolve_by = self.timing().resume(before, since, event.at).resolve_by;
            }
            Action::RuleReturn if is_accepted => {
                self.returns += 1;
                self.go_back();
            }
            Action::Recall => self.go_back(),
            Action::Escalate => {
                self.holder = of(event, "holder");
                self.go_back();
            }
            Action::Reopen => {
                (self.outcome, self.closed_at, self.judgement) = (None, None, None);
                self.go_back();
            }
            Action::SelfHandle => self.close(Outcome::SelfHandled, event.at),
            Action::Pass => self.close(Outcome::Resolved, event.at),
            Action::MarkDuplicate => self.close(Outcome::Duplicate, event.at),
            Action::Reject => self.close(Outcome::Rejected, event.at),
            Action::Evaluate => {
                let satisfied = of(event, "satisfied").unwrap();
                let responded = of(event, "responded").unwrap();
                self.judgement = Some((responded, of(event, "resolved").unwrap(), satisfied));
            }
            _ => {}
        }
    }

    fn close(&mut self, outcome: Outcome, at: Timestamp) {
        (self.outcome, self.closed_at) = (Some(outcome), Some(at));
    }

    fn go_back(&mut self) {
        (self.sign_by, self.resolve_by) = (None, None);
        (self.signed_at, self.fed_back_at) = (None, None);
        self.put_off_since = None;
    }

    fn counts(&self, figure: Figure) -> bool {
        let is_open = !matches!(self.status, Status::Closed | Status::Evaluated);
        let settled = [Some(Outcome::Resolved), Some(Outcome::SelfHandled)];
        let is_settled = settled.contains(&self.outcome);
        let hours = (now() - self.reported_at).as_seconds_f64() / 3_600.0;
        let happened = |action| self.taken.contains_key(&action);
        let resolve_by = self.resolve_by.filter(|_| self.put_off_since.is_none());
        let end = self.closed_at.unwrap_or(now());
        let late = |done: Option<Timestamp>, by: Option<Timestamp>| {
            by.is_some_and(|by| done.unwrap_or(end) > by)
        };
        let in_time = |done: Option<Timestamp>, by: Option<Timestamp>| {
            done.is_some() && by.is_some() && !late(done, by)
        };
        match figure {
            Figure::Reported => true,
            Figure::Open => is_open,
            Figure::Closed => !is_open,
            Figure::Resolved => is_settled,
            Figure::SelfHandled => self.outcome == Some(Outcome::SelfHandled),
            Figure::Duplicate => self.outcome == Some(Outcome::Duplicate),
            Figure::Rejected => self.outcome == Some(Outcome::Rejected),
            Figure::Local => is_settled && !happened(Action::Escalate),
            Figure::Responded => self.responded_at.is_some(),
            Figure::SignedOnTime => in_time(self.signed_at, self.sign_by),
            Figure::SignedLate => late(self.signed_at, self.sign_by),
            Figure::FedBackOnTime => in_time(self.fed_back_at, resolve_by),
            Figure::FedBackLate => late(self.fed_back_at, resolve_by),
            Figure::Late => {
                late(self.signed_at, self.sign_by) || late(self.fed_back_at, resolve_by)
            }
            Figure::Returned => self.returns > 0,
            Figure::Reworked => happened(Action::Rework),
            Figure::Reassigned => happened(Action::Reassign),
            Figure::Escalated => happened(Action::Escalate),
            Figure::Supervised => happened(Action::Supervise),
            Figure::Warned => happened(Action::Warn),
            Figure::Reopened => happened(Action::Reopen),
            Figure::OpenUnderHour => is_open && hours < 1.0,
            Figure::OpenUnderDay => is_open && (1.0..24.0).contains(&hours),
            Figure::OpenUnderThreeDays => is_open && (24.0..72.0).contains(&hours),
            Figure::OpenUnderSevenDays => is_open && (72.0..168.0).contains(&hours),
            Figure::OpenOverSevenDays => is_open && hours >= 168.0,
            Figure::Evaluated => self.judgement.is_some(),
            Figure::JudgedResponded => self.judgement.is_some_and(|it| it.0),
            Figure::JudgedResolved => self.judgement.is_some_and(|it| it.1),
            Figure::JudgedSatisfied => self.judgement.is_some_and(|it| it.2 >= 4),
        }
    }

    fn times(&self, figure: Figure) -> u32 {
        let taken = |action| self.taken.get(&action).copied().unwrap_or(0);
        match figure {
            Figure::Returned => self.returns,
            Figure::Reworked => taken(Action::Rework),
            Figure::Reassigned => taken(Action::Reassign),
            Figure::Escalated => taken(Action::Escalate),
            Figure::Supervised => taken(Action::Supervise),
            Figure::Warned => taken(Action::Warn),
            Figure::Reopened => taken(Action::Reopen),
            _ => 0,
        }
    }
}

#[test]
fn every_figure_of_a_month_is_found_again_in_the_events() {
    let sample = sample();
    let (catalogue, rules) = (catalogue(), rules());
    let centres = sample.people.organisations.iter();
    let levels: HashMap<OrganisationId, Level> = centres
        .filter(|it| it.kind == OrganisationKind::Centre)
        .map(|it| (it.id, it.level))
        .collect();
    let mut tried: HashMap<Figure, usize> = HashMap::new();
    for (incident, events) in &sample.past {
        // What it was reported as is no event; what it was made of it when filed is.
        let mut reader = Reader {
            catalogue: &catalogue,
            rules: &rules,
            levels: &levels,
            reported_at: events[0].at,
            status: Status::Reported,
            outcome: None,
            closed_at: None,
            service: incident.service.clone(),
            priority: incident.priority,
            holder: None,
            responded_at: None,
            signed_at: None,
            sign_by: None,
            fed_back_at: None,
            resolve_by: None,
            asked_until: None,
            put_off_since: None,
            taken: HashMap::new(),
            returns: 0,
            judgement: None,
        };
        for event in events {
            reader.read(event);
        }
        for &figure in Figure::ALL {
            let counted = figure.counts(incident, now());
            let what = format!("{figure} of {}: {events:#?}", incident.number);
            assert_eq!(counted, reader.counts(figure), "{what}");
            assert_eq!(figure.times(incident), reader.times(figure), "{what}");
            *tried.entry(figure).or_default() += usize::from(counted);
        }
        assert_eq!(Facts::of(incident).responded_at, reader.responded_at);
        assert_eq!(incident.closed_at, reader.closed_at);
    }
    for figure in [
        Figure::Local,
        Figure::SignedLate,
        Figure::FedBackLate,
        Figure::FedBackOnTime,
        Figure::Returned,
        Figure::Reworked,
        Figure::Escalated,
        Figure::Reopened,
        Figure::JudgedSatisfied,
    ] {
        assert!(
            tried.contains_key(&figure) && tried[&figure] > 0,
            "{figure} is tried on nothing"
        );
    }
}
