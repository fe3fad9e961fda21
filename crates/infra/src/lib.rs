//! Adapters behind the ports of the domain: databases, password hashes, tokens, secrets, TLS, the clock.

pub mod bcrypt;
pub mod blobs;
pub mod cache;
pub mod courier;
pub mod db;
pub mod doorbell;
pub mod jwt;
pub mod keys;
pub mod local_throttle;
pub mod pause;
pub mod pictures;
mod private_file;
pub mod sealer;
pub mod secrets;
pub mod security_log;
pub mod sole;
pub mod stores;
pub mod system;
pub mod tls;
