//! The closed list of everything a service may refuse. Each surface words it once, in one `match`.

use std::time::Duration;

use crate::entropy::NoEntropy;
use crate::sessions::{SignError, TokenFault};
use crate::store::{Source, StoreError};
use crate::users::HashError;

/// Why a service did not do what was asked. Surfaces match on it without a catch-all arm, so that a
/// new problem stops each of them from compiling until it is worded.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// Fields that break a rule, all of them at once.
    #[error("{} field(s) break a rule", .0.len())]
    Invalid(Vec<FieldError>),
    /// Somebody else holds this identifier.
    #[error("{0} is taken")]
    Taken(Field),
    /// A sign-in that failed, and why; surfaces decide how much of it they tell.
    #[error("the sign-in failed: {0:?}")]
    SignIn(SignInFault),
    /// A bearer token, cookie or refresh token that does not open a session.
    #[error("the token is not valid: {0:?}")]
    Token(TokenFault),
    /// The current password, asked for as a confirmation, is wrong.
    #[error("the current password is wrong")]
    WrongPassword,
    /// Signed in, but not allowed.
    #[error("not allowed")]
    Forbidden,
    /// Signed in, but this thing is for its owner or an administrator to change.
    #[error("not the owner of this {0:?}")]
    NotYours(Thing),
    /// Signed in, but not a member of this chatroom.
    #[error("not a member of the chatroom")]
    NotMember,
    /// The passkey does not open the chatroom.
    #[error("the passkey is wrong")]
    WrongPasskey,
    /// A one-time code or its handle that opens nothing.
    #[error("the code opens nothing: {0:?}")]
    Code(CodeFault),
    /// Only administrators may add people (`registration.open = false`).
    #[error("registration is closed")]
    RegistrationClosed,
    /// No such thing, or not the caller's to know of.
    #[error("no such {0:?}")]
    NotFound(Thing),
    /// The row changed since the version the caller named.
    #[error("the row has another version")]
    VersionMismatch,
    /// Others changed the row each time this change was tried; nothing was changed.
    #[error("others were quicker")]
    Contended,
    /// Too many attempts; try again after this time.
    #[error("too many attempts")]
    Throttled(Duration),
    /// The password lane is full; nothing was tried. Try again after this time.
    #[error("too busy to hash passwords")]
    Busy(Duration),
    /// Something that must answer did not: a store, the random source, the signing key. Never
    /// presented as a refusal of the caller.
    #[error("a part that must answer did not")]
    Unavailable(#[source] Source),
}

/// What kind of thing was not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// A person.
    User,
    /// A session.
    Session,
    /// A book.
    Book,
    /// A chatroom.
    Chatroom,
    /// A message in a chatroom.
    Message,
    /// An uploaded picture.
    Picture,
}

/// Why a one-time code opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeFault {
    /// The handle names no code, or one that is spent or has ended.
    Unknown,
    /// Not the code that was sent, or one tried too often.
    Wrong,
}

/// Why a sign-in failed. `/v1` and the hardened doors tell none of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInFault {
    /// Nobody has this identifier.
    Unknown,
    /// The password is not this person's.
    WrongPassword,
    /// Right password, not activated yet.
    Inactive,
    /// Right password, locked by an administrator.
    Locked,
}

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

/// Every member of a request that a rule may be broken by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// The unique user name.
    Username,
    /// The unique e-mail address.
    Email,
    /// The unique mobile number.
    Mobile,
    /// A username, e-mail address or mobile number at sign-in.
    Identifier,
    /// The password at registration and sign-in.
    Password,
    /// The password that proves that it is really the owner who asks.
    CurrentPassword,
    /// The password to be.
    NewPassword,
    /// Given name.
    FirstName,
    /// Family name.
    LastName,
    /// The name shown to others.
    DisplayName,
    /// Gender.
    Gender,
    /// The facility a person belongs to.
    FacilityId,
    /// A picture's URL or plain name.
    ProfilePicture,
    /// Whether the person consented.
    Consent,
    /// Active, inactive or locked.
    Status,
    /// What the person may do.
    Roles,
    /// A refresh token in a body.
    RefreshToken,
    /// A one-time code.
    Code,
    /// An uploaded picture.
    Picture,
    /// A book's title.
    Title,
    /// Who wrote a book.
    Author,
    /// A book's ISBN, unique.
    Isbn,
    /// The year a book came out.
    PublishedYear,
    /// How many copies of a book there are.
    Copies,
    /// A chatroom's name.
    Name,
    /// What opens a private chatroom.
    Passkey,
    /// The members of a chatroom.
    Members,
    /// What a message says.
    Text,
    /// How many rows a page is to have.
    Limit,
    /// Where a page begins.
    Cursor,
}

impl Field {
    /// The name in `/v1` JSON and in configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::Username => "username",
            Self::Email => "email",
            Self::Mobile => "mobile",
            Self::Identifier => "identifier",
            Self::Password => "password",
            Self::CurrentPassword => "current_password",
            Self::NewPassword => "new_password",
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::DisplayName => "display_name",
            Self::Gender => "gender",
            Self::FacilityId => "facility_id",
            Self::ProfilePicture => "profile_picture",
            Self::Consent => "consent",
            Self::Status => "status",
            Self::Roles => "roles",
            Self::RefreshToken => "refresh_token",
            Self::Code => "code",
            Self::Picture => "picture",
            Self::Title => "title",
            Self::Author => "author",
            Self::Isbn => "isbn",
            Self::PublishedYear => "published_year",
            Self::Copies => "copies",
            Self::Name => "name",
            Self::Passkey => "passkey",
            Self::Members => "members",
            Self::Text => "text",
            Self::Limit => "limit",
            Self::Cursor => "cursor",
        }
    }
}

impl std::fmt::Display for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
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
            Self::NotAPicture => "not_a_picture",
            Self::TooManyPixels => "too_many_pixels",
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(field) => Self::Taken(field),
            StoreError::Unavailable(source) => Self::Unavailable(source),
        }
    }
}

impl From<HashError> for Problem {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy(wait) => Self::Busy(wait),
            HashError::Failed(source) => Self::Unavailable(source),
        }
    }
}

impl From<SignError> for Problem {
    fn from(error: SignError) -> Self {
        Self::Unavailable(Box::new(error))
    }
}

impl From<NoEntropy> for Problem {
    fn from(error: NoEntropy) -> Self {
        Self::Unavailable(Box::new(error))
    }
}

impl From<TokenFault> for Problem {
    fn from(fault: TokenFault) -> Self {
        Self::Token(fault)
    }
}
