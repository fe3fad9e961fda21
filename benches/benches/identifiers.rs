//! How long it takes to normalise what people are named by.

use std::hint::black_box;

use criterion::Criterion;
use domain::users::{Email, MobileRules, UserKey, Username, search_key};

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let rules = MobileRules::default();
    for (kind, typed) in [
        ("a username", "Ada.Lovelace"),
        ("an address", "Ada.Lovelace@Example.org"),
        ("an address beyond ASCII", "Zo\u{eb}@B\u{fc}cher.example"),
        ("a mobile number", "+49 151 23456789"),
    ] {
        criterion.bench_function(&format!("read {kind} at a sign-in"), |bencher| {
            bencher.iter(|| UserKey::read(black_box(typed), &rules));
        });
    }
    criterion.bench_function("normalise a username", |bencher| {
        bencher.iter(|| Username::parse(black_box("Ada.Lovelace")));
    });
    criterion.bench_function("normalise an address", |bencher| {
        bencher.iter(|| Email::parse(black_box("Ada.Lovelace@Example.org")));
    });
    criterion.bench_function("make the search key of a name", |bencher| {
        bencher.iter(|| search_key(black_box("Augusta Ada King, Countess of Lovelace")));
    });
    criterion.final_summary();
}
