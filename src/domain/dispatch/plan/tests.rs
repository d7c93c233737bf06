//! Plans beside all plans that there are.

use chrono::TimeDelta;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::domain::area::AreaRef;
use crate::domain::code::AreaCode;
use crate::domain::dispatch::{KnownWay, rank};
use crate::domain::level::Level;
use crate::domain::people::{Fix, Worker, WorkerRole};
use crate::domain::position::LngLat;

fn now() -> Timestamp {
    "2026-11-22T08:00:00Z".parse().unwrap()
}

fn place() -> LngLat {
    LngLat::from_degrees(119.02, 33.6).unwrap()
}

/// A township, two communities, two grids in each.
const GRIDS: [[&str; 3]; 4] = [
    ["T", "TA", "TA1"],
    ["T", "TA", "TA2"],
    ["T", "TB", "TB1"],
    ["T", "TB", "TB2"],
];

#[derive(Debug, Clone)]
struct SampleDemand {
    id: IncidentId,
    position: LngLat,
    chain: Vec<AreaRef>,
    skills: Vec<String>,
    priority: Priority,
    reported_at: Timestamp,
    answer_by: Option<Timestamp>,
}

#[derive(Debug, Clone)]
struct SampleWorker {
    worker: Worker,
    posted: Vec<Vec<AreaCode>>,
    fix: Option<Fix>,
    load: u16,
}

impl SampleDemand {
    fn demand(&self) -> Demand<'_> {
        Demand {
            incident: self.id,
            need: Need {
                position: self.position,
                chain: &self.chain,
                role: None,
                skills: &self.skills,
            },
            priority: self.priority,
            reported_at: self.reported_at,
            answer_by: self.answer_by,
        }
    }
}

impl SampleWorker {
    fn standing(&self) -> Standing<'_> {
        Standing {
            worker: &self.worker,
            posted: &self.posted,
            fix: self.fix.as_ref(),
            load: self.load,
        }
    }
}

/// An incident of normal priority in the first grid, `away_m` to the east.
fn demand(id: u128, away_m: f64) -> SampleDemand {
    let levels = [Level::Township, Level::Community, Level::Grid];
    let link = |(code, level): (&str, Level)| AreaRef {
        code: code.parse().unwrap(),
        name: String::new(),
        level,
    };
    SampleDemand {
        id: IncidentId(Uuid::from_u128(id)),
        position: place().destination(90.0, away_m),
        chain: GRIDS[0].into_iter().zip(levels).map(link).collect(),
        skills: vec![],
        priority: Priority::Normal,
        reported_at: now() - TimeDelta::minutes(10),
        answer_by: None,
    }
}

/// An idle worker with room for one, `away_m` to the east, posted nowhere.
fn worker(id: u128, away_m: f64) -> SampleWorker {
    let id = WorkerId(Uuid::from_u128(id));
    SampleWorker {
        worker: Worker {
            id,
            name: String::new(),
            phone: None,
            role: WorkerRole::FullTime,
            organisation: None,
            skills: vec![],
            capacity: 1,
            on_duty: true,
        },
        posted: vec![],
        fix: Some(Fix {
            worker: id,
            position: place().destination(90.0, away_m),
            at: now() - TimeDelta::minutes(1),
            accuracy_m: None,
            speed_mps: None,
            heading_deg: None,
        }),
        load: 0,
    }
}

fn any_demand() -> impl Strategy<Value = SampleDemand> {
    (
        (0.0..360.0_f64, 0.0..6_000.0_f64),
        (0..4_usize, any::<bool>(), 0..4_usize),
        (0..3_i64, prop::option::of(-200..1_500_i64)),
    )
        .prop_map(
            |((bearing, away_m), (grid, skilled, priority), (age, left_s))| {
                let mut sample = demand(0, 0.0);
                sample.position = place().destination(bearing, away_m);
                for (link, code) in sample.chain.iter_mut().zip(GRIDS[grid]) {
                    link.code = code.parse().unwrap();
                }
                if skilled {
                    sample.skills = vec!["fire".to_owned()];
                }
                sample.priority = Priority::ALL[priority];
                sample.reported_at = now() - TimeDelta::minutes(age);
                sample.answer_by = left_s.map(|left_s| now() + TimeDelta::seconds(left_s));
                sample
            },
        )
}

