//! `doorward admin`: people who may do anything.

use domain::problem::Problem;
use domain::users::{Email, Registration, User, Username};
use secrecy::ExposeSecret;
use serde_json::json;

use super::CreateAdmin;
use super::password::{Chosen, choose};
use crate::failure::{Failure, chain};
use crate::output;
use crate::settings::Settings;
use crate::wiring::{self, Backend, Role};

/// Adds an administrator; works beside a running server.
pub(crate) fn create(wanted: &CreateAdmin, settings: &Settings) -> Result<(), Failure> {
    let backend = Backend::open(settings, Role::Command)?;
    let Chosen { password, is_made } = choose(wanted.password_stdin)?;
    let registration = Registration {
        email: Some(wanted.email.clone()),
        username: wanted.username.clone(),
        password: Some(password.expose_secret().to_owned()),
        ..Registration::default()
    };
    let server = &settings.server;
    let rules = wiring::strict_rules(settings, &server.reached_at(server.bind.0));
    let users = &backend.services.users;
    let added = async {
        let user = users.add_admin(registration, &rules).await?;
        // Nobody has seen a password that was made: whoever opens the link sets one.
        let link = if is_made { users.hand_over_link(&user, &rules).await? } else { None };
        Ok((user, link))
    };
    let (user, link) = wiring::block_on(added)?.map_err(refused)?;
    tell(&user, link.as_deref(), wanted.json)
}

/// Prints whom it added, and the link to set a password with, if it has none yet.
fn tell(user: &User, link: Option<&str>, json: bool) -> Result<(), Failure> {
    let id = user.id.0.to_string();
    let email = user.email.as_ref().map(Email::as_str);
    let username = user.username.as_ref().map(Username::as_str);
    if json {
        let mut object = json!({ "id": id, "email": email, "username": username });
        if let Some(link) = link {
            object["link"] = link.into();
        }
        return output::json(&object);
    }
    let rows =
        [("id", Some(id.as_str())), ("email", email), ("username", username), ("link", link)];
    let row = |(name, value): (&str, Option<&str>)| Some(format!("{name:10}{}\n", value?));
    output::data(&rows.into_iter().filter_map(row).collect::<String>())?;
    if link.is_some() {
        output::message(
            "The link sets the password. It counts once, within an hour, and is shown only now.",
        );
    }
    Ok(())
}

/// The refusals of the service in the words of the command line.
fn refused(problem: Problem) -> Failure {
    Failure::Failed(match problem {
        Problem::Invalid(errors) => {
            let lines =
                errors.iter().map(|error| format!("\n  {:10}{}", error.field.name(), error.fault));
            format!("no administrator was added:{}", lines.collect::<String>())
        }
        Problem::Taken(field) => format!("no administrator was added: this {field} is taken"),
        Problem::Unavailable(source) => {
            format!("no administrator was added: {}", chain(source.as_ref()))
        }
        Problem::Busy(_)
        | Problem::SignIn(_)
        | Problem::Token(_)
        | Problem::WrongPassword
        | Problem::Forbidden
        | Problem::NotYours(_)
        | Problem::NotMember
        | Problem::WrongPasskey
        | Problem::Code(_)
        | Problem::RegistrationClosed
        | Problem::NotFound(_)
        | Problem::VersionMismatch
        | Problem::Contended
        | Problem::Throttled(_) => format!("no administrator was added: {problem}"),
    })
}
