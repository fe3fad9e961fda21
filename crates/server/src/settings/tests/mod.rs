//! Settings from every layer.

mod production;
mod secrets;

use std::fs;

use super::load::{Environment, Inputs, Loaded, load};
use super::report::Report;
use super::show;

/// A working folder of its own, and what is typed in it.
struct Case {
    folder: tempfile::TempDir,
    inputs: Inputs,
}

impl Case {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let inputs = Inputs { folder: folder.path().to_owned(), ..Inputs::default() };
        Self { folder, inputs }
    }

    fn with(mut self, variable: &str, value: &str) -> Self {
        self.inputs.variables.insert(variable.to_owned(), value.to_owned());
        self
    }

    fn file(self, name: &str, content: &str) -> Self {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    fn flag(mut self, key: &'static str, value: &str) -> Self {
        self.inputs.flags.push((key, value.to_owned()));
        self
    }

    fn loaded(&self) -> Loaded {
        load(&self.inputs).unwrap_or_else(|report| panic!("{report}"))
    }

    /// The report, its paths without the folder.
    fn problems(&self) -> String {
        let report: Report = load(&self.inputs).err().unwrap();
        report.to_string().replace(&format!("{}/", self.folder.path().display()), "")
    }
}

#[test]
fn the_defaults_are_valid_and_those_of_the_manual() {
    let loaded = Case::new().loaded();
    let settings = &loaded.settings;
    assert_eq!(loaded.environment, Environment::Development);
    assert_eq!(loaded.file, None);
    assert_eq!(settings.server.bind.0.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.server.drain.get().as_secs(), 10);
    assert_eq!(settings.database.acquire_timeout.get().as_secs(), 2);
    assert_eq!(settings.sessions.idle.get().as_secs(), 14 * 86_400);
    assert_eq!(settings.limits.account_failures.get(), 10);
    assert_eq!(settings.compat.doors.0.len(), 5);
}

#[test]
fn each_layer_lies_over_the_one_before() {
    let case = Case::new();
    assert_eq!(case.loaded().settings.server.bind.0.port(), 8080);
    let case = case.file("config/development.toml", "[server]\nbind = '127.0.0.1:1'");
    assert_eq!(case.loaded().settings.server.bind.0.port(), 1);
    let case = case.with("DOORWARD__SERVER__BIND", "127.0.0.1:2");
    assert_eq!(case.loaded().settings.server.bind.0.port(), 2);
    let case = case.flag("server.bind", "127.0.0.1:3");
    assert_eq!(case.loaded().settings.server.bind.0.port(), 3);
}

#[test]
fn a_file_named_by_a_flag_is_read_in_place_of_the_usual_one() {
    let mut case = Case::new()
        .file("config/development.toml", "[server]\nbind = '127.0.0.1:1'")
        .file("other.toml", "[server]\ndrain = '1s'");
    case.inputs.file = Some("other.toml".into());
    let loaded = case.loaded();
    assert_eq!(loaded.file.as_deref(), Some("other.toml"));
    assert_eq!(loaded.settings.server.bind.0.port(), 8080);
    assert_eq!(loaded.settings.server.drain.get().as_secs(), 1);
}

#[test]
fn the_environment_chooses_the_usual_file() {
    let case = Case::new().file("config/development.toml", "[limits]\naccount_failures = 1").file(
        "config/production.toml",
        "mail.transport = 'file:mail'\n[limits]\naccount_failures = 2",
    );
    assert_eq!(case.loaded().settings.limits.account_failures.get(), 1);
    let loaded = case.with("DOORWARD_ENV", "production").loaded();
    assert_eq!(loaded.settings.limits.account_failures.get(), 2);
    assert_eq!(loaded.file.as_deref(), Some("config/production.toml"));
}

