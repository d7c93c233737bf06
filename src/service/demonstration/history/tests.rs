use std::collections::{HashMap, HashSet};

use super::*;
use crate::domain::incident::DeadlineState;
use crate::domain::workflow::{Action, TRANSITIONS};
use crate::domain::{Assignee, Level, Match, Outcome, Role, Source, Status};
use crate::service::demonstration::people::{FICTIONAL_PREFIX, people};
use crate::service::demonstration::testing::{catalogue, material, now, rules, territory};

pub(super) type Past = Vec<(Incident, Vec<IncidentEvent>)>;

const FIRST: i64 = 41;

pub(super) struct Sample {
    areas: Vec<Area>,
    pub(super) people: People,
    catalogue: Catalogue,
    pub(super) past: Past,
}

fn tell(options: &Options, seed: u64) -> Sample {
    let (areas, material, catalogue) = (territory(4, 10, 6), material(), catalogue());
    let rules = rules();
    let people = people(&areas, &material, seed, now());
    let from = Sources {
        areas: &areas,
        people: &people,
        catalogue: &catalogue,
        rules: &rules,
        material: &material,
    };
    let past = history(&from, options, seed, now(), FIRST).unwrap();
    Sample {
        areas,
        people,
        catalogue,
        past,
    }
}

pub(super) fn sample() -> Sample {
    tell(&Options::default(), 7)
}

fn few() -> Options {
    Options {
        incidents: 60,
        ..Options::default()
    }
}

#[test]
fn the_same_seed_and_time_make_the_same_past() {
    assert_eq!(tell(&few(), 7).past, tell(&few(), 7).past);
    assert_ne!(tell(&few(), 7).past, tell(&few(), 8).past);
}

#[test]
fn histories_have_no_hole_and_end_where_the_incident_stands() {
    let rows = |action: Action| TRANSITIONS.iter().filter(move |row| row.action == action);
    for (incident, events) in sample().past {
        assert_eq!(i64::try_from(events.len()), Ok(incident.version));
        for (version, event) in (1..).zip(&events) {
            assert_eq!(event.version, version);
            assert_eq!(event.incident, incident.id);
            assert!(event.at <= now());
        }
        for pair in events.windows(2) {
            assert!(pair[0].at < pair[1].at);
            assert_eq!(pair[1].from, Some(pair[0].to));
            let fits = rows(pair[1].action)
                .any(|row| row.from.contains(&pair[0].to) && row.to.contains(&pair[1].to));
            assert!(fits, "{:?}", pair[1]);
        }
        let last = events.last().unwrap();
        assert_eq!((last.to, last.at), (incident.status, incident.updated_at));
        assert_eq!(events[0].at, incident.reported_at);
        let count = |action| events.iter().filter(|it| it.action == action).count();
        let told = [Action::Rework, Action::Escalate, Action::Reopen].map(count);
        let counts = incident.counts;
        let counted = [counts.reworks, counts.escalations, counts.reopens];
        assert_eq!(counted.map(|it| it as usize), told);
    }
}

#[test]
fn every_action_of_the_workflow_has_been_taken() {
    let taken: HashSet<Action> = sample()
        .past
        .iter()
        .flat_map(|(_, events)| events.iter().map(|event| event.action))
        .collect();
    // The demonstration has one edition, so nothing is matched anew; and its month went by
    // without rules that act by themselves.
    let absent = [Action::Rematch, Action::Warn, Action::PassUp];
    for action in Action::ALL.iter().filter(|action| !absent.contains(action)) {
        assert!(taken.contains(action), "{action}");
    }
}

#[test]
fn numbers_follow_the_order_of_report() {
    let past = sample().past;
    assert_eq!(past.len(), Options::default().incidents);
    for (sequence, (incident, _)) in (FIRST..).zip(&past) {
        let number = IncidentNumber::new(incident.reported_at, sequence);
        assert_eq!(incident.number, number);
    }
    assert!(past.is_sorted_by_key(|(incident, _)| incident.reported_at));
    let window = now() - TimeDelta::days(31);
    let early = past
        .iter()
        .filter(|(it, _)| it.reported_at < window)
        .count();
    assert!(early < past.len() / 100, "{early}");
    let ids: HashSet<IncidentId> = past.iter().map(|(it, _)| it.id).collect();
    assert_eq!(ids.len(), past.len());
}

#[test]
fn open_incidents_stand_at_every_step_and_some_are_late() {
    let past = sample().past;
    let open: Vec<&Incident> = past
        .iter()
        .map(|(incident, _)| incident)
        .filter(|incident| incident.status.is_open())
        .collect();
    assert_eq!(open.len(), 90);
    for status in Status::ALL.iter().filter(|status| status.is_open()) {
        assert!(open.iter().any(|it| it.status == *status), "{status}");
    }
    for state in DeadlineState::ALL {
        let found = open.iter().any(|it| it.deadline_state(now()) == *state);
        assert!(found, "{state}");
    }
    let few = tell(&few(), 7).past;
    assert_eq!(few.iter().filter(|(it, _)| it.status.is_open()).count(), 2);
}