fn any_worker() -> impl Strategy<Value = SampleWorker> {
    (
        (0.0..360.0_f64, 0.0..6_000.0_f64),
        prop::option::of(0..4_usize),
        (0..4_u16, 0..2_u16),
        (0..10_u8, 0..10_u8, 0..3_u8),
    )
        .prop_map(
            |((bearing, away_m), post, (capacity, load), (duty, seen, skill))| {
                let mut sample = worker(0, 0.0);
                sample.worker.capacity = capacity;
                sample.worker.on_duty = duty > 0;
                sample.load = load;
                if skill > 0 {
                    sample.worker.skills = vec!["water".to_owned(), "fire".to_owned()];
                }
                if let Some(fix) = &mut sample.fix {
                    fix.position = place().destination(bearing, away_m);
                    if seen == 0 {
                        fix.at = now() - TimeDelta::hours(2);
                    }
                }
                if seen == 1 {
                    sample.fix = None;
                }
                let post = post.map(|grid| GRIDS[grid].map(|code| code.parse().unwrap()).to_vec());
                sample.posted = post.into_iter().collect();
                sample
            },
        )
}

/// Incidents and workers, numbered as they come.
fn ground(demands: usize, workers: usize) -> impl Strategy<Value = Ground> {
    (
        prop::collection::vec(any_demand(), 0..=demands),
        prop::collection::vec(any_worker(), 0..=workers),
        prop::option::of(1..3_u16),
    )
        .prop_map(|(mut demands, mut workers, most_each)| {
            for (id, demand) in (1..).zip(&mut demands) {
                demand.id = IncidentId(Uuid::from_u128(id));
            }
            for (id, sample) in (1..).zip(&mut workers) {
                sample.worker.id = WorkerId(Uuid::from_u128(id));
            }
            Ground {
                demands,
                workers,
                most_each,
            }
        })
}

#[derive(Debug, Clone)]
struct Ground {
    demands: Vec<SampleDemand>,
    workers: Vec<SampleWorker>,
    most_each: Option<u16>,
}

impl Ground {
    fn new(demands: Vec<SampleDemand>, workers: Vec<SampleWorker>) -> Self {
        Self {
            demands,
            workers,
            most_each: None,
        }
    }

    /// The best plan and the greedy one.
    fn plans(&self) -> (Plan, Plan) {
        let demands: Vec<Demand<'_>> = self.demands.iter().map(SampleDemand::demand).collect();
        let workers: Vec<Standing<'_>> = self.workers.iter().map(SampleWorker::standing).collect();
        let policy = Policy::default();
        let terms = Terms {
            policy: &policy,
            most_each: self.most_each,
            roads: None,
        };
        let survey = Survey::new(&demands, &workers, terms, now());
        let greedy = survey.plan_greedily();
        (survey.plan(), greedy)
    }

    fn plan(&self) -> Plan {
        self.plans().0
    }

    fn plan_greedily(&self) -> Plan {
        self.plans().1
    }

    /// Why a worker cannot go, by the ranking and the deadline.
    fn hindrances(demand: &SampleDemand, worker: &SampleWorker) -> Vec<LeftOutReason> {
        let policy = Policy::default();
        let ranking = rank(
            &demand.demand().need,
            &[worker.standing()],
            None,
            &policy,
            now(),
        );
        let mut reasons = ranking
            .left_out
            .into_iter()
            .next()
            .map_or(vec![], |out| out.reasons);
        let left_s = demand.answer_by.map(|by| (by - now()).num_seconds());
        let is_within = !reasons.contains(&LeftOutReason::OutOfRadius);
        if let (Some(fix), Some(left_s @ 1..), true) = (&worker.fix, left_s, is_within)
            && travel_s(demand, fix) > left_s
        {
            reasons.push(LeftOutReason::TooLate);
        }
        reasons
    }

