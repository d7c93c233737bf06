//! What somebody reports.

use serde_json::{Map, Number, Value};

use super::arguments::{ArgumentError, Arguments, read_time, unreadable};
use crate::domain::catalogue::{FieldKind, FormField};
use crate::domain::{LngLat, Service, ServiceCode};

/// "free form text limited to 4,000 characters"
const MAX_DESCRIPTION: usize = 4_000;
/// The longest address of a picture, in characters.
const MAX_URL: usize = 500;
/// What the standard lets a client send, and no incident has a place for.
const NOT_KEPT: [&str; 4] = ["email", "device_id", "account_id", "address_id"];

/// A request as it is posted.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportedRequest {
    pub service: ServiceCode,
    pub position: LngLat,
    pub address: Option<String>,
    pub reporter: Reporter,
    pub description: Option<String>,
    /// Of `http` or `https`.
    pub media_url: Option<String>,
    /// Codes with the values given for each.
    pub attributes: Vec<(String, Vec<String>)>,
    /// Arguments of the standard that were sent, and are kept nowhere.
    pub not_kept: Vec<&'static str>,
}

/// Who reports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reporter {
    pub name: Option<String>,
    pub phone: Option<String>,
}

/// Reads the arguments of `POST requests`.
///
/// # Errors
/// When one that is needed is missing, or one cannot be understood.
pub fn read_report(arguments: &Arguments) -> Result<ReportedRequest, ArgumentError> {
    let text = |name| arguments.find(name).map(str::to_owned);
    let service = text("service_code").ok_or(ArgumentError::Missing("service_code"))?;
    let description = text("description");
    if let Some(description) = &description {
        check_length("description", description, MAX_DESCRIPTION)?;
    }
    Ok(ReportedRequest {
        service: ServiceCode(service),
        position: read_position(arguments)?,
        address: text("address_string"),
        reporter: Reporter {
            name: full_name(arguments.find("first_name"), arguments.find("last_name")),
            phone: text("phone"),
        },
        description,
        media_url: arguments.find("media_url").map(read_url).transpose()?,
        attributes: read_attributes(arguments),
        not_kept: NOT_KEPT
            .into_iter()
            .filter(|name| arguments.find(name).is_some())
            .collect(),
    })
}

/// `lat` and `long` in degrees. An address alone is a location for the standard, but there
/// is nobody here who would find it on the map.
fn read_position(arguments: &Arguments) -> Result<LngLat, ArgumentError> {
    let degrees = |name| arguments.parse::<f64>(name, "a number of degrees");
    let (lat, long) = match (degrees("lat")?, degrees("long")?) {
        (Some(lat), Some(long)) => (lat, long),
        (None, None) => {
            let addresses = ["address_string", "address_id"];
            let named = addresses.iter().any(|name| arguments.find(name).is_some());
            return Err(if named {
                ArgumentError::OnlyAnAddress
            } else {
                ArgumentError::NoLocation
            });
        }
        _ => return Err(ArgumentError::HalfAPosition),
    };
    LngLat::from_degrees(long, lat).map_err(|_| {
        let value = format!("{lat}, {long}");
        unreadable("lat, long", &value, "a position in degrees of WGS 84")
    })
}

/// A Chinese name has the family name first, and no space.
fn full_name(first: Option<&str>, last: Option<&str>) -> Option<String> {
    let is_han = |name: &str| name.chars().all(|c| ('\u{3400}'..='\u{9fff}').contains(&c));
    match (first, last) {
        (Some(first), Some(last)) if is_han(first) && is_han(last) => {
            Some(format!("{last}{first}"))
        }
        (Some(first), Some(last)) => Some(format!("{first} {last}")),
        (one, other) => one.or(other).map(str::to_owned),
    }
}

fn read_url(text: &str) -> Result<String, ArgumentError> {
    check_length("media_url", text, MAX_URL)?;
    let (scheme, rest) = text.split_once("://").unwrap_or_default();
    let known = ["http", "https"]
        .iter()
        .any(|it| it.eq_ignore_ascii_case(scheme));
    let strange = |c: char| c.is_whitespace() || c.is_control() || "<>\"".contains(c);
    if !known || rest.is_empty() || rest.contains(strange) {
        return Err(unreadable("media_url", text, "an address of http or https"));
    }
    Ok(format!("{}://{rest}", scheme.to_ascii_lowercase()))
}

