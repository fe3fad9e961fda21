//! Where a request comes from, as far as it can be trusted.
//!
//! Whoever connects is known. Whom it forwards for is only its word, so it counts only from the
//! proxies that the operator named; a caller that writes `X-Forwarded-For` itself changes nothing.

use std::net::{IpAddr, SocketAddr};

use actix_web::HttpRequest;
use actix_web::http::header::{
    FORWARDED, HeaderMap, HeaderName, USER_AGENT, X_FORWARDED_FOR, X_FORWARDED_PROTO,
};
use domain::sessions::{Client, Tally};
use ipnet::IpNet;

use crate::http::scene;
use crate::state::ApiState;

/// The most of a `User-Agent` that is read, in bytes.
const MAX_USER_AGENT: usize = 1_024;

/// The address and the `User-Agent` of the caller, and the tally of its request: found out once.
pub(crate) fn client(request: &HttpRequest) -> Client {
    scene::client().unwrap_or_else(|| found(request))
}

/// The same, found out: at the edge.
pub(super) fn found(request: &HttpRequest) -> Client {
    let agent = request.headers().get(USER_AGENT).map(|field| {
        let bytes = field.as_bytes();
        String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_USER_AGENT)]).into()
    });
    let trusted = &ApiState::of(request).settings().trusted_proxies;
    let address = address(request.peer_addr(), request.headers(), trusted);
    Client { address, user_agent: agent, tally: Tally::default() }
}

/// Whether the caller came over TLS: to this server or to a proxy that says so and is trusted.
pub(crate) fn is_https(request: &HttpRequest) -> bool {
    let state = ApiState::of(request);
    let settings = state.settings();
    let by_tls_proxy = || {
        let peer = request.peer_addr().map(|peer| peer.ip().to_canonical());
        let said = entries(request.headers(), X_FORWARDED_PROTO);
        peer.is_some_and(|peer| is_trusted(peer, &settings.trusted_proxies))
            && said.last().is_some_and(|proto| proto.trim().eq_ignore_ascii_case("https"))
    };
    settings.is_https() || by_tls_proxy()
}

/// The address of the caller: the peer's own, or what trusted proxies say.
pub(crate) fn address(
    peer: Option<SocketAddr>,
    headers: &HeaderMap,
    trusted: &[IpNet],
) -> Option<IpAddr> {
    let peer = peer?.ip().to_canonical();
    if !is_trusted(peer, trusted) {
        return Some(peer);
    }
    let by_list = entries(headers, X_FORWARDED_FOR);
    let by_standard = entries(headers, FORWARDED);
    let listed = (!by_list.is_empty()).then(|| walk(peer, &by_list, trusted, read_plain));
    let standard = (!by_standard.is_empty()).then(|| walk(peer, &by_standard, trusted, read_for));
    match (listed, standard) {
        // A proxy writes one of the two, and the other is the caller's invention.
        (Some(one), Some(other)) if one != other => Some(peer),
        (one, other) => one.or(other).or(Some(peer)),
    }
}

/// From the nearest hop outward: the first that is no trusted proxy is the caller. Beyond a hop
/// that cannot be read nothing is believed.
fn walk(
    peer: IpAddr,
    entries: &[&str],
    trusted: &[IpNet],
    read: fn(&str) -> Option<IpAddr>,
) -> IpAddr {
    let mut nearest = peer;
    for entry in entries.iter().rev() {
        let Some(hop) = read(entry.trim()) else { break };
        nearest = hop.to_canonical();
        if !is_trusted(nearest, trusted) {
            break;
        }
    }
    nearest
}

/// The entries of all fields of this name, in order. One that is no text spoils no other.
fn entries(headers: &HeaderMap, name: HeaderName) -> Vec<&str> {
    let fields = headers.get_all(name);
    let entries = fields.flat_map(|field| field.as_bytes().split(|byte| *byte == b','));
    entries.map(|entry| std::str::from_utf8(entry).unwrap_or("")).collect()
}

