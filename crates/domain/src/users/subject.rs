//! Whom and where attempts are counted for.

use std::net::{IpAddr, Ipv6Addr};

use crate::users::{User, UserKey};

/// What an account's failures are counted under: the id of the person, which no look-alike
/// identifier shares (CVE-2024-1722), or what was typed where that is nobody's.
pub(crate) fn subject(user: Option<&User>, typed: Option<&UserKey>) -> String {
    match (user, typed) {
        (Some(user), _) => user.id.to_string(),
        (None, Some(UserKey::Id(id))) => id.to_string(),
        (None, Some(UserKey::Number(number))) => number.to_string(),
        (None, Some(UserKey::Username(username))) => username.key().to_owned(),
        (None, Some(UserKey::Email(email))) => email.key().to_owned(),
        (None, Some(UserKey::Mobile(mobile))) => mobile.key().to_owned(),
        (None, None) => String::new(),
    }
}

/// An IPv4 address, or the /64 of an IPv6 one: what one customer of a provider holds.
pub fn network_address(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        v4 @ IpAddr::V4(_) => v4,
        IpAddr::V6(v6) => Ipv6Addr::from(u128::from(v6) >> 64 << 64).into(),
    }
}

/// The same as text.
pub(crate) fn network(address: IpAddr) -> String {
    network_address(address).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_network_is_its_first_64_bits() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), of("2001:db8:1:2:ffff::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }
}
