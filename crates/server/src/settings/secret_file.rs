//! Secrets that stand in files of their own: `x_file` instead of `x`.

use std::io::{Error, ErrorKind, Read};
use std::path::Path;

use config::{Value, ValueKind};

use super::layer::{Entry, Layer, Origin};
use super::report::{Problem, reason};

/// No secret is longer.
const MAX_BYTES: u64 = 64 * 1024;

/// The secrets among the settings, each with its twin.
const SECRETS: [(&str, &str); 3] = [
    ("database.url", "database.url_file"),
    ("mail.transport", "mail.transport_file"),
    ("sms.webhook_secret", "sms.webhook_secret_file"),
];

/// Whether nobody may see the value of this key.
pub(super) fn is_secret(key: &str) -> bool {
    SECRETS.iter().any(|(secret, _)| *secret == key)
}

/// The secrets that files hold, to be laid above all layers.
///
/// Of a secret and its twin the one in the uppermost layer holds; both in one layer are a problem.
pub(super) fn read(layers: &[Layer], folder: &Path, problems: &mut Vec<Problem>) -> Vec<Entry> {
    let mut found = Vec::new();
    for (secret, twin) in SECRETS {
        let Some(layer) = layers.iter().rfind(|layer| named(layer, secret, twin)) else { continue };
        let Some(file) = layer.get(twin).filter(|file| !is_empty(file)) else { continue };
        if let Some(both) = layer.get(secret) {
            let text = format!("given beside {}; give one of the two", file.place());
            problems.push(Problem::new(both.place(), text));
            continue;
        }
        found.extend(entry(secret, file, folder).map_err(|problem| problems.push(problem)).ok());
    }
    found
}

fn named(layer: &Layer, secret: &str, twin: &str) -> bool {
    layer.get(secret).is_some() || layer.get(twin).is_some_and(|file| !is_empty(file))
}

fn is_empty(file: &Entry) -> bool {
    matches!(&file.value.kind, ValueKind::String(path) if path.is_empty())
}

fn entry(secret: &str, file: &Entry, folder: &Path) -> Result<Entry, Problem> {
    let ValueKind::String(path) = &file.value.kind else {
        return Err(Problem::of(file, "expected the path of a file"));
    };
    let cannot = |error: Error| {
        Problem::new(file.place(), format!("cannot read {path}: {}", reason(&error)))
    };
    let text = content(&folder.join(path)).map_err(cannot)?;
    Ok(Entry {
        key: secret.to_owned(),
        origin: Origin::SecretFile(path.clone()),
        value: Value::new(None, text),
    })
}

/// What the file holds, without the line end that editors add.
fn content(path: &Path) -> Result<String, Error> {
    let mut text = String::new();
    let length = std::fs::File::open(path)?.take(MAX_BYTES + 1).read_to_string(&mut text)?;
    if u64::try_from(length).unwrap_or(u64::MAX) > MAX_BYTES {
        return Err(Error::new(ErrorKind::FileTooLarge, "longer than 64 KiB"));
    }
    let line = text.strip_suffix('\n').unwrap_or(&text);
    Ok(line.strip_suffix('\r').unwrap_or(line).to_owned())
}
