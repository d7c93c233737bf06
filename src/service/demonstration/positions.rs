//! Where the workers on duty were seen last.

use std::collections::HashMap;

use chrono::TimeDelta;

use super::chance::{Chance, Purpose, whole_second};
use super::ground::Ground;
use super::offices::Offices;
use crate::domain::{Area, AreaCode, Fix, Level, LngLat, Timestamp, Worker, WorkerId};
use crate::store::People;

/// A fix of at most ten minutes ago for everyone on duty: inside one of their posts, or
/// near the middle of the area that their organisation answers for. Whoever has neither
/// a post nor an organisation with known ground has no fix.
#[must_use]
pub fn positions(people: &People, areas: &[Area], seed: u64, now: Timestamp) -> Vec<Fix> {
    let now = whole_second(now);
    let ground = Ground::new(areas);
    let offices = Offices::new(&people.organisations);
    let mut posts: HashMap<WorkerId, Vec<&AreaCode>> = HashMap::with_capacity(people.workers.len());
    for post in people.posts.iter().filter(|post| post.is_held(now)) {
        posts.entry(post.worker).or_default().push(&post.area);
    }
    let area_of = |code: &AreaCode| ground.find(code).map(|place| ground.area(place));
    let mut chance = Chance::new(seed, Purpose::Positions);
    let place_of = |worker: &Worker, chance: &mut Chance| -> Option<LngLat> {
        if let Some(posts) = posts.get(&worker.id) {
            let post = chance.pick(posts).copied()?;
            return chance.point_inside(area_of(post)?);
        }
        let organisation = offices.find(worker.organisation?)?;
        let area = area_of(&organisation.area)?;
        near_the_middle(area, chance)
    };
    people
        .workers
        .iter()
        .filter(|worker| worker.on_duty)
        .filter_map(|worker| {
            let position = place_of(worker, &mut chance)?;
            Some(Fix {
                worker: worker.id,
                position,
                at: now - TimeDelta::seconds(chance.between(0, 600)),
                accuracy_m: Some(accuracy_m(&mut chance)),
                speed_mps: None,
                heading_deg: None,
            })
        })
        .collect()
}

fn near_the_middle(area: &Area, chance: &mut Chance) -> Option<LngLat> {
    let radius_m = if area.level <= Level::County {
        3_000.0
    } else {
        800.0
    };
    area.label
        .and_then(|label| chance.point_near(area, label, radius_m))
        .or_else(|| chance.point_inside(area))
}

#[expect(clippy::cast_possible_truncation, reason = "metres between 5 and 25")]
fn accuracy_m(chance: &mut Chance) -> f32 {
    chance.within(5.0, 25.0).round() as f32
}
