//! Recovery: another password for somebody who forgot its own, by a code that goes to its address.

use std::time::Duration;

use crate::audit::{Action, Entry};
use crate::post::{CodeId, CodePurpose, CodeSecret, Handle, Recipient, Redemption};
use crate::problem::{CodeFault, Problem};
use crate::sessions::{Budget, Client, ThrottleKey};
use crate::users::password_changes::refused;
use crate::users::verification::is_new;
use crate::users::{Email, Password, Place, Rules, User, UserKey, UserService, network};

/// At most this many codes are sent to one address within [`REQUEST_WINDOW`].
const REQUESTS: u32 = 5;
/// At most this many requests are taken from one network within [`REQUEST_WINDOW`].
pub(crate) const REQUESTS_OF_NETWORK: u32 = 300;
pub(crate) const REQUEST_WINDOW: Duration = Duration::from_secs(60 * 60);

/// What shows that somebody may set a password: what was sent, and where it went.
pub(super) struct Proof {
    pub(super) code: CodeId,
    pub(super) purpose: CodePurpose,
    pub(super) address: Recipient,
}

impl UserService {
    /// Sends a code to the person of this address, if there is one, and gives the handle that the
    /// code counts with. The answer and the work are the same for nobody, and where too many were
    /// sent already.
    ///
    /// # Errors
    /// `Throttled`, whoever the address belongs to; `Unavailable`.
    pub async fn request_recovery(
        &self,
        email: &Email,
        client: &Client,
    ) -> Result<Handle, Problem> {
        self.admit_recovery(client).await?;
        let now = self.clock.now();
        let user = self.users.find(&UserKey::Email(email.clone())).await?;
        let key = ThrottleKey::new("recovery", email.key());
        let granted = self.gate.is_open(&requests(key)).await?;
        let to = user.filter(|_| granted);
        let address = to.as_ref().and_then(|user| user.email.clone());
        let address = address.as_ref().unwrap_or(email);
        let asked = Entry::of(Action::PasswordResetRequest).about(to.as_ref().map(|to| to.id));
        let (handle, sequel) = self.post.recovery(to.as_ref(), address, now)?;
        self.codes.issue(&sequel.and(self.ledger.follows(asked)?)).await?;
        Ok(handle)
    }

    /// Takes one request from the budget of the network that it comes from.
    pub(crate) async fn admit_recovery(&self, client: &Client) -> Result<(), Problem> {
        let Some(address) = client.address else { return Ok(()) };
        let key = ThrottleKey::new("recovery of network", &network(address));
        let (name, limit) = ("recovery-network", REQUESTS_OF_NETWORK);
        self.gate.pass(&Budget { name, key, limit, window: REQUEST_WINDOW }, client).await
    }

    /// Sets another password with a code, once; all sessions of the person end.
    ///
    /// # Errors
    /// `Code`, `Invalid` (the code may be tried again then), `Busy`, `Unavailable`.
    pub async fn recover(
        &self,
        handle: &Handle,
        typed: &CodeSecret,
        new: &Password,
        rules: &Rules,
    ) -> Result<(), Problem> {
        // Before the code is tried: a try is not to be spent where nothing can be done.
        let place = self.room.enter().await?;
        let (code, user, email) = self.holder(handle, typed).await?;
        let (purpose, address) = (CodePurpose::PasswordReset, Recipient::Mail(email));
        self.set_password(place, &user, Proof { code, purpose, address }, new, rules).await
    }

    /// Sets another password with what came to this address, once. Who can read what comes there shows
    /// that the address is its own.
    pub(super) async fn set_password(
        &self,
        place: Place,
        user: &User,
        proof: Proof,
        new: &Password,
        rules: &Rules,
    ) -> Result<(), Problem> {
        refused(rules.passwords.faults(new, user))?;
        let new_hash = self.room.hash_at(place, new).await?;
        let Proof { code, purpose, address } = proof;
        let at = self.clock.now();
        let reset = Entry::own(Action::PasswordReset, user.id);
        let redemption = Redemption::Password {
            code,
            purpose,
            user_id: user.id,
            new_hash,
            address,
            activates: is_new(user),
            at,
            sequel: self.post.recovered(user, at)?.and(self.ledger.follows(reset)?),
        };
        if self.codes.redeem(&redemption).await? {
            Ok(())
        } else {
            Err(Problem::Code(CodeFault::Unknown))
        }
    }

    /// Whose code this is, and where it went; costs one of its tries.
    async fn holder(
        &self,
        handle: &Handle,
        typed: &CodeSecret,
    ) -> Result<(CodeId, User, Email), Problem> {
        let (hash, now) = (handle.hash(), self.clock.now());
        let Some(code) = self.codes.attempt(&hash, CodePurpose::PasswordReset, now).await? else {
            // A code that is out of tries or time is told from a handle that names none.
            let known = self.codes.find(&hash).await?;
            let known = known.filter(|code| code.purpose == CodePurpose::PasswordReset);
            let fault = known.map_or(CodeFault::Unknown, |_| CodeFault::Wrong);
            return Err(Problem::Code(fault));
        };
        let user = match code.user_id {
            Some(id) => self.users.find(&UserKey::Id(id)).await?,
            None => None,
        };
        let email = user.as_ref().and_then(|user| user.email.clone());
        let holder = user.zip(email).filter(|(_, email)| {
            typed.hash_for(code.id, email.key(), &self.post.key).matches(&code.code_hash)
        });
        let (user, email) = holder.ok_or(Problem::Code(CodeFault::Wrong))?;
        Ok((code.id, user, email))
    }
}

/// The budget of what is sent to one address or person, of which nobody is told.
pub(super) fn requests(key: ThrottleKey) -> Budget {
    Budget { name: "recovery", key, limit: REQUESTS, window: REQUEST_WINDOW }
}