/// An address, perhaps in brackets, perhaps with a port.
fn read_plain(entry: &str) -> Option<IpAddr> {
    let bracketed = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let bare = bracketed.unwrap_or(entry).parse().ok();
    bare.or_else(|| entry.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

/// The `for` of one element of `Forwarded` (RFC 7239 §4).
fn read_for(element: &str) -> Option<IpAddr> {
    let mut pairs = element.split(';').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    let value = value.trim();
    let quoted = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    read_plain(quoted.unwrap_or(value))
}

fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|network| network.contains(&address))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn seen(peer: &str, fields: &[(HeaderName, &str)]) -> String {
        let trusted: Vec<IpNet> =
            ["10.0.0.0/8", "::1/128"].iter().map(|net| net.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(name.clone(), HeaderValue::from_str(value).unwrap());
        }
        let peer = SocketAddr::new(peer.parse().unwrap(), 4711);
        address(Some(peer), &headers, &trusted).unwrap().to_string()
    }

    fn listed(value: &str) -> String {
        seen("10.0.0.1", &[(X_FORWARDED_FOR, value)])
    }

    fn standard(value: &str) -> String {
        seen("10.0.0.1", &[(FORWARDED, value)])
    }

    #[test]
    fn an_untrusted_peer_is_not_believed() {
        for name in [X_FORWARDED_FOR, FORWARDED] {
            let fields = [(name, "for=203.0.113.9"), (X_FORWARDED_FOR, "203.0.113.9")];
            assert_eq!(seen("192.0.2.1", &fields), "192.0.2.1");
        }
    }

    #[test]
    fn the_nearest_untrusted_hop_is_the_caller_whatever_stands_left_of_it() {
        assert_eq!(listed("203.0.113.9"), "203.0.113.9");
        assert_eq!(listed("1.2.3.4, 203.0.113.9, 10.1.1.1"), "203.0.113.9");
        assert_eq!(listed("10.2.2.2, 10.1.1.1"), "10.2.2.2");
    }

    #[test]
    fn several_fields_count_as_one_list() {
        let fields = [(X_FORWARDED_FOR, "1.2.3.4"), (X_FORWARDED_FOR, "203.0.113.9")];
        assert_eq!(seen("10.0.0.1", &fields), "203.0.113.9");
    }

    #[test]
    fn beyond_what_cannot_be_read_nothing_is_believed() {
        for hop in ["unknown", "", "203.0.113.999", "evil.example", "é"] {
            assert_eq!(listed(&format!("1.2.3.4, {hop}")), "10.0.0.1", "{hop}");
            assert_eq!(listed(&format!("1.2.3.4, {hop}, 10.1.1.1")), "10.1.1.1", "{hop}");
        }
    }

    #[test]
    fn ports_brackets_and_mapped_addresses_are_read() {
        assert_eq!(listed("203.0.113.9:55555"), "203.0.113.9");
        assert_eq!(listed("[2001:db8::7]:55555"), "2001:db8::7");
        assert_eq!(listed("[2001:db8::7]"), "2001:db8::7");
        assert_eq!(listed("::ffff:203.0.113.9"), "203.0.113.9");
        assert_eq!(seen("::ffff:192.0.2.1", &[]), "192.0.2.1");
    }

    #[test]
    fn the_standard_field_is_read_likewise() {
        assert_eq!(standard("for=1.2.3.4, For=\"[2001:db8::7]:80\";proto=https"), "2001:db8::7");
        assert_eq!(standard("proto=https; for=203.0.113.9"), "203.0.113.9");
        assert_eq!(standard("for=_hidden"), "10.0.0.1");
        assert_eq!(standard("proto=https"), "10.0.0.1");
    }

    #[test]
    fn two_fields_that_disagree_are_both_disbelieved() {
        let agreeing = [(X_FORWARDED_FOR, "203.0.113.9"), (FORWARDED, "for=203.0.113.9")];
        assert_eq!(seen("10.0.0.1", &agreeing), "203.0.113.9");
        let other = [(X_FORWARDED_FOR, "203.0.113.9"), (FORWARDED, "for=1.2.3.4")];
        assert_eq!(seen("10.0.0.1", &other), "10.0.0.1");
    }
}
