//! Numbers in tables whose last column names the setting or the constant that they come from.

use super::{code, pages, read, rows_under};

/// Units as they are written in pages, and what they are worth in seconds or bytes.
const UNITS: &[(&str, f64)] = &[
    ("second", 1.0),
    ("minute", 60.0),
    ("hour", 3_600.0),
    ("day", 86_400.0),
    ("KiB", 1_024.0),
    ("MiB", 1_048_576.0),
];

/// All numbers of a text, each with the unit behind it.
fn written(text: &str) -> Vec<f64> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut numbers = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let Ok(number) = word.trim_end_matches([',', '.', ';']).replace(',', "").parse::<f64>()
        else {
            continue;
        };
        let next = words.get(at + 1).copied().unwrap_or_default();
        let unit = UNITS.iter().find(|(unit, _)| next.starts_with(unit)).map_or(1.0, |unit| unit.1);
        numbers.push(number * unit);
    }
    numbers
}

/// The value of a constant of ours, in seconds where it is a time.
fn constant(path: &str, name: &str) -> f64 {
    let (krate, rest) = path.split_once('/').unwrap();
    let source = read(&format!("crates/{krate}/src/{rest}.rs"));
    let (is_const, is_field) = (format!("const {name}: "), format!("{name}: "));
    let line = source
        .lines()
        .find(|line| line.contains(&is_const))
        .or_else(|| {
            let mut fields = source.lines().filter(|line| line.trim_start().starts_with(&is_field));
            fields.rfind(|line| line.contains(char::is_numeric))
        })
        .unwrap_or_else(|| panic!("{path} has no {name}"));
    let value = line.split_once(" = ").map_or_else(|| line.split_once(": ").unwrap().1, |(_, v)| v);
    product(value.trim_end_matches([';', ',']))
}

/// What `5`, `60 * 60` or `Duration::from_millis(250)` come to.
fn product(value: &str) -> f64 {
    let (scale, inner) = if let Some((_, rest)) = value.split_once("from_secs(") {
        (1.0, rest.trim_end_matches(')'))
    } else if let Some((_, rest)) = value.split_once("from_millis(") {
        (0.001, rest.trim_end_matches(')'))
    } else {
        (1.0, value)
    };
    let factors = inner.split('*').map(|factor| factor.trim().replace('_', ""));
    scale
        * factors
            .map(|factor| factor.parse::<f64>().unwrap_or_else(|_| panic!("{value}")))
            .product::<f64>()
}

/// The default of a setting, in seconds where it is a time.
fn setting(key: &str) -> f64 {
    let settings: toml::Value = toml::from_str(&read("config/default.toml")).unwrap();
    let value = key.split('.').try_fold(&settings, |value, part| value.get(part));
    match value.unwrap_or_else(|| panic!("there is no setting {key}")) {
        toml::Value::Integer(number) => number.to_string().parse().unwrap(),
        toml::Value::String(text) => span(text),
        other @ (toml::Value::Boolean(_)
        | toml::Value::Float(_)
        | toml::Value::Datetime(_)
        | toml::Value::Array(_)
        | toml::Value::Table(_)) => panic!("{key} is {other}"),
    }
}

/// A setting's time, as in `14d`.
fn span(text: &str) -> f64 {
    let (number, unit) = text.split_at(text.find(char::is_alphabetic).unwrap_or(text.len()));
    let scale = match unit {
        "ms" => 0.001,
        "s" | "" => 1.0,
        "m" => 60.0,
        "h" => 3_600.0,
        "d" => 86_400.0,
        other => panic!("{other}"),
    };
    number.parse::<f64>().unwrap() * scale
}

#[test]
fn every_number_is_that_of_the_setting_or_the_constant_it_names() {
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for (page, text) in pages() {
        for row in rows_under(&text, "told by") {
            let sources = code(row.last().unwrap());
            assert!(!sources.is_empty(), "{page}: {} is told by nothing", row[0]);
            let values: Vec<f64> = sources
                .iter()
                .map(|source| match source.split_once("::") {
                    Some((path, name)) => constant(path, name),
                    None => setting(source),
                })
                .collect();
            let said = written(&row[1]);
            compared += 1;
            if said != values {
                wrong.push(format!(
                    "{page}: {}: {} is not {values:?} ({sources:?})",
                    row[0], row[1]
                ));
            }
        }
    }
    assert!(compared > 40, "{compared} rows");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn numbers_and_values_are_read_alike() {
    assert_eq!(written("10 in 10 minutes"), [10.0, 600.0]);
    assert_eq!(written("1,000 characters, 5 MiB and 2 days"), [1_000.0, 5_242_880.0, 172_800.0]);
    assert_eq!(product("Duration::from_secs(15 * 60)"), 900.0);
    assert_eq!(product("5 * 1_024 * 1_024"), 5_242_880.0);
    assert_eq!(span("14d"), 1_209_600.0);
}
