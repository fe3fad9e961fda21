//! The letters with links: for another password, and to show that an address is one's own.

use std::time::Duration;

use crate::post::{Code, CodePurpose, CodeSecret, Handle, Letter, Recipient, Sequel};
use crate::problem::Problem;
use crate::time::Timestamp;
use crate::users::correspondence::{CODE_LIFETIME, Correspondence};
use crate::users::{User, UserId};

/// How long a link counts.
pub(crate) const LINK_LIFETIME: Duration = Duration::from_secs(60 * 60);

/// Where links to set another password lead, below `Rules::link_base`.
const RESET: &str = "/password-reset";
/// Where links to verify an address lead, below `Rules::link_base`.
const VERIFY: &str = "/verify";

impl Correspondence {
    /// A link to set another password with. For nobody all is made and kept alike, and the letter is
    /// never sent.
    pub(crate) fn reset_link(
        &self,
        whose: Option<(UserId, &Recipient)>,
        nobody: &Recipient,
        base: &str,
        now: Timestamp,
    ) -> Result<Sequel, Problem> {
        let to = whose.map_or(nobody, |(_, to)| to);
        let (mut code, url) =
            self.link(CodePurpose::ResetLink, to, &format!("{base}{RESET}"), now)?;
        code.user_id = whose.map(|(id, _)| id);
        let letter = match to {
            Recipient::Mail(_) => Letter::new(
                to.clone(),
                "Set another password",
                format!(
                    "Somebody asked for another password for the account of this address.\n\n\
                     To set one, open this link within an hour:\n\n{url}\n\nIt counts once. If it was \
                     not you who asked, ignore this mail:\nnothing has changed, and your password \
                     goes on working.\n"
                ),
            ),
            Recipient::Sms(_) => Letter::new(
                to.clone(),
                "",
                format!("To set another password within an hour: {url}"),
            ),
        };
        let dispatch = self.promise(&letter.as_decoy(whose.is_none()), now)?;
        Ok(Sequel { codes: vec![code], dispatches: vec![dispatch], ..Sequel::none() })
    }

    /// A link to set a password with that no letter brings: whoever operates the server hands it over.
    pub(crate) fn handed_over(
        &self,
        id: UserId,
        address: &Recipient,
        base: &str,
        now: Timestamp,
    ) -> Result<(Sequel, String), Problem> {
        let (mut code, url) =
            self.link(CodePurpose::ResetLink, address, &format!("{base}{RESET}"), now)?;
        code.user_id = Some(id);
        Ok((Sequel { codes: vec![code], ..Sequel::none() }, url))
    }

    /// A link and six digits, either of which shows that the address is the person's own.
    pub(crate) fn verification(
        &self,
        id: UserId,
        to: &Recipient,
        base: &str,
        now: Timestamp,
    ) -> Result<Sequel, Problem> {
        let (by_link, by_digits) = purposes(to);
        let (mut link, url) = self.link(by_link, to, &format!("{base}{VERIFY}"), now)?;
        link.user_id = Some(id);
        let handle = Handle::of_person(id, by_digits, &self.key);
        let (mut code, secret) = self.code(by_digits, handle, now)?;
        code.user_id = Some(id);
        code.code_hash = secret.hash_for(code.id, to.key(), &self.key);
        let dispatch = self.promise(&letter_to(to, &url, &secret), now)?;
        Ok(Sequel { codes: vec![link, code], dispatches: vec![dispatch], ..Sequel::none() })
    }

    /// What follows where somebody changed an address that waits for proof now.
    pub(crate) fn asked_to_verify(
        &self,
        before: &User,
        after: &User,
        base: &str,
    ) -> Result<Sequel, Problem> {
        let (email, mobile) = (&after.pending_email, &after.pending_mobile);
        let email = email.clone().filter(|_| before.pending_email != *email);
        let mobile = mobile.clone().filter(|_| before.pending_mobile != *mobile);
        let waiting = email.map(Recipient::Mail).into_iter().chain(mobile.map(Recipient::Sms));
        let mut sequel = Sequel::none();
        for to in waiting {
            sequel = sequel.and(self.verification(after.id, &to, base, after.updated_at)?);
        }
        Ok(sequel)
    }

    /// A code that its handle alone redeems, and the link that brings it. What is secret stands behind
    /// `#`: no browser sends that to a server, and none writes it to a log.
    fn link(
        &self,
        purpose: CodePurpose,
        to: &Recipient,
        page: &str,
        now: Timestamp,
    ) -> Result<(Code, String), Problem> {
        let handle = Handle::draw(self.entropy.as_ref())?;
        let (code, _) = self.code(purpose, handle.hash(), now)?;
        let code_hash = Handle::address(code.id, to.key(), &self.key);
        let code = Code { code_hash, expires_at: now.plus(LINK_LIFETIME), ..code };
        Ok((code, format!("{page}#{}", handle.expose())))
    }
}

/// What a link and six digits are for, where they go to this address.
pub(crate) fn purposes(to: &Recipient) -> (CodePurpose, CodePurpose) {
    match to {
        Recipient::Mail(_) => (CodePurpose::EmailLink, CodePurpose::EmailCode),
        Recipient::Sms(_) => (CodePurpose::MobileLink, CodePurpose::MobileCode),
    }
}

fn letter_to(to: &Recipient, url: &str, secret: &CodeSecret) -> Letter {
    let (digits, minutes) = (secret.expose(), CODE_LIFETIME.as_secs() / 60);
    match to {
        Recipient::Mail(_) => Letter::new(
            to.clone(),
            "Please verify your e-mail address",
            format!(
                "To show that this address is yours, open this link within an hour:\n\n{url}\n\n\
                 Or type this code where you are signed in, within {minutes} minutes:\n\n{digits}\n\n\
                 Do so only if you made the account yourself. If you did not, somebody else gave your \
                 address\nand knows the password: ignore this mail, or choose \"I made no account\" on \
                 the page of the link,\nset a password of your own, and whoever it was is out.\n"
            ),
        ),
        Recipient::Sms(_) => Letter::new(
            to.clone(),
            "",
            format!(
                "Your code is {digits}. It counts for {minutes} minutes. Or open {url} If you made no \
                 account, ignore this."
            ),
        ),
    }
}

/// Whether a link of this digest went to this address.
pub(crate) fn went_to(code: &Code, to: &Recipient, correspondence: &Correspondence) -> bool {
    Handle::address(code.id, to.key(), &correspondence.key).matches(&code.code_hash)
}
