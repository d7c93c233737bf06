//! Tests of the invented people and their positions.

use std::collections::{HashMap, HashSet};

use super::people::FICTIONAL_PREFIX;
use super::testing::{material, now, territory};
use super::{people, positions};
use crate::domain::{
    Area, AreaCode, Level, OrganisationKind, Slot, Timestamp, WorkerId, WorkerRole,
};
use crate::store::People;

fn sample() -> (Vec<Area>, People) {
    let areas = territory(4, 30, 6);
    let people = people(&areas, &material(), 7, now());
    (areas, people)
}

#[test]
fn the_same_seed_and_time_make_the_same_people() {
    let mut areas = territory(2, 4, 5);
    let make = |areas: &[Area], seed| {
        let people = people(areas, &material(), seed, now());
        let fixes = positions(&people, areas, seed, now());
        (people, fixes)
    };
    let (first, second) = (make(&areas, 7), make(&areas, 7));
    assert_eq!(first.0.organisations, second.0.organisations);
    assert_eq!(first.0.workers, second.0.workers);
    assert_eq!(first.0.posts, second.0.posts);
    assert_eq!(first.1, second.1);
    assert_ne!(first.0.workers, make(&areas, 8).0.workers);
    areas.reverse();
    assert_eq!(first.1, make(&areas, 7).1, "the order of areas is no input");
}

#[test]
fn every_level_has_its_organisations_with_or_without_known_ground() {
    use OrganisationKind::{Centre, Department, Mediation, Social};
    let (areas, people) = sample();
    let organised = |level: Level, kind: OrganisationKind, area: &str| {
        let area: AreaCode = area.parse().unwrap();
        people
            .organisations
            .iter()
            .filter(|it| it.level == level && it.kind == kind && it.area == area)
            .count()
    };
    assert_eq!(organised(Level::City, Centre, "3208"), 1);
    for county in ["320812", "320871"] {
        assert_eq!(organised(Level::County, Centre, county), 1);
        assert_eq!(organised(Level::County, Department, county), 15);
        assert_eq!(organised(Level::County, Mediation, county), 1);
        assert_eq!(organised(Level::County, Social, county), 3);
    }
    for township in ["320812001", "320812999", "320871001"] {
        assert_eq!(organised(Level::Township, Centre, township), 1);
        assert_eq!(organised(Level::Township, Department, township), 1);
        assert_eq!(organised(Level::Township, Mediation, township), 2);
    }
    let (town, village) = ("320812001001", "320812002001");
    assert_eq!(organised(Level::Community, Social, town), 3);
    assert_eq!(organised(Level::Community, Social, village), 1);
    let names: HashSet<&str> = people
        .organisations
        .iter()
        .map(|it| it.name.as_str())
        .collect();
    for name in [
        "淮安市社会治理现代化指挥中心",
        "清江浦区城市管理局",
        "第0街道社会治安综合治理中心",
        "第0社区人民调解委员会",
        "第0村人民调解委员会",
    ] {
        assert!(names.contains(name), "{name}");
    }
    let codes: HashSet<&AreaCode> = areas.iter().map(|area| &area.code).collect();
    assert!(
        people
            .organisations
            .iter()
            .all(|it| codes.contains(&it.area))
    );
}

#[test]
fn nobody_works_where_there_are_no_grids() {
    let (_, people) = sample();
    let empty: HashSet<_> = people
        .organisations
        .iter()
        .filter(|it| ["320871", "320871001", "320812999"].contains(&it.area.as_str()))
        .map(|it| it.id)
        .collect();
    assert!(!empty.is_empty());
    for worker in &people.workers {
        assert!(worker.organisation.is_some_and(|id| !empty.contains(&id)));
    }
}

#[test]
fn posts_lie_in_grids_and_microgrids_and_are_held() {
    let (areas, people) = sample();
    let levels: HashMap<&AreaCode, Level> =
        areas.iter().map(|area| (&area.code, area.level)).collect();
    let workers: HashMap<WorkerId, WorkerRole> =
        people.workers.iter().map(|it| (it.id, it.role)).collect();
    for post in &people.posts {
        let level = levels[&post.area];
        assert!(post.is_held(now()));
        let fits = match workers[&post.worker] {
            WorkerRole::FullTime | WorkerRole::PartTime => {
                (level, post.slot) == (Level::Grid, Slot::GridWorker)
            }
            WorkerRole::Micro => (level, post.slot) == (Level::Microgrid, Slot::GridWorker),
            WorkerRole::Cadre => (level, post.slot) == (Level::Grid, Slot::Cadre),
            WorkerRole::Volunteer => (level, post.slot) == (Level::Grid, Slot::Volunteer),
            WorkerRole::Officer | WorkerRole::Mediator => false,
        };
        assert!(fits, "{post:?}");
    }
    for role in WorkerRole::ALL {
        assert!(workers.values().any(|it| it == role), "{role}");
    }
}

