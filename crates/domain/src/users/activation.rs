//! Activation: the step between registering at door 2 and signing in.

use std::time::Duration;

use crate::post::{CodePurpose, CodeSecret, Handle, Redemption, Sequel};
use crate::problem::{CodeFault, Fault, Field, FieldError, Problem, Thing};
use crate::sessions::{Budget, ThrottleKey};
use crate::users::changes::ATTEMPTS;
use crate::users::{Mobile, Status, User, UserKey, UserService};

/// At most this many codes are sent to one number within [`RESEND_WINDOW`].
const RESENDS: u32 = 3;
const RESEND_WINDOW: Duration = Duration::from_secs(10 * 60);

impl UserService {
    /// Activates whoever has this number, on the number's word alone (door 2, `documented`). Who is
    /// active stays so.
    ///
    /// # Errors
    /// `NotFound` (locked people included), `Contended`, `Unavailable`.
    pub async fn activate(&self, mobile: &Mobile) -> Result<User, Problem> {
        for _ in 0..ATTEMPTS {
            let before = self.awaited(mobile).await?;
            if before.status == Status::Active {
                return Ok(before);
            }
            let after = User { status: Status::Active, ..before.clone() };
            let after = self.advance(&before, after);
            if self.users.replace(&after, &Sequel::none()).await? {
                return Ok(after);
            }
        }
        Err(Problem::Contended)
    }

    /// Activates whoever has this number and the code that was sent to it, once: the number alone says
    /// nothing about who has it, active or not. Without a code another one is sent to who is not active
    /// yet, a few times in ten minutes, and the call is refused all the same.
    ///
    /// # Errors
    /// `NotFound` (locked people included), `Invalid` where no code was given, `Code`, `Unavailable`.
    pub async fn activate_with_code(
        &self,
        mobile: &Mobile,
        code: Option<&CodeSecret>,
    ) -> Result<User, Problem> {
        let user = self.awaited(mobile).await?;
        let Some(typed) = code else {
            self.send_activation_again(&user, mobile).await?;
            return Err(Problem::Invalid(vec![FieldError::new(Field::Code, Fault::Missing)]));
        };
        let (now, key) = (self.clock.now(), &self.post.key);
        let handle = Handle::of_person(user.id, CodePurpose::Activation, key);
        let code = self.codes.attempt(&handle, CodePurpose::Activation, now).await?;
        let code = code.filter(|code| typed.hash(code.id, key).matches(&code.code_hash));
        let Some(code) = code else { return Err(Problem::Code(CodeFault::Wrong)) };
        let redemption = Redemption::Activation { code: code.id, user_id: user.id, at: now };
        if self.codes.redeem(&redemption).await? {
            self.by_id(user.id).await
        } else {
            Err(Problem::Code(CodeFault::Wrong))
        }
    }

    async fn awaited(&self, mobile: &Mobile) -> Result<User, Problem> {
        let user = self.find(&UserKey::Mobile(mobile.clone())).await?;
        if user.status == Status::Locked { Err(Problem::NotFound(Thing::User)) } else { Ok(user) }
    }

    async fn send_activation_again(&self, user: &User, mobile: &Mobile) -> Result<(), Problem> {
        if user.status == Status::Active {
            return Ok(());
        }
        let now = self.clock.now();
        let name = "activation";
        let key = ThrottleKey::new(name, &user.id.to_string());
        let budget = Budget { name, key, limit: RESENDS, window: RESEND_WINDOW };
        if self.gate.is_open(&budget).await? {
            self.codes.issue(&self.post.activation(user.id, mobile, now)?).await?;
        }
        Ok(())
    }
}
