"""Codes of six digits that a code generator shows for half a minute each (TOTP, RFC 6238)."""

from __future__ import annotations

import hmac

import pyotp

from gateway.sealing import Seal

STEP_SECONDS = 30
STEPS_ASIDE = 1  # that a clock may be slow or fast, and a person slow to type
ISSUER = "Steward"


class Codes:
    """The secrets that people's code generators share with the gateway, which keeps them sealed."""

    def __init__(self, pepper: bytes) -> None:
        self._seal = Seal(pepper, b"steward code generators")

    def seal(self, secret: str, person_id: str) -> bytes:
        """What is kept of a person's secret."""
        return self._seal.close(secret.encode(), person_id)

    def find_step(
        self, sealed: bytes | None, person_id: str, code: str, unix_seconds: float
    ) -> int | None:
        """The step of the time that the code belongs to; None where it is none of those about now."""
        if sealed is None:
            return None
        generator = pyotp.TOTP(self._seal.open(sealed, person_id).decode(), interval=STEP_SECONDS)
        now = int(unix_seconds) // STEP_SECONDS
        steps = range(now - STEPS_ASIDE, now + STEPS_ASIDE + 1)
        found = [one for one in steps if hmac.compare_digest(generator.generate_otp(one), code)]
        return max(found, default=None)


def new_secret() -> str:
    """A new secret of 160 bits, in base 32."""
    return pyotp.random_base32()


def address_of(secret: str, email: str) -> str:
    """What a code generator reads, mostly as a QR code: otpauth://totp/…"""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)
