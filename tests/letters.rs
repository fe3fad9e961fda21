//! The letters that a server keeps in its folder, read as their receivers read them.
#![expect(clippy::panic, reason = "a test whose letter does not come fails")]

use std::path::PathBuf;
use std::time::Duration;

use crate::Server;

/// How often a letter is looked for; it is delivered by a worker, so it may take a moment.
const LOOKS: u32 = 200;
const PAUSE: Duration = Duration::from_millis(50);

/// What a letter says, and what its receiver takes from it.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Head and body of a mail, or the JSON of a text message.
    pub text: String,
}

impl Letter {
    /// The first six digits that stand alone.
    ///
    /// # Panics
    /// When there are none.
    pub fn code(&self) -> String {
        self.find_code().unwrap_or_else(|| panic!("no code: {}", self.text))
    }

    fn find_code(&self) -> Option<String> {
        let mut words = self.text.split(|c: char| !c.is_ascii_alphanumeric());
        let is_code = |word: &&str| word.len() == 6 && word.bytes().all(|b| b.is_ascii_digit());
        words.find(is_code).map(str::to_owned)
    }

    /// The address of the link.
    ///
    /// # Panics
    /// When there is none.
    pub fn link(&self) -> String {
        let words = self.text.split(|c: char| c.is_whitespace() || c == '"');
        let mut links = words.filter(|word| word.starts_with("http") && word.contains('#'));
        links.next().unwrap_or_else(|| panic!("no link: {}", self.text)).to_owned()
    }

    /// What stands behind the `#` of the link.
    ///
    /// # Panics
    /// When there is no link.
    pub fn token(&self) -> String {
        let link = self.link();
        link.split_once('#').map(|(_, token)| token.to_owned()).unwrap_or_default()
    }
}

impl Server {
    /// Every mail to this address so far, the oldest first.
    pub fn mails(&self, to: &str) -> Vec<Letter> {
        self.letters("mail", &format!("To: {to}"))
    }

    /// Every text message to this number so far, the oldest first.
    pub fn messages(&self, to: &str) -> Vec<Letter> {
        self.letters("sms", &format!("\"to\":\"{to}\""))
    }

    /// The mail to this address after so many others.
    ///
    /// # Panics
    /// When it does not come.
    pub fn mail(&self, to: &str, after: usize) -> Letter {
        awaited(|| self.mails(to).get(after).cloned(), to)
    }

    /// The text message to this number after so many others.
    ///
    /// # Panics
    /// When it does not come.
    pub fn message(&self, to: &str, after: usize) -> Letter {
        awaited(|| self.messages(to).get(after).cloned(), to)
    }

    /// The code in the youngest letter of a folder, `mail` or `sms`, once that has one.
    ///
    /// # Panics
    /// When it does not come.
    pub fn last_code(&self, kind: &str) -> String {
        awaited(|| self.letters(kind, "").last().and_then(Letter::find_code), kind)
    }

    fn letters(&self, kind: &str, to: &str) -> Vec<Letter> {
        let folder = std::fs::read_dir(self.data_dir().join(kind)).into_iter().flatten();
        // Names are ids in order of time; other files are being written.
        let mut paths: Vec<PathBuf> =
            folder.filter_map(Result::ok).map(|file| file.path()).collect();
        paths.retain(|path| path.extension().is_some_and(|end| end == "eml" || end == "json"));
        paths.sort();
        let texts = paths.iter().filter_map(|path| std::fs::read_to_string(path).ok());
        let texts = texts.map(|text| text.replace("\r\n", "\n"));
        texts.filter(|text| text.contains(to)).map(|text| Letter { text }).collect()
    }
}

fn awaited<T>(mut look: impl FnMut() -> Option<T>, to: &str) -> T {
    for _ in 0..LOOKS {
        if let Some(found) = look() {
            return found;
        }
        std::thread::sleep(PAUSE);
    }
    panic!("no letter to {to}");
}
