//! Activation: the step between registering at door 2 and signing in.

use std::time::Duration;

use crate::audit::{Action, Entry};
use crate::post::{CodePurpose, CodeSecret, Handle, Redemption};
use crate::problem::{CodeFault, Fault, Field, FieldError, Problem, Thing};
use crate::sessions::{Budget, Client, ThrottleKey};
use crate::users::changes::ATTEMPTS;
use crate::users::recovery::{REQUEST_WINDOW, REQUESTS_OF_NETWORK};
use crate::users::{Mobile, Status, User, UserKey, UserService, network};

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
            let activated = Entry::of(Action::Activation).about(before.id);
            if self.users.replace(&after, &self.ledger.follows(activated)?).await? {
                return Ok(after);
            }
        }
        Err(Problem::Contended)
    }

    /// Activates whoever has this number and the code that was sent to it, once. Without a code another
    /// one is sent to who waits for one, a few times in ten minutes, and the call is refused all the
    /// same. Nobody, the locked and the active are answered like those who wait, for the same work.
    ///
    /// # Errors
    /// `Throttled`, whoever has the number; `Invalid` where no code was given, `Code`, `Unavailable`.
    pub async fn activate_with_code(
        &self,
        mobile: &Mobile,
        code: Option<&CodeSecret>,
        client: &Client,
    ) -> Result<User, Problem> {
        self.admit_activation(client).await?;
        let user = self.users.find(&UserKey::Mobile(mobile.clone())).await?;
        let user = user.filter(|user| user.status == Status::Inactive);
        let Some(typed) = code else {
            self.send_activation_again(user.as_ref(), mobile).await?;
            return Err(Problem::Invalid(vec![FieldError::new(Field::Code, Fault::Missing)]));
        };
        let wrong = || Problem::Code(CodeFault::Wrong);
        let (now, key) = (self.clock.now(), &self.post.key);
        let Some(user) = user else {
            // Costs what taking a try off costs.
            self.codes.issue(&self.post.activation(None, mobile, now)?).await?;
            return Err(wrong());
        };
        let handle = Handle::of_person(user.id, CodePurpose::Activation, key);
        let code = self.codes.attempt(&handle, CodePurpose::Activation, now).await?;
        let code = code.filter(|code| typed.hash(code.id, key).matches(&code.code_hash));
        let code = code.ok_or_else(wrong)?;
        let sequel = self.ledger.follows(Entry::own(Action::Activation, user.id))?;
        let redemption =
            Redemption::Activation { code: code.id, user_id: user.id, at: now, sequel };
        if self.codes.redeem(&redemption).await? { self.by_id(user.id).await } else { Err(wrong()) }
    }

    /// Takes one call from the budget of the network that it comes from.
    async fn admit_activation(&self, client: &Client) -> Result<(), Problem> {
        let Some(address) = client.address else { return Ok(()) };
        let key = ThrottleKey::new("activation of network", &network(address));
        let (name, limit) = ("activation-network", REQUESTS_OF_NETWORK);
        self.gate.pass(&Budget { name, key, limit, window: REQUEST_WINDOW }, client).await
    }

    async fn awaited(&self, mobile: &Mobile) -> Result<User, Problem> {
        let user = self.find(&UserKey::Mobile(mobile.clone())).await?;
        if user.status == Status::Locked { Err(Problem::NotFound(Thing::User)) } else { Ok(user) }
    }

    async fn send_activation_again(
        &self,
        user: Option<&User>,
        mobile: &Mobile,
    ) -> Result<(), Problem> {
        let now = self.clock.now();
        let name = "activation";
        let key = ThrottleKey::new(name, mobile.key());
        let budget = Budget { name, key, limit: RESENDS, window: RESEND_WINDOW };
        if self.gate.is_open(&budget).await? {
            let id = user.map(|user| user.id);
            self.codes.issue(&self.post.activation(id, mobile, now)?).await?;
        }
        Ok(())
    }
}
