//! Verification: showing that an e-mail address or a mobile number is one's own.

use std::time::Duration;

use crate::audit::{Action, Entry};
use crate::post::{CodeId, CodePurpose, CodeSecret, Handle, Recipient, Redemption};
use crate::problem::{CodeFault, Fault, Field, FieldError, Problem};
use crate::sessions::{Authenticated, Budget, Client, SessionId, ThrottleKey};
use crate::users::links::{purposes, went_to};
use crate::users::{Rules, Status, User, UserKey, UserService};

/// At most this many letters are sent to one person and channel within [`REQUEST_WINDOW`].
const REQUESTS: u32 = 5;
const REQUEST_WINDOW: Duration = Duration::from_secs(10 * 60);

/// Which of a person's addresses is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// The e-mail address.
    Email,
    /// The mobile number.
    Mobile,
}

impl Channel {
    /// The name in `/v1`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Mobile => "mobile",
        }
    }
}

impl UserService {
    /// Sends a link and a code to the address that waits for proof: the one to be, else the present
    /// one.
    ///
    /// # Errors
    /// `Invalid` where none waits, `Throttled`, `Unavailable`.
    pub async fn request_verification(
        &self,
        user: &User,
        channel: Channel,
        rules: &Rules,
        client: &Client,
    ) -> Result<(), Problem> {
        let Some(to) = waiting(user, channel).into_iter().next() else {
            let fault = FieldError::new(Field::Channel, Fault::NothingToVerify);
            return Err(Problem::Invalid(vec![fault]));
        };
        let name = "verification";
        let key = ThrottleKey::new(name, &format!("{} {}", user.id, channel.name()));
        let budget = Budget { name, key, limit: REQUESTS, window: REQUEST_WINDOW };
        self.gate.pass(&budget, client).await?;
        self.admit_to_address(to.key()).await?;
        let now = self.clock.now();
        let asked = Entry::own(Action::VerificationRequest, user.id).with(channel.name());
        let sequel = self.post.verification(user.id, &to, &rules.link_base, now)?;
        // Each takes the place of the one before: those of one person go one after the other.
        let _turn = self.turns.take(user.id.0).await;
        self.codes.issue(&sequel.and(self.ledger.follows(asked)?)).await?;
        Ok(())
    }

    /// Verifies the address that a link went to, once, whoever opens it.
    ///
    /// # Errors
    /// `Code`, `Taken` where somebody else has the address meanwhile, `Unavailable`.
    pub async fn verify_by_link(&self, handle: &Handle) -> Result<(), Problem> {
        let unknown = || Problem::Code(CodeFault::Unknown);
        let now = self.clock.now();
        let code = self.codes.find(&handle.hash()).await?.ok_or_else(unknown)?;
        let channel = match code.purpose {
            CodePurpose::EmailLink => Channel::Email,
            CodePurpose::MobileLink => Channel::Mobile,
            CodePurpose::PasswordReset
            | CodePurpose::Activation
            | CodePurpose::ResetLink
            | CodePurpose::EmailCode
            | CodePurpose::MobileCode => return Err(unknown()),
        };
        let id = code.user_id.filter(|_| code.expires_at > now).ok_or_else(unknown)?;
        let user = self.users.find(&UserKey::Id(id)).await?.ok_or_else(unknown)?;
        let waiting = waiting(&user, channel);
        let to = waiting.into_iter().find(|to| went_to(&code, to, &self.post));
        let to = to.ok_or_else(unknown)?;
        self.redeem_address(&user, code.id, code.purpose, to, None).await
    }

    /// Verifies an address of the caller's with the digits that went to it, once.
    ///
    /// # Errors
    /// `Code`, `Taken` where somebody else has the address meanwhile, `Unavailable`.
    pub async fn verify_by_code(
        &self,
        holder: &Authenticated,
        channel: Channel,
        typed: &CodeSecret,
    ) -> Result<(), Problem> {
        let (user, key) = (&holder.user, &self.post.key);
        let wrong = || Problem::Code(CodeFault::Wrong);
        let waiting = waiting(user, channel);
        let (_, purpose) = purposes(waiting.first().ok_or_else(wrong)?);
        let handle = Handle::of_person(user.id, purpose, key);
        let code = self.codes.attempt(&handle, purpose, self.clock.now()).await?;
        let code = code.ok_or_else(wrong)?;
        let is_it =
            |to: &Recipient| typed.hash_for(code.id, to.key(), key).matches(&code.code_hash);
        let to = waiting.into_iter().find(is_it).ok_or_else(wrong)?;
        self.redeem_address(user, code.id, purpose, to, Some(holder.session.id)).await
    }

    async fn redeem_address(
        &self,
        user: &User,
        code: CodeId,
        purpose: CodePurpose,
        address: Recipient,
        keep: Option<SessionId>,
    ) -> Result<(), Problem> {
        let after = moved_to(user, &address);
        let channel = match &address {
            Recipient::Mail(_) => Channel::Email,
            Recipient::Sms(_) => Channel::Mobile,
        };
        let verified = Entry::own(Action::Verification, user.id).with(channel.name());
        let redemption = Redemption::Address {
            code,
            purpose,
            user_id: user.id,
            address,
            activates: is_new(user),
            keep,
            at: self.clock.now(),
            sequel: self.post.moved(user, &after)?.and(self.ledger.follows(verified)?),
        };
        let redeemed = self.codes.redeem(&redemption).await?;
        if redeemed { Ok(()) } else { Err(Problem::Code(CodeFault::Unknown)) }
    }
}

/// The addresses that wait for proof: the one to be first.
fn waiting(user: &User, channel: Channel) -> Vec<Recipient> {
    match channel {
        Channel::Email => {
            let present = user.email.iter().filter(|_| user.email_verified_at.is_none());
            user.pending_email.iter().chain(present).cloned().map(Recipient::Mail).collect()
        }
        Channel::Mobile => {
            let present = user.mobile.iter().filter(|_| user.mobile_verified_at.is_none());
            let all = user.pending_mobile.iter().chain(present);
            // Others were taken as they came at a documented door: no message reaches them.
            let reached = all.filter(|mobile| mobile.is_international());
            reached.cloned().map(Recipient::Sms).collect()
        }
    }
}

/// Whether the person waits for the first proof of any address; an administrator's word to be
/// inactive stands otherwise.
pub(super) fn is_new(user: &User) -> bool {
    user.status == Status::Inactive
        && user.email_verified_at.is_none()
        && user.mobile_verified_at.is_none()
}

/// The person with this address in its place.
fn moved_to(user: &User, address: &Recipient) -> User {
    let mut after = user.clone();
    match address {
        Recipient::Mail(email) => after.email = Some(email.clone()),
        Recipient::Sms(mobile) => after.mobile = Some(mobile.clone()),
    }
    after
}
