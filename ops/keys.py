"""The secrets of one instance: what the gateway signs with, and the key of its administrator."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ops.secrets import remember


@dataclass(frozen=True)
class Keys:
    """The gateway's key pair (PEM) and what it peppers API keys with (hex)."""

    signing_key: str
    public_key: str
    pepper: str


def load_keys(folder: Path) -> Keys:
    """Return the keys kept in a folder, made at first use."""
    pem = remember(folder / "signing_key.pem", _make_signing_key)
    private = serialization.load_pem_private_key(pem.encode(), password=None)
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return Keys(
        signing_key=pem,
        public_key=public.decode(),
        pepper=remember(folder / "pepper", lambda: secrets.token_hex(32)),
    )


def _make_signing_key() -> str:
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return pem.decode()
