//! What a token is made of: header, claims, and how both are read with mistrust.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::sessions::{Claims, SessionId, TokenFault, TokenKind};
use domain::time::Timestamp;
use domain::users::UserId;
use jsonwebtoken::errors::{Error, ErrorKind};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::JwtOptions;

/// The longest token that is looked at; ours are shorter than 700 bytes.
pub(super) const MAX_BYTES: usize = 4096;

/// How far the clock of the node that signed may run ahead of ours. Without it a token would be
/// refused by the next node for a moment. `exp` has no leeway.
const CLOCK_SKEW: Duration = Duration::from_secs(30);

/// All members that a header may have. `jku`, `jwk`, `x5u`, `crit`, `b64`, `zip` and the like make
/// it one that we never wrote.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireHeader {
    pub(super) alg: String,
    pub(super) kid: String,
    pub(super) typ: Option<String>,
}

/// The claims. Times are whole seconds since 1970: a fraction, a string or a sign is no time.
#[derive(Serialize, Deserialize)]
pub(super) struct WireClaims {
    iss: String,
    aud: String,
    sub: Uuid,
    sid: Uuid,
    jti: Uuid,
    iat: u64,
    nbf: u64,
    exp: u64,
}

/// What a token says whose signature, issuer and audience were verified: all that remains to be asked
/// is the time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Proven {
    sub: Uuid,
    sid: Uuid,
    jti: Uuid,
    iat: u64,
    nbf: u64,
    exp: u64,
}

impl From<WireClaims> for Proven {
    fn from(claims: WireClaims) -> Self {
        let WireClaims { sub, sid, jti, iat, nbf, exp, iss: _, aud: _ } = claims;
        Self { sub, sid, jti, iat, nbf, exp }
    }
}

/// The `typ` of a kind of token.
pub(super) fn typ(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Access => "at+jwt",
        TokenKind::Refresh => "rt+jwt",
    }
}

impl WireHeader {
    /// The header of what has the outer form of a token. Nothing in it is proven yet.
    pub(super) fn read(token: &str) -> Result<Self, TokenFault> {
        if token.len() > MAX_BYTES {
            return Err(TokenFault::Malformed);
        }
        let mut segments = token.split('.').map(|segment| URL_SAFE_NO_PAD.decode(segment));
        let (Some(Ok(header)), Some(Ok(payload)), Some(Ok(_)), None) =
            (segments.next(), segments.next(), segments.next(), segments.next())
        else {
            return Err(TokenFault::Malformed);
        };
        // Members that nobody reads are skipped as they are: that all is text is looked at here.
        let (Ok(header), Ok(_)) = (str::from_utf8(&header), str::from_utf8(&payload)) else {
            return Err(TokenFault::Malformed);
        };
        serde_json::from_str(header).map_err(|error| json_fault(&error, TokenFault::BadSignature))
    }
}

impl WireClaims {
    /// `None` when a time lies before 1970.
    pub(super) fn write(claims: &Claims, options: &JwtOptions) -> Option<Self> {
        let issued_at = u64::try_from(claims.issued_at.seconds()).ok()?;
        Some(Self {
            iss: options.issuer.clone(),
            aud: options.audience.clone(),
            sub: claims.user_id.0,
            sid: claims.session_id.0,
            jti: claims.token_id,
            iat: issued_at,
            nbf: issued_at,
            exp: u64::try_from(claims.expires_at.seconds()).ok()?,
        })
    }
}

impl Proven {
    /// The claims, if they hold at `now`: from `nbf` on (less the clock skew), and before `exp`.
    pub(super) fn claims_at(&self, kind: TokenKind, now: Timestamp) -> Result<Claims, TokenFault> {
        let moment = |seconds| timestamp(seconds).ok_or(TokenFault::WrongKind);
        let (issued_at, begins_at, expires_at) =
            (moment(self.iat)?, moment(self.nbf)?, moment(self.exp)?);
        let begun = now.plus(CLOCK_SKEW);
        if begun < issued_at || begun < begins_at || now >= expires_at {
            return Err(TokenFault::Expired);
        }
        Ok(Claims {
            kind,
            user_id: UserId(self.sub),
            session_id: SessionId(self.sid),
            token_id: self.jti,
            issued_at,
            expires_at,
        })
    }
}

fn timestamp(seconds: u64) -> Option<Timestamp> {
    i64::try_from(seconds).ok()?.checked_mul(1_000_000).and_then(Timestamp::from_micros)
}

/// What the library's refusal means.
pub(super) fn fault(error: &Error) -> TokenFault {
    let kind = error.kind();
    // The library verifies the signature before it reads any claim.
    let about_claims = matches!(
        kind,
        ErrorKind::MissingRequiredClaim(_)
            | ErrorKind::InvalidClaimFormat(_)
            | ErrorKind::InvalidIssuer
            | ErrorKind::InvalidAudience
            | ErrorKind::InvalidSubject
    );
    if let ErrorKind::Json(error) = kind {
        return json_fault(error, TokenFault::WrongKind);
    }
    if about_claims { TokenFault::WrongKind } else { TokenFault::BadSignature }
}

/// Not JSON at all, or JSON of another shape.
fn json_fault(error: &serde_json::Error, other_shape: TokenFault) -> TokenFault {
    if error.is_data() { other_shape } else { TokenFault::Malformed }
}
