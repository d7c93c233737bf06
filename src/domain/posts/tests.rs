use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;

use chrono::{NaiveDate, TimeDelta};
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::domain::Timestamp;
use crate::domain::calendar::{Calendar, CalendarDefinition};
use crate::domain::code::AreaCode;
use crate::domain::identity::{PostId, WorkerId};
use crate::domain::people::{Post, Slot, WorkerRole};

fn calendar(zone: &str) -> Calendar {
    let definition: CalendarDefinition = serde_json::from_value(json!({
        "code": "x", "name_zh": "甲", "name_en": "x", "zone": zone,
        "week": { "monday": [{ "from": "08:00", "to": "12:00" }] },
    }))
    .unwrap();
    Calendar::new(definition).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn worker(n: u8) -> WorkerId {
    WorkerId(Uuid::from_u128(n.into()))
}

fn code(n: u8) -> AreaCode {
    format!("3208120010010{n:02}").parse().unwrap()
}

fn post(n: u8, slot: Slot, hours: Range<i64>) -> Post {
    Post {
        id: PostId(Uuid::from_u128(n.into())),
        worker: worker(n),
        area: code(1),
        slot,
        from: hour(hours.start),
        until: (hours.end < 1_000).then(|| hour(hours.end)),
    }
}

/// Some hours after a midnight in China.
fn hour(hours: i64) -> Timestamp {
    at("2026-11-15T16:00:00Z") + TimeDelta::hours(hours)
}

fn plan(n: u8, shift: &str, stands_in_for: Option<u8>) -> Plan {
    Plan {
        area: code(1),
        slot: Slot::GridWorker,
        date: date("2026-11-16"),
        shift: ShiftCode(shift.to_owned()),
        worker: worker(n),
        stands_in_for: stands_in_for.map(worker),
    }
}

#[test]
fn the_usual_shifts_share_the_day_between_them() {
    let china = calendar("Asia/Shanghai");
    let shifts = Shift::usual();
    assert_eq!(check_shifts(&shifts), []);
    let hours: Vec<_> = shifts
        .iter()
        .map(|shift| shift.hours(date("2026-11-16"), &china))
        .collect();
    assert_eq!(
        hours,
        [
            at("2026-11-16T08:00:00+08:00")..at("2026-11-16T20:00:00+08:00"),
            at("2026-11-16T20:00:00+08:00")..at("2026-11-17T08:00:00+08:00"),
        ]
    );
}

#[test]
fn a_night_in_which_clocks_are_changed_is_longer_or_shorter() {
    let berlin = calendar("Europe/Berlin");
    let night = &Shift::usual()[1];
    let length = |day| {
        let hours = night.hours(date(day), &berlin);
        (hours.end - hours.start).num_hours()
    };
    assert_eq!(length("2026-03-27"), 12);
    assert_eq!(length("2026-03-28"), 11);
    assert_eq!(length("2026-10-24"), 13);
}

#[test]
fn a_shift_from_eight_to_eight_is_a_whole_day() {
    let mut shift = Shift::usual().swap_remove(0);
    shift.to = shift.from;
    let hours = shift.hours(date("2026-12-31"), &calendar("Asia/Shanghai"));
    assert_eq!(hours.end - hours.start, TimeDelta::hours(24));
}

#[test]
fn faulty_shifts_are_told_all_at_once() {
    let mut shifts = [Shift::usual(), Shift::usual()].concat();
    shifts[1].name_en = " ".into();
    shifts[2].from = "24:00".parse().unwrap();
    let told: Vec<String> = check_shifts(&shifts)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        told,
        [
            "the shift \"night\" has no code or no name; rosters and people know it by them",
            "two shifts are called day; a shift is known by its code",
            "the shift day begins at 24:00; write 00:00, on the day that begins then",
            "two shifts are called night; a shift is known by its code",
        ]
    );
}

#[test]
fn a_slot_takes_the_roles_of_the_table() {
    use WorkerRole::{Cadre, FullTime, Mediator, Micro, Officer, PartTime, Volunteer};
    let taken = |slot: Slot| -> Vec<WorkerRole> {
        let roles = WorkerRole::ALL.iter().copied();
        roles.filter(|&role| slot.takes(role)).collect()
    };
    assert_eq!(taken(Slot::Cadre), [Cadre]);
    assert_eq!(taken(Slot::GridWorker), [FullTime, PartTime, Micro]);
    assert_eq!(taken(Slot::Volunteer), [Volunteer]);
    for none in [Officer, Mediator] {
        assert!(Slot::ALL.iter().all(|slot| !slot.takes(none)));
    }
}

