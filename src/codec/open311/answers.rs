//! What is answered. Members come in the order of the standard's tables. What is not known
//! is null, as in its examples.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::catalogue::{FieldKind, FormField};
use crate::domain::words::words;
use crate::domain::{AreaCode, Outcome, Service, ServiceCode, Status};

words! {
    /// How a number is given to a request.
    pub enum ServiceType ("type") {
        /// At once.
        Realtime = "realtime",
    }
}

words! {
    /// What is entered for an attribute.
    pub enum Datatype ("datatype") {
        /// Without line breaks.
        String = "string",
        Number = "number",
        Datetime = "datetime",
        /// With line breaks.
        Text = "text",
        SingleValueList = "singlevaluelist",
        MultiValueList = "multivaluelist",
    }
}

words! {
    /// Whether a request waits for somebody.
    pub enum RequestStatus ("status") {
        Open = "open",
        Closed = "closed",
    }
}

/// Where the service is, and in which versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Discovery {
    /// Sorts after earlier ones when something has changed.
    pub changeset: String,
    pub contact: String,
    pub key_service: String,
    pub endpoints: Vec<Endpoint>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Endpoint {
    /// `http://wiki.open311.org/GeoReport_v2`
    pub specification: &'static str,
    pub url: String,
    /// Changes with the list of services or one of their definitions.
    pub changeset: String,
    /// `production` or `test`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    #[schema(value_type = Vec<String>)]
    pub formats: [&'static str; 2],
}

/// A kind of request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ServiceListing {
    pub service_code: ServiceCode,
    pub service_name: String,
    pub description: String,
    /// True when there are attributes, which the service's definition says.
    pub metadata: bool,
    #[serde(rename = "type")]
    pub kind: ServiceType,
    /// Separated by commas.
    pub keywords: String,
    pub group: String,
}

/// What can be said of a kind of request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ServiceDefinition {
    pub service_code: ServiceCode,
    pub attributes: Vec<ServiceAttribute>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ServiceAttribute {
    /// True: somebody has to enter it.
    pub variable: bool,
    pub code: String,
    pub datatype: Datatype,
    pub required: bool,
    pub datatype_description: Option<String>,
    /// From 1 on, each once.
    pub order: usize,
    pub description: String,
    /// For lists alone.
    pub values: Vec<AttributeValue>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AttributeValue {
    pub key: String,
    pub name: String,
}

/// A request that was taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AcceptedRequest {
    #[schema(example = "20261122000123")]
    pub service_request_id: String,
    pub service_notice: Option<String>,
    pub account_id: Option<String>,
}

/// What a token stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ResolvedToken {
    #[schema(example = "20261122000123")]
    pub service_request_id: String,
    pub token: String,
}

/// A request, as much of it as the caller may see.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ServiceRequest {
    #[schema(example = "20261122000123")]
    pub service_request_id: String,
    pub status: RequestStatus,
    pub status_notes: Option<String>,
    pub service_name: String,
    pub service_code: ServiceCode,
    pub description: Option<String>,
    pub agency_responsible: Option<String>,
    pub service_notice: Option<String>,
    #[serde(serialize_with = "write_time")]
    pub requested_datetime: DateTime<Utc>,
    /// When it was closed, for those that are.
    #[serde(serialize_with = "write_time")]
    pub updated_datetime: DateTime<Utc>,
    #[serde(serialize_with = "write_time_if_any")]
    pub expected_datetime: Option<DateTime<Utc>>,
    /// From the most specific to the most general.
    pub address: Option<String>,
    pub address_id: Option<String>,
    pub zipcode: Option<String>,
    /// WGS 84, degrees.
    pub lat: Option<f64>,
    /// WGS 84, degrees.
    pub long: Option<f64>,
    pub media_url: Option<String>,
    /// Beside the standard: only when asked for with `extensions=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended_attributes: Option<ExtendedAttributes>,
}

/// What the standard has no place for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ExtendedAttributes {
    /// Which of the seven steps it has come to.
    pub detailed_status: Status,
    pub outcome: Option<Outcome>,
    /// The deepest area that is told to the caller.
    pub area_code: Option<AreaCode>,
    pub area_name: Option<String>,
}

/// A step of a request, as `FixMyStreet` has it
/// (<https://github.com/mysociety/fixmystreet/wiki/Open311-FMS---Proposed-differences-to-Open311>).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RequestUpdate {
    #[schema(example = "20261122000123.2")]
    pub update_id: String,
    pub service_request_id: String,
    /// After the step.
    pub status: RequestStatus,
    #[serde(serialize_with = "write_time")]
    pub updated_datetime: DateTime<Utc>,
    pub description: String,
    pub media_url: Option<String>,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RequestError {
    /// The HTTP status.
    pub code: u16,
    pub description: String,
}

impl From<Status> for RequestStatus {
    fn from(status: Status) -> Self {
        if status.is_open() {
            Self::Open
        } else {
            Self::Closed
        }
    }
}

impl ServiceDefinition {
    /// The form of a service. `name` chooses between the Chinese and the English name.
    #[must_use]
    pub fn of(service: &Service, name: impl Fn(&str, &str) -> String) -> Self {
        let attribute = |(order, field): (usize, &FormField)| ServiceAttribute {
            variable: true,
            code: field.key.clone(),
            datatype: Datatype::from(field.kind),
            required: field.required,
            datatype_description: match field.kind {
                FieldKind::Datetime => Some("2026-11-22T08:00:00+08:00".to_owned()),
                _ => None,
            },
            order,
            description: name(&field.label_zh, &field.label_en),
            values: values(field, &name),
        };
        Self {
            service_code: service.code.clone(),
            attributes: (1..).zip(&service.fields).map(attribute).collect(),
        }
    }
}

/// The standard knows no yes and no: that is a list of two.
fn values(field: &FormField, name: impl Fn(&str, &str) -> String) -> Vec<AttributeValue> {
    if field.kind == FieldKind::Boolean {
        return [("true", "是", "Yes"), ("false", "否", "No")]
            .map(|(key, zh, en)| AttributeValue {
                key: key.to_owned(),
                name: name(zh, en),
            })
            .into();
    }
    let options = field.options.iter();
    options
        .map(|option| AttributeValue {
            key: option.value.clone(),
            name: name(&option.label_zh, &option.label_en),
        })
        .collect()
}

impl From<FieldKind> for Datatype {
    fn from(kind: FieldKind) -> Self {
        match kind {
            FieldKind::Text => Self::String,
            FieldKind::Number => Self::Number,
            FieldKind::Datetime => Self::Datetime,
            FieldKind::Single | FieldKind::Boolean => Self::SingleValueList,
            FieldKind::Multiple => Self::MultiValueList,
        }
    }
}

/// To the second, as the examples of the standard: not every client knows fractions.
fn write_time<S: serde::Serializer>(time: &DateTime<Utc>, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(&time.format("%Y-%m-%dT%H:%M:%SZ"))
}

#[expect(clippy::ref_option, reason = "serde asks for this signature")]
fn write_time_if_any<S: serde::Serializer>(
    time: &Option<DateTime<Utc>>,
    to: S,
) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => write_time(time, to),
        None => to.serialize_none(),
    }
}
