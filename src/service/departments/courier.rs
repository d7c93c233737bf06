//! Takes events to endpoints: signed as Standard Webhooks says
//! (<https://www.standardwebhooks.com>), over connections that lead nowhere else.

use std::error::Error;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Response, StatusCode};
use sha2::Sha256;

use super::reach::{AddressError, Reach};
use crate::domain::Timestamp;
use crate::domain::webhook::{Attempt, SigningSecret};
use crate::service::clock::Stopwatch;

/// How long an endpoint has to answer.
pub(super) const TIMEOUT: Duration = Duration::from_secs(15);
/// How much of an answer is read, so that its connection can be used again.
const MAX_ANSWER: usize = 64 * 1024;
/// The longest word of what went wrong, in characters.
const MAX_ERROR: usize = 300;

/// Sends to endpoints.
#[derive(Debug, Clone)]
pub struct Courier {
    client: reqwest::Client,
    reach: Reach,
}

/// An event on its way to one endpoint.
#[derive(Debug, Clone)]
pub struct Letter<'a> {
    pub url: &'a str,
    /// The same each time that the event is sent.
    pub id: String,
    /// When it is sent.
    pub at: Timestamp,
    pub body: Vec<u8>,
    /// Each of them signs.
    pub secrets: Vec<&'a SigningSecret>,
}

impl Courier {
    /// # Errors
    /// When the system's certificates cannot be used.
    pub fn new(reach: Reach) -> Result<Self, reqwest::Error> {
        // Fails only when a provider is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .redirect(Policy::none())
            // Behind a proxy nobody would see which address is connected to.
            .no_proxy()
            .dns_resolver(reach)
            .user_agent("Wangge")
            .build()?;
        Ok(Self { client, reach })
    }

    /// # Errors
    /// When the address may not be told anything.
    pub fn check(&self, url: &str) -> Result<(), AddressError> {
        self.reach.check(url).map(|_| ())
    }

    /// Sends a letter and says what came of it. An answer of 200 to 299 says that it was
    /// taken.
    pub async fn send(&self, letter: Letter<'_>) -> Attempt {
        let watch = Stopwatch::start();
        let (at, outcome) = (letter.at, self.post(letter).await);
        let took_ms = u32::try_from(watch.elapsed().as_millis()).unwrap_or(u32::MAX);
        let (status, retry_after, error) = match outcome {
            Ok((status, retry_after)) => {
                let refused = (!status.is_success()).then(|| format!("it answered {status}"));
                (Some(status.as_u16()), retry_after, refused)
            }
            Err(why) => (None, None, Some(why)),
        };
        Attempt {
            at,
            status,
            error: error.map(|error| error.chars().take(MAX_ERROR).collect()),
            took_ms,
            retry_after,
        }
    }

    async fn post(&self, letter: Letter<'_>) -> Result<(StatusCode, Option<TimeDelta>), String> {
        // Again each time: what was allowed when it was saved may not be allowed any more.
        let url = self
            .reach
            .check(letter.url)
            .map_err(|error| error.to_string())?;
        let seconds = letter.at.timestamp();
        let signatures: Vec<String> = letter
            .secrets
            .iter()
            .filter_map(|secret| sign(secret, &letter.id, seconds, &letter.body))
            .collect();
        let response = self
            .client
            .post(url)
            .header(CONTENT_TYPE, "application/cloudevents+json")
            .header("webhook-id", letter.id)
            .header("webhook-timestamp", seconds)
            .header("webhook-signature", signatures.join(" "))
            .body(letter.body)
            .send()
            .await
            .map_err(|error| tell(&error))?;
        let told = (
            response.status(),
            retry_after(response.headers(), letter.at),
        );
        read_to_its_end(response).await;
        Ok(told)
    }
}

/// The signature of a message: `v1,` and the Base64 of the HMAC-SHA256 of its identity,
/// time and body. `None` for a secret that is none.
#[must_use]
pub fn sign(secret: &SigningSecret, id: &str, at_s: i64, body: &[u8]) -> Option<String> {
    let key = STANDARD.decode(secret.0.strip_prefix("whsec_")?).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(format!("{id}.{at_s}.").as_bytes());
    mac.update(body);
    Some(format!(
        "v1,{}",
        STANDARD.encode(mac.finalize().into_bytes())
    ))
}

/// A secret made of random bytes.
#[must_use]
pub fn secret_of(bytes: &[u8]) -> SigningSecret {
    SigningSecret(format!("whsec_{}", STANDARD.encode(bytes)))
}

/// What went wrong, without the address, which may hold a secret.
fn tell(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("it did not answer within {} s", TIMEOUT.as_secs());
    }
    let mut innermost: &dyn Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    let what = if error.is_connect() {
        "it could not be reached"
    } else {
        "the connection broke"
    };
    format!("{what}: {innermost}")
}

/// Seconds, or a time as HTTP writes it.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<TimeDelta> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return TimeDelta::try_seconds(seconds).filter(|pause| *pause >= TimeDelta::zero());
    }
    let until = DateTime::parse_from_rfc2822(text).ok()?;
    Some((until.to_utc() - now).max(TimeDelta::zero()))
}

async fn read_to_its_end(mut response: Response) {
    let mut read = 0;
    while let Ok(Some(bytes)) = response.chunk().await {
        read += bytes.len();
        if read > MAX_ANSWER {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's libraries.
    #[test]
    fn a_message_is_signed_as_the_standard_says() {
        let secret = SigningSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into());
        let signature = sign(
            &secret,
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            br#"{"test": 2432232314}"#,
        );
        assert_eq!(
            signature.as_deref(),
            Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        );
        assert_eq!(sign(&SigningSecret("whsec_?".into()), "a", 0, b""), None);
        assert_eq!(secret_of(&[0; 3]), SigningSecret("whsec_AAAA".into()));
    }

    #[test]
    fn how_long_to_wait_is_read_in_seconds_and_as_a_time() {
        let now: Timestamp = "1994-11-06T08:49:07Z".parse().unwrap();
        let read = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, text.parse().unwrap());
            retry_after(&headers, now)
        };
        assert_eq!(read("120"), Some(TimeDelta::seconds(120)));
        assert_eq!(
            read("Sun, 06 Nov 1994 08:49:37 GMT"),
            Some(TimeDelta::seconds(30))
        );
        assert_eq!(
            read("Sun, 06 Nov 1994 08:00:00 GMT"),
            Some(TimeDelta::zero())
        );
        for text in ["-1", "soon", "99999999999999999999"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
