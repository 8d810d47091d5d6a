"""An issuer of id tokens: its keys, its JWK set on the loopback, and tokens, right and wrong ones."""

from __future__ import annotations

import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

NAME = "https://login.firm.example"
AUDIENCE = "steward-desk"


class Issuer:
    """Signs what a test tells it to; counts how often it is asked for its keys."""

    def __init__(self) -> None:
        self.keys: dict[str, Any] = {
            "rsa": rsa.generate_private_key(65537, 2048),
            "ec": ec.generate_private_key(ec.SECP256R1()),
        }
        self.more_keys: list[dict[str, Any]] = []
        self.times_asked = 0
        self.status = 200
        issuer = self

        class Answering(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.times_asked += 1
                self.send_response(issuer.status)
                self.end_headers()
                self.wfile.write(json.dumps({"keys": issuer.published()}).encode())

            def log_message(self, *_: Any) -> None:
                """Tell nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self.url = f"http://127.0.0.1:{self._server.server_port}/keys"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def environment(self) -> dict[str, str]:
        """What makes a gateway believe it."""
        return {
            "STEWARD_OIDC_ISSUER": NAME,
            "STEWARD_OIDC_AUDIENCE": AUDIENCE,
            "STEWARD_OIDC_JWKS": self.url,
        }

    def published(self) -> list[dict[str, Any]]:
        """The public keys."""
        found = []
        for name, key in self.keys.items():
            kind = RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else ECAlgorithm
            public = kind.to_jwk(key.public_key(), as_dict=True)
            found.append({**public, "kid": name, "use": "sig"})
        return [*found, *self.more_keys]

    def public_pem(self) -> bytes:
        """What everybody knows of the RSA key: the secret of whoever confuses RS256 with HS256."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        public = self.keys["rsa"].public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Those of a good token; None takes one away."""
        now = int(time.time())
        good = {
            "iss": NAME,
            "aud": AUDIENCE,
            "sub": "ada-1",
            "exp": now + 300,
            "iat": now,
            "nonce": secrets.token_hex(16),
            "jti": secrets.token_hex(8),
        }
        return {name: value for name, value in {**good, **changes}.items() if value is not None}

    def sign(
        self, claims: dict[str, Any], key: str = "rsa", algorithm: str = "RS256", **header: Any
    ) -> str:
        """A token."""
        headers = {"kid": key, **header}
        return jwt.encode(claims, self.keys[key], algorithm=algorithm, headers=headers)

    def stop(self) -> None:
        """Answer nobody any more."""
        self._server.shutdown()
        self._server.server_close()