#[test]
fn posts_overlap_in_the_same_slot_of_the_same_area_alone() {
    let one = post(1, Slot::Cadre, 0..10);
    let mut other = post(1, Slot::Cadre, 9..2_000);
    assert!(one.overlaps(&other) && other.overlaps(&one));
    other.from = hour(10);
    assert!(!one.overlaps(&other) && !other.overlaps(&one), "it follows");
    other.from = hour(0);
    other.until = Some(hour(0));
    assert!(!one.overlaps(&other), "it was never held");
    other.until = None;
    let moved = |change: &dyn Fn(&mut Post)| {
        let mut moved = other.clone();
        change(&mut moved);
        one.overlaps(&moved)
    };
    assert!(moved(&|_| {}));
    assert!(!moved(&|post| post.slot = Slot::Volunteer));
    assert!(!moved(&|post| post.area = code(2)));
    assert!(!moved(&|post| post.worker = worker(2)));
}

/// Judges plans against posts: 1 holds the grid worker's slot from the beginning on, 2
/// until noon; 7 is a volunteer, and nobody knows 9.
fn judge(plans: Vec<Plan>) -> Judged {
    let posts = [
        post(1, Slot::GridWorker, 0..2_000),
        post(2, Slot::GridWorker, 0..12),
        post(3, Slot::Cadre, 0..2_000),
    ];
    let roles: HashMap<WorkerId, WorkerRole> = (1..=6)
        .map(|n| (worker(n), WorkerRole::FullTime))
        .chain([(worker(7), WorkerRole::Volunteer)])
        .collect();
    Planning {
        shifts: &Shift::usual(),
        calendar: &calendar("Asia/Shanghai"),
        areas: &HashSet::from([code(1), code(2)]),
        dates: &(date("2026-11-16")..date("2026-11-18")),
        roles: &roles,
        posts: &posts,
    }
    .judge(plans)
}

#[test]
fn who_is_on_duty_holds_the_post_or_stands_in_for_who_does() {
    let elsewhere = Plan {
        area: code(2),
        ..plan(4, "day", None)
    };
    let good = vec![
        plan(1, "day", None),
        plan(2, "day", None),
        plan(5, "night", Some(1)),
        // Nobody holds the post there.
        elsewhere,
    ];
    let judged = judge(good.clone());
    assert_eq!(judged.refused, []);
    let plans: Vec<Plan> = judged.duties.iter().map(|duty| duty.plan.clone()).collect();
    assert_eq!(plans, good);
    assert_eq!(
        (judged.duties[2].from, judged.duties[2].until),
        (hour(20), hour(32))
    );

    let late = NaiveDate::from_ymd_opt(2026, 11, 18).unwrap();
    let bad = [
        (plan(4, "day", None), DutyFault::ForWhom),
        // The post ended at noon.
        (plan(2, "night", None), DutyFault::ForWhom),
        (
            plan(5, "night", Some(2)),
            DutyFault::NobodyToStandInFor(worker(2)),
        ),
        (plan(1, "day", Some(1)), DutyFault::ForThemself),
        (plan(1, "dusk", None), DutyFault::UnknownShift),
        (plan(9, "day", None), DutyFault::UnknownWorker(worker(9))),
        (
            plan(7, "day", Some(1)),
            DutyFault::Unfit {
                role: WorkerRole::Volunteer,
            },
        ),
        (
            Plan {
                area: code(3),
                ..plan(1, "day", None)
            },
            DutyFault::OutsideArea,
        ),
        (
            Plan {
                date: late,
                ..plan(1, "day", None)
            },
            DutyFault::OutsideDates,
        ),
    ];
    for (plan, fault) in bad {
        let judged = judge(vec![plan.clone()]);
        assert_eq!(judged.duties, []);
        assert_eq!(judged.refused, [Refused { plan, fault }]);
    }
    let twice = judge(vec![plan(5, "day", Some(1)), plan(5, "day", Some(2))]);
    assert_eq!((twice.duties.len(), twice.refused.len()), (1, 1));
    assert_eq!(twice.refused[0].fault, DutyFault::Twice);
}

