//! Somebody who asks the server.

use std::sync::Once;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

/// A caller, with or without credentials.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    key: Option<String>,
    tracking_key: Option<String>,
}

/// What the server answered, to what.
#[derive(Debug)]
pub struct Answer {
    pub request: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Client {
    pub fn new(base: &str) -> Self {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| {
            let _ = rustls::crypto::ring::default_provider().install_default();
        });
        let http = reqwest::Client::builder()
            .no_proxy()
            .connect_timeout(Duration::from_secs(10))
            .build()
            .unwrap();
        Self {
            http,
            base: base.to_owned(),
            key: None,
            tracking_key: None,
        }
    }

    /// The same server, asked with a key.
    pub fn with_key(&self, key: &str) -> Self {
        Self {
            key: Some(key.to_owned()),
            ..self.clone()
        }
    }

    /// The same server, asked by whoever reported an incident.
    pub fn with_tracking_key(&self, key: &str) -> Self {
        Self {
            tracking_key: Some(key.to_owned()),
            ..self.clone()
        }
    }

    /// Where the server is.
    pub fn base(&self) -> &str {
        &self.base
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(key) = &self.key {
            request = request.bearer_auth(key);
        }
        if let Some(key) = &self.tracking_key {
            request = request.header("Wangge-Tracking-Key", key);
        }
        request
    }

    /// Sends a request, whatever comes of it.
    pub async fn try_send(&self, request: RequestBuilder) -> reqwest::Result<Answer> {
        let request = request.build()?;
        let said = format!("{} {}", request.method(), request.url());
        let response = self.http.execute(request).await?;
        Ok(Answer {
            request: said,
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await?,
        })
    }

    pub async fn send(&self, request: RequestBuilder) -> Answer {
        self.try_send(request).await.unwrap()
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// Every item of a list, page by page.
    pub async fn list(&self, path: &str) -> Vec<Value> {
        let mut items = Vec::new();
        let mut page = self.get(path).await.ok();
        loop {
            items.append(page["items"].as_array_mut().expect("a list has items"));
            let Some(next) = page["next"].as_str() else {
                return items;
            };
            let separator = if path.contains('?') { '&' } else { '?' };
            page = self
                .get(&format!("{path}{separator}cursor={next}"))
                .await
                .ok();
        }
    }

    /// Takes an incident one step on from the state that is given.
    pub async fn act(&self, incident: &Value, mut command: Value) -> Answer {
        command["version"] = incident["version"].clone();
        self.post(&format!("{}/actions", incident_path(incident)), &command)
            .await
    }
}

impl Answer {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| {
            panic!(
                "{} should have been answered with JSON: {error}: {}",
                self.request, self.text
            )
        })
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(
            self.status, status,
            "{} should have been answered with {status}, but was with: {}",
            self.request, self.text
        );
        self.json()
    }

    #[track_caller]
    pub fn ok(self) -> Value {
        self.expect(200)
    }

    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Value {
        let kind = self.headers.get("content-type").cloned();
        let request = self.request.clone();
        let problem = self.expect(status);
        assert_eq!(
            kind.as_ref().and_then(|kind| kind.to_str().ok()),
            Some("application/problem+json"),
            "{request} should have been answered with a problem"
        );
        assert_eq!(
            (&problem["code"], &problem["status"], &problem["type"]),
            (&json!(code), &json!(status), &json!("about:blank")),
            "{request} should have been answered with the problem {code}: {problem}"
        );
        assert!(
            problem["detail"]
                .as_str()
                .is_some_and(|text| !text.is_empty()),
            "{request}: a problem says what is wrong: {problem}"
        );
        problem
    }
}

/// Where an incident is found.
pub fn incident_path(incident: &Value) -> String {
    format!("/api/v1/incidents/{}", id_of(incident))
}

pub fn id_of(thing: &Value) -> &str {
    thing["id"]
        .as_str()
        .unwrap_or_else(|| panic!("this should have an id: {thing}"))
}