#[test]
fn variables_are_read_as_what_their_key_is() {
    let settings = Case::new()
        .with("DOORWARD__LIMITS__ENABLED", "false")
        .with("DOORWARD__DATABASE__POOL_SIZE", "3")
        .with("DOORWARD__PASSWORD__LANES", "5")
        .with("DOORWARD__SERVER__DRAIN", "500ms")
        .with("DOORWARD__SERVER__TRUSTED_PROXIES", "10.0.0.0/8, ::1")
        .with("DOORWARD__SERVER__ALLOWED_ORIGINS", "https://a.example:443,http://b.example:81")
        .with("DOORWARD__COMPAT__DOORS", "")
        .with("DOORWARD__REGISTRATION__DEFAULT_REGION", "DE")
        .with("DOORWARD_PORT", "tcp://10.0.0.1:80")
        .loaded()
        .settings;
    assert!(!settings.limits.enabled.0);
    assert_eq!(settings.database.pool_size.get(), 3);
    assert_eq!(settings.password.lanes.count(), 5);
    assert_eq!(settings.server.drain.get().as_millis(), 500);
    let proxies: Vec<String> =
        settings.server.trusted_proxies.0.iter().map(ToString::to_string).collect();
    assert_eq!(proxies, ["10.0.0.0/8", "::1/128"]);
    assert_eq!(settings.server.allowed_origins.0, ["https://a.example", "http://b.example:81"]);
    assert!(settings.compat.doors.0.is_empty());
    assert_eq!(settings.registration.default_region.0.as_deref(), Some("DE"));
}

#[test]
fn every_wrong_value_is_told_with_what_was_expected() {
    for (key, value, expected) in [
        ("data_dir", "7", "expected the path of a folder"),
        ("server.bind", "'localhost'", "an address and port, as in 127.0.0.1:8080"),
        ("server.public_url", "'example.org'", "a URL without a path"),
        ("server.public_url", "'https://example.org/auth'", "a URL without a path"),
        ("server.trusted_proxies", "'10.0.0.0/8'", "a list of addresses and networks"),
        ("server.trusted_proxies", "['proxy']", "a list of addresses and networks"),
        ("server.allowed_origins", "['*']", "a list of origins"),
        ("server.drain", "10", "a duration from 0s to 10m, as in 15m"),
        ("server.drain", "'11m'", "a duration from 0s to 10m"),
        ("server.drain", "'ten'", "a duration from 0s to 10m"),
        ("server.require_if_match", "'yes'", "true or false"),
        ("database.url", "'redis://h/0'", "begins with sqlite://, mysql:// or postgres://"),
        ("database.url_file", "7", "the path of a file"),
        ("database.pool_size", "0", "a number from 1 to 1000"),
        ("database.acquire_timeout", "'0ms'", "a duration from 1ms to 5m"),
        ("password.bcrypt_cost", "3", "a number from 4 to 20"),
        ("password.bcrypt_cost", "12.0", "a number from 4 to 20"),
        ("password.lanes", "'all'", "a number from 1 to 1024, or cores"),
        ("tokens.algorithm", "'none'", "EdDSA, ES256 or HS256"),
        ("tokens.access_lifetime", "'-1s'", "a duration from 1s to 1d"),
        ("sessions.idle", "'99999999999999999999d'", "a duration from 1s to 3650d"),
        ("sessions.cache", "'sometimes'", "exact, off or a duration"),
        ("registration.default_region", "'Germany'", "two capital letters"),
        ("compat.mode", "'strict'", "documented or hardened"),
        ("compat.doors", "['py-api', 'v1']", "some of py-api, flask-user-auth, drf-accounts"),
        ("mail.transport", "'smtp:'", "preview, file:DIR, smtp://HOST or smtps://HOST"),
        ("mail.transport", "'smtp://h?tls=never'", "preview, file:DIR, smtp://HOST"),
        ("mail.transport_file", "7", "the path of a file"),
        ("mail.from", "'Doorward'", "a mail address, as in Name <name@example.org>"),
        ("mail.from", "'a@example.org, b@example.org'", "a mail address"),
        ("sms.transport", "'webhook:http://a.example'", "webhook:https://HOST/PATH"),
        ("sms.transport", "'webhook:https://a.example'", "a webhook needs sms.webhook_secret"),
        ("sms.webhook_secret", "7", "a text"),
        ("log.format", "'xml'", "pretty, json or auto"),
        ("log.level", "'verbose'", "error, warn, info, debug or trace"),
    ] {
        let told =
            Case::new().file("config/development.toml", &format!("{key} = {value}")).problems();
        assert!(told.starts_with("config: 1 problem\n  config/development.toml: "), "{told}");
        assert!(told.contains(&format!(": {key} = ")), "{told}");
        assert!(told.contains(expected), "{told}");
    }
}

