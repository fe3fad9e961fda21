//! `RateLimit-Policy` and `RateLimit` (IETF httpapi draft 11): the limits that a request met.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use domain::sessions::{Quota, Tally};

use crate::refusal::whole_seconds;

/// The limits themselves.
pub(super) const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// What is left of them.
pub(super) const STATE: HeaderName = HeaderName::from_static("ratelimit");

/// Tells what the request took, if it took anything.
pub(super) fn complete(headers: &mut HeaderMap, tally: &Tally) {
    let quotas = tally.quotas();
    if quotas.is_empty() {
        return;
    }
    for (name, told) in [(POLICY, list(&quotas, policy)), (STATE, list(&quotas, state))] {
        if let Ok(value) = HeaderValue::from_str(&told)
            && !told.is_empty()
        {
            headers.insert(name, value);
        }
    }
}

/// A list of structured fields (RFC 9651). The names of budgets are ours: letters and hyphens.
fn list(quotas: &[Quota], item: fn(&Quota) -> Option<String>) -> String {
    quotas.iter().filter_map(item).collect::<Vec<_>>().join(", ")
}

fn policy(quota: &Quota) -> Option<String> {
    let window = quota.window.map(|window| format!(";w={}", whole_seconds(window)));
    Some(format!("\"{}\";q={}{}", quota.name, quota.limit, window.unwrap_or_default()))
}

fn state(quota: &Quota) -> Option<String> {
    let (left, resets_in) = quota.left?;
    Some(format!("\"{}\";r={left};t={}", quota.name, whole_seconds(resets_in)))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn told(quotas: &[Quota]) -> Vec<String> {
        let (mut headers, tally) = (HeaderMap::new(), Tally::default());
        quotas.iter().for_each(|quota| tally.put(quota.clone()));
        complete(&mut headers, &tally);
        [POLICY, STATE]
            .iter()
            .filter_map(|name| headers.get(name)?.to_str().ok().map(str::to_owned))
            .collect()
    }

    #[test]
    fn policies_and_what_is_left_of_them_are_lists_of_structured_fields() {
        let window = Some(Duration::from_secs(600));
        let account = Quota { name: "sign-in", limit: 10, window, left: None };
        let left = Some((998, Duration::from_millis(522_001)));
        let network = Quota { name: "sign-in-network", limit: 1_000, left, ..account.clone() };
        let policies = r#""sign-in";q=10;w=600, "sign-in-network";q=1000;w=600"#;
        let expected = [policies, r#""sign-in-network";r=998;t=523"#];
        assert_eq!(told(&[account.clone(), network]), expected);
        assert_eq!(told(&[account]), [r#""sign-in";q=10;w=600"#]);
        let spent =
            Quota { name: "streams", limit: 20, window: None, left: Some((0, Duration::ZERO)) };
        assert_eq!(told(&[spent]), [r#""streams";q=20"#, r#""streams";r=0;t=1"#]);
    }

    #[test]
    fn who_met_no_limit_is_told_of_none() {
        assert_eq!(told(&[]), Vec::<String>::new());
    }
}
