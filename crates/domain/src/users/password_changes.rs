//! Another password, by who knows the present one.

use crate::audit::{Action, Entry};
use crate::problem::{Fault, Field, FieldError, Problem};
use crate::sessions::{Authenticated, Client};
use crate::users::{Password, PasswordChange, Rules, User, UserService};

impl UserService {
    /// Sets another password; every other session of the person ends, the caller's goes on.
    ///
    /// # Errors
    /// `WrongPassword`, `Invalid`, `Contended` when the password was changed meanwhile,
    /// `Throttled`, `Busy`, `Unavailable`.
    pub async fn change_password(
        &self,
        caller: &Authenticated,
        current: &Password,
        new: &Password,
        rules: &Rules,
        client: &Client,
    ) -> Result<(), Problem> {
        self.change_password_of(caller, &caller.user, current, new, rules, client).await
    }

    /// Judges another password of the caller's and the present one, without changing anything: for
    /// surfaces that change more with it, and must not change a half.
    ///
    /// # Errors
    /// `Invalid`, `WrongPassword`, `Throttled`, `Busy`, `Unavailable`.
    pub async fn judge_password(
        &self,
        user: &User,
        current: &Password,
        new: &Password,
        rules: &Rules,
        client: &Client,
    ) -> Result<(), Problem> {
        let mut faults = rules.passwords.faults(new, user);
        if rules.verify_changes && current.expose() == new.expose() {
            faults.push(Fault::SamePassword);
        }
        self.confirm(user, Some(current), client).await?;
        refused(faults)
    }

    /// Sets the caller's password without asking for the present one, as door 5's document has it;
    /// every other session of the person ends.
    ///
    /// # Errors
    /// `Invalid`, `Contended`, `Busy`, `Unavailable`.
    pub async fn reset_own_password(
        &self,
        caller: &Authenticated,
        new: &Password,
        rules: &Rules,
    ) -> Result<(), Problem> {
        refused(rules.passwords.faults(new, &caller.user))?;
        self.put_password(caller, &caller.user, new).await
    }

    /// As [`change_password`](Self::change_password), for `user`: itself, or anybody by an
    /// administrator.
    ///
    /// # Errors
    /// `Forbidden`, and as [`change_password`](Self::change_password).
    pub async fn change_password_of(
        &self,
        caller: &Authenticated,
        user: &User,
        current: &Password,
        new: &Password,
        rules: &Rules,
        client: &Client,
    ) -> Result<(), Problem> {
        if !caller.user.may_manage(user.id) {
            return Err(Problem::Forbidden);
        }
        self.judge_password(user, current, new, rules, client).await?;
        self.put_password(caller, user, new).await
    }

    async fn put_password(
        &self,
        caller: &Authenticated,
        user: &User,
        new: &Password,
    ) -> Result<(), Problem> {
        let new_hash = self.room.hash(new).await?;
        let at = self.clock.now();
        let changed = Entry::of(Action::PasswordChange).by(caller.user.id).about(user.id);
        let changed = changed.in_session(caller.session.id);
        let change = PasswordChange {
            user_id: user.id,
            old_hash: user.password_hash.clone(),
            new_hash,
            keep: (user.id == caller.user.id).then_some(caller.session.id),
            at,
            sequel: self.post.password_changed(user, at)?.and(self.ledger.follows(changed)?),
        };
        if self.users.change_password(&change).await? { Ok(()) } else { Err(Problem::Contended) }
    }
}

/// Tells what is wrong with a new password, if anything is.
pub(super) fn refused(faults: Vec<Fault>) -> Result<(), Problem> {
    if faults.is_empty() {
        return Ok(());
    }
    let field = |fault| FieldError::new(Field::NewPassword, fault);
    Err(Problem::Invalid(faults.into_iter().map(field).collect()))
}
