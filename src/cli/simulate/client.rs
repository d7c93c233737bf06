//! The API, as the simulation uses it.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::super::Failure;

/// Asks one server.
pub struct Client {
    http: reqwest::Client,
    base: String,
    key: Option<String>,
}

/// What an action came to.
pub enum Answer {
    Done(Value),
    /// Somebody was faster, or the action is no longer allowed: 409.
    Refused,
}

impl Client {
    pub fn new(http: reqwest::Client, base: String, key: Option<String>) -> Self {
        Self { http, base, key }
    }

    /// Gets something that must be there.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        let request = self.http.get(format!("{}{path}", self.base));
        let response = self.send(path, request).await?;
        Ok(response.json().await?)
    }

    /// Posts something that must be taken.
    pub async fn post(&self, path: &str, body: &impl Serialize) -> Result<Value, Failure> {
        let request = self.http.post(format!("{}{path}", self.base)).json(body);
        let response = self.send(path, request).await?;
        Ok(response.json().await?)
    }

    /// Posts something that others may have made impossible meanwhile.
    pub async fn attempt(&self, path: &str, body: &impl Serialize) -> Result<Answer, Failure> {
        let request = self.http.post(format!("{}{path}", self.base)).json(body);
        let response = self.authorised(request).send().await?;
        let status = response.status();
        let body: Value = response.json().await?;
        if status.is_success() {
            return Ok(Answer::Done(body));
        }
        if status == reqwest::StatusCode::CONFLICT {
            return Ok(Answer::Refused);
        }
        Err(format!(
            "{path}: {status}: {}",
            body["detail"].as_str().unwrap_or("?")
        )
        .into())
    }

    async fn send(
        &self,
        path: &str,
        request: reqwest::RequestBuilder,
    ) -> Result<reqwest::Response, Failure> {
        let response = self.authorised(request).send().await?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let text = response.text().await.unwrap_or_default();
        Err(format!("{path}: {status}: {text}").into())
    }

    fn authorised(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        match &self.key {
            Some(key) => request.bearer_auth(key),
            None => request,
        }
    }
}
