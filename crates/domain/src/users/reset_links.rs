//! Another password by a link, for somebody who forgot its own.

use crate::audit::{Action, Entry};
use crate::post::{CodePurpose, Handle, Recipient};
use crate::problem::{CodeFault, Problem};
use crate::sessions::{Client, ThrottleKey};
use crate::users::links::went_to;
use crate::users::recovery::{Proof, requests};
use crate::users::subject::subject;
use crate::users::{Email, Password, Rules, User, UserKey, UserService};

/// Who is written to where nobody is: the letter is made and kept, for equal work, and never sent.
const NOBODY: &str = "nobody@example.org";

impl UserService {
    /// Sends a link to whoever has this identifier, if anybody has and can be reached. The answer is the
    /// same for nobody, and where too many were sent already; so is the work.
    ///
    /// # Errors
    /// `Throttled`, whoever the identifier belongs to; `Unavailable`.
    pub async fn request_reset_link(
        &self,
        key: Option<&UserKey>,
        rules: &Rules,
        client: &Client,
    ) -> Result<(), Problem> {
        self.admit_recovery(client).await?;
        let now = self.clock.now();
        let user = match key {
            Some(key) => self.users.find(key).await?,
            None => None,
        };
        let budget = ThrottleKey::new("reset link", &subject(user.as_ref(), key));
        let granted = self.gate.is_open(&requests(budget)).await?;
        let to = user.as_ref().filter(|_| granted).and_then(|user| reached(user, key));
        let whose = user.as_ref().zip(to.as_ref()).map(|(user, to)| (user.id, to));
        let nobody = Recipient::Mail(Email::from_stored(NOBODY.into(), NOBODY.into()));
        let sequel = self.post.reset_link(whose, &nobody, &rules.link_base, now)?;
        let asked = Entry::of(Action::PasswordResetRequest).about(whose.map(|(id, _)| id));
        self.codes.issue(&sequel.and(self.ledger.follows(asked)?)).await?;
        Ok(())
    }

    /// A link for somebody who has no password yet, to be handed over by whoever operates the server;
    /// `None` for somebody without an address.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn hand_over_link(
        &self,
        user: &User,
        rules: &Rules,
    ) -> Result<Option<String>, Problem> {
        let Some(address) = addresses(user).into_iter().next() else { return Ok(None) };
        let now = self.clock.now();
        let (sequel, url) = self.post.handed_over(user.id, &address, &rules.link_base, now)?;
        let asked = Entry::of(Action::PasswordResetRequest).about(user.id);
        self.codes.issue(&sequel.and(self.ledger.follows(asked)?)).await?;
        Ok(Some(url))
    }

    /// Sets another password with a link, once; all sessions of the person end.
    ///
    /// # Errors
    /// `Code`, `Invalid` (the link goes on counting then), `Busy`, `Unavailable`.
    pub async fn reset_by_link(
        &self,
        handle: &Handle,
        new: &Password,
        rules: &Rules,
    ) -> Result<(), Problem> {
        let unknown = || Problem::Code(CodeFault::Unknown);
        let place = self.room.enter().await?;
        let code = self.codes.find(&handle.hash()).await?.ok_or_else(unknown)?;
        if code.purpose != CodePurpose::ResetLink || code.expires_at <= self.clock.now() {
            return Err(unknown());
        }
        let id = code.user_id.ok_or_else(unknown)?;
        let user = self.users.find(&UserKey::Id(id)).await?.ok_or_else(unknown)?;
        let address = addresses(&user).into_iter().find(|to| went_to(&code, to, &self.post));
        let address = address.ok_or_else(unknown)?;
        let proof = Proof { code: code.id, purpose: CodePurpose::ResetLink, address };
        self.set_password(place, &user, proof, new, rules).await
    }
}

/// The present addresses of a person that lead back to its account.
fn addresses(user: &User) -> Vec<Recipient> {
    let email = user.email.iter().cloned().map(Recipient::Mail);
    // Whoever had the account before may have left a number: a proven address outranks it. Others than
    // international ones were taken as they came at a documented door: no message reaches them.
    let counts = user.mobile_verified_at.is_some() || user.email_verified_at.is_none();
    let mobile = user.mobile.iter().filter(|mobile| counts && mobile.is_international());
    email.chain(mobile.cloned().map(Recipient::Sms)).collect()
}

/// Where a person is written to who named itself so: at the number that it named, else by mail.
fn reached(user: &User, key: Option<&UserKey>) -> Option<Recipient> {
    let mut addresses = addresses(user);
    if matches!(key, Some(UserKey::Mobile(_))) {
        addresses.reverse();
    }
    addresses.into_iter().next()
}
