//! What may be changed about people, by whom, and what ends with it.

use crate::audit::{Action, Entry};
use crate::post::Sequel;
use crate::problem::{Fault, Field, FieldError, Problem, Thing};
use crate::sessions::Client;
use crate::users::profile::Draft;
use crate::users::service::admins_only;
use crate::users::{
    Password, ProfileChange, Rules, Status, User, UserId, UserKey, UserService, Verdict,
};

/// How often a change that names no version is tried again when the row changes under it.
pub(crate) const ATTEMPTS: usize = 8;

impl UserService {
    /// Changes a person: itself, or anybody by an administrator. With `version` only if the row
    /// still has it.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, `VersionMismatch`, `Contended`, `Invalid` with all faults at once,
    /// `WrongPassword`, `Taken`, `Throttled`, `Busy`, `Unavailable`.
    pub async fn change_profile(
        &self,
        actor: &User,
        id: UserId,
        version: Option<i64>,
        change: &ProfileChange,
        rules: &Rules,
        client: &Client,
    ) -> Result<User, Problem> {
        let changed = self.change(actor, id, version, change, rules, client).await;
        if matches!(changed, Err(Problem::Taken(_))) && !actor.is_admin() {
            // It was an answer to who is registered, as registering gives it.
            self.admission.admit(client, rules).await?;
        }
        changed
    }

    async fn change(
        &self,
        actor: &User,
        id: UserId,
        version: Option<i64>,
        change: &ProfileChange,
        rules: &Rules,
        client: &Client,
    ) -> Result<User, Problem> {
        if !actor.may_manage(id) || (change.is_administrative() && !actor.is_admin()) {
            return Err(Problem::Forbidden);
        }
        let own = actor.id == id;
        let (mut confirmed, mut counted) = (false, false);
        let mut turn = None;
        for _ in 0..ATTEMPTS {
            let before = self.by_id(id).await?;
            if version.is_some_and(|version| version != before.version) {
                return Err(Problem::VersionMismatch);
            }
            let after = draft(&before, change, rules, actor)?;
            if own && rules.verify_changes && !confirmed && moves_identity(&before, &after) {
                self.confirm(&before, change.current_password.as_ref(), client).await?;
                confirmed = true;
            }
            if before == after {
                return Ok(before);
            }
            if own && !counted {
                self.admit_letters(&before, &after, client).await?;
            }
            self.refuse_held(&before, &after).await?;
            if own && !counted {
                self.admit_to_addresses(&before, &after).await?;
                counted = true;
            }
            let after = self.advance(&before, after);
            let told = if own { self.told(&before, &after, rules)? } else { Sequel::none() };
            let sequel = told.and(self.recorded(actor, &before, &after)?);
            match self.users.replace(&after, &sequel).await {
                Ok(true) => return Ok(after),
                Ok(false) => {}
                Err(error) => return Err(self.first_taken(&after, error).await),
            }
            if turn.is_none() {
                turn = Some(self.turns.take(id.0).await);
            }
        }
        Err(Problem::Contended)
    }

    /// Refuses an address to be that somebody else has: whoever that is must not be written to. Another
    /// may still be quicker; then the one who verifies it later is refused.
    async fn refuse_held(&self, before: &User, after: &User) -> Result<(), Problem> {
        let email =
            after.pending_email.clone().filter(|_| before.pending_email != after.pending_email);
        let mobile =
            after.pending_mobile.clone().filter(|_| before.pending_mobile != after.pending_mobile);
        let email = email.map(|email| (Field::Email, UserKey::Email(email)));
        let mobile = mobile.map(|mobile| (Field::Mobile, UserKey::Mobile(mobile)));
        for (field, key) in email.into_iter().chain(mobile) {
            if self.users.find(&key).await?.is_some_and(|holder| holder.id != before.id) {
                return Err(Problem::Taken(field));
            }
        }
        Ok(())
    }

    /// What follows a person's own change: the old address is told, and the one to be is asked.
    fn told(&self, before: &User, after: &User, rules: &Rules) -> Result<Sequel, Problem> {
        let told = self.post.moved(before, after)?;
        Ok(told.and(self.post.asked_to_verify(before, after, &rules.link_base)?))
    }

    /// What is recorded of a change: the names of what changed, never the values.
    fn recorded(&self, actor: &User, before: &User, after: &User) -> Result<Sequel, Problem> {
        let about = |action| Entry::of(action).by(actor.id).about(before.id);
        let roles = (before.roles != after.roles).then(|| {
            about(Action::RolesChange).with(if after.is_admin() { "admin" } else { "none" })
        });
        let status = (before.status != after.status).then(|| match after.status {
            Status::Active => about(Action::Unlock).with("active"),
            Status::Inactive => about(Action::Lock).with("inactive"),
            Status::Locked => about(Action::Lock),
        });
        let members = changed_members(before, after);
        let members =
            (!members.is_empty()).then(|| about(Action::AccountChange).with(members.join(" ")));
        let entries = [roles, status, members].into_iter().flatten();
        entries
            .map(|entry| self.ledger.follows(entry))
            .try_fold(self.ledger.nothing(), |all, one| Ok(all.and(one?)))
    }

