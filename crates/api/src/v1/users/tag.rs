//! The entity tag of a person: its row version, and which person and which view of it.

use domain::problem::Problem;
use domain::users::{User, UserId, UserKey, UserService};
use uuid::Uuid;

use crate::v1::etag::Condition;

/// No row has this version: they count from 1.
const NOBODYS_VERSION: i64 = 0;

/// The tag of the full view. It names the person as well, since `/v1/users/me` shows different
/// people to different callers, who may share a cache.
pub(crate) fn full(user: &User) -> String {
    tag(user.version, user.id)
}

/// The tag of what everybody else sees under the same address.
pub(crate) fn public(user: &User) -> String {
    format!("{}-public", full(user))
}

/// The version that a change must insist on to honour `If-Match`; `None` where any will do.
pub(crate) async fn insisted(
    users: &UserService,
    id: UserId,
    condition: Option<&Condition>,
) -> Result<Option<i64>, Problem> {
    let list = match condition {
        None | Some(Condition::Any) => return Ok(None),
        Some(list @ Condition::OneOf(_)) => list,
    };
    let versions: Vec<i64> = list.strong_tags().filter_map(|tag| version(tag, id)).collect();
    match versions.as_slice() {
        [] => Ok(Some(NOBODYS_VERSION)),
        [one] => Ok(Some(*one)),
        several => {
            let current = users.find(&UserKey::Id(id)).await?.version;
            Ok(Some(if several.contains(&current) { current } else { NOBODYS_VERSION }))
        }
    }
}

fn version(sent: &str, id: UserId) -> Option<i64> {
    let version = sent.split_once('-')?.0.parse().ok()?;
    (sent == tag(version, id)).then_some(version)
}

fn tag(version: i64, id: UserId) -> String {
    let mut digits = Uuid::encode_buffer();
    let id = id.0.hyphenated().encode_lower(&mut digits);
    let (_, node) = id.rsplit_once('-').unwrap_or_default();
    format!("{version}-{node}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: UserId = UserId(Uuid::from_u128(0x0192_f7a0_7c5e_7d3a_9b1c_2f4e_6a8c_0d1e));

    #[test]
    fn a_tag_reads_back_for_its_own_person_only() {
        assert_eq!(tag(7, ID), "7-2f4e6a8c0d1e");
        assert_eq!(version("7-2f4e6a8c0d1e", ID), Some(7));
        assert_eq!(version("7-2f4e6a8c0d1e", UserId(Uuid::from_u128(1))), None);
    }

    #[test]
    fn only_the_very_same_tag_counts() {
        for other in ["7", "07-2f4e6a8c0d1e", "+7-2f4e6a8c0d1e", "7-2f4e6a8c0d1e-public", "-", ""] {
            assert_eq!(version(other, ID), None, "{other}");
        }
    }
}
