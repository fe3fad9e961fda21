//! Makes a body's type of a JSON object, and says in our own words what does not fit.

mod misread;
mod node;
mod tree;

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use crate::refusal::EdgeFault;
use node::Node;

/// A `T` from the text of one JSON object.
pub(super) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, EdgeFault> {
    let not_text = |_| EdgeFault::MalformedJson { detail: "it is not UTF-8 text.".to_owned() };
    let object = tree::parse(std::str::from_utf8(bytes).map_err(not_text)?)?;
    if !object.is_object() {
        return Err(EdgeFault::NotAnObject);
    }
    fill(object)
}

/// A `T` from a tree.
pub(super) fn fill<T: DeserializeOwned>(tree: Value) -> Result<T, EdgeFault> {
    serde_path_to_error::deserialize(Node(tree)).map_err(|error| {
        let pointer = pointer(error.path());
        error.into_inner().at(pointer)
    })
}

/// The path to a member as RFC 6901 writes it.
fn pointer(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        let step: Cow<'_, str> = match segment {
            Segment::Seq { index } => index.to_string().into(),
            Segment::Map { key } => key.replace('~', "~0").replace('/', "~1").into(),
            Segment::Enum { variant } => variant.as_str().into(),
            Segment::Unknown => continue,
        };
        pointer.push('/');
        pointer.push_str(&step);
    }
    pointer
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Letter {
        title: String,
        sender: Option<Person>,
        #[serde(default)]
        tags: Vec<String>,
        kind: Option<Kind>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Person {
        name: String,
        age: u8,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Postcard,
        Parcel,
    }

    fn letter(text: &str) -> Result<Letter, EdgeFault> {
        read(text.as_bytes())
    }

    fn wrong(pointer: &str, expected: &str) -> Result<Letter, EdgeFault> {
        let (pointer, expected) = (pointer.to_owned(), expected.to_owned());
        Err(EdgeFault::WrongType { pointer, expected })
    }

    #[test]
    fn a_fitting_object_is_read() {
        let text =
            r#"{"title":"Hi","sender":{"name":"Ada","age":36},"tags":["a"],"kind":"parcel"}"#;
        let sender = Some(Person { name: "Ada".into(), age: 36 });
        let expected =
            Letter { title: "Hi".into(), sender, tags: vec!["a".into()], kind: Some(Kind::Parcel) };
        assert_eq!(letter(text), Ok(expected));
    }

    #[test]
    fn only_an_object_is_a_body() {
        for text in ["[\"Hi\"]", "\"Hi\"", "1", "null", "true"] {
            assert_eq!(letter(text), Err(EdgeFault::NotAnObject), "{text}");
        }
    }

    #[test]
    fn a_list_fills_no_struct_inside_either() {
        assert_eq!(letter(r#"{"title":"Hi","sender":["Ada",36]}"#), wrong("/sender", "an object"));
    }

    #[test]
    fn wrong_types_are_named_with_their_place_and_no_rust_type() {
        assert_eq!(letter(r#"{"title":1}"#), wrong("/title", "a string"));
        assert_eq!(letter(r#"{"title":"","tags":["a",null]}"#), wrong("/tags/1", "a string"));
        assert_eq!(letter(r#"{"title":"","tags":{}}"#), wrong("/tags", "a list"));
        let expected = "a whole number, not negative";
        for age in ["-1", "300", "1.5", "\"x\""] {
            let text = format!(r#"{{"title":"","sender":{{"name":"","age":{age}}}}}"#);
            assert_eq!(letter(&text), wrong("/sender/age", expected), "{age}");
        }
    }

    #[test]
    fn an_unknown_choice_lists_the_known_ones() {
        for kind in ["\"boat\"", "5", "{}"] {
            let text = format!(r#"{{"title":"","kind":{kind}}}"#);
            assert_eq!(letter(&text), wrong("/kind", "one of postcard, parcel"), "{kind}");
        }
    }

    #[test]
    fn a_missing_member_is_named() {
        let missing = |pointer: &str| Err(EdgeFault::MissingMember { pointer: pointer.to_owned() });
        assert_eq!(letter("{}"), missing("/title"));
        assert_eq!(letter(r#"{"title":"","sender":{"name":""}}"#), missing("/sender/age"));
    }

    #[test]
    fn an_unknown_member_is_named_with_the_nearest_known_one() {
        let unknown = |pointer: &str, nearest| {
            Err(EdgeFault::UnknownMember { pointer: pointer.to_owned(), nearest })
        };
        assert_eq!(letter(r#"{"titel":""}"#), unknown("/titel", Some("title")));
        assert_eq!(letter(r#"{"colour":""}"#), unknown("/colour", None));
    }

    #[test]
    fn what_is_no_text_is_no_json() {
        assert!(matches!(
            read::<Letter>(b"{\"title\":\"\xff\"}"),
            Err(EdgeFault::MalformedJson { .. })
        ));
    }
}
