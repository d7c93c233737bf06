//! A report: its words, its form and who made it.

use chrono::TimeDelta;
use serde_json::{Map, Value, json};

use super::draft::Draft;
use super::habits::{group_habit, is_sensitive};
use super::setting::{Setting, dispatcher};
use super::texts::BLAND;
use crate::domain::catalogue::{FieldKind, FormField};
use crate::domain::incident::{NewIncident, Reporter};
use crate::domain::{
    Actor, IncidentId, Level, Match, PersonName, Role, Service, Source, Timestamp,
};
use crate::service::demonstration::chance::Chance;
use crate::service::demonstration::ground::{Place, short_name};
use crate::service::demonstration::people::fictional_phone;

/// Words of the town that sound odd in a village.
const TOWN_WORDS: [&str; 12] = [
    "小区",
    "商场",
    "写字楼",
    "地下",
    "电梯",
    "单元",
    "公交",
    "车站",
    "广场",
    "物业",
    "楼道",
    "停车场",
];
/// Words of the village that sound odd in a town.
const VILLAGE_WORDS: [&str; 5] = ["村", "晒谷场", "水塘", "农用车", "沟塘"];

impl Setting<'_> {
    /// The report as it came in, and who brought it.
    pub fn report(
        &self,
        draft: &Draft,
        id: IncidentId,
        chance: &mut Chance,
    ) -> (NewIncident, Actor) {
        let service = &draft.service;
        let sensitive = is_sensitive(service);
        let by_phone_or_web = matches!(draft.source, Source::Resident | Source::Hotline);
        let incident = NewIncident {
            id,
            service: service.code.clone(),
            priority: service.priority,
            description: self.description(draft, chance),
            address: self.address(draft.grid, chance).filter(|_| !sensitive),
            position: draft.position,
            matched: Match::Grid,
            chain: self.ground.chain(self.deepest_area(draft)),
            source: draft.source,
            reporter: self
                .reporter(chance)
                .filter(|_| by_phone_or_web && !sensitive),
            form: self.form(service, draft.reported_at, chance),
            holder: self
                .offices
                .centres_over(&self.ground, draft.grid)
                .next()
                .map(|centre| centre.id),
            tracking_key: chance.key(),
            reported_at: draft.reported_at,
        };
        let actor = self.reporting_actor(draft, &incident.tracking_key);
        (incident, actor)
    }

    /// The grid, or its microgrid that owns the point: the first by code where two meet.
    fn deepest_area(&self, draft: &Draft) -> Place {
        let covers = |place: Place| {
            let shape = self.ground.area(place).shape.as_ref();
            shape.is_some_and(|shape| shape.covers(draft.position))
        };
        let mut microgrids = self.ground.children(draft.grid).iter().copied();
        microgrids
            .find(|&place| covers(place))
            .unwrap_or(draft.grid)
    }

    /// A filled-in form: all that is required. Half of the rest as well, where no words
    /// were written beforehand that it could contradict.
    fn form(&self, service: &Service, at: Timestamp, chance: &mut Chance) -> Map<String, Value> {
        let plain =
            !is_sensitive(service) && !self.material.incident_texts.contains_key(&service.code);
        let mut form = Map::new();
        for field in &service.fields {
            let wanted = field.required || (plain && chance.hits(0.5));
            let value = value(field, at, chance).or_else(|| {
                // Words that are asked for, but of which nothing is known.
                field.required.then(|| json!(service.name_zh))
            });
            if let (true, Some(value)) = (wanted, value) {
                form.insert(field.key.clone(), value);
            }
        }
        form
    }

    fn description(&self, draft: &Draft, chance: &mut Chance) -> String {
        let service = &draft.service;
        if is_sensitive(service) {
            return BLAND.to_owned();
        }
        let name = &service.name_zh;
        match draft.source {
            Source::Sensor => return format!("感知设备告警：疑似{name}，请核实"),
            Source::Department => return format!("部门巡查发现并移交：{name}"),
            _ => {}
        }
        let rural = self.ground.is_rural(draft.grid);
        let texts = self.material.incident_texts.get(&service.code);
        let fitting = texts.map(|texts| fitting(texts, rural)).unwrap_or_default();
        if let Some(text) = chance.pick(&fitting) {
            return (*text).to_owned();
        }
        if matches!(
            service.group.as_str(),
            "livelihood" | "care" | "disputes" | "labour"
        ) {
            format!("居民反映{name}事项，请协助处理")
        } else {
            format!("发现{name}，请派人处理")
        }
    }

    fn address(&self, grid: Place, chance: &mut Chance) -> Option<String> {
        let rural = self.ground.is_rural(grid);
        let parts = &self.material.address_parts;
        let place = chance.pick(&fitting(&parts.places, rural)).copied()?;
        let name_of = |level| {
            self.ground
                .upwards(grid)
                .find(|area| area.level == level)
                .map(|area| short_name(&area.name))
                .unwrap_or_default()
        };
        let (township, community) = (name_of(Level::Township), name_of(Level::Community));
        if rural {
            return Some(format!("{township}{community}{place}"));
        }
        let road = chance.pick(&parts.road_names)?;
        let number = chance.between(1, 288);
        Some(format!("{township}{road}{number}号{place}"))
    }

    fn reporter(&self, chance: &mut Chance) -> Option<Reporter> {
        let index = u64::try_from(chance.between(0, 9_999_999)).ok()?;
        Some(Reporter {
            name: Some(PersonName(self.material.name(chance))),
            phone: fictional_phone(1, index),
        })
    }

    fn reporting_actor(&self, draft: &Draft, tracking_key: &str) -> Actor {
        let centre = || {
            let mut centres = self.offices.centres_over(&self.ground, draft.grid);
            centres.next().map(dispatcher)
        };
        let named = match draft.source {
            Source::Worker => self.worker_on_the_spot(draft.grid, &[]),
            Source::Dispatcher => centre(),
            Source::Department => {
                let routed = draft.service.routing.department.as_deref();
                let code = routed.unwrap_or(group_habit(&draft.service.group).partners[0]);
                let department = self.offices.department(&self.ground, draft.grid, code);
                department.map(|department| Actor {
                    area: Some(department.area.clone()),
                    organisation: Some(department.id),
                    ..Actor::with_role(&department.name, Role::Department)
                })
            }
            Source::Hotline => Some(Actor::with_role("12345", Role::Department)),
            Source::Sensor => Some(Actor::system()),
            Source::Resident => None,
        };
        Actor {
            tracking_key: Some(tracking_key.to_owned()),
            ..named.unwrap_or_else(Actor::public)
        }
    }
}

