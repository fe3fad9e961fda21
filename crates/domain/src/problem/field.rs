//! The members of requests that rules are about.

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
    /// What a link brings.
    Token,
    /// Whether the e-mail address or the mobile number is meant.
    Channel,
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
            Self::Token => "token",
            Self::Channel => "channel",
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
