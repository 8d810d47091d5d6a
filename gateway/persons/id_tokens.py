"""Id tokens (OpenID Connect Core 1.0): whether one is the issuer's word, to us, of now, and of whom."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any, NamedTuple

import jwt

from gateway.keys.authentication import CHALLENGE
from gateway.persons.issuer import ALGORITHMS, IssuerKeys
from gateway.problems import Problem
from gateway.settings import Oidc

LEEWAY_SECONDS = 60
SUBJECT_CHARACTERS_MAX = 255  # OpenID Connect Core 1.0, 2
UNREADABLE = (jwt.PyJWTError, AttributeError, OverflowError, TypeError, ValueError)
NEEDED = ["iss", "sub", "aud", "exp", "iat", "nonce"]


class Identity(NamedTuple):
    """Whom the issuer means; `email` only where it has verified that. `digest` names the token, which is
    worth nothing after `expires_at`."""

    issuer: str
    subject: str
    email: str | None
    digest: bytes
    expires_at: datetime


class IdTokens:
    """Reads the tokens of one issuer."""

    def __init__(self, oidc: Oidc) -> None:
        self._oidc = oidc
        self._keys = IssuerKeys(oidc.keys_url)

    async def read(self, token: str, nonce: str) -> Identity:
        """Problem 401 unless the token is genuine, meant for us, valid now and made for this nonce."""
        try:
            header = jwt.get_unverified_header(token)
            name = header.get("kid")
            if header.get("typ", "JWT").upper() != "JWT" or not isinstance(name, str):
                raise jwt.InvalidTokenError("typ or kid")
            key = await self._keys.find(name)
            if key is None:
                raise jwt.InvalidTokenError("kid")
            claims = self._claims(token, key)
            self._require_meant(claims, nonce)
            return Identity(
                issuer=claims["iss"],
                subject=claims["sub"],
                email=_verified_email(claims),
                digest=hashlib.sha256(token.encode()).digest(),
                expires_at=datetime.fromtimestamp(claims["exp"] + LEEWAY_SECONDS, UTC),
            )
        except UNREADABLE as error:
            raise _refused() from error

    def _claims(self, token: str, key: jwt.PyJWK) -> dict[str, Any]:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,  # whose own algorithm is used, whatever the token says
            algorithms=ALGORITHMS,
            audience=self._oidc.audience,
            issuer=self._oidc.issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": NEEDED},
        )
        return claims

    def _require_meant(self, claims: dict[str, Any], nonce: str) -> None:
        """What PyJWT does not look at (OpenID Connect Core 1.0, 3.1.3.7)."""
        us, audience = self._oidc.audience, claims["aud"]
        is_for_others_too = not isinstance(audience, str) and len(audience) > 1
        if claims.get("azp", None if is_for_others_too else us) != us:
            raise jwt.InvalidTokenError("azp")
        if not 1 <= len(claims["sub"]) <= SUBJECT_CHARACTERS_MAX:
            raise jwt.InvalidTokenError("sub")
        if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
            raise jwt.InvalidTokenError("nonce")


def _verified_email(claims: dict[str, Any]) -> str | None:
    email = claims.get("email")
    is_verified = claims.get("email_verified") is True and isinstance(email, str)
    return email if is_verified else None


def _refused() -> Problem:
    detail = "This id token is not good here, or not any more; sign in with its issuer again."
    challenge = ((b"www-authenticate", CHALLENGE),)
    return Problem(401, "id_token_refused", detail, headers=challenge)
