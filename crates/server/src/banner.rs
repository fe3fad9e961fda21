//! What `doorward serve` says once, before it serves. Only lines that are true today.

use std::fmt;
use std::path::Path;

use infra::db::MigrationReport;

/// The column where the second part of a line begins.
const COLUMN: usize = 54;

/// Everything worth knowing at the start. It holds no secrets.
pub(crate) struct Banner<'a> {
    pub(crate) engines: &'a [&'a str],
    pub(crate) data_dir: &'a Path,
    pub(crate) config: Option<&'a str>,
    pub(crate) url: &'a str,
    /// Where the server itself is found, if that is elsewhere.
    pub(crate) listening: Option<&'a str>,
    /// Where figures are shown, if that is apart from the rest.
    pub(crate) metrics: Option<&'a str>,
    pub(crate) database: &'a str,
    pub(crate) migrated: Option<&'a MigrationReport>,
    /// Where secrets were just made.
    pub(crate) new_secrets: Option<&'a Path>,
    /// How mails leave.
    pub(crate) mail: &'a str,
    /// How text messages leave, if they do.
    pub(crate) sms: Option<&'a str>,
    /// The doors that answer.
    pub(crate) doors: &'a [&'a str],
    pub(crate) mode: &'a str,
    pub(crate) has_admin: bool,
}

impl fmt::Display for Banner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = format!("doorward {} ({})", env!("CARGO_PKG_VERSION"), self.engines.join(", "));
        let config = self.config.unwrap_or("none (defaults)");
        writeln!(f, "{title:COLUMN$}data {}   config {config}", self.data_dir.display())?;
        let url = self.url;
        writeln!(f, "  API        {url}/v1        reference  {url}/v1/openapi.json")?;
        if let Some(listening) = self.listening {
            writeln!(f, "  Listening  {listening}")?;
        }
        if let Some(metrics) = self.metrics {
            writeln!(f, "  Metrics    {metrics}")?;
        }
        writeln!(f, "  Database   {} ({})", self.database, migrations(self.migrated))?;
        if let Some(folder) = self.new_secrets {
            let folder = folder.display();
            writeln!(f, "  Secrets    generated in {folder} (0600): back this folder up")?;
        }
        writeln!(f, "  Mail       {}", self.mail)?;
        if let Some(sms) = self.sms {
            writeln!(f, "  SMS        {sms}")?;
        }
        if !self.doors.is_empty() {
            writeln!(f, "  Doors      {} ({} mode)", self.doors.join(", "), self.mode)?;
        }
        if !self.has_admin {
            let command = "doorward admin create --email you@example.org";
            writeln!(f, "\n  No administrator yet: run   {command}")?;
        }
        Ok(())
    }
}

fn migrations(report: Option<&MigrationReport>) -> String {
    let Some(report) = report else { return "up to date, migrated elsewhere".to_owned() };
    let count = report.ran.len();
    let plural = if count == 1 { "" } else { "s" };
    let ran = format!("{count} migration{plural} in {} ms", report.took.as_millis());
    match (report.created, count) {
        (true, _) => format!("created, {ran}"),
        (false, 0) => "up to date".to_owned(),
        (false, _) => ran,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_first_start_tells_everything() {
        let ran = vec!["one".to_owned(), "two".to_owned()];
        let report = MigrationReport { ran, created: true, took: Duration::from_millis(38) };
        let banner = Banner {
            engines: &["sqlite"],
            data_dir: Path::new("./data"),
            config: None,
            url: "http://127.0.0.1:8080",
            listening: None,
            metrics: None,
            database: "sqlite ./data/doorward.db",
            migrated: Some(&report),
            new_secrets: Some(Path::new("./data/secrets")),
            mail: "preview: messages are kept in ./data/mail (set mail.transport to send)",
            sms: None,
            doors: &["py-api"],
            mode: "documented",
            has_admin: false,
        };
        let expected = "\
doorward 0.1.0 (sqlite)                               data ./data   config none (defaults)
  API        http://127.0.0.1:8080/v1        reference  http://127.0.0.1:8080/v1/openapi.json
  Database   sqlite ./data/doorward.db (created, 2 migrations in 38 ms)
  Secrets    generated in ./data/secrets (0600): back this folder up
  Mail       preview: messages are kept in ./data/mail (set mail.transport to send)
  Doors      py-api (documented mode)

  No administrator yet: run   doorward admin create --email you@example.org
";
        assert_eq!(banner.to_string(), expected);
    }

    #[test]
    fn later_starts_tell_no_more_than_is_true() {
        let report = MigrationReport { ran: Vec::new(), created: false, took: Duration::ZERO };
        let banner = Banner {
            engines: &["sqlite", "mysql"],
            data_dir: Path::new("/var/lib/doorward"),
            config: Some("config/production.toml"),
            url: "https://auth.example.org",
            listening: Some("http://127.0.0.1:8080"),
            metrics: Some("http://127.0.0.1:9090/metrics"),
            database: "mysql mysql://db/doorward",
            migrated: Some(&report),
            new_secrets: None,
            mail: "smtp://mail.example.org:587",
            sms: Some("webhook https://sms.example.org"),
            doors: &[],
            mode: "documented",
            has_admin: true,
        };
        let expected = "\
doorward 0.1.0 (sqlite, mysql)                        data /var/lib/doorward   config config/production.toml
  API        https://auth.example.org/v1        reference  https://auth.example.org/v1/openapi.json
  Listening  http://127.0.0.1:8080
  Metrics    http://127.0.0.1:9090/metrics
  Database   mysql mysql://db/doorward (up to date)
  Mail       smtp://mail.example.org:587
  SMS        webhook https://sms.example.org
";
        assert_eq!(banner.to_string(), expected);
    }
}
