//! What `config/default.toml` says of each key: its section, its default and one line of prose.

/// One key.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Described {
    /// The section, empty for keys outside of any.
    pub(super) section: String,
    /// The name within its section.
    pub(super) name: String,
    /// The default as TOML.
    pub(super) default: String,
    /// What it means.
    pub(super) prose: String,
}

impl Described {
    /// The dotted key.
    pub(super) fn key(&self) -> String {
        if self.section.is_empty() {
            self.name.clone()
        } else {
            format!("{}.{}", self.section, self.name)
        }
    }
}

/// The keys in the order of the file, which has one line of prose above each key.
pub(super) fn read(defaults: &str) -> Vec<Described> {
    let mut described = Vec::new();
    let (mut section, mut prose) = (String::new(), "");
    for line in defaults.lines() {
        if let Some(comment) = line.strip_prefix("# ") {
            prose = comment;
        } else if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name.to_owned();
        } else if let Some((name, default)) = line.split_once(" = ") {
            described.push(Described {
                section: section.clone(),
                name: name.to_owned(),
                default: default.to_owned(),
                prose: prose.to_owned(),
            });
        }
    }
    described
}

#[cfg(test)]
mod tests {
    use super::super::layer::{Layer, Origin};
    use super::super::load::DEFAULTS;
    use super::*;

    #[test]
    fn every_key_is_described_once_with_a_sentence_of_its_own() {
        let described = read(DEFAULTS);
        let keys: Vec<String> = described.iter().map(Described::key).collect();
        let parsed = Layer::toml(DEFAULTS, &Origin::Default).unwrap();
        let known: Vec<String> = parsed.0.into_iter().map(|entry| entry.key).collect();
        assert_eq!(keys, known);
        for (index, one) in described.iter().enumerate() {
            assert!(one.prose.ends_with('.'), "{}: {}", one.key(), one.prose);
            let again = described.iter().skip(index + 1).find(|other| other.prose == one.prose);
            assert_eq!(again, None, "the sentence of {} is another's", one.key());
        }
    }
}
