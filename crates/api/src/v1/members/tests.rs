//! Members of bodies: what is read, and what is told of the rest.

use super::*;

fn members(json: &str) -> Members {
    serde_json::from_str(json).unwrap()
}

fn misfits(members: Members) -> Vec<Misfit> {
    match members.finish(Some(())) {
        Err(V1Fault::Members(misfits)) => misfits,
        other => panic!("expected misfits, got {other:?}"),
    }
}

fn told(members: Members) -> Vec<(String, &'static str)> {
    let misfits = misfits(members);
    misfits.into_iter().map(|misfit| (misfit.name.clone(), misfit.code())).collect()
}

#[test]
fn a_merge_patch_tells_absent_from_null_from_a_value() {
    let mut patch = members(r#"{"email": null, "username": "ada"}"#);
    assert_eq!(patch.change(Field::Email), Change::Clear);
    assert_eq!(patch.change(Field::Username), Change::Set("ada".into()));
    assert_eq!(patch.change(Field::Mobile), Change::Keep);
    assert_eq!(patch.finish(Some(())), Ok(()));
}

#[test]
fn what_cannot_be_removed_takes_no_null() {
    let mut patch = members(r#"{"status": null, "consent": null, "roles": null}"#);
    assert_eq!(patch.lasting_text(Field::Status), None);
    assert_eq!(patch.flag(Field::Consent), None);
    assert_eq!(patch.texts(Field::Roles), None);
    assert_eq!(told(patch).len(), 3);
}

#[test]
fn everything_that_does_not_fit_is_told_at_once() {
    let mut body = members(
        r#"{"username": 5, "consent": "yes", "roles": ["admin", 1], "mail": "x", "password": ""}"#,
    );
    assert_eq!(body.text(Field::Username), None);
    assert_eq!(body.text(Field::Email), None);
    assert_eq!(body.flag(Field::Consent), None);
    assert_eq!(body.texts(Field::Roles), None);
    assert!(body.required_password(Field::Password).is_none());
    let mut told = told(body);
    told.sort();
    let expected = [
        ("consent", "invalid_type"),
        ("mail", "unknown"),
        ("password", "required"),
        ("roles", "invalid_type"),
        ("username", "invalid_type"),
    ];
    assert_eq!(told, expected.map(|(name, code)| (name.to_owned(), code)));
}

#[test]
fn an_unknown_member_is_told_with_the_nearest_known_one() {
    let mut body = members(r#"{"user_name": "ada"}"#);
    assert_eq!(body.text(Field::Username), None);
    assert_eq!(misfits(body), [Misfit::new("user_name", Rule::Unknown(Some("username")))]);
}

#[test]
fn a_whole_number_is_whole_however_it_is_written() {
    for (json, number) in [
        ("5", 5),
        ("-3000", -3000),
        ("5.0", 5),
        ("2e3", 2000),
        ("-0.0", 0),
        ("18446744073709551615", i64::MAX),
        ("1e300", i64::MAX),
        ("-1e300", i64::MIN),
    ] {
        let mut body = members(&format!(r#"{{"copies": {json}}}"#));
        assert_eq!(body.number_change(Field::Copies), Change::Set(number), "{json}");
        assert_eq!(body.finish(Some(())), Ok(()));
    }
    for json in ["5.5", "\"5\"", "true", "[5]", "{}"] {
        let mut body = members(&format!(r#"{{"copies": {json}}}"#));
        assert_eq!(body.number(Field::Copies), None);
        assert_eq!(told(body), [("copies".to_owned(), "invalid_type")], "{json}");
    }
    let mut body = members(r#"{"copies": null}"#);
    assert_eq!(body.number_change(Field::Copies), Change::Clear);
    assert_eq!(body.number_change(Field::PublishedYear), Change::Keep);
}

#[test]
fn a_wrongly_typed_required_member_is_told_once() {
    let mut body = members(r#"{"identifier": 1}"#);
    assert_eq!(body.required_text(Field::Identifier, 10), None);
    assert_eq!(told(body), [("identifier".to_owned(), "invalid_type")]);
}

#[test]
fn a_text_counts_its_characters() {
    let mut body = members(r#"{"identifier": "\u00fc\u00fc\u00fc"}"#);
    assert_eq!(body.required_text(Field::Identifier, 3).as_deref(), Some("\u{fc}\u{fc}\u{fc}"));
    let mut body = members(r#"{"identifier": "aaaa"}"#);
    assert_eq!(body.required_text(Field::Identifier, 3), None);
    assert_eq!(told(body), [("identifier".to_owned(), "too_long")]);
}

#[test]
fn only_an_object_has_members() {
    for json in ["[]", "null", "5", "\"x\"", "true"] {
        assert!(serde_json::from_str::<Members>(json).is_err(), "{json}");
    }
}
