//! TLS in the process itself, from outside: handshakes, replies, renewal, and files that are wrong.

use std::fs::{self, Permissions};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rcgen::{
    CertificateParams, DnType, KeyPair, PKCS_ECDSA_P384_SHA384, PKCS_ED25519, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::version::{TLS12, TLS13};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion,
};

use crate::command::Folder;
use crate::server::{Server, status};

const FILES: [(&str, &str); 2] =
    [("DOORWARD__SERVER__TLS_CERT", "tls.pem"), ("DOORWARD__SERVER__TLS_KEY", "tls.key")];
const BOTH: [&SupportedProtocolVersion; 2] = [&TLS12, &TLS13];

/// A certificate for `localhost` that is its own root, in PEM, and its key.
struct Made {
    der: CertificateDer<'static>,
    pem: String,
    key: String,
}

fn made(key: &KeyPair, change: impl FnOnce(&mut CertificateParams)) -> Made {
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, "Doorward's tests");
    change(&mut params);
    let certificate = params.self_signed(key).unwrap();
    Made { der: certificate.der().clone(), pem: certificate.pem(), key: key.serialize_pem() }
}

fn valid() -> Made {
    made(&KeyPair::generate().unwrap(), |_| {})
}

/// Puts certificate and key where [`FILES`] look for them.
fn put(folder: &Folder, made: &Made) {
    write_key(folder, &made.key);
    folder.write("tls.pem", &made.pem);
}

fn write_key(folder: &Folder, key: &str) {
    folder.write("tls.key", key);
    let path = folder.path().join("tls.key");
    fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
}

/// A client of these versions that believes in this certificate only.
fn connect(
    server: &Server,
    root: &CertificateDer<'static>,
    versions: &[&'static SupportedProtocolVersion],
) -> std::io::Result<StreamOwned<ClientConnection, TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(root.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider);
    let config = config.with_protocol_versions(versions).unwrap().with_root_certificates(roots);
    let mut config = config.with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let name = ServerName::try_from("localhost").unwrap();
    let client = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(client, server.connect()?);
    stream.flush()?;
    while stream.conn.is_handshaking() {
        stream.conn.complete_io(&mut stream.sock)?;
    }
    Ok(stream)
}

/// The whole reply to a request on a connection of its own.
fn ask(server: &Server, root: &CertificateDer<'static>, request: &str) -> String {
    let mut stream = connect(server, root, &BOTH).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    reply
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
}

#[test]
fn both_versions_are_spoken_and_http_1_1_is_agreed_on() {
    let (folder, made) = (Folder::new(), valid());
    put(&folder, &made);
    let server = Server::start(&folder, &FILES);
    let url = format!("\n  API        https://{}/v1  ", server.address);
    assert!(server.banner.contains(&url), "{}", server.banner);
    assert!(!server.banner.contains("Listening"), "{}", server.banner);
    for version in BOTH {
        let mut stream = connect(&server, &made.der, &[version]).unwrap();
        assert_eq!(stream.conn.protocol_version(), Some(version.version));
        assert_eq!(stream.conn.alpn_protocol(), Some(&b"http/1.1"[..]));
        stream.write_all(get("/livez").as_bytes()).unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        assert_eq!(status(&reply), 200, "{reply}");
    }
    assert!(connect(&server, &valid().der, &BOTH).is_err(), "another root does not do");
    assert_eq!(server.stop().0, Some(0));
}

/// A hello of this version that offers what those versions had, as its bytes on the wire.
fn hello(minor: u8) -> Vec<u8> {
    let suites = [0xc0, 0x13, 0xc0, 0x14, 0xc0, 0x2f, 0x00, 0x2f];
    let mut body = vec![3, minor];
    body.extend([7; 32]);
    body.extend([0, 0, 8]);
    body.extend(suites);
    body.extend([1, 0]);
    // One extension, the curves: P-256.
    body.extend([0, 8, 0, 10, 0, 4, 0, 2, 0, 23]);
    let length = u8::try_from(body.len()).unwrap();
    [&[22, 3, 1, 0, length + 4, 1, 0, 0, length], body.as_slice()].concat()
}

