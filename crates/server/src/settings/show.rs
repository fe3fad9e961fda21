//! The effective settings, and where each comes from.

use serde_json::{Map, Value as Json, json};

use super::catalogue::{self, Described};
use super::layer::{Entry, Origin};
use super::load::{DEFAULTS, Loaded};
use super::report::{literal, plain};
use super::secret_file::is_secret;

/// Where the comments begin.
const COMMENT_COLUMN: usize = 44;

/// The settings as TOML that means the same when it is read again, but for hidden passwords.
pub(crate) fn toml(loaded: &Loaded, origin: bool) -> String {
    let mut text = String::new();
    let mut section = String::new();
    for (described, entry) in shown(loaded) {
        if described.section != section {
            section.clone_from(&described.section);
            text += &format!("\n[{section}]\n");
        }
        let line = format!("{} = {}", described.name, literal(entry));
        let comment = comment(entry, origin);
        text += format!("{line:COMMENT_COLUMN$}{comment}").trim_end();
        text.push('\n');
    }
    text
}

/// The settings as one JSON object: each key with its value and origin.
pub(crate) fn json(loaded: &Loaded) -> Json {
    let mut object = Map::new();
    for (_, entry) in shown(loaded) {
        let member = json!({
            "value": plain(entry),
            "origin": entry.origin.name(),
        });
        object.insert(entry.key.clone(), member);
    }
    Json::Object(object)
}

/// Each key with what holds for it. A secret that stands in a file is shown as that file's name.
fn shown(loaded: &Loaded) -> impl Iterator<Item = (Described, &Entry)> {
    let described = catalogue::read(DEFAULTS).into_iter();
    let hidden =
        |entry: &Entry| is_secret(&entry.key) && matches!(entry.origin, Origin::SecretFile(_));
    described.zip(&loaded.entries).filter(move |(_, entry)| !hidden(entry))
}

fn comment(entry: &Entry, origin: bool) -> String {
    if origin { format!("  # {}", entry.origin.name()) } else { String::new() }
}