    /// What it costs that somebody goes who has been given `before` others.
    fn cost_s(demand: &SampleDemand, worker: &SampleWorker, before: u16) -> i64 {
        let policy = Policy::default();
        let posted = worker.posted.first().map_or(0, |post| {
            let shared = demand.chain.iter().filter(|link| post.contains(&link.code));
            shared.count()
        });
        let elsewhere = [10, 7, 4, 0][posted] * i64::from(policy.elsewhere_s) / 10;
        let carried = i64::from(worker.load + before) * i64::from(policy.carried_s);
        let way = worker.fix.as_ref().map_or(0, |fix| travel_s(demand, fix));
        way + elsewhere + carried
    }

    fn room(&self, worker: &SampleWorker) -> u16 {
        let room = worker.worker.capacity.saturating_sub(worker.load);
        room.min(self.most_each.unwrap_or(u16::MAX))
    }

    /// The best of all plans: who is given somebody by precedence, and the cost.
    fn best(&self) -> (Vec<bool>, i64) {
        let mut order: Vec<&SampleDemand> = self.demands.iter().collect();
        order.sort_by_key(|demand| (demand.priority, demand.reported_at, demand.id));
        let mut best = (vec![false; order.len()], 0);
        let mut given = vec![0; self.workers.len()];
        self.extend(&order, &mut given, (&mut vec![], 0), &mut best);
        best
    }

    fn extend(
        &self,
        order: &[&SampleDemand],
        given: &mut [u16],
        (assigned, cost): (&mut Vec<bool>, i64),
        best: &mut (Vec<bool>, i64),
    ) {
        let Some(demand) = order.get(assigned.len()) else {
            let is_better = *assigned > best.0 || (*assigned == best.0 && cost < best.1);
            if is_better {
                *best = (assigned.clone(), cost);
            }
            return;
        };
        for (place, worker) in self.workers.iter().enumerate() {
            if given[place] < self.room(worker) && Self::hindrances(demand, worker).is_empty() {
                let more = Self::cost_s(demand, worker, given[place]);
                given[place] += 1;
                assigned.push(true);
                self.extend(order, given, (assigned, cost + more), best);
                assigned.pop();
                given[place] -= 1;
            }
        }
        assigned.push(false);
        self.extend(order, given, (assigned, cost), best);
        assigned.pop();
    }

    /// Checks that a plan keeps to the rules and adds up.
    fn check(&self, plan: &Plan) {
        assert_eq!(
            plan.assignments.len() + plan.unassigned.len(),
            self.demands.len()
        );
        let mut given: HashMap<WorkerId, u16> = HashMap::new();
        let mut total = 0;
        for assignment in &plan.assignments {
            let demand = self.demand(assignment.incident);
            let mut workers = self.workers.iter();
            let worker = workers
                .find(|worker| worker.worker.id == assignment.worker)
                .unwrap();
            assert_eq!(Self::hindrances(demand, worker), []);
            let before = given.entry(assignment.worker).or_default();
            let cost = Self::cost_s(demand, worker, *before);
            assert_eq!(i64::from(assignment.cost.total_s()), cost);
            total += cost;
            *before += 1;
            assert!(*before <= self.room(worker));
            let from = worker.fix.as_ref().unwrap().position;
            let apart_m = from.distance_m(demand.position);
            assert!((assignment.distance_m - apart_m).abs() < 1e-6);
        }
        assert_eq!(i64::try_from(plan.cost_s).unwrap(), total);
        for unassigned in &plan.unassigned {
            self.check_reason(plan, unassigned);
        }
    }

