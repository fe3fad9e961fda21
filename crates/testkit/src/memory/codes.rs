//! One-time codes in memory.

use async_trait::async_trait;
use domain::post::{Code, CodeHash, CodeId, CodePurpose, CodeStore, Recipient, Redemption, Sequel};
use domain::store::StoreError;
use domain::time::Timestamp;
use domain::users::{Status, User, UserId};

use super::Shared;
use super::sessions::PURGE_LIMIT;
use super::state::State;
use super::users::{end_epoch, note_change};

#[async_trait]
impl CodeStore for Shared {
    async fn issue(&self, sequel: &Sequel) -> Result<bool, StoreError> {
        let mut state = self.state_for(sequel)?;
        let mut people = sequel.codes.iter().filter_map(|code| code.user_id);
        if !people.all(|id| state.users.contains_key(&id)) {
            return Ok(false);
        }
        state.keep(sequel);
        Ok(true)
    }

    async fn find(&self, handle: &CodeHash) -> Result<Option<Code>, StoreError> {
        Ok(self.state()?.codes.get(handle).cloned())
    }

    async fn attempt(
        &self,
        handle: &CodeHash,
        purpose: CodePurpose,
        now: Timestamp,
    ) -> Result<Option<Code>, StoreError> {
        let mut state = self.state()?;
        let code = state
            .codes
            .get_mut(handle)
            .filter(|code| code.purpose == purpose && code.tries_left > 0 && code.expires_at > now);
        Ok(code.map(|code| {
            code.tries_left -= 1;
            code.clone()
        }))
    }

    async fn redeem(&self, redemption: &Redemption) -> Result<bool, StoreError> {
        let mut state = self.state_for(redemption.sequel())?;
        match redemption {
            Redemption::Password {
                code,
                purpose,
                user_id,
                new_hash,
                address,
                activates,
                at,
                sequel,
            } => {
                if !spend(&mut state, *code, *user_id, *purpose) {
                    return Ok(false);
                }
                let Some(user) = state.users.get_mut(user_id) else { return Ok(false) };
                user.password_hash = new_hash.clone();
                note_proof(user, address, *at);
                close_ways_back(user, address);
                activate(user, *activates);
                end_epoch(user);
                note_change(user, *at);
                state.close_sessions(*user_id, |_| false);
                state.codes.retain(|_, code| code.user_id != Some(*user_id));
                state.keep(sequel);
                Ok(true)
            }
            Redemption::Activation { code, user_id, at, sequel } => {
                if !spend(&mut state, *code, *user_id, CodePurpose::Activation) {
                    return Ok(false);
                }
                let user = state.users.get_mut(user_id);
                let Some(user) = user.filter(|user| user.status == Status::Inactive) else {
                    return Ok(false);
                };
                user.status = Status::Active;
                user.mobile_verified_at = Some(*at);
                note_change(user, *at);
                state.keep(sequel);
                Ok(true)
            }
            Redemption::Address {
                code,
                purpose,
                user_id,
                address,
                activates,
                keep,
                at,
                sequel,
            } => {
                let Some(mut user) = state.users.get(user_id).cloned() else { return Ok(false) };
                let moved = take_place(&mut user, address, *at);
                if moved && is_there(&state, *code, *user_id, *purpose).is_some() {
                    state.check_unique(&user)?;
                }
                let noted = moved || note_proof(&mut user, address, *at);
                if !spend(&mut state, *code, *user_id, *purpose) || !noted {
                    return Ok(false);
                }
                if !moved {
                    let epoch = end_epoch(&mut user);
                    state.end_others(*user_id, *keep, epoch);
                }
                activate(&mut user, *activates);
                note_change(&mut user, *at);
                state.users.insert(*user_id, user);
                state.keep(sequel);
                Ok(true)
            }
        }
    }

    async fn purge(&self, at: Timestamp) -> Result<u64, StoreError> {
        let mut state = self.state()?;
        let over = state.codes.iter().filter(|(_, code)| code.expires_at < at);
        let over: Vec<CodeHash> = over.take(PURGE_LIMIT).map(|(handle, _)| *handle).collect();
        Ok(over.iter().filter_map(|handle| state.codes.remove(handle)).map(|_| 1).sum())
    }
}

fn spend(state: &mut State, id: CodeId, user_id: UserId, purpose: CodePurpose) -> bool {
    let handle = is_there(state, id, user_id, purpose);
    handle.and_then(|handle| state.codes.remove(&handle)).is_some()
}

/// Under which handle a code is kept, if it is this person's and for this purpose.
fn is_there(state: &State, id: CodeId, user_id: UserId, purpose: CodePurpose) -> Option<CodeHash> {
    let is_it =
        |code: &Code| code.id == id && code.user_id == Some(user_id) && code.purpose == purpose;
    state.codes.values().find(|code| is_it(code)).map(|code| code.handle_hash)
}

/// Puts the address that waits in its place; says whether it is that one that waits.
fn take_place(user: &mut User, address: &Recipient, at: Timestamp) -> bool {
    match address {
        Recipient::Mail(email) => {
            let waits = user.pending_email.as_ref().is_some_and(|one| one.key() == email.key());
            if waits {
                user.email = user.pending_email.take();
                user.email_verified_at = Some(at);
            }
            waits
        }
        Recipient::Sms(mobile) => {
            let waits = user.pending_mobile.as_ref().is_some_and(|one| one.key() == mobile.key());
            if waits {
                user.mobile = user.pending_mobile.take();
                user.mobile_verified_at = Some(at);
            }
            waits
        }
    }
}

/// Notes that the present address is verified; says whether it is that one and was not.
fn note_proof(user: &mut User, address: &Recipient, at: Timestamp) -> bool {
    let (is_it, verified_at) = match address {
        Recipient::Mail(email) => (
            user.email.as_ref().is_some_and(|one| one.key() == email.key()),
            &mut user.email_verified_at,
        ),
        Recipient::Sms(mobile) => (
            user.mobile.as_ref().is_some_and(|one| one.key() == mobile.key()),
            &mut user.mobile_verified_at,
        ),
    };
    let noted = is_it && verified_at.is_none();
    if noted {
        *verified_at = Some(at);
    }
    noted
}

/// Drops what leads to other places than the one that showed who the owner is.
fn close_ways_back(user: &mut User, address: &Recipient) {
    (user.pending_email, user.pending_mobile) = (None, None);
    match address {
        Recipient::Mail(_) => user.mobile_verified_at = None,
        Recipient::Sms(_) => {}
    }
}

fn activate(user: &mut User, activates: bool) {
    if activates && user.status == Status::Inactive {
        user.status = Status::Active;
    }
}
