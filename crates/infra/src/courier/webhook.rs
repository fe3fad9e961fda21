//! Text messages posted to a gateway, signed so that it knows who sent them.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::hmac;
use domain::post::Undelivered;
use domain::time::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use url::{Host, Url};

use super::CourierError;

/// How long a gateway may take.
const TIMEOUT: Duration = Duration::from_secs(20);

/// `https://`, or `http://` to this machine.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookUrl(Url);

impl FromStr for WebhookUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str = "expected webhook:https://HOST/PATH";
        let url = Url::parse(text).map_err(|_| EXPECTED)?;
        let here = match url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => return Err(EXPECTED),
        };
        let safe = url.scheme() == "https" || (url.scheme() == "http" && here);
        if safe { Ok(Self(url)) } else { Err(EXPECTED) }
    }
}

/// The origin only: a path may hold a key.
impl fmt::Display for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.origin().ascii_serialization())
    }
}

impl fmt::Debug for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A gateway.
pub(super) struct Webhook {
    agent: Agent,
    url: WebhookUrl,
    key: hmac::Key,
}

impl Webhook {
    pub(super) fn new(url: WebhookUrl, secret: SecretString) -> Result<Self, CourierError> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose_secret().as_bytes());
        let config = Agent::config_builder()
            .max_redirects(0)
            .http_status_as_error(false)
            .timeout_global(Some(TIMEOUT))
            .tls_config(tls(&url)?)
            .build();
        Ok(Self { agent: config.into(), url, key })
    }

    /// Posts the message. `X-Doorward-Signature` is `v1=` and the HMAC-SHA-256, in hexadecimal, of the
    /// time in `X-Doorward-Timestamp`, a dot, and the body.
    pub(super) async fn post(&self, body: Vec<u8>, now: Timestamp) -> Result<(), Undelivered> {
        let time = now.seconds().to_string();
        let mut signed = hmac::Context::with_key(&self.key);
        signed.update(time.as_bytes());
        signed.update(b".");
        signed.update(&body);
        let tag = signed.sign();
        let signature: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let request = self
            .agent
            .post(self.url.0.as_str())
            .header("Content-Type", "application/json")
            .header("X-Doorward-Timestamp", time)
            .header("X-Doorward-Signature", format!("v1={signature}"));
        let sent = tokio::task::spawn_blocking(move || request.send(&body)).await;
        match sent.map_err(Undelivered::because)? {
            Ok(reply) if reply.status().is_success() => Ok(()),
            Ok(reply) => Err(Undelivered::because(format!(
                "the gateway answered {}",
                reply.status().as_u16()
            ))),
            // The library's own text may name the whole address.
            Err(_) => Err(Undelivered::because("the gateway did not answer")),
        }
    }
}

/// The system's certificates, and the one cryptographic library that is linked.
fn tls(url: &WebhookUrl) -> Result<TlsConfig, CourierError> {
    let builder = TlsConfig::builder();
    if url.0.scheme() == "http" {
        return Ok(builder.build());
    }
    let found = rustls_native_certs::load_native_certs();
    if found.certs.is_empty() {
        let told = "sms.transport: this system has no certificates to know a gateway by; \
                    install the package ca-certificates";
        return Err(CourierError(told.to_owned()));
    }
    let certificates = found.certs.iter().map(|der| Certificate::from_der(der).to_owned());
    let roots = RootCerts::Specific(Arc::new(certificates.collect()));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    Ok(builder.root_certs(roots).unversioned_rustls_crypto_provider(provider).build())
}
