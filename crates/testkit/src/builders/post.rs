//! Codes and promised letters for tests.

use std::time::Duration;

use domain::post::{Code, CodeHash, CodeId, CodePurpose, Dispatch, DispatchId, Sequel};
use domain::sealing::Sealed;
use domain::users::UserId;

use super::{ordinal, uuid};
use crate::time::noon;

/// A code for another password, made at noon for 15 minutes, with five tries.
pub fn a_code(of: Option<UserId>) -> Code {
    let ordinal = ordinal();
    Code {
        id: CodeId(uuid(noon(), ordinal)),
        user_id: of,
        purpose: CodePurpose::PasswordReset,
        handle_hash: a_hash(ordinal, 1),
        code_hash: a_hash(ordinal, 2),
        tries_left: 5,
        created_at: noon(),
        expires_at: noon().plus(Duration::from_secs(15 * 60)),
    }
}

/// A letter that was promised at noon and is due.
pub fn a_dispatch() -> Dispatch {
    let ordinal = ordinal();
    Dispatch {
        id: DispatchId(uuid(noon(), ordinal)),
        sealed: Sealed(format!("v1.0123abcd.{}", "Aa0_-".repeat(40))),
        attempts: 0,
        created_at: noon(),
        due_at: noon(),
    }
}

/// Only this letter.
pub fn one_letter(dispatch: &Dispatch) -> Sequel {
    Sequel { codes: Vec::new(), dispatches: vec![dispatch.clone()], ..Sequel::none() }
}

/// Only this code.
pub fn one_code(code: &Code) -> Sequel {
    Sequel { codes: vec![code.clone()], dispatches: Vec::new(), ..Sequel::none() }
}

fn a_hash(ordinal: u64, salt: u64) -> CodeHash {
    let mut bytes = [0; 32];
    for (chunk, part) in bytes.chunks_mut(8).zip(0..) {
        let seed = ordinal.wrapping_mul(16).wrapping_add(salt * 4 + part);
        chunk.copy_from_slice(&crate::entropy::scramble(seed).to_be_bytes());
    }
    CodeHash(bytes)
}
