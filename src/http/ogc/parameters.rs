//! Query parameters, read strictly: what is not known, said twice or no value of its kind
//! is refused with its name.

use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use utoipa::{IntoParams, ToSchema};

use crate::codec::cql2;
use crate::geometry::ReferenceSystem;
use crate::http::problem::Problem;
use crate::http::view::{from_cursor, to_cursor};
use crate::index::filter::{Region, Span};
use crate::service::features::{Collection, FeatureQuery};

/// How many features a page has when nothing is said, and at most.
pub const DEFAULT_LIMIT: usize = 100;
pub const MAX_LIMIT: usize = 10_000;

/// What every address takes; read in [`Parameters`].
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it is only described")]
pub struct FormatParameter {
    /// JSON is all there is.
    #[param(inline)]
    f: Option<Format>,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "it is only described")]
enum Format {
    Json,
}

/// The parameters of a request, in their order.
#[derive(Debug, Clone)]
pub struct Parameters(Vec<(String, String)>);

/// What a request for items asks for.
pub struct ItemsRequest {
    pub query: FeatureQuery,
    /// What answers are written in.
    pub system: ReferenceSystem,
}

impl<S: Sync> FromRequestParts<S> for Parameters {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if name.contains('\0') || value.contains('\0') {
                return Err(Problem::invalid("texts must not hold the character U+0000"));
            }
            if pairs.iter().any(|(known, _)| *known == name) {
                return Err(Problem::invalid(format!(
                    "the parameter {name:?} is given twice"
                )));
            }
            pairs.push((name.into_owned(), value.into_owned()));
        }
        let mut parameters = Self(pairs);
        match parameters.take("f").as_deref() {
            None | Some("json") => Ok(parameters),
            Some(other) => Err(Problem::invalid(format!(
                "f {other:?}: json is the only format here"
            ))),
        }
    }
}

impl Parameters {
    /// Refuses whatever is left.
    pub fn expect_none(&self) -> Result<(), Problem> {
        self.expect_only(&["f"])
    }

    fn expect_only(&self, known: &[&str]) -> Result<(), Problem> {
        match self.0.first() {
            None => Ok(()),
            Some((name, _)) => Err(Problem::invalid(format!(
                "there is no parameter {name:?} here; there are {}",
                known.join(", ")
            ))),
        }
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let index = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(index).1)
    }

    /// Reads a parameter if it is given.
    fn read<T, E: ToString>(
        &mut self,
        name: &str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<Option<T>, Problem> {
        let Some(text) = self.take(name) else {
            return Ok(None);
        };
        match read(&text) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(Problem::invalid(format!("{name}: {}", error.to_string()))),
        }
    }

    /// A coordinate system that is offered.
    fn read_system(
        &mut self,
        name: &str,
        offered: &[ReferenceSystem],
    ) -> Result<ReferenceSystem, Problem> {
        let system = self.read(name, |text| {
            let system = text.parse::<ReferenceSystem>();
            let system = system.map_err(|error| error.to_string())?;
            if offered.contains(&system) {
                Ok(system)
            } else {
                let offered: Vec<String> = offered.iter().map(ToString::to_string).collect();
                Err(format!(
                    "{system} does not reach the whole territory; there are {}",
                    offered.join(", ")
                ))
            }
        })?;
        Ok(system.unwrap_or(ReferenceSystem::Crs84))
    }

    /// The coordinate system of a single feature.
    pub fn into_system(mut self, offered: &[ReferenceSystem]) -> Result<ReferenceSystem, Problem> {
        let system = self.read_system("crs", offered)?;
        self.expect_only(&["crs", "f"])?;
        Ok(system)
    }

    /// What is asked of a collection.
    pub fn into_items(
        mut self,
        collection: Collection,
        offered: &[ReferenceSystem],
    ) -> Result<ItemsRequest, Problem> {
        let system = self.read_system("crs", offered)?;
        let bbox_system = self.read_system("bbox-crs", offered)?;
        let filter_system = self.read_system("filter-crs", offered)?;
        let bounds = self.read("bbox", |text| read_bounds(text, bbox_system))?;
        let during = self.read("datetime", str::parse::<Span>)?;
        let limit = self.read("limit", read_limit)?.unwrap_or(DEFAULT_LIMIT);
        let after = self.read_cursor(collection)?;
        let mut filters = Vec::new();
        let queryables = collection.queryables();
        for (index, queryable) in queryables.iter().enumerate() {
            let read = |text: &str| cql2::equal_to(index, queryable, text);
            filters.extend(self.read(queryable.name, read)?);
        }
        let language = self.read("filter-lang", str::parse)?;
        filters.extend(self.read("filter", |text| {
            let read = match language.unwrap_or(Language::Text) {
                Language::Text => cql2::parse_text,
                Language::Json => cql2::parse_json,
            };
            read(text, queryables, filter_system)
        })?);
        let named = queryables.iter().map(|queryable| queryable.name);
        let known: Vec<&str> = ITEM_PARAMETERS.into_iter().chain(named).collect();
        self.expect_only(&known)?;
        Ok(ItemsRequest {
            query: FeatureQuery {
                bounds,
                during,
                filters,
                after,
                limit,
            },
            system,
        })
    }

    fn read_cursor(&mut self, collection: Collection) -> Result<Option<String>, Problem> {
        let after: Option<String> = from_cursor(self.take("cursor").as_deref())?;
        let is_identity = |id: &String| id.parse::<uuid::Uuid>().is_ok();
        match (collection, &after) {
            (Collection::Incidents | Collection::Workers, Some(id)) if !is_identity(id) => Err(
                Problem::invalid("the cursor is not one that this list has given out"),
            ),
            _ => Ok(after),
        }
    }

    /// The same request, going on after a feature.
    pub fn to_next(&self, last: &str) -> Option<String> {
        let cursor = to_cursor(&last)?;
        let others = self.0.iter().filter(|(name, _)| name != "cursor");
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(others);
        query.append_pair("cursor", &cursor);
        Some(query.finish())
    }

    /// The request as it was.
    pub fn to_query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.0);
        query.finish()
    }
}

/// The parameters of items beside the queryables.
const ITEM_PARAMETERS: [&str; 10] = [
    "bbox",
    "bbox-crs",
    "datetime",
    "limit",
    "cursor",
    "crs",
    "filter",
    "filter-lang",
    "filter-crs",
    "f",
];

/// What a filter is written in.
#[derive(Debug, Clone, Copy)]
enum Language {
    Text,
    Json,
}

impl FromStr for Language {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "cql2-text" => Ok(Self::Text),
            "cql2-json" => Ok(Self::Json),
            other => Err(format!(
                "{other:?} is not spoken here; there are cql2-text and cql2-json"
            )),
        }
    }
}

fn read_bounds(text: &str, system: ReferenceSystem) -> Result<Region, String> {
    let numbers = text.split(',').map(|number| match number.trim().parse() {
        Ok(number) if f64::is_finite(number) => Ok(number),
        _ => Err(format!("{number:?} is no number")),
    });
    let numbers: Vec<f64> = numbers.collect::<Result<_, _>>()?;
    Region::of_bounds(&numbers, system).map_err(|error| error.to_string())
}

/// More than the most is the most, as the standard wants it.
fn read_limit(text: &str) -> Result<usize, String> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse::<usize>() {
        Ok(limit @ 1..) => Ok(limit.min(MAX_LIMIT)),
        // A number too large to read is more than the most, too.
        Err(_) if digits => Ok(MAX_LIMIT),
        _ => Err(format!("{text:?} is no whole number from 1 on")),
    }
}