/// All bytes that a server sends until it closes.
fn sent_back(server: &Server, bytes: &[u8]) -> Vec<u8> {
    let mut stream = server.connect().unwrap();
    stream.write_all(bytes).unwrap();
    let (mut back, mut part) = (Vec::new(), [0; 4096]);
    loop {
        match stream.read(&mut part) {
            Ok(0) => break back,
            Ok(length) => back.extend_from_slice(&part[..length]),
            // Closed with something of ours unread.
            Err(error) if error.kind() == ErrorKind::ConnectionReset => break back,
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn older_versions_and_plain_http_are_refused_without_any_data() {
    let (folder, made) = (Folder::new(), valid());
    put(&folder, &made);
    let server = Server::start(&folder, &FILES);
    for minor in [0, 1, 2] {
        let back = sent_back(&server, &hello(minor));
        // A fatal alert and nothing else: 70 is protocol_version.
        assert_eq!((back.len(), back[0], &back[5..7]), (7, 21, &[2, 70][..]), "TLS 1.{minor}");
    }
    for plain in [get("/livez"), "GET / HTTP/1.1\r\n".repeat(200), "\r\n".to_owned()] {
        let back = sent_back(&server, plain.as_bytes());
        let text = String::from_utf8_lossy(&back);
        assert!(back.len() <= 7 && !text.contains("HTTP"), "{text}");
    }
    assert_eq!(status(&ask(&server, &made.der, &get("/livez"))), 200);
}

#[test]
fn replies_say_to_come_back_over_tls_and_the_session_cookie_is_bound_to_the_host() {
    let (folder, made) = (Folder::new(), valid());
    put(&folder, &made);
    let server = Server::start(&folder, &FILES);
    for path in ["/livez", "/nowhere", "/v1/users/me"] {
        let reply = ask(&server, &made.der, &get(path));
        let hsts = "strict-transport-security: max-age=63072000; includeSubDomains\r\n";
        assert!(reply.contains(hsts), "{reply}");
    }
    let post = |path: &str, body: &str| {
        let head = "host: x\r\nconnection: close\r\ncontent-type: application/json";
        let length = body.len();
        let request =
            format!("POST {path} HTTP/1.1\r\n{head}\r\ncontent-length: {length}\r\n\r\n{body}");
        ask(&server, &made.der, &request)
    };
    let person = r#"{"username":"ada","password":"northern heron 77"}"#;
    assert_eq!(status(&post("/v1/users", person)), 201);
    let login = r#"{"identifier":"ada","password":"northern heron 77","transport":"cookie"}"#;
    let reply = post("/v1/sessions", login);
    assert_eq!(status(&reply), 201, "{reply}");
    let cookie = reply.lines().find(|line| line.starts_with("set-cookie: ")).unwrap();
    assert!(cookie.starts_with("set-cookie: __Host-doorward="), "{cookie}");
    for part in ["; HttpOnly", "; SameSite=Lax", "; Secure", "; Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
}

#[test]
fn a_renewed_certificate_is_shown_without_a_restart() {
    let (folder, first, second) = (Folder::new(), valid(), valid());
    put(&folder, &first);
    let log = fs::File::create(folder.path().join("log")).unwrap();
    let server = Server::start_with(&folder, &FILES, Stdio::from(log));
    let mut kept = connect(&server, &first.der, &BOTH).unwrap();
    // The certificate alone, as while a renewal is under way: the old pair stays.
    folder.write("tls.pem", &second.pem);
    std::thread::sleep(Duration::from_secs(6));
    assert!(connect(&server, &first.der, &BOTH).is_ok());
    write_key(&folder, &second.key);
    let since = Instant::now();
    while connect(&server, &second.der, &BOTH).is_err() {
        assert!(since.elapsed() < Duration::from_secs(30), "the new one is not shown");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(connect(&server, &first.der, &BOTH).is_err());
    // Whoever is connected stays so, unless it idled too long.
    let _ = kept.write_all(get("/livez").as_bytes());
    let log = fs::read_to_string(folder.path().join("log")).unwrap();
    assert!(log.contains("a renewed certificate is in use"), "{log}");
    assert_eq!(log.matches("the renewed certificate cannot be used").count(), 1, "{log}");
    assert_eq!(server.stop().0, Some(0));
}

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

#[test]
fn all_kinds_of_keys_do() {
    for kind in [&PKCS_ECDSA_P384_SHA384, &PKCS_ED25519] {
        let folder = Folder::new();
        let made = made(&KeyPair::generate_for(kind).unwrap(), |_| {});
        put(&folder, &made);
        assert_eq!(folder.run_with(&["config", "check"], &FILES).code, Some(0));
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