#[test]
fn incidents_end_in_every_way_and_mostly_well() {
    let past = sample().past;
    let ended = |outcome| {
        past.iter()
            .filter(|(incident, _)| incident.outcome == Some(outcome))
            .count()
    };
    let bounds = [
        (Outcome::Resolved, 2_000..2_700),
        (Outcome::SelfHandled, 200..700),
        (Outcome::Duplicate, 60..200),
        (Outcome::Rejected, 60..200),
    ];
    for (outcome, bounds) in bounds {
        let count = ended(outcome);
        assert!(bounds.contains(&count), "{outcome}: {count}");
    }
    let evaluated = past.iter().filter(|(it, _)| it.status == Status::Evaluated);
    assert!(evaluated.count() > 700);
}

#[test]
fn a_duplicate_repeats_an_earlier_incident_nearby() {
    let past = sample().past;
    let by_id: HashMap<IncidentId, &Incident> = past.iter().map(|(it, _)| (it.id, it)).collect();
    for (incident, _) in &past {
        let Some(original) = incident.duplicate_of else {
            continue;
        };
        let original = by_id[&original];
        assert!(original.reported_at < incident.reported_at);
        assert_eq!(original.service, incident.service);
        assert!(original.position.distance_m(incident.position) < 100.0);
    }
}

#[test]
fn places_lie_inside_the_last_area_of_their_chain() {
    let sample = sample();
    let by_code: HashMap<_, &Area> = sample.areas.iter().map(|it| (&it.code, it)).collect();
    let mut levels = HashSet::new();
    for (incident, _) in &sample.past {
        assert_eq!(incident.matched, Match::Grid);
        assert_eq!(incident.chain[0].level, Level::Province);
        assert!(incident.chain.is_sorted_by_key(|link| link.level));
        for link in &incident.chain {
            let shape = by_code[&link.code].shape.as_ref().unwrap();
            assert!(shape.covers(incident.position), "{link:?}");
        }
        levels.insert(incident.chain.last().unwrap().level);
        let holder = sample.people.organisations.iter();
        let holder = holder.clone().find(|it| Some(it.id) == incident.holder);
        let escalated = incident.counts.escalations > 0;
        assert!(holder.is_some_and(|it| it.level == Level::Township || escalated));
    }
    assert_eq!(levels, HashSet::from([Level::Grid, Level::Microgrid]));
}

#[test]
fn forms_are_valid_and_assignees_exist() {
    let sample = sample();
    let workers: HashSet<_> = sample.people.workers.iter().map(|it| it.id).collect();
    let offices: HashSet<_> = sample.people.organisations.iter().map(|it| it.id).collect();
    for (incident, _) in &sample.past {
        let service = sample.catalogue.find(&incident.service).unwrap();
        service.check_form(&incident.form).unwrap();
        for task in &incident.tasks {
            assert!(match task.assignee {
                Assignee::Worker(id) => workers.contains(&id),
                Assignee::Organisation(id) => offices.contains(&id),
            });
        }
    }
}

#[test]
fn reports_come_through_every_door_and_the_public_has_fictional_phones() {
    let past = sample().past;
    for source in Source::ALL {
        assert!(past.iter().any(|(it, _)| it.source == *source), "{source}");
    }
    for (incident, events) in &past {
        let by_phone_or_web = matches!(incident.source, Source::Resident | Source::Hotline);
        if let Some(reporter) = &incident.reporter {
            assert!(by_phone_or_web);
            assert!(reporter.name.is_some());
            let phone = reporter.phone.as_ref().unwrap().reveal();
            assert!(phone.len() == 11 && phone.starts_with(FICTIONAL_PREFIX));
        }
        if incident.source == Source::Resident {
            assert_eq!(events[0].role, Role::Resident);
        }
    }
    let keys: HashSet<&str> = past
        .iter()
        .map(|(it, _)| it.tracking_key.as_str())
        .collect();
    assert_eq!(keys.len(), past.len());
}

#[test]
fn nothing_is_said_about_sensitive_matters() {
    let sample = sample();
    let mut seen = 0;
    for (incident, _) in &sample.past {
        let service = sample.catalogue.find(&incident.service).unwrap();
        if habits::is_sensitive(service) {
            seen += 1;
            assert_eq!(incident.description, texts::BLAND);
            assert_eq!(incident.address, None);
            assert_eq!(incident.reporter, None);
        }
    }
    assert!(seen > 0);
}

#[test]
fn there_is_more_by_day_and_at_hot_spots() {
    use chrono::Timelike;
    let past = sample().past;
    let hour = |it: &Incident| (it.reported_at + TimeDelta::hours(8)).hour();
    let between = |low, high| {
        past.iter()
            .filter(|(it, _)| (low..high).contains(&hour(it)))
            .count()
    };
    assert!(between(8, 10) > 8 * between(2, 4));
    assert!(between(14, 17) > 2 * between(19, 22));
    let mut by_community: HashMap<&str, usize> = HashMap::new();
    for (incident, _) in &past {
        let grid = incident.chain.iter().find(|it| it.level == Level::Grid);
        *by_community
            .entry(&grid.unwrap().code.as_str()[..12])
            .or_default() += 1;
    }
    let most = by_community.values().max().unwrap();
    assert!(most * by_community.len() > 5 * past.len());
}

#[test]
fn there_is_no_past_without_grids() {
    let (catalogue, material, rules) = (catalogue(), material(), rules());
    let people = People::default();
    let from = Sources {
        areas: &[],
        people: &people,
        catalogue: &catalogue,
        rules: &rules,
        material: &material,
    };
    let past = history(&from, &Options::default(), 7, now(), FIRST).unwrap();
    assert!(past.is_empty());
}