    /// The next version of a row; a change of standing ends all sessions.
    pub(crate) fn advance(&self, before: &User, after: User) -> User {
        let ends_sessions = (after.status != before.status && after.status != Status::Active)
            || after.roles != before.roles;
        User {
            version: before.version + 1,
            epoch: before.epoch + i64::from(ends_sessions),
            updated_at: self.clock.now(),
            ..after
        }
    }

    /// Asks for the current password: wrong ones count like failed sign-ins (ASVS 6.2.3).
    pub(super) async fn confirm(
        &self,
        user: &User,
        password: Option<&Password>,
        client: &Client,
    ) -> Result<(), Problem> {
        let Some(password) = password else {
            let fault = FieldError::new(Field::CurrentPassword, Fault::Missing);
            return Err(Problem::Invalid(vec![fault]));
        };
        let place = self.credentials.enter().await?;
        match self.credentials.check(place, Some(user), None, password, client).await? {
            Verdict::Match { .. } => Ok(()),
            Verdict::Mismatch => {
                let failed = Entry::own(Action::PasswordConfirmation, user.id);
                self.ledger.note(failed.failed("wrong_password")).await?;
                Err(Problem::WrongPassword)
            }
        }
    }

    /// Locks a person, by an administrator: it is out at the next request.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, `Unavailable`.
    pub async fn lock(&self, actor: &User, id: UserId) -> Result<(), Problem> {
        admins_only(actor)?;
        let locked = Entry::of(Action::Lock).by(actor.id).about(id);
        let locked = self.ledger.follows(locked)?;
        if self.users.set_status(id, Status::Locked, self.clock.now(), &locked).await? {
            Ok(())
        } else {
            Err(Problem::NotFound(Thing::User))
        }
    }

    /// Unlocks a person, by an administrator. Who waits for activation goes on waiting.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, `Contended`, `Unavailable`.
    pub async fn unlock(&self, actor: &User, id: UserId) -> Result<(), Problem> {
        admins_only(actor)?;
        for _ in 0..ATTEMPTS {
            let before = self.by_id(id).await?;
            if before.status != Status::Locked {
                return Ok(());
            }
            let after = User { status: Status::Active, ..before.clone() };
            let unlocked = Entry::of(Action::Unlock).by(actor.id).about(id);
            let unlocked = self.ledger.follows(unlocked)?;
            if self.users.replace(&self.advance(&before, after), &unlocked).await? {
                return Ok(());
            }
        }
        Err(Problem::Contended)
    }

    /// Removes a person with all its sessions: itself, or anybody by an administrator. With
    /// `version` only if the row still has it.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, `VersionMismatch`, `Unavailable`.
    pub async fn delete(
        &self,
        actor: &User,
        id: UserId,
        version: Option<i64>,
    ) -> Result<(), Problem> {
        if !actor.may_manage(id) {
            return Err(Problem::Forbidden);
        }
        let user = self.by_id(id).await?;
        let removed = Entry::of(Action::Removal).by(actor.id).about(id);
        // Of who removed itself nothing is to stay that points to it.
        let removed = if actor.id == id { removed.anonymous() } else { removed };
        if self.users.delete(id, version, &self.ledger.follows(removed)?).await? {
            self.pictures.discard_of(&user).await;
            return Ok(());
        }
        // Nothing was removed: either nobody is there, or the row has another version.
        self.by_id(id).await.and(Err(Problem::VersionMismatch))
    }
}

fn draft(
    before: &User,
    change: &ProfileChange,
    rules: &Rules,
    actor: &User,
) -> Result<User, Problem> {
    let own = actor.id == before.id;
    let mut draft = Draft::new(before.clone(), &rules.mobiles)
        .pending(own && rules.verify_changes)
        .may_reserve(actor.is_admin());
    draft.apply(change);
    if draft.faults.is_empty() { Ok(draft.user) } else { Err(Problem::Invalid(draft.faults)) }
}

/// The names of the members of an account that differ, but for status and roles.
fn changed_members(before: &User, after: &User) -> Vec<&'static str> {
    let same = [
        ("username", before.username == after.username),
        ("email", before.email == after.email),
        ("pending_email", before.pending_email == after.pending_email),
        ("mobile", before.mobile == after.mobile),
        ("pending_mobile", before.pending_mobile == after.pending_mobile),
        ("first_name", before.first_name == after.first_name),
        ("last_name", before.last_name == after.last_name),
        ("display_name", before.display_name == after.display_name),
        ("gender", before.gender == after.gender),
        ("facility_id", before.facility_id == after.facility_id),
        ("profile_picture", before.profile_picture == after.profile_picture),
        ("consent", before.consent == after.consent),
    ];
    same.into_iter().filter(|(_, same)| !same).map(|(name, _)| name).collect()
}

/// Whether the change touches what proves or finds the person.
fn moves_identity(before: &User, after: &User) -> bool {
    let email = |user: &User| user.email.as_ref().map(|email| email.key().to_owned());
    let mobile = |user: &User| user.mobile.as_ref().map(|mobile| mobile.key().to_owned());
    email(before) != email(after)
        || mobile(before) != mobile(after)
        || before.pending_email != after.pending_email
        || before.pending_mobile != after.pending_mobile
}
