//! What the demonstration is made of: names, texts and organisations from `data/`.

use std::collections::HashMap;

use rand::distr::weighted::{self, WeightedIndex};
use serde::Deserialize;

use super::chance::Chance;
use crate::domain::{Level, OrganisationKind, ServiceCode};

/// Why the data cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MaterialError {
    #[error("data/demonstration/names.json is not readable")]
    Names(#[source] serde_json::Error),
    #[error("data/organisations.json is not readable")]
    Organisations(#[source] serde_json::Error),
    #[error("data/demonstration/names.json has no surnames")]
    NoSurnames(#[source] weighted::Error),
}

/// A department that the catalogue refers to.
#[derive(Debug, Clone, Deserialize)]
pub struct Department {
    pub code: String,
    pub name_zh: String,
    /// Where there is one for each area.
    pub level: Level,
    /// What its officers know.
    pub skills: Vec<String>,
}

/// A social organisation or mediation committee.
#[derive(Debug, Clone, Deserialize)]
pub struct SocialOrganisation {
    pub code: String,
    pub kind: OrganisationKind,
    pub name_zh: String,
    /// Where there is one for each area.
    pub level: Level,
}

/// Something a worker can know.
#[derive(Debug, Clone, Deserialize)]
pub struct Skill {
    pub code: String,
}

/// Parts of an address.
#[derive(Debug, Clone, Deserialize)]
pub struct AddressParts {
    pub road_names: Vec<String>,
    pub places: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct NamesFile {
    surnames: Vec<String>,
    given_names: Vec<String>,
    incident_texts: HashMap<ServiceCode, Vec<String>>,
    address_parts: AddressParts,
}

#[derive(Debug, Deserialize)]
struct OrganisationsFile {
    departments: Vec<Department>,
    skills: Vec<Skill>,
    social: Vec<SocialOrganisation>,
}

/// See the module's text.
#[derive(Debug)]
pub struct Material {
    /// The commonest first.
    surnames: Vec<String>,
    surname_weights: WeightedIndex<f64>,
    given_names: Vec<String>,
    pub incident_texts: HashMap<ServiceCode, Vec<String>>,
    pub address_parts: AddressParts,
    pub departments: Vec<Department>,
    pub skills: Vec<Skill>,
    pub social: Vec<SocialOrganisation>,
}

impl Material {
    /// Reads the files that were built in.
    ///
    /// # Errors
    /// When a file is not what it should be.
    pub fn load() -> Result<Self, MaterialError> {
        let names: NamesFile =
            serde_json::from_str(include_str!("../../../data/demonstration/names.json"))
                .map_err(MaterialError::Names)?;
        let organisations: OrganisationsFile =
            serde_json::from_str(include_str!("../../../data/organisations.json"))
                .map_err(MaterialError::Organisations)?;
        // Surnames are about as common as one over their rank.
        let weights = (1_u32..)
            .zip(&names.surnames)
            .map(|(rank, _)| 1.0 / f64::from(rank));
        let surname_weights = WeightedIndex::new(weights).map_err(MaterialError::NoSurnames)?;
        Ok(Self {
            surnames: names.surnames,
            surname_weights,
            given_names: names.given_names,
            incident_texts: names.incident_texts,
            address_parts: names.address_parts,
            departments: organisations.departments,
            skills: organisations.skills,
            social: organisations.social,
        })
    }

    /// The name of somebody who does not exist.
    pub(super) fn name(&self, chance: &mut Chance) -> String {
        let surname = &self.surnames[chance.draw(&self.surname_weights)];
        let given_name = chance.pick(&self.given_names).map_or("", String::as_str);
        format!("{surname}{given_name}")
    }
}
