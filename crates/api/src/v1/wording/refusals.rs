//! The one place where `/v1` words what the services refuse.

use domain::problem::{CodeFault, Field, FieldError, Problem, SignInFault, Thing};
use domain::sessions::TokenFault;

use crate::v1::wording::{Part, Worded, kinds};

/// What `/v1` says of a refusal.
pub(crate) fn of_problem(problem: &Problem) -> Worded {
    match problem {
        Problem::Invalid(errors) => invalid(errors),
        Problem::Taken(field) => taken(*field),
        Problem::SignIn(fault) => sign_in(*fault),
        Problem::Token(fault) => token(*fault),
        Problem::WrongPassword => wrong_password(),
        Problem::Forbidden => Worded::new(
            kinds::FORBIDDEN,
            "You may not do this: it is for the person itself or for an administrator.",
        ),
        Problem::NotYours(Thing::Message) => {
            Worded::new(kinds::FORBIDDEN, "You may not do this: it is for who wrote the message.")
        }
        Problem::NotYours(
            Thing::User | Thing::Session | Thing::Book | Thing::Chatroom | Thing::Picture,
        ) => Worded::new(
            kinds::FORBIDDEN,
            "You may not do this: it is for its owner or for an administrator.",
        ),
        Problem::NotMember => {
            Worded::new(kinds::FORBIDDEN, "This is for members of the chatroom. Join it first.")
        }
        Problem::WrongPasskey => wrong_passkey(),
        Problem::Code(fault) => code(*fault),
        Problem::RegistrationClosed => Worded::new(
            kinds::REGISTRATION_CLOSED,
            "Only administrators add people here. Ask one of them for an account.",
        ),
        Problem::NotFound(thing) => missing(*thing),
        Problem::Contended => Worded::new(
            kinds::CONTENDED,
            "Others changed it at the same moment. Nothing was changed; try again.",
        ),
        Problem::VersionMismatch => Worded::new(
            kinds::VERSION_MISMATCH,
            "It has changed since you read it. Read it again and send the change with the new \
             ETag.",
        ),
        Problem::Throttled(_) => Worded::new(
            kinds::TOO_MANY_REQUESTS,
            "Too many attempts within a short time. Wait as long as Retry-After says before the next one.",
        ),
        Problem::Busy(_) => Worded::new(
            kinds::BUSY,
            "Too many passwords wait to be checked; yours was not looked at. Try again after as \
             long as Retry-After says.",
        ),
        Problem::Unavailable(_) => Worded::new(
            kinds::UNAVAILABLE,
            "Something that the server depends on does not answer. Try again after as long as \
             Retry-After says.",
        ),
    }
}

fn invalid(errors: &[FieldError]) -> Worded {
    Worded::of_parts(kinds::INVALID, errors.iter().map(Part::from).collect())
}

fn taken(field: Field) -> Worded {
    let sentence = if field == Field::Isbn {
        "is another book's already"
    } else {
        "is somebody else's already: choose another"
    };
    Worded::of_parts(kinds::TAKEN, vec![Part::member(field.name(), "already_taken", sentence)])
}

/// One reply for all: which of them it was is nobody's business.
fn sign_in(fault: SignInFault) -> Worded {
    match fault {
        SignInFault::Unknown
        | SignInFault::WrongPassword
        | SignInFault::Inactive
        | SignInFault::Locked => Worded::new(
            kinds::INVALID_CREDENTIALS,
            "No active person has this identifier and this password. Check both and try again.",
        ),
    }
}

fn token(fault: TokenFault) -> Worded {
    match fault {
        TokenFault::Malformed | TokenFault::BadSignature | TokenFault::WrongKind => Worded::new(
            kinds::TOKEN_INVALID,
            "The token was not issued by this server for this purpose. Sign in again.",
        ),
        TokenFault::Expired => Worded::new(
            kinds::TOKEN_EXPIRED,
            "The token has expired. Get the next one with POST /v1/sessions/refresh, or sign in \
             again where the session has ended.",
        ),
        TokenFault::Revoked => Worded::new(
            kinds::SESSION_REVOKED,
            "The session of this token was closed. Sign in again.",
        ),
        TokenFault::Reused => Worded::new(
            kinds::TOKEN_REUSED,
            "This refresh token was used before. Its session was closed to be safe. Sign in \
             again.",
        ),
    }
}

