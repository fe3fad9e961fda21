//! The rules that a member of a request may break.

use super::Field;

/// One rule that one field breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field as the domain knows it; surfaces translate the name.
    pub field: Field,
    /// The rule.
    pub fault: Fault,
}

impl FieldError {
    /// `field` breaks the rule `fault`.
    pub fn new(field: Field, fault: Fault) -> Self {
        Self { field, fault }
    }
}

/// A rule that a field may break. `Display` is an English sentence part that fits every surface.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Not sent, or null where a value is needed.
    #[error("is required")]
    Missing,
    /// None of username, e-mail and mobile was sent.
    #[error("is required: give at least one of username, email and mobile")]
    NoIdentifier,
    /// Fewer characters than this.
    #[error("must be at least {0} characters long")]
    TooShort(usize),
    /// More characters than this.
    #[error("must be at most {0} characters long")]
    TooLong(usize),
    /// More bytes (UTF-8) than this.
    #[error("must be at most {0} bytes long")]
    TooManyBytes(usize),
    /// A control character (NUL among them), or one that reorders text.
    #[error("must not contain control characters")]
    ControlCharacter,
    /// A character outside the rule for user names (RFC 8265 UsernameCaseMapped), or a space.
    #[error("may contain letters, digits and the ASCII signs only, and no spaces")]
    BadUsername,
    /// Letters of scripts that are easily mistaken for each other (UTS #39).
    #[error("must not mix letters of different scripts")]
    MixedScripts,
    /// A name kept for the service itself.
    #[error("is a reserved name")]
    Reserved,
    /// A user name that is an e-mail address which is not the person's own.
    #[error("must not read as an e-mail address that is not your own")]
    ReadsAsEmail,
    /// A user name that is a mobile number which is not the person's own.
    #[error("must not read as a mobile number that is not your own")]
    ReadsAsMobile,
    /// Not one plain `local@domain` address.
    #[error("must be one e-mail address like name@example.org")]
    BadEmail,
    /// Not a phone number.
    #[error("must be a phone number in international form like +14155552671")]
    BadMobile,
    /// Not one of these values.
    #[error("must be one of {0}")]
    NotOneOf(&'static str),
    /// On the list of common passwords.
    #[error("is too common")]
    CommonPassword,
    /// Too close to the person's own username, e-mail address or names.
    #[error("is too close to your {0}")]
    SimilarPassword(Field),
    /// The same as the password it would replace.
    #[error("must differ from the current password")]
    SamePassword,
    /// Only the digits 0–9 (a rule of door 3 alone).
    #[error("is entirely numeric")]
    NumericPassword,
    /// Neither an http(s) URL nor a plain name.
    #[error("must be a URL that begins with http:// or https://, or a plain name")]
    NotAUrl,
    /// Of another type than a text.
    #[error("must be a string")]
    NotText,
    /// Of another type than a whole number.
    #[error("must be a whole number")]
    NotANumber,
    /// Of another type than a list.
    #[error("must be a list")]
    NotAList,
    /// More entries than this.
    #[error("must have at most {0} entries")]
    TooMany(usize),
    /// A place in no list, or in another one.
    #[error("is not a cursor of this list")]
    BadCursor,
    /// A number outside of these bounds.
    #[error("must be a number from {0} to {1}")]
    OutOfRange(i64, i64),
    /// Not an ISBN of 10 or 13 digits whose check digit is right (ISO 2108).
    #[error("must be an ISBN of 10 or 13 digits with the right check digit")]
    BadIsbn,
    /// A character outside of the rule for names of chatrooms.
    #[error("may contain letters, digits, spaces and .,;:()'\"&-_ only")]
    BadChatroomName,
    /// No address of this kind waits for proof.
    #[error("has nothing to verify: there is no such address, or it is verified")]
    NothingToVerify,
    /// Nobody has this id.
    #[error("must name people who exist: nobody has the id {0}")]
    Nobody(String),
    /// Not a PNG, JPEG or WebP picture that can be read.
    #[error("must be a PNG, JPEG or WebP picture")]
    NotAPicture,
    /// A picture with more pixels than are read.
    #[error("must have fewer pixels")]
    TooManyPixels,
}

impl Fault {
    /// The stable machine-readable name of the rule.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing | Self::NoIdentifier => "required",
            Self::TooShort(_) => "too_short",
            Self::TooLong(_) | Self::TooManyBytes(_) => "too_long",
            Self::ControlCharacter => "control_character",
            Self::BadUsername | Self::BadEmail | Self::BadMobile => "invalid_format",
            Self::MixedScripts => "mixed_scripts",
            Self::Reserved => "reserved",
            Self::ReadsAsEmail => "reads_as_email",
            Self::ReadsAsMobile => "reads_as_mobile",
            Self::NotOneOf(_) => "not_one_of",
            Self::CommonPassword => "too_common",
            Self::SimilarPassword(_) => "too_similar",
            Self::SamePassword => "unchanged",
            Self::NumericPassword => "entirely_numeric",
            Self::TooMany(_) => "too_long",
            Self::NotText | Self::NotANumber | Self::NotAList => "invalid_type",
            Self::BadCursor => "invalid_cursor",
            Self::OutOfRange(..) => "out_of_range",
            Self::BadIsbn | Self::BadChatroomName | Self::NotAUrl => "invalid_format",
            Self::Nobody(_) => "unknown_person",
            Self::NothingToVerify => "nothing_to_verify",
            Self::NotAPicture => "not_a_picture",
            Self::TooManyPixels => "too_many_pixels",
        }
    }
}
