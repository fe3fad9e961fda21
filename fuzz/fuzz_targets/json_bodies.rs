//! A JSON body that is accepted means what any reader of JSON takes it for, and is refused only for
//! what no surface takes.
#![no_main]

use api::fuzzing::json;
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};

const MAX_DEPTH: usize = 32;

fuzz_target!(|bytes: &[u8]| {
    let plain = serde_json::from_slice::<Map<String, Value>>(bytes).ok();
    let Some(read) = json(bytes) else {
        // Of what others accept only these are refused: depth, NUL, and a repeated name, which shows
        // in that writing it takes less room.
        if let Some(plain) = plain {
            let tree = Value::Object(plain);
            let names = bytes.iter().filter(|byte| **byte == b':').count();
            assert!(depth(&tree) > MAX_DEPTH || has_nul(&tree) || names > members(&tree), "{tree}");
        }
        return;
    };
    assert_eq!(Some(&read), plain.as_ref());
    let tree = Value::Object(read);
    assert!(depth(&tree) <= MAX_DEPTH && !has_nul(&tree));
    let written = tree.to_string();
    let again = json(written.as_bytes()).map(|again| Value::Object(again).to_string());
    assert!(again.is_some(), "{written}");
});

fn inner(tree: &Value) -> Vec<&Value> {
    match tree {
        Value::Array(list) => list.iter().collect(),
        Value::Object(object) => object.values().collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

fn depth(tree: &Value) -> usize {
    let holds = usize::from(tree.is_array() || tree.is_object());
    holds + inner(tree).into_iter().map(depth).max().unwrap_or_default()
}

fn has_nul(tree: &Value) -> bool {
    let named =
        tree.as_object().is_some_and(|object| object.keys().any(|name| name.contains('\0')));
    named
        || tree.as_str().is_some_and(|text| text.contains('\0'))
        || inner(tree).into_iter().any(has_nul)
}

fn members(tree: &Value) -> usize {
    let own = tree.as_object().map_or(0, Map::len);
    own + inner(tree).into_iter().map(members).sum::<usize>()
}