    fn check_reason(&self, plan: &Plan, unassigned: &Unassigned) {
        let demand = self.demand(unassigned.incident);
        let all: Vec<_> = self
            .workers
            .iter()
            .map(|worker| (worker.worker.id, Self::hindrances(demand, worker)))
            .collect();
        let eligible: Vec<WorkerId> = all
            .iter()
            .filter(|(_, reasons)| reasons.is_empty())
            .map(|(id, _)| *id)
            .collect();
        match &unassigned.why {
            WhyNot::NobodyEligible { looked_at, reasons } => {
                assert_eq!(eligible, []);
                assert_eq!(*looked_at, self.workers.len());
                for &reason in LeftOutReason::ALL {
                    let count = all.iter().filter(|(_, theirs)| theirs.contains(&reason));
                    let told = reasons.iter().find(|told| told.0 == reason);
                    assert_eq!(told.map_or(0, |told| told.1), count.count(), "{reason}");
                }
            }
            WhyNot::AllTaken {
                eligible: count,
                by,
            } => {
                assert_eq!(*count, eligible.len());
                let to_them = plan.assignments.iter();
                let to_them = to_them.filter(|given| eligible.contains(&given.worker));
                let expected: Vec<IncidentId> = to_them.map(|given| given.incident).collect();
                assert_eq!(*by, expected);
            }
        }
    }

    fn demand(&self, id: IncidentId) -> &SampleDemand {
        self.demands.iter().find(|demand| demand.id == id).unwrap()
    }
}

#[expect(clippy::cast_possible_truncation, reason = "within kilometres")]
fn travel_s(demand: &SampleDemand, fix: &Fix) -> i64 {
    (fix.position.distance_m(demand.position) / Policy::default().speed_mps).ceil() as i64
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_plan_is_better(ground in ground(5, 4)) {
        let plan = ground.plan();
        ground.check(&plan);
        let mut order: Vec<&SampleDemand> = ground.demands.iter().collect();
        order.sort_by_key(|demand| (demand.priority, demand.reported_at, demand.id));
        let is_given = |demand: &&SampleDemand| {
            plan.assignments.iter().any(|given| given.incident == demand.id)
        };
        let assigned: Vec<bool> = order.iter().map(is_given).collect();
        let cost = i64::try_from(plan.cost_s).unwrap();
        prop_assert_eq!((assigned, cost), ground.best());
    }

    #[test]
    fn the_order_of_input_changes_nothing(
        (ground, shuffled) in ground(30, 20).prop_flat_map(|ground| {
            let demands = Just(ground.demands.clone()).prop_shuffle();
            let workers = Just(ground.workers.clone()).prop_shuffle();
            let most_each = ground.most_each;
            (Just(ground), (demands, workers).prop_map(move |(demands, workers)| {
                Ground { demands, workers, most_each }
            }))
        }),
    ) {
        prop_assert_eq!(ground.plan(), shuffled.plan());
        prop_assert_eq!(ground.plan_greedily(), shuffled.plan_greedily());
    }

    #[test]
    fn greedy_keeps_to_the_rules_but_is_no_better(ground in ground(30, 20)) {
        let greedy = ground.plan_greedily();
        let plan = ground.plan();
        ground.check(&greedy);
        ground.check(&plan);
        prop_assert!(greedy.assignments.len() <= plan.assignments.len());
        let same = greedy.unassigned.iter().map(|left| left.incident)
            .eq(plan.unassigned.iter().map(|left| left.incident));
        prop_assert!(!same || plan.cost_s <= greedy.cost_s);
    }
}

fn pairs(plan: &Plan) -> Vec<(u128, u128)> {
    let assignments = plan.assignments.iter();
    assignments
        .map(|given| (given.incident.0.as_u128(), given.worker.0.as_u128()))
        .collect()
}

#[test]
fn the_nearer_worker_is_left_to_the_one_who_has_no_other() {
    // Both would have the first worker; for the second incident everybody else is too far.
    let ground = Ground::new(
        vec![demand(1, 1_000.0), demand(2, 4_900.0)],
        vec![worker(1, 1_100.0), worker(2, -3_000.0)],
    );
    assert_eq!(pairs(&ground.plan()), [(1, 2), (2, 1)]);
    let greedy = ground.plan_greedily();
    assert_eq!(pairs(&greedy), [(1, 1)]);
    let why = WhyNot::AllTaken {
        eligible: 1,
        by: vec![IncidentId(Uuid::from_u128(1))],
    };
    assert_eq!(greedy.unassigned[0].why, why);
}