/// The texts that are at home in a village, or in a town.
fn fitting(texts: &[String], rural: bool) -> Vec<&str> {
    let foreign: &[&str] = if rural { &TOWN_WORDS } else { &VILLAGE_WORDS };
    texts
        .iter()
        .map(String::as_str)
        .filter(|text| !foreign.iter().any(|word| text.contains(word)))
        .collect()
}

/// Something plausible for a field. `None` for words that would have to mean something.
fn value(field: &FormField, at: Timestamp, chance: &mut Chance) -> Option<Value> {
    Some(match field.kind {
        FieldKind::Text => json!(match field.key.as_str() {
            "building" => format!("{}号楼", chance.between(1, 32)),
            "lamp_number" => format!("L{:04}", chance.between(1, 9_999)),
            "camera_number" => format!("C{:04}", chance.between(1, 9_999)),
            "stall_number" => format!("{}号摊位", chance.between(1, 80)),
            _ => return None,
        }),
        FieldKind::Number => json!(number(&field.key, chance)),
        FieldKind::Single => json!(chance.pick(&field.options)?.value),
        FieldKind::Multiple => json!([chance.pick(&field.options)?.value]),
        FieldKind::Boolean => json!(chance.hits(0.2)),
        FieldKind::Datetime => {
            // A feast is announced; everything else has been seen.
            let when = if field.key == "held_at" {
                at + chance.minutes(1_440.0, 10_080.0)
            } else {
                at - chance.minutes(5.0, 600.0)
            };
            let local = when + TimeDelta::hours(8);
            json!(local.format("%Y-%m-%dT%H:%M:00+08:00").to_string())
        }
    })
}

fn number(key: &str, chance: &mut Chance) -> i64 {
    let (low, high) = match key {
        "floor" | "storeys" => (1, 18),
        "depth_cm" => (5, 45),
        "height_m" => (2, 15),
        "length_m" | "area_m2" => (2, 60),
        "year" => (2_008, 2_022),
        "households" => (1, 60),
        "tables" => (6, 40),
        "quantity_kg" => (5, 200),
        key if key.ends_with("_yuan") => (3, 300),
        _ => (1, 8),
    };
    let number = chance.between(low, high);
    if key.ends_with("_yuan") {
        number * 100
    } else {
        number
    }
}