#[test]
fn a_few_slots_are_empty_and_fewer_are_doubled() {
    let (areas, people) = sample();
    let mut filled: HashMap<(&AreaCode, Slot), usize> = HashMap::new();
    for post in &people.posts {
        *filled.entry((&post.area, post.slot)).or_default() += 1;
    }
    let grids: Vec<&AreaCode> = areas
        .iter()
        .filter(|area| area.level == Level::Grid)
        .map(|area| &area.code)
        .collect();
    #[expect(clippy::cast_precision_loss, reason = "small whole numbers")]
    let share = |count: usize, of: usize| count as f64 / of as f64;
    let mut vacant = 0;
    for &slot in Slot::ALL {
        let empty = grids
            .iter()
            .filter(|&&grid| !filled.contains_key(&(grid, slot)));
        let empty = empty.count();
        assert!((0.01..=0.07).contains(&share(empty, grids.len())), "{slot}");
        vacant += empty;
    }
    let slots = grids.len() * Slot::ALL.len();
    assert!((0.02..=0.06).contains(&share(vacant, slots)));
    let doubled = filled.values().filter(|&&count| count > 1).count();
    assert!((0.002..=0.025).contains(&share(doubled, slots)));
}

#[test]
fn nobody_holds_more_than_two_grids_as_their_worker_and_some_villagers_hold_two() {
    let (_, people) = sample();
    let mut held: HashMap<WorkerId, Vec<&AreaCode>> = HashMap::new();
    for post in people.posts.iter().filter(|it| it.slot == Slot::GridWorker) {
        held.entry(post.worker).or_default().push(&post.area);
    }
    assert!(held.values().all(|areas| areas.len() <= 2));
    let two: Vec<_> = held.values().filter(|areas| areas.len() == 2).collect();
    assert!(!two.is_empty());
    for areas in two {
        // Townships with even numbers are of villages; neighbours have neighbouring codes.
        let (a, b) = (areas[0].as_str(), areas[1].as_str());
        assert!(["320812002", "320812004"].contains(&&a[..9]), "{a}");
        assert_eq!(a[..12], b[..12]);
        assert_eq!(
            b[12..].parse::<u32>().unwrap(),
            a[12..].parse::<u32>().unwrap() + 1
        );
    }
}

#[test]
fn phones_are_well_formed_and_fictional_and_no_two_alike() {
    let (_, people) = sample();
    let mut seen = HashSet::new();
    for worker in &people.workers {
        let phone = worker.phone.as_ref().unwrap().reveal();
        assert_eq!(phone.len(), 11);
        assert!(phone.bytes().all(|byte| byte.is_ascii_digit()));
        assert!(phone.starts_with(FICTIONAL_PREFIX));
        assert!(seen.insert(phone), "{worker:?}");
    }
}

#[test]
fn skills_are_known_ones_and_officers_have_those_of_their_department() {
    let (_, people) = sample();
    let material = material();
    let known: HashSet<&str> = material.skills.iter().map(|it| it.code.as_str()).collect();
    let departments: HashMap<_, _> = people
        .organisations
        .iter()
        .filter_map(|it| Some((it.id, it.department.as_deref()?)))
        .collect();
    for worker in &people.workers {
        assert!((3..=6).contains(&worker.capacity));
        assert!(worker.skills.iter().all(|it| known.contains(it.as_str())));
        if worker.role == WorkerRole::Officer {
            let code = departments[&worker.organisation.unwrap()];
            let mut all = material.departments.iter();
            assert_eq!(
                worker.skills,
                all.find(|it| it.code == code).unwrap().skills
            );
        }
    }
}

#[test]
fn everyone_on_duty_has_a_fresh_fix_inside_their_own_area() {
    let (areas, people) = sample();
    let fixes = positions(&people, &areas, 7, now());
    let on_duty = people.workers.iter().filter(|it| it.on_duty).count();
    let by_code: HashMap<&AreaCode, &Area> = areas.iter().map(|area| (&area.code, area)).collect();
    let mut grounds: HashMap<WorkerId, Vec<&AreaCode>> = HashMap::new();
    for post in &people.posts {
        grounds.entry(post.worker).or_default().push(&post.area);
    }
    let offices: HashMap<_, _> = people
        .organisations
        .iter()
        .map(|it| (it.id, &it.area))
        .collect();
    for worker in &people.workers {
        let office = offices[&worker.organisation.unwrap()];
        grounds.entry(worker.id).or_insert_with(|| vec![office]);
    }
    for fix in &fixes {
        let inside = grounds[&fix.worker].iter().any(|&code| {
            let shape = by_code[code].shape.as_ref();
            shape.is_some_and(|shape| shape.covers(fix.position))
        });
        assert!(inside, "{fix:?}");
        assert!(is_fresh(fix.at, now()));
        assert!((5.0..=25.0).contains(&fix.accuracy_m.unwrap()));
    }
    assert_eq!(fixes.len(), on_duty, "all have ground here");
}

fn is_fresh(at: Timestamp, now: Timestamp) -> bool {
    (0..=600).contains(&(now - at).num_seconds())
}