fn check_length(name: &'static str, text: &str, most: usize) -> Result<(), ArgumentError> {
    let count = text.chars().count();
    if count > most {
        return Err(ArgumentError::TooLong { name, count, most });
    }
    Ok(())
}

/// `attribute[CODE]=value`, and for several values `attribute[CODE][]=value`.
fn read_attributes(arguments: &Arguments) -> Vec<(String, Vec<String>)> {
    let mut attributes: Vec<(String, Vec<String>)> = Vec::new();
    for (name, value) in arguments.pairs() {
        let name = name.strip_suffix("[]").unwrap_or(name);
        let code = name.strip_prefix("attribute[");
        let Some(code) = code.and_then(|code| code.strip_suffix(']')) else {
            continue;
        };
        match attributes.iter_mut().find(|(known, _)| known == code) {
            Some((_, values)) => values.push(value.to_owned()),
            None => attributes.push((code.to_owned(), vec![value.to_owned()])),
        }
    }
    attributes
}

/// The attributes as the form of a service has them. What the form does not have, and choices
/// that there are not, are left for the form's own check.
///
/// # Errors
/// When a value is not of its field's kind.
pub fn read_form(
    service: &Service,
    attributes: &[(String, Vec<String>)],
) -> Result<Map<String, Value>, ArgumentError> {
    let mut form = Map::new();
    for (code, values) in attributes {
        let field = service.fields.iter().find(|field| field.key == *code);
        let several = field.is_some_and(|field| field.kind == FieldKind::Multiple);
        let value = match &values[..] {
            _ if several => Value::from(values.clone()),
            [value] => match field {
                Some(field) => read_value(field, value)?,
                None => Value::from(value.clone()),
            },
            _ => return Err(ArgumentError::SeveralValues(code.clone())),
        };
        form.insert(code.clone(), value);
    }
    Ok(form)
}

