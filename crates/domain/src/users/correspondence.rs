//! What people are written: the letters of registration, recovery and changes, ready to be kept.

use std::sync::Arc;
use std::time::Duration;

use crate::Ports;
use crate::entropy::Entropy;
use crate::post::{
    Code, CodeHash, CodePurpose, CodeSecret, Dispatch, Handle, Letter, Recipient, Sequel,
};
use crate::problem::Problem;
use crate::sealing::Sealer;
use crate::sessions::ChainKey;
use crate::time::{Clock, Timestamp};
use crate::users::{Email, Mobile, User, UserId};

/// How long a code counts (ASVS 6.5.5 allows ten minutes for most, an hour at most; contracts say 15).
pub(crate) const CODE_LIFETIME: Duration = Duration::from_secs(15 * 60);
/// How often a code may be tried.
const CODE_TRIES: i64 = 5;

/// Writes letters and draws codes.
pub(crate) struct Correspondence {
    sealer: Arc<dyn Sealer>,
    pub(super) entropy: Arc<dyn Entropy>,
    clock: Arc<dyn Clock>,
    pub(crate) key: Arc<ChainKey>,
}

impl Correspondence {
    pub(crate) fn new(ports: &Ports, key: Arc<ChainKey>) -> Self {
        Self {
            sealer: Arc::clone(&ports.sealer),
            entropy: Arc::clone(&ports.entropy),
            clock: Arc::clone(&ports.clock),
            key,
        }
    }

    /// A code to activate with, and the text message that brings it. For nobody all is made alike, the
    /// message is thrown away, and the code counts for nothing.
    pub(crate) fn activation(
        &self,
        whose: Option<UserId>,
        mobile: &Mobile,
        now: Timestamp,
    ) -> Result<Sequel, Problem> {
        let purpose = CodePurpose::Activation;
        let handle = match whose {
            Some(id) => Handle::of_person(id, purpose, &self.key),
            // One for each number, so that asking again and again keeps no more than one.
            None => Handle::of_nobody(mobile.key(), purpose, &self.key),
        };
        let (mut code, secret) = self.code(purpose, handle, now)?;
        code.user_id = whose;
        let text =
            format!("Your activation code is {}. It counts for 15 minutes.", secret.expose());
        let letter = Letter::new(Recipient::Sms(mobile.clone()), "", text);
        let dispatch = self.promise(&letter, now)?;
        let dispatches = if whose.is_some() { vec![dispatch] } else { Vec::new() };
        Ok(Sequel { codes: vec![code], dispatches, ..Sequel::none() })
    }

    /// A code to set another password with, the mail that brings it, and its handle. For nobody all
    /// is made and kept alike, and the mail is never sent.
    pub(crate) fn recovery(
        &self,
        user: Option<&User>,
        email: &Email,
        now: Timestamp,
    ) -> Result<(Handle, Sequel), Problem> {
        let handle = Handle::draw(self.entropy.as_ref())?;
        let (mut code, secret) = self.code(CodePurpose::PasswordReset, handle.hash(), now)?;
        code.user_id = user.map(|user| user.id);
        code.code_hash = secret.hash_for(code.id, email.key(), &self.key);
        let text = format!(
            "Somebody asked for another password for the account of this address.\n\n\
             Your code is:\n\n{}\n\nIt counts once, within 15 minutes. If it was not you who asked, \
             ignore this mail:\nnothing has changed, and your password goes on working.\n",
            secret.expose()
        );
        let letter =
            Letter::new(Recipient::Mail(email.clone()), "Your code for a new password", text);
        let dispatch = self.promise(&letter.as_decoy(user.is_none()), now)?;
        Ok((handle, Sequel { codes: vec![code], dispatches: vec![dispatch], ..Sequel::none() }))
    }

    /// Tells the owner that a spent refresh token was used: somebody copied it.
    pub(crate) fn reuse_noticed(&self, user: &User, now: Timestamp) -> Result<Sequel, Problem> {
        let text = "Somebody used a copy of what keeps you signed in on one of your devices, so we \
                    signed that\ndevice out. If it was not an old backup of your own, change your \
                    password.\n";
        self.news(user, "One of your devices was signed out", text, now)
    }

    /// Tells the owner that its password was changed (ASVS 6.3.7).
    pub(crate) fn password_changed(&self, user: &User, now: Timestamp) -> Result<Sequel, Problem> {
        let text = "The password of your account was changed, and all other sessions have ended.\n\n\
                    If it was not you, set another one with a link that we send you.\n";
        self.news(user, "Your password was changed", text, now)
    }

    /// Tells the owner that its password was reset.
    pub(crate) fn recovered(&self, user: &User, now: Timestamp) -> Result<Sequel, Problem> {
        let text = "The password of your account was set anew with a code or link that we sent, \
                    and all sessions have ended.\n\nIf it was not you, somebody reads your mail: \
                    change the password of your mailbox,\nthen set another one here.\n";
        self.news(user, "Your password was changed", text, now)
    }

    /// A mail to the person, where it has an address.
    fn news(
        &self,
        user: &User,
        subject: &str,
        text: &str,
        now: Timestamp,
    ) -> Result<Sequel, Problem> {
        let Some(email) = &user.email else { return Ok(Sequel::none()) };
        let letter = Letter::new(Recipient::Mail(email.clone()), subject, text);
        Ok(Sequel { dispatches: vec![self.promise(&letter, now)?], ..Sequel::none() })
    }

    /// Tells the old address and the old number that another took its place.
    pub(crate) fn moved(&self, before: &User, after: &User) -> Result<Sequel, Problem> {
        let now = self.clock.now();
        let key = |email: &Option<Email>| email.as_ref().map(|email| email.key().to_owned());
        let mut letters = Vec::new();
        if let Some(old) = before.email.as_ref().filter(|_| key(&before.email) != key(&after.email))
        {
            letters.push(Letter::new(
                Recipient::Mail(old.clone()),
                "Your e-mail address was changed",
                "Another e-mail address took the place of this one in your account.\n\n\
                 If it was not you, sign in and change it back, and change your password.\n",
            ));
        }
        let key = |mobile: &Option<Mobile>| mobile.as_ref().map(|mobile| mobile.key().to_owned());
        if let Some(old) = before
            .mobile
            .as_ref()
            .filter(|old| old.is_international() && key(&before.mobile) != key(&after.mobile))
        {
            letters.push(Letter::new(
                Recipient::Sms(old.clone()),
                "",
                "Another number took the place of this one in your account.",
            ));
        }
        let dispatches = letters.iter().map(|letter| self.promise(letter, now));
        Ok(Sequel { dispatches: dispatches.collect::<Result<_, _>>()?, ..Sequel::none() })
    }

    pub(super) fn code(
        &self,
        purpose: CodePurpose,
        handle_hash: CodeHash,
        now: Timestamp,
    ) -> Result<(Code, CodeSecret), Problem> {
        let id = Code::new_id(self.entropy.as_ref(), now)?;
        let secret = CodeSecret::draw(self.entropy.as_ref())?;
        let code = Code {
            id,
            user_id: None,
            purpose,
            handle_hash,
            code_hash: secret.hash(id, &self.key),
            tries_left: CODE_TRIES,
            created_at: now,
            expires_at: now.plus(CODE_LIFETIME),
        };
        Ok((code, secret))
    }

    pub(super) fn promise(&self, letter: &Letter, now: Timestamp) -> Result<Dispatch, Problem> {
        Dispatch::promise(letter, self.sealer.as_ref(), self.entropy.as_ref(), now)
    }
}
