//! The service catalogue: what can be reported, and how it is handled.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::identity::ServiceCode;
use super::limits::{LimitError, check_limits};
use super::words::words;

pub use super::limits::{LimitRule, Limits};

words! {
    /// How pressing an incident is; the most pressing first.
    pub enum Priority ("priority") {
        Urgent = "urgent",
        High = "high",
        Normal = "normal",
        Low = "low",
    }
}

words! {
    /// Who leads an incident of a service unless a dispatcher decides otherwise.
    pub enum LeadKind ("lead") {
        /// The nearest able worker.
        Worker = "worker",
        /// The department that the service names.
        Department = "department",
    }
}

words! {
    /// What may be entered in a form field.
    pub enum FieldKind ("field kind") {
        Text = "text",
        Number = "number",
        Single = "single",
        Multiple = "multiple",
        Datetime = "datetime",
        Boolean = "boolean",
    }
}

/// The longest text that a form field takes, in characters.
const MAX_FIELD_TEXT: usize = 2_000;

/// A group of services, as menus show them.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ServiceGroup {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
}

/// Where an incident of a service goes by default.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Routing {
    pub lead: LeadKind,
    /// What the lead must know.
    #[serde(default)]
    pub skills: Vec<String>,
    pub department: Option<String>,
}

/// A choice of a form field.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FieldOption {
    pub value: String,
    pub label_zh: String,
    pub label_en: String,
}

/// A field of a service's form.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FormField {
    pub key: String,
    pub label_zh: String,
    pub label_en: String,
    pub kind: FieldKind,
    #[serde(default)]
    pub required: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<FieldOption>,
}

/// An entry of the catalogue (事项).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Service {
    pub code: ServiceCode,
    pub group: String,
    pub name_zh: String,
    pub name_en: String,
    pub description_zh: String,
    pub description_en: String,
    pub priority: Priority,
    pub limits: Limits,
    /// Other limits for some of its incidents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limit_rules: Vec<LimitRule>,
    pub routing: Routing,
    #[serde(default)]
    pub fields: Vec<FormField>,
    /// True when a grid worker may finish it on the spot (自办).
    pub self_handle: bool,
}

/// What is wrong with a filled-in form, field by field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    #[error("the form lacks the required field {0:?}")]
    Missing(String),
    #[error("the form has no field {0:?}")]
    Unknown(String),
    #[error("the form field {key:?} must be {expected}")]
    WrongKind { key: String, expected: &'static str },
    #[error("the form field {key:?} has no choice {value:?}; choose from {}", choices.join(", "))]
    NoSuchChoice {
        key: String,
        value: String,
        choices: Vec<String>,
    },
}

impl Service {
    /// Checks a filled-in form against the fields.
    ///
    /// # Errors
    /// The first field that is missing, unknown or of the wrong kind.
    pub fn check_form(&self, form: &serde_json::Map<String, Value>) -> Result<(), FormError> {
        if let Some(key) = form
            .keys()
            .find(|key| self.fields.iter().all(|field| &field.key != *key))
        {
            return Err(FormError::Unknown(key.clone()));
        }
        for field in &self.fields {
            match form.get(&field.key) {
                None | Some(Value::Null) if field.required => {
                    return Err(FormError::Missing(field.key.clone()));
                }
                None | Some(Value::Null) => {}
                Some(value) => field.check(value)?,
            }
        }
        Ok(())
    }
}

impl FormField {
    fn check(&self, value: &Value) -> Result<(), FormError> {
        let wrong = |expected| FormError::WrongKind {
            key: self.key.clone(),
            expected,
        };
        match self.kind {
            FieldKind::Text => value
                .as_str()
                .filter(|text| text.chars().count() <= MAX_FIELD_TEXT)
                .map(drop)
                .ok_or_else(|| wrong("text of at most 2000 characters")),
            FieldKind::Number => value.as_f64().map(drop).ok_or_else(|| wrong("a number")),
            FieldKind::Boolean => value
                .as_bool()
                .map(drop)
                .ok_or_else(|| wrong("true or false")),
            FieldKind::Datetime => value
                .as_str()
                .and_then(|text| chrono::DateTime::parse_from_rfc3339(text).ok())
                .map(drop)
                .ok_or_else(|| wrong("a time such as 2026-11-22T08:00:00+08:00")),
            FieldKind::Single => {
                self.check_choice(value.as_str().ok_or_else(|| wrong("one of the choices"))?)
            }
            FieldKind::Multiple => {
                let list = value.as_array().ok_or_else(|| wrong("a list of choices"))?;
                if list.len() > self.options.len() {
                    return Err(wrong("a list of choices, each once"));
                }
                list.iter().try_for_each(|item| {
                    self.check_choice(item.as_str().ok_or_else(|| wrong("a list of choices"))?)
                })
            }
        }
    }

    fn check_choice(&self, value: &str) -> Result<(), FormError> {
        if self.options.iter().any(|option| option.value == value) {
            return Ok(());
        }
        Err(FormError::NoSuchChoice {
            key: self.key.clone(),
            value: value.to_owned(),
            choices: self
                .options
                .iter()
                .map(|option| option.value.clone())
                .collect(),
        })
    }
}

/// The file `data/services.json`.
#[derive(Debug, Deserialize)]
struct CatalogueFile {
    groups: Vec<ServiceGroup>,
    services: Vec<Service>,
}

/// All services, found by code.
#[derive(Debug)]
pub struct Catalogue {
    pub groups: Vec<ServiceGroup>,
    pub services: Vec<Arc<Service>>,
    by_code: HashMap<ServiceCode, Arc<Service>>,
}

/// Why a catalogue file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    #[error("the service catalogue is not readable")]
    Unreadable(#[from] serde_json::Error),
    #[error("the service catalogue has {0} twice")]
    Twice(ServiceCode),
    #[error("service {service} belongs to the group {group:?}, which the catalogue does not have")]
    UnknownGroup { service: ServiceCode, group: String },
    #[error("service {service} has limits that cannot be kept")]
    Limits {
        service: ServiceCode,
        source: LimitError,
    },
}

impl Catalogue {
    /// Reads a catalogue in the form of `data/services.json`.
    ///
    /// # Errors
    /// When the text is not such a catalogue, names a code twice or an unknown group, or has
    /// limits that make no sense together.
    pub fn parse(json: &str) -> Result<Self, CatalogueError> {
        let file: CatalogueFile = serde_json::from_str(json)?;
        let mut by_code = HashMap::new();
        let services: Vec<Arc<Service>> = file.services.into_iter().map(Arc::new).collect();
        for service in &services {
            if file.groups.iter().all(|group| group.code != service.group) {
                return Err(CatalogueError::UnknownGroup {
                    service: service.code.clone(),
                    group: service.group.clone(),
                });
            }
            check_limits(service).map_err(|source| CatalogueError::Limits {
                service: service.code.clone(),
                source,
            })?;
            if by_code
                .insert(service.code.clone(), Arc::clone(service))
                .is_some()
            {
                return Err(CatalogueError::Twice(service.code.clone()));
            }
        }
        Ok(Self {
            groups: file.groups,
            services,
            by_code,
        })
    }

    #[must_use]
    pub fn find(&self, code: &ServiceCode) -> Option<&Arc<Service>> {
        self.by_code.get(code)
    }
}
