//! Adapters behind the ports of the domain: databases, password hashes, tokens, secrets, the clock.

pub mod bcrypt;
pub mod db;
pub mod jwt;
pub mod secrets;
pub mod security_log;
pub mod stores;
pub mod system;
