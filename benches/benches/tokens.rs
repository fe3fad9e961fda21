//! How long tokens take: signed, verified, digested and followed by their successor.
#![expect(clippy::expect_used, reason = "a bench that cannot be prepared ends")]

use std::hint::black_box;
use std::time::Duration;

use criterion::Criterion;
use domain::sessions::{
    ChainKey, Claims, SessionId, SessionToken, TokenKind, TokenSigner, Transport,
};
use domain::time::{Clock, Timestamp};
use domain::users::UserId;
use infra::jwt::{Algorithm, JwtOptions, JwtSigner};
use infra::secrets::SecretsFolder;
use infra::system::SystemClock;
use tempfile::TempDir;
use uuid::Uuid;

const LIFETIME: Duration = Duration::from_secs(900);

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    for algorithm in Algorithm::ALL {
        access_tokens(&mut criterion, algorithm);
    }
    session_secrets(&mut criterion);
    criterion.final_summary();
}

fn access_tokens(criterion: &mut Criterion, algorithm: Algorithm) {
    let folder = TempDir::new().expect("a temporary folder");
    let secrets = SecretsFolder::open(folder.path().join("secrets")).expect("a folder of secrets");
    let options = JwtOptions {
        algorithm,
        issuer: "https://id.example.org".to_owned(),
        audience: "https://id.example.org".to_owned(),
        longest_lifetime: LIFETIME,
    };
    let now = SystemClock.now();
    let signer = JwtSigner::open(&secrets, options, now).expect("a signer");
    let claims = claims(now);
    let token = signer.sign(&claims).expect("a token");
    criterion.bench_function(&format!("sign an access token, {algorithm:?}"), |bencher| {
        bencher.iter(|| signer.sign(black_box(&claims)));
    });
    criterion.bench_function(&format!("verify an access token, {algorithm:?}"), |bencher| {
        bencher.iter(|| signer.verify(black_box(&token), TokenKind::Access, now));
    });
}

fn claims(now: Timestamp) -> Claims {
    Claims {
        kind: TokenKind::Access,
        user_id: UserId(Uuid::from_u128(1)),
        session_id: SessionId(Uuid::from_u128(2)),
        token_id: Uuid::from_u128(3),
        issued_at: now,
        expires_at: now.plus(LIFETIME),
    }
}

fn session_secrets(criterion: &mut Criterion) {
    let token = SessionToken::first(SessionId(Uuid::from_u128(7)), Transport::Refresh, [9; 32]);
    let key = ChainKey::new(vec![5; 32]).expect("a key that is long enough");
    let text = token.encode();
    criterion.bench_function("read a refresh token", |bencher| {
        bencher.iter(|| SessionToken::decode(black_box(&text), Transport::Refresh));
    });
    criterion.bench_function("digest a session secret", |bencher| {
        bencher.iter(|| black_box(&token).hash());
    });
    criterion.bench_function("make the successor of a refresh token", |bencher| {
        bencher.iter(|| black_box(&token).successor(&key));
    });
}
