//! Figures: the store counts what the rules of the domain say.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use uuid::Uuid;
use wangge::domain::figures::{CountedBy, Figure, Spread, Tally};
use wangge::domain::incident::{Counts, Deadlines, Deferral, Evaluation, NewIncident};
use wangge::domain::{
    Assignee, Incident, IncidentEvent, IncidentId, Level, Outcome, Priority, ServiceCode, Source,
    Status, Task, TaskId, TaskRole, TaskStatus, Timestamp, WorkerId,
};
use wangge::store::{Grouping, IncidentQuery, People, Store};

use crate::sample::{chain, new_incident, organisation, resident, step, task, time};

const INCIDENTS: u128 = 240;
/// Ten days after the first report.
const AS_OF_S: i64 = 864_000;

/// Numbers that follow from each other and look like none.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn of<T: Copy>(&mut self, some: &[T]) -> T {
        some[usize::try_from(self.roll(some.len() as u64)).unwrap()]
    }

    fn small(&mut self) -> u32 {
        u32::try_from(self.roll(4).saturating_sub(1)).unwrap()
    }

    fn time_after(&mut self, start: Timestamp) -> Timestamp {
        let within = self.of(&[1, 3_600, 86_400, 864_000]);
        start + TimeDelta::milliseconds(i64::try_from(self.roll(within * 1_000)).unwrap())
    }

    fn maybe(&mut self, start: Timestamp) -> Option<Timestamp> {
        (self.roll(3) > 0).then(|| self.time_after(start))
    }
}

/// An incident in some state, that need not make sense.
fn some_incident(n: u128, dice: &mut Dice) -> Incident {
    // Many of them lately, so that there are some of every age.
    let within = dice.of(&[3_600, 86_400, 259_200, 604_800, AS_OF_S.unsigned_abs()]);
    let reported_at = time(AS_OF_S - 1 - i64::try_from(dice.roll(within)).unwrap());
    let mut incident = NewIncident {
        service: ServiceCode(dice.of(&["noise", "road", "fire"]).into()),
        priority: dice.of(Priority::ALL),
        source: dice.of(Source::ALL),
        chain: chain()[..dice.of(&[0, 4, 6, 7])].to_vec(),
        holder: new_incident(n).holder.filter(|_| dice.roll(5) > 0),
        reported_at,
        ..new_incident(n)
    }
    .numbered(wangge::domain::IncidentNumber::new(
        reported_at,
        i64::try_from(n).unwrap() + 1,
    ));
    incident.status = dice.of(Status::ALL);
    incident.updated_at = dice.time_after(reported_at);
    if !incident.status.is_open() {
        incident.outcome = Some(dice.of(Outcome::ALL));
        incident.closed_at = Some(dice.time_after(reported_at));
    }
    for place in 0..u128::from(dice.small()) {
        incident.tasks.push(Task {
            id: TaskId(Uuid::from_u128(n * 10 + place)),
            role: dice.of(TaskRole::ALL),
            assignee: Assignee::Worker(WorkerId(Uuid::from_u128(u128::from(dice.roll(3))))),
            status: dice.of(TaskStatus::ALL),
            signed_at: dice.maybe(reported_at),
            fed_back_at: dice.maybe(reported_at),
            ..task(1)
        });
    }
    incident.deadlines = Deadlines {
        started_at: None,
        sign_by: dice.maybe(reported_at),
        resolve_by: dice.maybe(reported_at),
        ..Deadlines::default()
    };
    incident.deferral = (dice.roll(4) == 0).then(|| Deferral {
        since: reported_at,
        until: reported_at,
        reason: String::new(),
    });
    incident.counts = Counts {
        returns: dice.small(),
        reworks: dice.small(),
        escalations: dice.small(),
        reopens: dice.small(),
        reassignments: dice.small(),
        supervisions: dice.small(),
        warnings: dice.small(),
    };
    incident.evaluation = (incident.status == Status::Evaluated).then(|| Evaluation {
        responded: dice.roll(2) == 0,
        resolved: dice.roll(2) == 0,
        satisfied: dice.of(&[1, 2, 3, 4, 5]),
        comment: None,
    });
    incident
}

