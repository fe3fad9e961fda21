//! Reads licence expressions (SPDX 2.3, annex D) far enough to judge them.

/// Whether `expression` can be met with `allowed` licences alone: one of each `OR`, all of each
/// `AND`. The slash of old manifests means `OR`.
pub(crate) fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut reader = Reader { words: spaced.split_whitespace().collect(), at: 0, allowed };
    let met = reader.any();
    met && reader.at == reader.words.len()
}

struct Reader<'a> {
    words: Vec<&'a str>,
    at: usize,
    allowed: &'a [String],
}

impl<'a> Reader<'a> {
    fn any(&mut self) -> bool {
        let mut met = self.all();
        while self.skip("OR") {
            met |= self.all();
        }
        met
    }

    fn all(&mut self) -> bool {
        let mut met = self.one();
        while self.skip("AND") {
            met &= self.one();
        }
        met
    }

    fn one(&mut self) -> bool {
        if self.skip("(") {
            let met = self.any();
            return self.skip(")") && met;
        }
        let mut name = self.next().to_owned();
        if self.skip("WITH") {
            name = format!("{name} WITH {}", self.next());
        }
        self.allowed.contains(&name)
    }

    fn next(&mut self) -> &'a str {
        self.at += 1;
        self.words.get(self.at - 1).copied().unwrap_or_default()
    }

    fn skip(&mut self, word: &str) -> bool {
        let found = self.words.get(self.at) == Some(&word);
        self.at += usize::from(found);
        found
    }
}

#[test]
fn expressions_are_met_by_one_of_each_or_and_all_of_each_and() {
    let allowed = ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned);
    let met = [
        "MIT",
        "GPL-3.0-only OR MIT",
        "GPL-3.0/MIT",
        "MIT AND ISC",
        "(GPL-3.0-only OR ISC) AND MIT",
        "GPL-3.0-only AND MPL-2.0 OR ISC",
        "Apache-2.0 WITH LLVM-exception OR GPL-2.0",
    ];
    let unmet = [
        "",
        "GPL-3.0-only",
        "MIT AND GPL-3.0-only",
        "Apache-2.0",
        "MIT WITH LLVM-exception",
        "(MIT OR ISC) AND GPL-2.0",
        "MIT ISC",
        "(MIT",
        "OR MIT",
        "no licence at all",
    ];
    for expression in met {
        assert!(is_allowed(expression, &allowed), "{expression:?}");
    }
    for expression in unmet {
        assert!(!is_allowed(expression, &allowed), "{expression:?}");
    }
}
