//! Organisations: those who hold incidents and those who are asked to help.

use super::code::AreaCode;
use super::identity::OrganisationId;
use super::level::Level;
use super::words::words;

words! {
    /// What an organisation is.
    pub enum OrganisationKind ("organisation kind") {
        /// 指挥中心/综治中心: holds incidents and dispatches.
        Centre = "centre",
        /// 部门
        Department = "department",
        /// 社会组织
        Social = "social",
        /// 调委会
        Mediation = "mediation",
    }
}

/// An organisation with a level and the area it answers for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    pub id: OrganisationId,
    pub name: String,
    pub kind: OrganisationKind,
    pub level: Level,
    pub area: AreaCode,
    /// For a department, which one: a code of `data/organisations.json`.
    pub department: Option<String>,
}
