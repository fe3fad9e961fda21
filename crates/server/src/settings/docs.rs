//! `docs/configuration.md`, made from `config/default.toml`.

use super::catalogue::{self, Described};
use super::layer::variable;
use super::load::DEFAULTS;

const HEAD: &str = "\
<!-- Made by `doorward config docs` from config/default.toml. Change that file, then run it again. -->

# Settings

Doorward needs no configuration to run. What you do set comes from four places, each above the one before:

1. the defaults below, which are compiled in;
2. `config/development.toml` or `config/production.toml` in the working folder, or in its place the file named by
   `--config FILE`;
3. variables, such as `DOORWARD__SERVER__BIND` for `server.bind`;
4. flags: `--data-dir`, and with `serve` also `--bind` and `--public-url`.

`DOORWARD_ENV` is `development` (the default) or `production`. Production refuses what is unsafe: a public URL without
TLS that is not a loopback address, a bcrypt cost below 10, log levels that tell too much, a preview of mails, mails from
localhost, and a preview of text messages where door 2 is hardened.

- Durations are a number and a unit: `500ms`, `10s`, `15m`, `12h`, `14d`.
- Lists in variables are separated by commas: `DOORWARD__COMPAT__DOORS=py-api,chit-chat`.
- A secret has a twin that ends in `_file` and names a file that holds it, as in `database.url_file`. One line end at its
  end is dropped. Of the two, the one from the upper place holds; both in one place are an error.
- `doorward config check` tells everything that is wrong at once and exits with 78. `doorward config show --origin` prints
  what holds and where it comes from, without passwords.
";

/// The whole page.
pub(crate) fn markdown() -> String {
    let mut page = HEAD.to_owned();
    let mut section = None;
    for described in catalogue::read(DEFAULTS) {
        if section.as_ref() != Some(&described.section) {
            page += &heading(&described.section);
            section = Some(described.section.clone());
        }
        page += &row(&described);
    }
    page
}

fn heading(section: &str) -> String {
    let title = if section.is_empty() { "General".to_owned() } else { format!("`[{section}]`") };
    format!("\n## {title}\n\n| key | default | variable | |\n|---|---|---|---|\n")
}

fn row(described: &Described) -> String {
    let (key, default) = (described.key(), &described.default);
    let prose = described.prose.replace('|', "\\|");
    format!("| `{key}` | `{default}` | `{}` | {prose} |\n", variable(&key))
}