#[test]
fn a_roster_is_carried_forward_to_those_whose_turn_it_is() {
    let judged = judge(vec![
        plan(1, "day", None),
        plan(5, "day", Some(1)),
        plan(5, "night", Some(1)),
    ]);
    let next = carry_forward(&judged.duties, TimeDelta::days(7));
    let expected = ["day", "night"].map(|shift| Plan {
        date: date("2026-11-23"),
        ..plan(1, shift, None)
    });
    assert_eq!(next, expected);
}

#[test]
fn a_fingerprint_tells_rosters_apart_in_whatever_order() {
    let judged = judge(vec![plan(1, "day", None), plan(5, "night", Some(1))]);
    let duties = judged.duties;
    let print = fingerprint(&duties);
    let backwards: Vec<Duty> = duties.iter().rev().cloned().collect();
    assert_eq!(fingerprint(&backwards), print);
    assert_eq!(print.len(), 32);
    let mut prints = BTreeSet::from([print, fingerprint(&[]), fingerprint(&duties[..1])]);
    let changes: [&dyn Fn(&mut Duty); 7] = [
        &|duty| duty.plan.area = code(2),
        &|duty| duty.plan.slot = Slot::Cadre,
        &|duty| duty.plan.date = date("2026-11-17"),
        &|duty| duty.plan.shift.0.push('x'),
        &|duty| duty.plan.worker = worker(6),
        &|duty| duty.plan.stands_in_for = None,
        &|duty| duty.until = hour(33),
    ];
    for change in changes {
        let mut changed = duties.clone();
        change(&mut changed[1]);
        prints.insert(fingerprint(&changed));
    }
    assert_eq!(prints.len(), 10);
}

#[test]
fn a_roster_stands_before_the_posts_while_it_has_somebody() {
    let posts = [
        post(1, Slot::GridWorker, 0..2_000),
        post(2, Slot::GridWorker, 0..12),
    ];
    let duties = judge(vec![plan(5, "day", Some(1))]).duties;
    let staffing = Staffing::new(&posts, &duties);
    let filling = |n, by, absent: Option<u8>| Filling {
        worker: worker(n),
        by,
        stands_in_for: absent.map(worker),
    };
    let stretches = staffing.over(&code(1), Slot::GridWorker, hour(-1), hour(24));
    let told: Vec<_> = stretches
        .iter()
        .map(|stretch| {
            (
                stretch.from,
                SlotState::of(&stretch.filled),
                &stretch.filled[..],
            )
        })
        .collect();
    let both = [
        filling(1, FilledBy::Post, None),
        filling(2, FilledBy::Post, None),
    ];
    assert_eq!(
        told,
        [
            (hour(-1), SlotState::Vacant, &[][..]),
            (hour(0), SlotState::Double, &both),
            (
                hour(8),
                SlotState::Filled,
                &[filling(5, FilledBy::StandIn, Some(1))]
            ),
            (
                hour(20),
                SlotState::Filled,
                &[filling(1, FilledBy::Post, None)]
            ),
        ]
    );
    assert_eq!(stretches.last().unwrap().until, hour(24));
}

fn slots() -> impl Strategy<Value = Slot> {
    prop::sample::select(Slot::ALL)
}

prop_compose! {
    fn any_post()(area in 1..4_u8, n in 1..6_u8, slot in slots(), from in 0..40_i64,
        length in prop::option::of(0..30_i64)) -> Post {
        Post {
            area: code(area),
            until: length.map(|length| hour(from + length)),
            ..post(n, slot, from..2_000)
        }
    }
}

prop_compose! {
    fn any_duty()(area in 1..4_u8, n in 1..6_u8, slot in slots(), from in 0..40_i64,
        length in 1..20_i64, absent in prop::option::of(1..6_u8)) -> Duty {
        Duty {
            plan: Plan { area: code(area), slot, ..plan(n, "day", absent) },
            from: hour(from),
            until: hour(from + length),
        }
    }
}

