//! Open311 `GeoReport` v2 (<http://wiki.open311.org/GeoReport_v2>, frozen) with its service
//! discovery (<http://wiki.open311.org/Service_Discovery>): what is asked, and what is
//! answered in JSON and XML.
//!
//! The JSON is the XML by the Spark convention
//! (<http://wiki.open311.org/JSON_and_XML_Conversion>): a container whose children are all of
//! one kind is an array, an element without content is null. So each answer is written once,
//! as a value; [`xml`] turns its JSON into the elements of the standard.
//!
//! Where the examples of the standard cannot be followed, because `006` is no JSON, codes and
//! numbers of requests are texts, as in the schema of its makers
//! (github.com/open311/schema-validation); they need not be numbers at all.

mod answers;
mod arguments;
mod report;
mod xml;

pub use answers::{
    AcceptedRequest, AttributeValue, Datatype, Discovery, Endpoint, ExtendedAttributes,
    RequestError, RequestStatus, RequestUpdate, ResolvedToken, ServiceAttribute, ServiceDefinition,
    ServiceListing, ServiceRequest, ServiceType,
};
pub use arguments::{ArgumentError, Arguments};
pub use report::{ReportedRequest, Reporter, read_form, read_report};

use serde::Serialize;

/// In which of the two forms is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Json,
    Xml,
}

/// The element that holds an answer, and for lists the one that holds each entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Root {
    Discovery,
    Services,
    ServiceDefinition,
    ServiceRequests,
    Updates,
    Errors,
}

impl Format {
    /// Takes the format off the end of an address: `services.xml`.
    #[must_use]
    pub fn split_from(address: &str) -> Option<(&str, Self)> {
        if let Some(stem) = address.strip_suffix(".json") {
            Some((stem, Self::Json))
        } else {
            address.strip_suffix(".xml").map(|stem| (stem, Self::Xml))
        }
    }

    /// The header `Content-Type`, in the words of the standard.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::Xml => "text/xml; charset=utf-8",
        }
    }

    /// Writes an answer.
    ///
    /// # Errors
    /// When the value has no JSON, such as a map whose keys are no texts.
    pub fn write(self, root: Root, answer: &impl Serialize) -> Result<String, serde_json::Error> {
        let json = serde_json::to_string(answer)?;
        match self {
            Self::Json => Ok(json),
            Self::Xml => xml::write(root.name(), &json),
        }
    }
}

impl Root {
    const fn name(self) -> &'static str {
        match self {
            Self::Discovery => "discovery",
            Self::Services => "services",
            Self::ServiceDefinition => "service_definition",
            Self::ServiceRequests => "service_requests",
            Self::Updates => "service_request_updates",
            Self::Errors => "errors",
        }
    }
}
