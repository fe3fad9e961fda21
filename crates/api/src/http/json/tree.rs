//! Reads JSON into a tree and refuses what no surface takes: deep nesting, two members of one name,
//! NUL characters.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::{Map, Value};

use crate::refusal::EdgeFault;

/// How deep objects and lists may lie in each other.
pub(super) const MAX_DEPTH: usize = 32;

/// The tree of a whole JSON text (RFC 8259).
pub(super) fn parse(text: &str) -> Result<Value, EdgeFault> {
    let flaw = RefCell::new(None);
    let mut reader = serde_json::Deserializer::from_str(text);
    let node = Node { depth: 0, flaw: &flaw };
    let outcome = node.deserialize(&mut reader).and_then(|tree| reader.end().map(|()| tree));
    outcome.map_err(|error| match flaw.take() {
        Some(flaw) => flaw.into(),
        None => EdgeFault::MalformedJson { detail: describe(&error) },
    })
}

/// Where reading stopped, without a word of the library's.
fn describe(error: &serde_json::Error) -> String {
    match error.classify() {
        Category::Eof => "it ends too early.".to_owned(),
        Category::Syntax | Category::Data | Category::Io => {
            format!("reading stopped at line {}, column {}.", error.line(), error.column())
        }
    }
}

/// Something that is JSON and is refused all the same.
struct Flaw {
    kind: FlawKind,
    /// The way to it, the last step first.
    path: Vec<String>,
}

enum FlawKind {
    TooDeep,
    Nul,
    Repeated,
}

impl From<Flaw> for EdgeFault {
    fn from(flaw: Flaw) -> Self {
        let escaped = |step: &String| step.replace('~', "~0").replace('/', "~1");
        let pointer = flaw.path.iter().rev().map(|step| format!("/{}", escaped(step))).collect();
        match flaw.kind {
            FlawKind::TooDeep => Self::TooDeep { limit: MAX_DEPTH },
            FlawKind::Nul => Self::NulCharacter { pointer },
            FlawKind::Repeated => Self::RepeatedMember { pointer },
        }
    }
}

/// One value, at this depth.
#[derive(Clone, Copy)]
struct Node<'a> {
    depth: usize,
    flaw: &'a RefCell<Option<Flaw>>,
}

impl Node<'_> {
    fn inner(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }

    fn refuse<E: Error>(self, kind: FlawKind, step: Option<String>) -> E {
        *self.flaw.borrow_mut() = Some(Flaw { kind, path: step.into_iter().collect() });
        E::custom("refused")
    }

    /// Passes an error on; where it is a flaw, notes that the way to it leads through `step`.
    fn through<E>(self, step: impl FnOnce() -> String, error: E) -> E {
        if let Some(flaw) = self.flaw.borrow_mut().as_mut() {
            flaw.path.push(step());
        }
        error
    }

    fn text<E: Error>(self, text: &str) -> Result<(), E> {
        if text.contains('\0') { Err(self.refuse(FlawKind::Nul, None)) } else { Ok(()) }
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(flag.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        self.text(text)?;
        Ok(text.into())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Value, E> {
        self.text(&text)?;
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        if self.depth == MAX_DEPTH {
            return Err(self.refuse(FlawKind::TooDeep, None));
        }
        let mut values = Vec::new();
        loop {
            let next = list.next_element_seed(self.inner());
            match next.map_err(|error| self.through(|| values.len().to_string(), error))? {
                Some(value) => values.push(value),
                None => return Ok(values.into()),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        if self.depth == MAX_DEPTH {
            return Err(self.refuse(FlawKind::TooDeep, None));
        }
        let mut members = Map::new();
        while let Some(name) = object.next_key::<String>()? {
            if name.contains('\0') {
                return Err(self.refuse(FlawKind::Nul, Some(name)));
            }
            if members.contains_key(&name) {
                return Err(self.refuse(FlawKind::Repeated, Some(name)));
            }
            let value = object.next_value_seed(self.inner());
            let value = value.map_err(|error| self.through(|| name.clone(), error))?;
            members.insert(name, value);
        }
        Ok(members.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> EdgeFault {
        parse(text).unwrap_err()
    }

    #[test]
    fn json_comes_back_as_it_is() {
        let text = r#"{"a":[1,-2,3.5,true,null,{"b":"c\u00e9\n"}],"d":""}"#;
        assert_eq!(parse(text).unwrap(), serde_json::from_str::<Value>(text).unwrap());
    }

    #[test]
    fn what_is_no_json_is_told_by_place_and_in_our_words() {
        for text in ["", " ", "{", "{\"a\":", "\"x", "nul"] {
            let told = EdgeFault::MalformedJson { detail: "it ends too early.".to_owned() };
            assert_eq!(fault(text), told, "{text:?}");
        }
        for text in
            ["{a:1}", "{} {}", "{'a':1}", "[1,]", "nil", "1e999", r#""\ud800""#, "\u{feff}{}"]
        {
            let told = format!("{:?}", fault(text));
            let start = r#"MalformedJson { detail: "reading stopped at line 1, column "#;
            assert!(told.starts_with(start), "{text:?}: {told}");
        }
    }

    #[test]
    fn thirty_two_levels_are_read_and_no_more() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(&nested(MAX_DEPTH)).is_ok());
        assert_eq!(fault(&nested(MAX_DEPTH + 1)), EdgeFault::TooDeep { limit: MAX_DEPTH });
        assert_eq!(fault(&"[".repeat(60_000)), EdgeFault::TooDeep { limit: MAX_DEPTH });
        assert_eq!(fault(&r#"{"a":"#.repeat(10_000)), EdgeFault::TooDeep { limit: MAX_DEPTH });
    }

    #[test]
    fn nul_is_found_wherever_it_hides() {
        let at = |pointer: &str| EdgeFault::NulCharacter { pointer: pointer.to_owned() };
        assert_eq!(fault(r#"{"a":{"b/c":["x","y\u0000"]}}"#), at("/a/b~1c/1"));
        assert_eq!(fault(r#"{"a\u0000":1}"#), at("/a\0"));
        assert_eq!(fault(r#""\u0000""#), at(""));
    }

    #[test]
    fn two_members_of_one_name_are_refused_at_any_depth() {
        let at = |pointer: &str| EdgeFault::RepeatedMember { pointer: pointer.to_owned() };
        assert_eq!(fault(r#"{"role":"user","role":"admin"}"#), at("/role"));
        assert_eq!(fault(r#"{"a":[{"b":1,"\u0062":1}]}"#), at("/a/0/b"));
    }
}