/// Whoever is there, straight from the words: by the roster while it has anybody.
fn there(
    posts: &[Post],
    duties: &[Duty],
    area: &AreaCode,
    slot: Slot,
    now: Timestamp,
) -> BTreeSet<WorkerId> {
    let on_roster: BTreeSet<WorkerId> = duties
        .iter()
        .filter(|duty| &duty.plan.area == area && duty.plan.slot == slot)
        .filter(|duty| duty.from <= now && now < duty.until)
        .map(|duty| duty.plan.worker)
        .collect();
    if !on_roster.is_empty() {
        return on_roster;
    }
    posts
        .iter()
        .filter(|post| &post.area == area && post.slot == slot && post.from <= now)
        .filter(|post| post.until.is_none() || post.until > Some(now))
        .map(|post| post.worker)
        .collect()
}

proptest! {
    #[test]
    fn staffing_is_what_is_found_hour_by_hour(
        posts in prop::collection::vec(any_post(), 0..12),
        duties in prop::collection::vec(any_duty(), 0..12),
        span in (0..30_i64, 1..30_i64),
        lists_filled in any::<bool>(),
    ) {
        let (first, last) = (span.0, span.0 + span.1);
        let staffing = Staffing::new(&posts, &duties);
        let areas = [code(1), code(2), code(3)];
        let [community, other]: [AreaCode; 2] =
            ["320812001001", "320812001002"].map(|text| text.parse().unwrap());
        let township: AreaCode = "320812001".parse().unwrap();
        let above = |area: &AreaCode| if *area == areas[2] { &other } else { &community };
        let grids: Vec<GridPlace<'_>> = areas
            .iter()
            .map(|area| GridPlace { area, above: vec![&township, above(area)] })
            .collect();
        let report = report(&grids, Slot::ALL, &staffing, hour(first), hour(last), lists_filled);

        let mut tallies: BTreeMap<&AreaCode, Tally> = BTreeMap::new();
        for area in &areas {
            for place in [&township, above(area)] {
                tallies.entry(place).or_default().grids += 1;
            }
            for &slot in Slot::ALL {
                let hours: Vec<BTreeSet<WorkerId>> = (first..last)
                    .map(|now| there(&posts, &duties, area, slot, hour(now)))
                    .collect();
                let vacant = hours.iter().filter(|there| there.is_empty()).count();
                let doubled = hours.iter().any(|there| there.len() > 1);
                for place in [&township, above(area)] {
                    let tally = tallies.get_mut(place).unwrap();
                    tally.slots += 1;
                    tally.vacant += u64::from(vacant > 0);
                    tally.double += u64::from(doubled);
                    tally.vacant_ms += i64::try_from(vacant).unwrap() * 3_600_000;
                }

                let stretches = staffing.over(area, slot, hour(first), hour(last));
                prop_assert_eq!(stretches[0].from, hour(first));
                prop_assert_eq!(stretches.last().unwrap().until, hour(last));
                for [a, b] in stretches.array_windows() {
                    prop_assert_eq!(a.until, b.from);
                    prop_assert_ne!(&a.filled, &b.filled);
                }
                for (now, there) in (first..last).zip(&hours) {
                    let now = hour(now);
                    let stretch = stretches
                        .iter()
                        .find(|stretch| stretch.from <= now && now < stretch.until)
                        .unwrap();
                    let filled: Vec<WorkerId> =
                        stretch.filled.iter().map(|filling| filling.worker).collect();
                    prop_assert_eq!(&filled, &there.iter().copied().collect::<Vec<_>>());
                    prop_assert_eq!(&stretch.filled, &staffing.at(area, slot, now));
                    for filling in &stretch.filled {
                        let holds = posts.iter().any(|post| {
                            &post.area == area && post.slot == slot && post.is_held(now)
                                && post.worker == filling.worker
                        });
                        prop_assert_eq!(filling.by != FilledBy::StandIn, holds);
                    }
                }
                let listed = report
                    .stretches
                    .iter()
                    .filter(|(place, at, _)| *place == area && *at == slot)
                    .map(|(_, _, stretch)| stretch);
                let wanted = stretches
                    .iter()
                    .filter(|stretch| lists_filled || stretch.filled.len() != 1);
                prop_assert!(listed.eq(wanted));
            }
        }
        prop_assert_eq!(report.total, tallies[&township]);
        prop_assert_eq!(report.tallies, tallies);
    }
}
