//! The organisations of the demonstration, at every level.

use super::chance::Chance;
use super::ground::{Ground, Place, short_name};
use super::material::Material;
use crate::domain::{Level, Organisation, OrganisationId, OrganisationKind, Timestamp};

/// Social organisations that a village has not.
const URBAN_ONLY: [&str; 2] = ["property_company", "owners_committee"];

/// Centres of the three levels, then departments, then social organisations and mediation
/// committees, for every area of their level whether its ground is known or not.
pub fn organisations(
    ground: &Ground<'_>,
    material: &Material,
    chance: &mut Chance,
    now: Timestamp,
) -> Vec<Organisation> {
    let mut all = Vec::new();
    let mut found = |place: Place, name: &str, kind, department: Option<&str>| {
        let area = ground.area(place);
        all.push(Organisation {
            id: OrganisationId(chance.id(now)),
            name: format!("{}{name}", short_name(&area.name)),
            kind,
            level: area.level,
            area: area.code.clone(),
            department: department.map(str::to_owned),
        });
    };
    for (level, name) in [
        (Level::City, "社会治理现代化指挥中心"),
        (Level::County, "社会治理现代化指挥中心"),
        (Level::Township, "社会治安综合治理中心"),
    ] {
        for place in ground.of_level(level) {
            found(place, name, OrganisationKind::Centre, None);
        }
    }
    for department in &material.departments {
        for place in ground.of_level(department.level) {
            let (name, code) = (&department.name_zh, Some(department.code.as_str()));
            found(place, name, OrganisationKind::Department, code);
        }
    }
    for social in &material.social {
        let urban_only = URBAN_ONLY.contains(&social.code.as_str());
        let name = social.name_zh.trim_start_matches("村（社区）");
        for place in ground.of_level(social.level) {
            if !(urban_only && ground.is_rural(place)) {
                found(place, name, social.kind, None);
            }
        }
    }
    all
}
