//! Pages that name tests, doors, settings and files: all of them are there.

use std::collections::BTreeSet;

use super::{code, pages, read, root, rows, section};

#[test]
fn every_test_and_page_that_is_named_is_there() {
    let mut all = pages();
    for page in ["ARCHITECTURE.md", "README.md", "docs/authorization.md"] {
        all.push((page.to_owned(), read(page)));
    }
    let (mut wrong, mut proofs) = (Vec::new(), 0);
    for (page, text) in &all {
        for name in code(text).into_iter().filter(|name| name.contains(".rs::")) {
            let (path, test) = name.split_once("::").unwrap();
            proofs += 1;
            if !root().join(path).exists() || !read(path).contains(&format!("fn {test}(")) {
                wrong.push(format!("{page}: {name}"));
            }
        }
        let folder = root().join(page).parent().unwrap().to_owned();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap();
            if !link.contains("://") && !path.is_empty() && !folder.join(path).exists() {
                wrong.push(format!("{page}: {link}"));
            }
        }
    }
    assert!(proofs > 15, "{proofs} tests are named");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn settings() -> toml::Value {
    toml::from_str(&read("config/default.toml")).unwrap()
}

#[test]
fn every_way_to_sign_in_is_on_the_page() {
    let rows = rows(&read("docs/security/sign-in.md"));
    let named: BTreeSet<String> = rows.iter().map(|row| row[0].replace('`', "")).collect();
    let mut there: BTreeSet<String> = settings()["compat"]["doors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|door| door.as_str().unwrap().to_owned())
        .collect();
    assert_eq!(there.len(), 5);
    let others = ["v1", "refresh", "reset", "verification", "doorward admin create"];
    there.extend(others.map(str::to_owned));
    assert_eq!(named, there);
    assert!(rows.iter().all(|row| row.len() == 5 && !row[4].is_empty()));
}

#[test]
fn everybody_whom_the_settings_let_us_call_is_on_the_page() {
    let rows = rows(&read("docs/security/outside.md"));
    let named: BTreeSet<String> = rows.iter().flat_map(|row| code(&row[1])).collect();
    // Whatever takes an address of others is called `url` or `transport`.
    let mut there = BTreeSet::new();
    for (section, values) in settings().as_table().unwrap() {
        let keys = values.as_table().into_iter().flat_map(toml::Table::keys);
        for key in
            keys.filter(|key| ["url", "transport", "endpoint", "host"].contains(&key.as_str()))
        {
            there.insert(format!("{section}.{key}"));
        }
    }
    assert_eq!(named, there);
}

#[test]
fn the_words_of_context_are_those_that_passwords_are_judged_by() {
    let policy = read("crates/domain/src/users/policy.rs");
    let names = policy.split_once("fn own_names(").unwrap().1.split("\n}\n").next().unwrap();
    let page = section(&read("SECURITY.md"), "Passwords").replace('\n', " ");
    let told = [
        ("Username", "user name"),
        ("Email", "e-mail address"),
        ("Mobile", "mobile number"),
        ("FirstName", "first name"),
        ("LastName", "last name"),
        ("DisplayName", "display name"),
    ];
    for (field, words) in told {
        assert!(names.contains(&format!("Field::{field}")), "{field} is judged by no more");
        assert!(page.contains(words), "{words}");
    }
    let judged: BTreeSet<&str> = names
        .split("Field::")
        .skip(1)
        .map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next().unwrap())
        .collect();
    assert_eq!(judged.len(), told.len(), "{judged:?}");
    assert!(policy.contains("const SERVICE: &str = \"doorward\"") && page.contains("`doorward`"));
}

#[test]
fn sections_that_operators_look_for_are_there() {
    let page = read("SECURITY.md");
    for heading in [
        "Sessions",
        "Ways to sign in",
        "Passwords",
        "Limits",
        "Uploads",
        "Whom Doorward calls",
        "Dependencies",
        "Browsers",
        "What is kept",
    ] {
        assert!(section(&page, heading).trim().len() > 100, "{heading}");
    }
    // Crates that are looked after are crates that there are.
    let lock = read("Cargo.lock");
    for name in code(&section(&page, "Dependencies")) {
        let is_crate = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        assert!(!is_crate || lock.contains(&format!("name = \"{name}\"\n")), "{name}");
        let is_ours =
            name.split_once('/').is_some_and(|(krate, _)| ["infra", "api"].contains(&krate));
        let folder = name.replacen('/', "/src/", 1);
        let path = root().join("crates").join(folder);
        assert!(!is_ours || path.exists() || path.with_extension("rs").exists(), "{name}");
    }
    let days = rows(&section(&page, "Dependencies"));
    assert_eq!(days.len(), 4, "critical, high, medium, low");
    assert!(read("docs/security/sign-in.md").contains("There is no OAuth grant"));
    let unit = read("docs/security/outside.md");
    for line in ["DynamicUser=yes", "ProtectSystem=strict", "IPAddressDeny=any", "LimitCORE=0"] {
        assert!(unit.contains(line), "{line}");
    }
}
