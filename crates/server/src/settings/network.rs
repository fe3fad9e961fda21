//! Where the server listens, how it is reached, and whom it believes.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ipnet::IpNet;
use serde::Deserialize;
use url::{Host, Origin, Url};

use super::values::Written;

/// An address and port to listen on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct Address(pub(crate) SocketAddr);

impl TryFrom<Written> for Address {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let parsed = written.text().and_then(|text| text.parse().ok());
        parsed.map(Self).ok_or("expected an address and port, as in 127.0.0.1:8080 or [::1]:8080")
    }
}

/// An address and port to listen on as well; or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct SecondAddress(pub(crate) Option<SocketAddr>);

impl TryFrom<Written> for SecondAddress {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        const EXPECTED: &str = "expected an address and port, as in 127.0.0.1:9090, or nothing";
        let text = written.text().ok_or(EXPECTED)?;
        if text.is_empty() {
            return Ok(Self(None));
        }
        text.parse().map(|address| Self(Some(address))).map_err(|_| EXPECTED)
    }
}

/// The URL that people reach the server at, without a slash at its end; or none.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct PublicUrl(Option<Url>);

impl PublicUrl {
    /// The URL; where none is set, that of the address listened on, never an unspecified one.
    pub(super) fn reached_at(&self, bound: SocketAddr, tls: bool) -> String {
        match &self.0 {
            Some(url) => url.as_str().trim_end_matches('/').to_owned(),
            None => local_url(bound, tls),
        }
    }

    /// Who signs tokens: the URL; where none is set, the service by name, so that nodes on several
    /// ports or hosts that share their secrets take each other's tokens.
    pub(crate) fn issuer(&self) -> String {
        self.0.as_ref().map_or("doorward", |url| url.as_str().trim_end_matches('/')).to_owned()
    }

    /// Whether strangers on the way could read what is sent.
    pub(crate) fn is_exposed(&self, bind: SocketAddr, tls: bool) -> bool {
        match &self.0 {
            Some(url) => url.scheme() != "https" && !is_loopback(url),
            None => !tls && !bind.ip().is_loopback(),
        }
    }

    /// Whether it says that no TLS is spoken.
    pub(super) fn is_plain(&self) -> bool {
        self.0.as_ref().is_some_and(|url| url.scheme() != "https")
    }
}

impl TryFrom<Written> for PublicUrl {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        const EXPECTED: &str = "expected a URL without a path, as in https://auth.example.org";
        let text = written.text().ok_or(EXPECTED)?;
        if text.is_empty() {
            return Ok(Self(None));
        }
        let url = Url::parse(&text).map_err(|_| EXPECTED)?;
        if is_bare(&url) { Ok(Self(Some(url))) } else { Err(EXPECTED) }
    }
}

/// Networks, single addresses among them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct Networks(pub(crate) Vec<IpNet>);

impl TryFrom<Written> for Networks {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let one = |text: &String| {
            text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
        };
        let all = written.list().and_then(|list| list.iter().map(one).collect::<Option<Vec<_>>>());
        all.map(Self).ok_or("expected a list of addresses and networks, as in [\"10.0.0.0/8\"]")
    }
}

/// Origins of pages, as browsers send them: no slash at the end, no default port.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct Origins(pub(crate) Vec<String>);

impl TryFrom<Written> for Origins {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let one = |text: &String| {
            let url = Url::parse(text).ok().filter(is_bare)?;
            Some(url.origin()).filter(Origin::is_tuple).map(|origin| origin.ascii_serialization())
        };
        let all = written.list().and_then(|list| list.iter().map(one).collect::<Option<Vec<_>>>());
        all.map(Self).ok_or("expected a list of origins, as in [\"https://app.example.org\"]")
    }
}

/// The URL of an address that is listened on, as this machine reaches it.
pub(crate) fn local_url(bound: SocketAddr, tls: bool) -> String {
    let scheme = if tls { "https" } else { "http" };
    format!("{scheme}://{}", SocketAddr::new(reachable(bound.ip()), bound.port()))
}

/// Whether this is `http(s)://host[:port]` and nothing more.
fn is_bare(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

/// An address that a link may show for one that a server listens on.
fn reachable(listening: IpAddr) -> IpAddr {
    match listening {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        IpAddr::V4(_) | IpAddr::V6(_) => listening,
    }
}
