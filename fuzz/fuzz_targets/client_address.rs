//! Whoever is not trusted is not believed, and nobody is believed about whom an untrusted hop forwards
//! for. The first byte chooses the peer; a line is a field: `Forwarded` after `f`, else
//! `X-Forwarded-For`.
#![no_main]

use std::net::{IpAddr, SocketAddr};

use actix_web::http::header::{FORWARDED, HeaderMap, HeaderName, HeaderValue, X_FORWARDED_FOR};
use api::fuzzing::client_address;
use ipnet::IpNet;
use libfuzzer_sys::fuzz_target;

const PEERS: [&str; 4] = ["192.0.2.1", "10.0.0.1", "::ffff:10.0.0.1", "fd00::1"];
const FORGED: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(198, 51, 100, 77));

fn fields(lines: &[(HeaderName, Vec<u8>)]) -> HeaderMap {
    let mut fields = HeaderMap::new();
    for (name, line) in lines {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            fields.append(name.clone(), value);
        }
    }
    fields
}

fuzz_target!(|input: &[u8]| {
    let Some((choice, rest)) = input.split_first() else { return };
    let trusted: Vec<IpNet> =
        ["10.0.0.0/8", "fd00::/8"].iter().map(|network| network.parse().unwrap()).collect();
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
    let peer: IpAddr = PEERS[usize::from(choice.wrapping_sub(b'a')) % PEERS.len()].parse().unwrap();
    let socket = SocketAddr::new(peer, 4711);
    let lines: Vec<(HeaderName, Vec<u8>)> = fuzz::lines(rest)
        .map(|line| match line.split_first() {
            Some((b'f', line)) => (FORWARDED, line.to_vec()),
            Some((_, line)) => (X_FORWARDED_FOR, line.to_vec()),
            None => (X_FORWARDED_FOR, Vec::new()),
        })
        .collect();
    let sent = fields(&lines);
    let address = client_address(socket, &sent, &trusted).unwrap();
    assert_eq!(address, address.to_canonical());
    assert_eq!(client_address(socket, &sent, &[]), Some(peer.to_canonical()));
    if !is_trusted(peer.to_canonical()) {
        assert_eq!(address, peer);
        return;
    }
    // Proxies append: what a caller sent itself stands in front.
    let mut forged = lines.clone();
    if sent.contains_key(FORWARDED) {
        forged.insert(0, (FORWARDED, format!("for={FORGED}").into_bytes()));
    }
    if sent.contains_key(X_FORWARDED_FOR) {
        forged.insert(0, (X_FORWARDED_FOR, FORGED.to_string().into_bytes()));
    }
    if !is_trusted(address) {
        assert_eq!(client_address(socket, &fields(&forged), &trusted), Some(address));
    }
    // Behind a proxy that appends, whoever connects to it is the caller.
    let mut appended = lines;
    let next = "203.0.113.9";
    if sent.contains_key(FORWARDED) {
        appended.push((FORWARDED, format!("for={next}").into_bytes()));
    }
    if sent.contains_key(X_FORWARDED_FOR) {
        appended.push((X_FORWARDED_FOR, next.as_bytes().to_vec()));
    }
    if !sent.is_empty() {
        assert_eq!(client_address(socket, &fields(&appended), &trusted), next.parse().ok());
    }
});
