//! How often which services are asked for, by whom and where.

use crate::domain::{Priority, Service, Source};
use crate::service::demonstration::chance::Chance;

/// What is usual for a group of services.
pub struct GroupHabit {
    /// How often its services are asked for, beside those of other groups.
    pub weight: f64,
    /// Departments that help, or take over.
    pub partners: [&'static str; 2],
}

/// A group that is not listed is asked for as often as the rarest.
#[must_use]
pub fn group_habit(group: &str) -> GroupHabit {
    let (weight, partners) = match group {
        "city_appearance" => (3.0, ["urban_management", "township_enforcement"]),
        "street_order" => (3.0, ["urban_management", "traffic_police"]),
        "public_facilities" => (1.6, ["urban_management", "housing_construction"]),
        "public_safety" => (0.8, ["emergency_management", "housing_construction"]),
        "fire_hazard" => (2.0, ["fire_rescue", "emergency_management"]),
        "disputes" => (1.8, ["justice", "public_security"]),
        "livelihood" => (2.0, ["civil_affairs", "human_resources"]),
        "public_security" => (0.6, ["public_security", "justice"]),
        "work_safety" => (0.7, ["emergency_management", "housing_construction"]),
        "environment" => (1.0, ["ecology_environment", "agriculture_rural"]),
        "labour" => (0.5, ["human_resources", "justice"]),
        "market" => (0.6, ["market_regulation", "health"]),
        "disaster" => (0.3, ["emergency_management", "water"]),
        "care" => (1.6, ["civil_affairs", "health"]),
        "illegal_building" => (0.6, ["natural_resources", "township_enforcement"]),
        "property" => (1.8, ["housing_construction", "market_regulation"]),
        _ => (0.3, ["urban_management", "emergency_management"]),
    };
    GroupHabit { weight, partners }
}

/// Matters about which nothing may be said: bland words, no address, no reporter.
const SENSITIVE: [&str; 6] = [
    "security-domestic-violence",
    "security-drugs",
    "care-child-protection",
    "care-mental-crisis",
    "care-self-harm-risk",
    "care-corrections-visit",
];

/// Matters of the countryside.
const RURAL_ONLY: [&str; 9] = [
    "dispute-land",
    "dispute-homestead",
    "work-self-built-house",
    "env-straw-burning",
    "env-dead-livestock",
    "market-village-banquet",
    "care-left-behind-children",
    "building-farmland",
    "disaster-forest-fire",
];

/// Matters of the town.
const URBAN_ONLY: [&str; 9] = [
    "street-shared-bike-pileup",
    "facility-traffic-light-fault",
    "safety-lift-entrapment",
    "disaster-basement-flooding",
    "property-lift-fault",
    "property-estate-parking",
    "property-tank-water",
    "building-ground-lock",
    "market-lift-uninspected",
];

/// What a sensor can tell.
const SENSED: [&str; 10] = [
    "facility-manhole-cover-missing",
    "facility-manhole-cover-damaged",
    "facility-street-lamp-out",
    "facility-water-main-burst",
    "safety-gas-leak",
    "fire-outbreak",
    "fire-ebike-charging-indoors",
    "fire-lane-blocked",
    "disaster-waterlogging",
    "env-site-dust",
];

/// What only a worker reports, of a round through the grid.
const VISITS: [&str; 3] = [
    "care-living-alone-visit",
    "care-left-behind-children",
    "care-corrections-visit",
];

#[must_use]
pub fn is_sensitive(service: &Service) -> bool {
    SENSITIVE.contains(&service.code.0.as_str())
}

/// How often a service is asked for in a village or in a town.
#[must_use]
pub fn weight(service: &Service, rural: bool) -> f64 {
    let code = service.code.0.as_str();
    let elsewhere = if rural {
        URBAN_ONLY.contains(&code) || service.group == "property"
    } else {
        RURAL_ONLY.contains(&code)
    };
    if elsewhere {
        return 0.0;
    }
    let rarity = match service.priority {
        Priority::Urgent => 0.15,
        Priority::High => 0.5,
        Priority::Normal | Priority::Low => 1.0,
    };
    let hush = if is_sensitive(service) { 0.3 } else { 1.0 };
    group_habit(&service.group).weight * rarity * hush
}

/// True when a report of the service can come through this door.
#[must_use]
pub fn comes_by(service: &Service, source: Source) -> bool {
    let code = service.code.0.as_str();
    match source {
        Source::Sensor => SENSED.contains(&code),
        Source::Worker => true,
        _ => !VISITS.contains(&code),
    }
}

pub fn draw_source(chance: &mut Chance) -> Source {
    let draw = chance.within(0.0, 1.0);
    match draw {
        _ if draw < 0.45 => Source::Worker,
        _ if draw < 0.70 => Source::Resident,
        _ if draw < 0.85 => Source::Hotline,
        _ if draw < 0.90 => Source::Sensor,
        _ if draw < 0.95 => Source::Department,
        _ => Source::Dispatcher,
    }
}
