//! Recovery: another password for somebody who forgot its own, by a code that goes to its address.

use std::time::Duration;

use crate::post::{CodeId, CodePurpose, CodeSecret, Handle, Redemption};
use crate::problem::{CodeFault, Field, FieldError, Problem};
use crate::sessions::{Client, ThrottleKey};
use crate::users::{Email, Password, Rules, User, UserKey, UserService, network};

/// At most this many codes are sent to one address within [`REQUEST_WINDOW`].
const REQUESTS: u32 = 5;
/// At most this many requests are taken from one network within [`REQUEST_WINDOW`].
const REQUESTS_OF_NETWORK: u32 = 300;
const REQUEST_WINDOW: Duration = Duration::from_secs(60 * 60);

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
        if let Some(address) = client.address {
            let key = ThrottleKey::new("recovery of network", &network(address));
            self.gate.pass(key, REQUESTS_OF_NETWORK, REQUEST_WINDOW).await?;
        }
        let now = self.clock.now();
        let user = self.users.find(&UserKey::Email(email.clone())).await?;
        let key = ThrottleKey::new("recovery", email.key());
        let granted = self.gate.is_open(key, REQUESTS, REQUEST_WINDOW).await?;
        let to = user.filter(|_| granted);
        let address = to.as_ref().and_then(|user| user.email.clone());
        let address = address.as_ref().unwrap_or(email);
        let (handle, sequel) = self.post.recovery(to.as_ref(), address, now)?;
        self.codes.issue(&sequel).await?;
        Ok(handle)
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
        let (code, user) = self.holder(handle, typed).await?;
        let faults = rules.passwords.faults(new, &user);
        if !faults.is_empty() {
            let field = |fault| FieldError::new(Field::NewPassword, fault);
            return Err(Problem::Invalid(faults.into_iter().map(field).collect()));
        }
        let new_hash = self.hasher.hash(new).await?;
        let at = self.clock.now();
        let sequel = self.post.recovered(&user, at)?;
        let redemption = Redemption::Password { code, user_id: user.id, new_hash, at, sequel };
        if self.codes.redeem(&redemption).await? {
            Ok(())
        } else {
            Err(Problem::Code(CodeFault::Unknown))
        }
    }

    /// Whose code this is; costs one of its tries.
    async fn holder(&self, handle: &Handle, typed: &CodeSecret) -> Result<(CodeId, User), Problem> {
        let (hash, now) = (handle.hash(), self.clock.now());
        let Some(code) = self.codes.attempt(&hash, CodePurpose::PasswordReset, now).await? else {
            // A code that is out of tries or time is told from a handle that names none.
            let known = self.codes.find(&hash).await?;
            let known = known.filter(|code| code.purpose == CodePurpose::PasswordReset);
            let fault = known.map_or(CodeFault::Unknown, |_| CodeFault::Wrong);
            return Err(Problem::Code(fault));
        };
        let right = typed.hash(code.id, &self.post.key).matches(&code.code_hash);
        let user = match code.user_id {
            Some(id) if right => self.users.find(&UserKey::Id(id)).await?,
            Some(_) | None => None,
        };
        user.map(|user| (code.id, user)).ok_or(Problem::Code(CodeFault::Wrong))
    }
}
