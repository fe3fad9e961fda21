//! One-time codes in memory.

use async_trait::async_trait;
use domain::post::{Code, CodeHash, CodeId, CodePurpose, CodeStore, Redemption, Sequel};
use domain::store::StoreError;
use domain::time::Timestamp;
use domain::users::{Status, UserId};

use super::Shared;
use super::sessions::PURGE_LIMIT;
use super::state::State;
use super::users::{end_epoch, note_change};

#[async_trait]
impl CodeStore for Shared {
    async fn issue(&self, sequel: &Sequel) -> Result<bool, StoreError> {
        let mut state = self.state()?;
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
        let mut state = self.state()?;
        match redemption {
            Redemption::Password { code, user_id, new_hash, at, sequel } => {
                if !spend(&mut state, *code, *user_id, CodePurpose::PasswordReset) {
                    return Ok(false);
                }
                let Some(user) = state.users.get_mut(user_id) else { return Ok(false) };
                user.password_hash = new_hash.clone();
                end_epoch(user);
                note_change(user, *at);
                state.close_sessions(*user_id, |_| false);
                state.codes.retain(|_, code| code.user_id != Some(*user_id));
                state.keep(sequel);
                Ok(true)
            }
            Redemption::Activation { code, user_id, at } => {
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
    let is_it =
        |code: &Code| code.id == id && code.user_id == Some(user_id) && code.purpose == purpose;
    let handle = state.codes.values().find(|code| is_it(code)).map(|code| code.handle_hash);
    handle.and_then(|handle| state.codes.remove(&handle)).is_some()
}