/// Many incidents; half were imported as they are, half filed and brought there by a step.
async fn fill(store: &dyn Store) -> Vec<Incident> {
    let people = People {
        organisations: vec![organisation(100)],
        ..People::default()
    };
    store.save_people(&people, time(0)).await.unwrap();
    let mut dice = Dice(7);
    let mut known: Vec<Incident> = vec![];
    let mut past = vec![];
    let first = store.reserve_numbers(1_000).await.unwrap();
    assert_eq!(first, 1);
    for n in 0..INCIDENTS {
        let incident = some_incident(n, &mut dice);
        let new = NewIncident {
            service: incident.service.clone(),
            priority: incident.priority,
            source: incident.source,
            chain: incident.chain.clone(),
            holder: incident.holder,
            reported_at: incident.reported_at,
            ..new_incident(n)
        };
        let event = IncidentEvent::report(&new, &resident());
        if n % 2 == 0 {
            past.push((incident.clone(), vec![event]));
            known.push(incident);
        } else {
            let filed = store.file_incident(new, &event, None).await.unwrap();
            let number = filed.incident.number.clone();
            let next = step(&filed.incident, |after| {
                *after = Incident {
                    version: after.version,
                    number,
                    ..incident
                };
            });
            store.record_step(&next).await.unwrap();
            known.push(next.incident);
        }
    }
    store.import_history(&past).await.unwrap();
    known.sort_by_key(|one| std::cmp::Reverse((one.reported_at, one.id)));
    known
}

fn all() -> IncidentQuery {
    IncidentQuery {
        as_of: time(AS_OF_S),
        limit: 1_000,
        ..IncidentQuery::default()
    }
}

fn ids<'a>(incidents: impl IntoIterator<Item = &'a Incident>) -> Vec<IncidentId> {
    incidents.into_iter().map(|one| one.id).collect()
}

/// The figures of some incidents, one after the other.
fn tally(incidents: &[&Incident], as_of: Timestamp) -> Tally {
    let mut tally = Tally::none();
    let (mut responses, mut resolutions) = (vec![], vec![]);
    for one in incidents {
        for &figure in Figure::ALL {
            *tally.cases.get_mut(&figure).unwrap() += u64::from(figure.counts(one, as_of));
        }
        for figure in Figure::REPEATED {
            *tally.times.get_mut(&figure).unwrap() += u64::from(figure.times(one));
        }
        let evaluation = one.evaluation.as_ref();
        tally.satisfaction += evaluation.map_or(0, |it| u64::from(it.satisfied));
        let leads = one.tasks.iter().filter(|task| task.role == TaskRole::Lead);
        let signed = leads.filter_map(|task| task.signed_at).min();
        responses.extend(signed.map(|at| (at - one.reported_at).num_milliseconds()));
        if Figure::Resolved.counts(one, as_of) {
            let closed = one.closed_at;
            resolutions.extend(closed.map(|at| (at - one.reported_at).num_milliseconds()));
        }
    }
    tally.response = spread(responses);
    tally.resolution = spread(resolutions);
    tally
}

/// The first times that at least half, and nine tenths, do not exceed.
fn spread(mut times: Vec<i64>) -> Spread {
    times.sort_unstable();
    let reached = |tenths: usize| {
        let enough = |&time: &i64| {
            let within = times.iter().filter(|&&other| other <= time).count();
            within * 10 >= times.len() * tenths
        };
        times.iter().copied().find(enough)
    };
    Spread {
        median_ms: reached(5),
        p90_ms: reached(9),
    }
}

pub async fn figures_count_what_their_rules_say(store: &dyn Store) {
    let known = fill(store).await;
    let as_of = time(AS_OF_S);
    for &figure in Figure::ALL {
        let (counted, others): (Vec<&Incident>, Vec<&Incident>) =
            known.iter().partition(|one| figure.counts(one, as_of));
        assert!(!counted.is_empty(), "{figure} is tried on nothing");
        let with = IncidentQuery {
            figures: vec![figure],
            ..all()
        };
        let found = store.search_incidents(&with).await.unwrap();
        assert_eq!(ids(&found), ids(counted), "{figure}");
        let without = IncidentQuery {
            not_figures: vec![figure],
            ..all()
        };
        let found = store.search_incidents(&without).await.unwrap();
        assert_eq!(ids(&found), ids(others), "not {figure}");
    }
    let both = IncidentQuery {
        figures: vec![Figure::Returned, Figure::Closed],
        ..all()
    };
    let counted =
        |one: &&Incident| Figure::Returned.counts(one, as_of) && Figure::Closed.counts(one, as_of);
    let found = store.search_incidents(&both).await.unwrap();
    assert_eq!(ids(&found), ids(known.iter().filter(counted)));
}