#[test]
fn what_looks_like_a_section_or_a_key_and_is_none_is_told() {
    let told = Case::new()
        .file(
            "config/development.toml",
            "server = 1\n[database.pool_size]\nmax = 3\n[tls]\n[log]\n",
        )
        .problems();
    assert!(told.contains("config/development.toml: server "), "{told}");
    assert!(told.contains("expected a section: [server]"), "{told}");
    assert!(told.contains("database.pool_size.max"), "{told}");
    assert!(told.contains("config/development.toml: tls "), "{told}");
    assert!(told.starts_with("config: 3 problems"), "{told}");
}

#[test]
fn an_overridden_value_is_not_looked_at() {
    let case = Case::new()
        .file("config/development.toml", "[server]\ndrain = 'soon'")
        .with("DOORWARD__SERVER__DRAIN", "1s");
    assert_eq!(case.loaded().settings.server.drain.get().as_secs(), 1);
}

#[test]
fn text_that_is_no_toml_is_told_with_its_line_and_column() {
    let told = Case::new()
        .file("config/development.toml", "[server]\nbind = 127.0.0.1\n")
        .with("DOORWARD__SERVER__DRAIN", "soon")
        .problems();
    assert!(told.starts_with("config: 2 problems"), "{told}");
    assert!(told.contains("config/development.toml: line 2, column "), "{told}");
    let twice =
        Case::new().file("config/development.toml", "[log]\nlevel = 'info'\nlevel = 'warn'");
    assert!(twice.problems().contains("line 3, column 1"), "{}", twice.problems());
}

#[test]
fn an_unknown_environment_is_told() {
    let told = Case::new().with("DOORWARD_ENV", "prod").problems();
    assert!(told.contains("DOORWARD_ENV = \"prod\""), "{told}");
    assert!(told.contains("expected development or production"), "{told}");
}

#[test]
fn links_never_show_an_unspecified_address() {
    for (bind, link) in [
        ("0.0.0.0:80", "http://127.0.0.1:80"),
        ("[::]:8080", "http://[::1]:8080"),
        ("192.0.2.1:8080", "http://192.0.2.1:8080"),
    ] {
        let server = Case::new().flag("server.bind", bind).loaded().settings.server;
        assert_eq!(server.reached_at(server.bind.0), link);
    }
    let public = Case::new().flag("server.public_url", "https://Auth.example.org/").loaded();
    let server = public.settings.server;
    assert_eq!(server.reached_at(server.bind.0), "https://auth.example.org");
}

#[test]
fn what_is_shown_means_the_same_when_it_is_read_again() {
    let case = Case::new()
        .with("DOORWARD__SERVER__DRAIN", "3s")
        .with("DOORWARD__SERVER__TRUSTED_PROXIES", "10.0.0.0/8");
    let shown = show::toml(&case.loaded(), true);
    assert!(shown.contains("drain = \"3s\""), "{shown}");
    assert!(shown.contains("# DOORWARD__SERVER__DRAIN"), "{shown}");
    let again = Case::new().file("config/development.toml", &shown).loaded();
    assert_eq!(show::toml(&again, false), show::toml(&case.loaded(), false));
}
