//! What is the same for every question: the format, the arguments, who asks.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::super::Api;
use super::super::base::Base;
use super::super::caller::Caller;
use super::super::problem::Problem;
use super::language::Language;
use super::no_such_format;
use crate::codec::open311::{Arguments, Format, Root};
use crate::domain::Actor;
use crate::service::open311::PageNumber;

/// A question, with its arguments in the address.
pub struct Asked {
    pub arguments: Arguments,
    pub actor: Actor,
    pub language: Language,
    format: Format,
}

/// One whose arguments may also be in its body.
pub struct Posted(pub Asked);

impl Asked {
    async fn read(parts: &mut Parts, api: &Api, body: &[u8]) -> Result<Self, Problem> {
        let (_, format) = Format::split_from(parts.uri.path()).ok_or_else(no_such_format)?;
        let arguments = Arguments::read(parts.uri.query().unwrap_or_default(), body)?;
        let own = api.settings.open311.jurisdiction_id.as_deref();
        if let (Some(own), Some(asked)) = (own, arguments.find("jurisdiction_id"))
            && own != asked
        {
            return Err(Problem::new(
                StatusCode::NOT_FOUND,
                "not_found",
                format!("jurisdiction_id {asked:?} was not found; here is {own:?} alone"),
            ));
        }
        let Caller(actor) = Caller::with_key(arguments.find("api_key"), parts, api).await?;
        Ok(Self {
            arguments,
            actor,
            language: Language::wanted(&parts.headers),
            format,
        })
    }

    /// Which part of a list is asked for.
    pub fn page(&self) -> Result<PageNumber, Problem> {
        let expected = "a whole number from 1 on";
        let usual = PageNumber::default();
        let number = self.arguments.parse("page", expected)?;
        let size = self.arguments.parse("page_size", expected)?;
        Ok(PageNumber {
            number: number.unwrap_or(usual.number),
            size: size.unwrap_or(usual.size),
        })
    }

    /// Answers in the format that was asked for.
    pub fn answer(&self, root: Root, answer: &impl Serialize) -> Result<Response, Problem> {
        let written = self.format.write(root, answer);
        let body = written.map_err(|error| Problem::internal(&error))?;
        let headers = [
            (header::CONTENT_TYPE, self.format.content_type()),
            (header::CONTENT_LANGUAGE, self.language.tag()),
            (header::VARY, "accept-language"),
        ];
        Ok((headers, body).into_response())
    }
}

impl FromRequestParts<Api> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        Self::read(parts, api, b"").await
    }
}

impl FromRequest<Api> for Posted {
    type Rejection = Problem;

    async fn from_request(request: Request, api: &Api) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let essence = kind.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(Problem::invalid(
                "send the arguments as application/x-www-form-urlencoded",
            ));
        }
        let (mut parts, body) = request.into_parts();
        let whole = Request::from_parts(parts.clone(), body);
        let body = Bytes::from_request(whole, api).await;
        let body = body.map_err(|error| Problem::invalid(error.body_text()))?;
        Asked::read(&mut parts, api, &body).await.map(Self)
    }
}

/// Links to the pages around this one (RFC 8288), in a list that has some.
pub fn with_links(
    mut response: Response,
    base: &Base,
    parts: &Parts,
    page: PageNumber,
    more: bool,
) -> Response {
    let before = page.number.checked_sub(1).filter(|&number| number > 0);
    let after = page.number.checked_add(1).filter(|_| more);
    let links = [(before, "prev"), (after, "next")].map(|(number, rel)| {
        let address = base.at(&address_of_page(parts, number?));
        Some(format!("<{address}>; rel=\"{rel}\""))
    });
    let links: Vec<String> = links.into_iter().flatten().collect();
    if let Ok(value) = HeaderValue::from_str(&links.join(", "))
        && !links.is_empty()
    {
        response.headers_mut().insert(header::LINK, value);
    }
    response
}

/// The same address, of another page.
fn address_of_page(parts: &Parts, number: u32) -> String {
    let query = parts.uri.query().unwrap_or_default();
    let others = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "page");
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(others)
        .append_pair("page", &number.to_string())
        .finish();
    format!("{}?{query}", parts.uri.path())
}