pub async fn figures_of_a_query_are_of_what_it_lists(store: &dyn Store) {
    let known = fill(store).await;
    let as_of = time(AS_OF_S);
    let edges: Vec<Timestamp> = (0..=10).map(|day| time(day * 86_400)).collect();
    let bucket = |at: Timestamp| {
        let place = edges
            .windows(2)
            .position(|pair| pair[0] <= at && at < pair[1]);
        place.map(|place| place.to_string())
    };
    let code_at = |one: &Incident, level: Level| {
        let link = one.chain.iter().find(|link| link.level == level);
        link.map(|link| link.code.to_string())
    };
    type Key<'a> = Box<dyn Fn(&Incident) -> Option<String> + 'a>;
    let groupings: Vec<(Grouping, Key<'_>)> = vec![
        (
            Grouping::Status,
            Box::new(|one| Some(one.status.to_string())),
        ),
        (
            Grouping::Service,
            Box::new(|one| Some(one.service.0.clone())),
        ),
        (
            Grouping::Source,
            Box::new(|one| Some(one.source.to_string())),
        ),
        (
            Grouping::Priority,
            Box::new(|one| Some(one.priority.to_string())),
        ),
        (
            Grouping::Area(Level::Township),
            Box::new(|one| code_at(one, Level::Township)),
        ),
        (
            Grouping::Area(Level::Grid),
            Box::new(|one| code_at(one, Level::Grid)),
        ),
        (
            Grouping::HeldFirst,
            Box::new(|one| one.holder.map(|_| "township".to_owned())),
        ),
        (
            Grouping::Time(CountedBy::Reported, edges.clone()),
            Box::new(|one| bucket(one.reported_at)),
        ),
        (
            Grouping::Time(CountedBy::Closed, edges.clone()),
            Box::new(|one| one.closed_at.and_then(bucket)),
        ),
    ];
    let first_and_last = (
        Some(time(0)),
        Some(time(AS_OF_S) - TimeDelta::milliseconds(1)),
    );
    let queries = [
        all(),
        IncidentQuery {
            services: vec![ServiceCode("road".into())],
            within: Some(chain()[3].clone()),
            since: Some(time(100_000)),
            until: Some(time(700_000)),
            ..all()
        },
        IncidentQuery {
            text: Some("咚咚".into()),
            priorities: vec![Priority::High, Priority::Low],
            ..all()
        },
    ];
    for query in queries {
        let listed = store.search_incidents(&query).await.unwrap();
        assert!(listed.len() > 5);
        let whole: Vec<&Incident> = listed.iter().collect();
        let counted = store.count_incidents(&query, None).await.unwrap();
        assert_eq!(counted, [(None, tally(&whole, as_of))], "{query:?}");
    }
    for (grouping, key) in groupings {
        let mut query = all();
        if matches!(grouping, Grouping::Time(CountedBy::Closed, _)) {
            (query.closed_since, query.closed_until) = first_and_last;
        } else {
            (query.since, query.until) = first_and_last;
        }
        let listed = store.search_incidents(&query).await.unwrap();
        let mut expected: BTreeMap<Option<String>, Vec<&Incident>> = BTreeMap::new();
        for one in &listed {
            expected.entry(key(one)).or_default().push(one);
        }
        assert!(expected.len() > 1, "{grouping:?} tells nothing apart");
        let expected: BTreeMap<Option<String>, Tally> = expected
            .into_iter()
            .map(|(key, group)| (key, tally(&group, as_of)))
            .collect();
        let counted = store
            .count_incidents(&query, Some(&grouping))
            .await
            .unwrap();
        let count = counted.len();
        let counted: BTreeMap<Option<String>, Tally> = counted.into_iter().collect();
        assert_eq!(counted.len(), count, "{grouping:?}: a group comes twice");
        assert_eq!(counted, expected, "{grouping:?}");
    }
    assert_eq!(known.len(), usize::try_from(INCIDENTS).unwrap());
}

pub async fn times_are_those_of_the_cases(store: &dyn Store) {
    let known = fill(store).await;
    let counted = store.count_incidents(&all(), None).await.unwrap();
    let tally = &counted[0].1;
    for figure in Figure::REPEATED {
        let cases = known.iter().filter(|one| figure.times(one) > 0);
        assert_eq!(tally.of(figure), cases.count() as u64, "{figure}");
        assert!(tally.times[&figure] > tally.of(figure), "{figure}");
    }
}

pub async fn nothing_is_counted_where_nothing_is(store: &dyn Store) {
    let by_status = Some(&Grouping::Status);
    assert_eq!(store.count_incidents(&all(), by_status).await.unwrap(), []);
    let whole = store.count_incidents(&all(), None).await.unwrap();
    let whole = whole.into_iter().next();
    assert_eq!(
        whole.map_or_else(Tally::none, |(_, tally)| tally),
        Tally::none()
    );
}
