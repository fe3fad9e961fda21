//! The files that TLS is spoken with: kinds of keys, times, and everything that may be wrong.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{PKCS_ECDSA_P384_SHA384, PKCS_ED25519, PKCS_RSA_SHA256, RsaKeySize, date_time_ymd};

use super::*;

#[test]
fn an_expired_certificate_is_told_at_the_start_and_one_that_soon_will_be() {
    // Of the library's own type of time only its addition is at hand.
    let today = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    let epoch = date_time_ymd(1970, 1, 1);
    let day = |days: i64| {
        let span = Duration::from_secs(days.unsigned_abs() * 86_400);
        if days < 0 { epoch + today - span } else { epoch + today + span }
    };
    for (until, told) in [(-1, "has expired"), (7, "expires soon"), (60, "")] {
        let folder = Folder::new();
        let made = made(&KeyPair::generate().unwrap(), |params| {
            params.not_before = day(-90);
            params.not_after = day(until);
        });
        put(&folder, &made);
        let path = folder.path().join("log");
        let server = Server::start_with(&folder, &FILES, fs::File::create(&path).unwrap().into());
        assert_eq!(server.stop().0, Some(0));
        let log = fs::read_to_string(path).unwrap();
        assert_eq!(log.contains("the certificate"), !told.is_empty(), "{log}");
        assert!(log.contains(told), "{log}");
    }
}

/// What lies in a PKCS #8 document behind its head, as a PEM of the older kinds is made.
fn older(key: &KeyPair, head: usize, label: &str) -> String {
    let text = STANDARD.encode(&key.serialize_der()[head..]);
    let lines: Vec<_> = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

#[test]
fn all_usual_keys_do_in_all_three_notations() {
    let rsa = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap();
    let elliptic = KeyPair::generate().unwrap();
    let pkcs1 = older(&rsa, 26, "RSA PRIVATE KEY");
    let sec1 = older(&elliptic, 29, "EC PRIVATE KEY");
    let p384 = KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).unwrap();
    let edwards = KeyPair::generate_for(&PKCS_ED25519).unwrap();
    let pkcs8 = |key: &KeyPair| key.serialize_pem();
    for (key, text) in [
        (&rsa, pkcs8(&rsa)),
        (&rsa, pkcs1),
        (&elliptic, pkcs8(&elliptic)),
        (&elliptic, sec1),
        (&p384, pkcs8(&p384)),
        (&edwards, pkcs8(&edwards)),
    ] {
        let folder = Folder::new();
        let made = Made { key: text, ..made(key, |_| {}) };
        put(&folder, &made);
        let server = Server::start(&folder, &FILES);
        assert_eq!(status(&ask(&server, &made.der, &get("/livez"))), 200);
    }
}

/// The report of `doorward config check` and of `doorward serve`, which must be the same.
fn refused(folder: &Folder, variables: &[(&str, &str)]) -> String {
    let checked = folder.run_with(&["config", "check"], variables);
    let served = folder.run_with(&["serve", "--bind", "127.0.0.1:0"], variables);
    for done in [&checked, &served] {
        assert_eq!((done.code, done.out.as_str()), (Some(78), ""), "{}", done.err);
        assert_eq!(done.err.lines().count(), 2, "one line each: {}", done.err);
    }
    assert_eq!(checked.err, served.err);
    assert!(!folder.path().join("data").exists(), "nothing was made");
    checked.err
}

#[test]
fn files_that_cannot_be_used_are_named_in_one_line() {
    let (folder, good, other) = (Folder::new(), valid(), valid());
    let told = refused(&folder, &FILES);
    assert!(told.contains("DOORWARD__SERVER__TLS_CERT") || told.contains("tls.pem"), "{told}");
    assert!(told.contains("cannot read tls.pem: no such file or directory (uid "), "{told}");
    put(&folder, &good);
    write_key(&folder, &other.key);
    let told = refused(&folder, &FILES);
    assert!(told.contains("tls.key is not the key of the first certificate"), "{told}");
    for wrong in ["", "nonsense", &good.pem, "-----BEGIN PRIVATE KEY-----\nAAAA\n"] {
        write_key(&folder, wrong);
        let told = refused(&folder, &FILES);
        assert!(told.contains("tls.key holds no private key (PEM"), "{wrong}: {told}");
    }
    write_key(&folder, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    assert!(refused(&folder, &FILES).contains("tls.key holds a key that cannot be used"));
    write_key(&folder, &good.key);
    for wrong in ["", &good.key, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        folder.write("tls.pem", wrong);
        let told = refused(&folder, &FILES);
        assert!(told.contains("tls.pem holds no certificate"), "{wrong}: {told}");
    }
    folder.write("tls.pem", &good.pem);
    let mode = |mode| {
        let path = folder.path().join("tls.key");
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    };
    for open in [0o604, 0o644, 0o660, 0o602] {
        mode(open);
        let told = refused(&folder, &FILES);
        assert!(
            told.contains("chmod 600 tls.key") && told.contains(&format!("0{open:o}")),
            "{told}"
        );
    }
    mode(0o640);
    assert_eq!(folder.run_with(&["config", "check"], &FILES).code, Some(0));
}

#[test]
fn one_file_without_the_other_and_a_plain_public_url_are_refused() {
    let folder = Folder::new();
    put(&folder, &valid());
    for (alone, missing) in [(FILES[0], "server.tls_key"), (FILES[1], "server.tls_cert")] {
        let told = refused(&folder, &[alone]);
        assert!(told.contains(&format!("needs {missing} beside it")), "{told}");
        assert!(told.contains(alone.0), "{told}");
    }
    let public = ("DOORWARD__SERVER__PUBLIC_URL", "http://auth.example.org");
    let told = refused(&folder, &[FILES[0], FILES[1], public]);
    assert!(told.contains("is http, but server.tls_cert"), "{told}");
}