fn read_value(field: &FormField, text: &str) -> Result<Value, ArgumentError> {
    let wrong = |expected| unreadable(&format!("attribute[{}]", field.key), text, expected);
    match field.kind {
        FieldKind::Number => {
            let whole = text.parse::<i64>().ok().map(Number::from);
            let number = whole.or_else(|| Number::from_f64(text.parse().ok()?));
            number.map(Value::Number).ok_or_else(|| wrong("a number"))
        }
        FieldKind::Boolean => {
            let read = text.parse::<bool>();
            read.map(Value::Bool).map_err(|_| wrong("true or false"))
        }
        FieldKind::Datetime => {
            let time = read_time(text).map(|time| Value::from(time.to_rfc3339()));
            time.ok_or_else(|| wrong("a time such as 2010-01-01T00:00:00Z"))
        }
        FieldKind::Text | FieldKind::Single | FieldKind::Multiple => Ok(Value::from(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Catalogue;
    use serde_json::json;

    fn read(body: &str) -> Result<ReportedRequest, ArgumentError> {
        read_report(&Arguments::read("", body.as_bytes()).unwrap())
    }

    /// The body of the standard's example, with a description that ends in a line of its own.
    const EXAMPLE: &str = "api_key=xyz&jurisdiction_id=city.gov&service_code=001&lat=37.76524078\
        &long=-122.4212043&address_string=1234+5th+street&email=smit333%40sfgov.edu\
        &device_id=tt222111&account_id=123456&first_name=john&last_name=smith&phone=111111111\
        &description=A+large+sinkhole+is+destroying+the+street\
        &media_url=http%3A%2F%2Ffarm3.static.flickr.com%2F2002%2F2212426634_5ed477a060.jpg\
        &attribute[WHISPAWN]=123456&attribute[WHISDORN]=COISL001";

    #[test]
    fn the_example_of_the_standard_is_understood() {
        let expected = ReportedRequest {
            service: ServiceCode("001".into()),
            position: LngLat::from_degrees(-122.421_204_3, 37.765_240_78).unwrap(),
            address: Some("1234 5th street".into()),
            reporter: Reporter {
                name: Some("john smith".into()),
                phone: Some("111111111".into()),
            },
            description: Some("A large sinkhole is destroying the street".into()),
            media_url: Some("http://farm3.static.flickr.com/2002/2212426634_5ed477a060.jpg".into()),
            attributes: vec![
                ("WHISPAWN".into(), vec!["123456".into()]),
                ("WHISDORN".into(), vec!["COISL001".into()]),
            ],
            not_kept: vec!["email", "device_id", "account_id"],
        };
        assert_eq!(read(EXAMPLE), Ok(expected));
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        let long = format!(
            "service_code=1&lat=1&long=2&description={}",
            "长".repeat(4_001)
        );
        for (body, expected) in [
            ("lat=1&long=2", "service_code was not provided"),
            (
                "service_code=&lat=1&long=2",
                "service_code was not provided",
            ),
            (
                "service_code=1",
                "a location was not provided: send lat and long",
            ),
            (
                "service_code=1&lat=33.6",
                "lat and long both need to be sent",
            ),
            (
                "service_code=1&address_string=5th+street",
                "this server cannot find addresses: send lat and long with address_string or \
                 address_id",
            ),
            (
                "service_code=1&address_id=7",
                "this server cannot find addresses: send lat and long with address_string or \
                 address_id",
            ),
            (
                "service_code=1&lat=north&long=2",
                "lat: \"north\" is not a number of degrees",
            ),
            (
                "service_code=1&lat=119.02&long=33.6",
                "lat, long: \"119.02, 33.6\" is not a position in degrees of WGS 84",
            ),
            (
                "service_code=1&lat=NaN&long=33.6",
                "lat, long: \"NaN, 33.6\" is not a position in degrees of WGS 84",
            ),
            (
                "service_code=1&lat=1&long=2&media_url=javascript://alert",
                "media_url: \"javascript://alert\" is not an address of http or https",
            ),
            (
                &long,
                "description: 4001 characters are too many; 4000 are the most",
            ),
        ] {
            let error = read(body).unwrap_err();
            assert_eq!(error.to_string(), expected, "{body}");
        }
    }

    #[test]
    fn names_are_written_as_their_owners_write_them() {
        for (first, last, expected) in [
            (Some("小明"), Some("王"), Some("王小明")),
            (Some("John"), Some("王"), Some("John 王")),
            (Some("John"), None, Some("John")),
            (None, Some("Smith"), Some("Smith")),
            (None, None, None),
        ] {
            assert_eq!(full_name(first, last).as_deref(), expected);
        }
    }

    fn service() -> std::sync::Arc<Service> {
        let option = |value: &str| json!({ "value": value, "label_zh": value, "label_en": value });
        let field = |key: &str, kind: &str, options: &[&str]| {
            let options: Vec<_> = options.iter().map(|value| option(value)).collect();
            json!({ "key": key, "label_zh": "中", "label_en": "en", "kind": kind,
                    "required": key == "where", "options": options })
        };
        let catalogue = json!({
            "groups": [{ "code": "g", "name_zh": "组", "name_en": "Group" }],
            "services": [{
                "code": "s", "group": "g", "name_zh": "事", "name_en": "S",
                "description_zh": "", "description_en": "", "priority": "normal",
                "limits": { "sign_minutes": 1, "resolve_minutes": 2 },
                "routing": { "lead": "worker", "skills": [], "department": null },
                "self_handle": true,
                "fields": [
                    field("where", "single", &["street", "home"]),
                    field("what", "multiple", &["dirty", "broken"]),
                    field("depth_cm", "number", &[]),
                    field("burning", "boolean", &[]),
                    field("seen_at", "datetime", &[]),
                    field("who", "text", &[]),
                ],
            }],
        });
        let catalogue = Catalogue::parse(&catalogue.to_string()).unwrap();
        catalogue.services[0].clone()
    }

    fn form(body: &str) -> Result<Value, String> {
        let arguments = Arguments::read("", body.as_bytes()).unwrap();
        let form = read_form(&service(), &read_attributes(&arguments));
        let form = form.map_err(|error| error.to_string())?;
        let checked = service().check_form(&form);
        checked.map_err(|error| error.to_string())?;
        Ok(Value::Object(form))
    }

    #[test]
    fn attributes_become_a_form_that_the_service_accepts() {
        for (body, expected) in [
            ("attribute[where]=street", json!({ "where": "street" })),
            (
                "attribute[where]=home&attribute[what][]=dirty&attribute[what][]=broken",
                json!({ "where": "home", "what": ["dirty", "broken"] }),
            ),
            (
                "attribute%5Bwhere%5D=home&attribute%5Bwhat%5D%5B%5D=broken",
                json!({ "where": "home", "what": ["broken"] }),
            ),
            (
                "attribute[where]=home&attribute[what]=dirty&attribute[what]=broken",
                json!({ "where": "home", "what": ["dirty", "broken"] }),
            ),
            (
                "attribute[where]=home&attribute[depth_cm]=40&attribute[burning]=false",
                json!({ "where": "home", "depth_cm": 40, "burning": false }),
            ),
            (
                "attribute[where]=home&attribute[depth_cm]=0.5&attribute[who]=7",
                json!({ "where": "home", "depth_cm": 0.5, "who": "7" }),
            ),
            (
                "attribute[where]=home&attribute[seen_at]=2026-11-22T08:00%2B08:00",
                json!({ "where": "home", "seen_at": "2026-11-22T08:00:00+08:00" }),
            ),
            (
                "attribute[where]=home&attribute[who]=",
                json!({ "where": "home" }),
            ),
        ] {
            assert_eq!(form(body), Ok(expected), "{body}");
        }
    }

    #[test]
    fn attributes_that_do_not_fit_are_refused() {
        for (body, expected) in [
            ("", "the form lacks the required field \"where\""),
            (
                "attribute[where]=",
                "the form lacks the required field \"where\"",
            ),
            (
                "attribute[where]=sea",
                "the form field \"where\" has no choice \"sea\"; choose from street, home",
            ),
            (
                "attribute[where]=home&attribute[where]=street",
                "attribute[where] takes one value only",
            ),
            (
                "attribute[where]=home&attribute[depth_cm]=deep",
                "attribute[depth_cm]: \"deep\" is not a number",
            ),
            (
                "attribute[where]=home&attribute[depth_cm]=NaN",
                "attribute[depth_cm]: \"NaN\" is not a number",
            ),
            (
                "attribute[where]=home&attribute[burning]=yes",
                "attribute[burning]: \"yes\" is not true or false",
            ),
            (
                "attribute[where]=home&attribute[seen_at]=2026-11-22",
                "attribute[seen_at]: \"2026-11-22\" is not a time such as 2010-01-01T00:00:00Z",
            ),
            (
                "attribute[where]=home&attribute[colour]=red",
                "the form has no field \"colour\"",
            ),
        ] {
            assert_eq!(form(body).unwrap_err(), expected, "{body}");
        }
    }

    #[test]
    fn a_definition_says_what_the_form_takes() {
        use super::super::{Datatype, ServiceDefinition};
        let definition = ServiceDefinition::of(&service(), |_, en| en.to_owned());
        let told: Vec<_> = definition
            .attributes
            .iter()
            .map(|attribute| {
                let keys: Vec<&str> = attribute.values.iter().map(|it| it.key.as_str()).collect();
                (
                    attribute.order,
                    attribute.datatype,
                    attribute.required,
                    keys,
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (1, Datatype::SingleValueList, true, vec!["street", "home"]),
                (2, Datatype::MultiValueList, false, vec!["dirty", "broken"]),
                (3, Datatype::Number, false, vec![]),
                (4, Datatype::SingleValueList, false, vec!["true", "false"]),
                (5, Datatype::Datetime, false, vec![]),
                (6, Datatype::String, false, vec![]),
            ]
        );
    }
}