fn wrong_password() -> Worded {
    let name = Field::CurrentPassword.name();
    let part = Part::member(name, "wrong_password", "is wrong: nothing was changed");
    Worded::of_parts(kinds::WRONG_PASSWORD, vec![part])
}

fn wrong_passkey() -> Worded {
    let part = Part::member(Field::Passkey.name(), "wrong_passkey", "does not open this chatroom");
    Worded::of_parts(kinds::WRONG_PASSKEY, vec![part])
}

fn code(fault: CodeFault) -> Worded {
    match fault {
        CodeFault::Unknown | CodeFault::Wrong => Worded::new(
            kinds::INVALID_CODE,
            "The code is wrong, was used before, or has expired. Ask for another one.",
        ),
    }
}

fn missing(thing: Thing) -> Worded {
    let detail = match thing {
        Thing::User => "There is no such person, or not any more.",
        Thing::Session => "You have no such session, or not any more.",
        Thing::Book => "There is no such book, or not any more.",
        Thing::Chatroom => "There is no such chatroom, or not any more.",
        Thing::Message => "There is no such message, or not any more.",
        Thing::Picture => "There is no such picture, or not any more.",
    };
    Worded::new(kinds::NOT_FOUND, detail)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::problem::Fault;

    use super::*;

    #[test]
    fn every_problem_has_its_code() {
        let second = Duration::from_secs(1);
        for (problem, expected) in [
            (Problem::Invalid(Vec::new()), "validation_failed"),
            (Problem::Taken(Field::Email), "already_taken"),
            (Problem::SignIn(SignInFault::Unknown), "invalid_credentials"),
            (Problem::Token(TokenFault::Malformed), "token_invalid"),
            (Problem::Token(TokenFault::BadSignature), "token_invalid"),
            (Problem::Token(TokenFault::WrongKind), "token_invalid"),
            (Problem::Token(TokenFault::Expired), "token_expired"),
            (Problem::Token(TokenFault::Revoked), "session_revoked"),
            (Problem::Token(TokenFault::Reused), "refresh_token_reused"),
            (Problem::WrongPassword, "wrong_password"),
            (Problem::Forbidden, "forbidden"),
            (Problem::NotYours(Thing::Book), "forbidden"),
            (Problem::NotMember, "forbidden"),
            (Problem::WrongPasskey, "wrong_passkey"),
            (Problem::Code(CodeFault::Wrong), "invalid_code"),
            (Problem::Code(CodeFault::Unknown), "invalid_code"),
            (Problem::RegistrationClosed, "registration_closed"),
            (Problem::NotFound(Thing::User), "not_found"),
            (Problem::NotFound(Thing::Session), "not_found"),
            (Problem::Contended, "conflict"),
            (Problem::VersionMismatch, "version_mismatch"),
            (Problem::Throttled(second), "too_many_requests"),
            (Problem::Busy(second), "busy"),
            (Problem::Unavailable("the disk is full".into()), "unavailable"),
        ] {
            let worded = of_problem(&problem);
            assert_eq!(worded.kind.code, expected);
            assert!(!worded.detail.contains("disk"), "the cause is for the log only");
            assert!(!worded.detail.contains("  "), "{}", worded.detail);
        }
    }

    #[test]
    fn a_failed_sign_in_never_tells_why() {
        let said = |fault| format!("{:?}", of_problem(&Problem::SignIn(fault)));
        let unknown = said(SignInFault::Unknown);
        for fault in [SignInFault::WrongPassword, SignInFault::Inactive, SignInFault::Locked] {
            assert_eq!(said(fault), unknown);
        }
    }

    #[test]
    fn all_fields_are_told_at_once() {
        let errors = vec![
            FieldError::new(Field::Email, Fault::BadEmail),
            FieldError::new(Field::Password, Fault::TooShort(8)),
            FieldError::new(Field::Password, Fault::CommonPassword),
        ];
        let worded = of_problem(&Problem::Invalid(errors));
        let told: Vec<_> =
            worded.parts.iter().map(|part| (part.pointer.as_deref(), part.code)).collect();
        let expected = [
            (Some("/email"), "invalid_format"),
            (Some("/password"), "too_short"),
            (Some("/password"), "too_common"),
        ];
        assert_eq!(told, expected);
        assert!(worded.detail.contains("password must be at least 8 characters long."));
    }
}
