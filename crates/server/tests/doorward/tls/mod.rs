//! TLS in the process itself, from outside: handshakes, replies and renewal.

mod files;

use std::fs::{self, Permissions};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::version::{TLS12, TLS13};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion,
};

use crate::command::Folder;
use crate::server::{Server, status};

const FILES: [(&str, &str); 2] =
    [("DOORWARD__SERVER__TLS_CERT", "tls.pem"), ("DOORWARD__SERVER__TLS_KEY", "tls.key")];
/// Changed files are looked at every few seconds.
const PATIENCE: Duration = Duration::from_secs(60);
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
    let suites = [0xc0, 0x13, 0xc0, 0x14, 0xc0, 0x2b, 0x00, 0x2f];
    let mut body = vec![3, minor];
    body.extend([7; 32]);
    body.extend([0, 0, 8]);
    body.extend(suites);
    body.extend([1, 0]);
    // Two extensions: the curve P-256, and signatures by it.
    body.extend([0, 16, 0, 10, 0, 4, 0, 2, 0, 23, 0, 13, 0, 4, 0, 2, 4, 3]);
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
    // The same hello, but of TLS 1.2, is answered by a handshake.
    let mut stream = server.connect().unwrap();
    stream.write_all(&hello(3)).unwrap();
    let mut first = [0; 1];
    stream.read_exact(&mut first).unwrap();
    assert_eq!(first, [22]);
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
    let file = fs::File::create(folder.path().join("log")).unwrap();
    let server = Server::start_with(&folder, &FILES, Stdio::from(file));
    let log = || fs::read_to_string(folder.path().join("log")).unwrap();
    let since = Instant::now();
    // The certificate alone, as while a renewal is under way: the old pair stays.
    folder.write("tls.pem", &second.pem);
    while !log().contains("the renewed certificate cannot be used") {
        assert!(connect(&server, &first.der, &BOTH).is_ok());
        assert!(since.elapsed() < PATIENCE, "the files are not looked at");
    }
    write_key(&folder, &second.key);
    while connect(&server, &second.der, &BOTH).is_err() {
        assert!(since.elapsed() < PATIENCE, "the new one is not shown");
    }
    assert!(connect(&server, &first.der, &BOTH).is_err());
    // Lines are gathered for a moment before they are written.
    while !log().contains("a renewed certificate is in use") {
        assert!(since.elapsed() < PATIENCE, "{}", log());
    }
    let log = log();
    // Once for each reason; one more where a file was read while it was being written.
    assert!(log.matches("the renewed certificate cannot be used").count() <= 2, "{log}");
    assert_eq!(server.stop().0, Some(0));
}