#[test]
fn the_more_pressing_and_then_the_older_is_given_somebody() {
    let mut urgent = demand(3, 4_000.0);
    urgent.priority = Priority::Urgent;
    let mut older = demand(2, 3_000.0);
    older.reported_at = now() - TimeDelta::hours(2);
    let near = demand(1, 0.0);
    let workers = |count| (1..=count).map(|id| worker(id, 0.0)).collect::<Vec<_>>();
    let demands = vec![near, older, urgent];
    let given = |count| {
        let plan = Ground::new(demands.clone(), workers(count)).plan();
        let incidents = plan.assignments.iter();
        incidents
            .map(|given| given.incident.0.as_u128())
            .collect::<Vec<_>>()
    };
    assert_eq!(given(1), [3]);
    assert_eq!(given(2), [3, 2]);
    assert_eq!(given(3), [3, 2, 1]);
}

#[test]
fn two_incidents_at_one_door_go_to_two_unless_the_second_is_too_far() {
    let demands = vec![demand(1, 0.0), demand(2, 0.0)];
    let mut near = worker(1, 10.0);
    near.worker.capacity = 4;
    // 120 s more are 480 m.
    let ground = |away_m| Ground::new(demands.clone(), vec![near.clone(), worker(2, away_m)]);
    assert_eq!(pairs(&ground(480.0).plan()), [(1, 1), (2, 2)]);
    assert_eq!(pairs(&ground(500.0).plan()), [(1, 1), (2, 1)]);
}

#[test]
fn whoever_would_come_too_late_is_not_sent() {
    let mut pressing = demand(1, 0.0);
    pressing.answer_by = Some(now() + TimeDelta::seconds(100));
    let plan = |away_m| Ground::new(vec![pressing.clone()], vec![worker(1, away_m)]).plan();
    assert_eq!(pairs(&plan(399.9)), [(1, 1)]);
    let late = plan(400.1);
    let why = WhyNot::NobodyEligible {
        looked_at: 1,
        reasons: vec![(LeftOutReason::TooLate, 1)],
    };
    assert_eq!(late.unassigned[0].why, why);
}

#[test]
fn known_times_on_the_road_count_instead_of_the_straight_line() {
    let (demand, near, far) = (demand(1, 0.0), worker(1, 100.0), worker(2, 899.0));
    let policy = Policy::default();
    let way = |worker: &SampleWorker, distance_m, road_s| KnownWay {
        worker: worker.worker.id,
        distance_m,
        road_s: Some(road_s),
        off_road_m: 0.0,
    };
    let across_the_river = [way(&near, 100.0, 1_800.0), way(&far, 899.0, 240.0)];
    let across_the_river = RoadTimes::new(&across_the_river, &policy);
    let roads = HashMap::from([(demand.id, across_the_river)]);
    let terms = Terms {
        policy: &policy,
        most_each: None,
        roads: Some(&roads),
    };
    let demands = [demand.demand()];
    let workers = [near.standing(), far.standing()];
    let plan = Survey::new(&demands, &workers, terms, now()).plan();
    assert_eq!(pairs(&plan), [(1, 2)]);
    assert_eq!(plan.assignments[0].cost.travel_s, 240);
}

#[test]
fn whose_ways_are_worth_knowing_are_the_cheapest_who_may_go() {
    let demands = [demand(1, 0.0)];
    let mut idle = worker(1, 10.0);
    idle.worker.on_duty = false;
    let workers = [idle, worker(2, 900.0), worker(3, 100.0), worker(4, 400.0)];
    let policy = Policy::default();
    let terms = Terms {
        policy: &policy,
        most_each: None,
        roads: None,
    };
    let demands = demands.each_ref().map(SampleDemand::demand);
    let standings = workers.each_ref().map(SampleWorker::standing);
    let asked = |most| {
        let mut found = find_within_reach(&demands, &standings, terms, now(), most);
        let mut asked = found.remove(0).workers;
        asked.sort();
        asked
    };
    let ids =
        |places: &[usize]| -> Vec<_> { places.iter().map(|&at| workers[at].worker.id).collect() };
    assert_eq!(asked(2), ids(&[2, 3]));
    assert_eq!(asked(9), ids(&[1, 2, 3]));
}
