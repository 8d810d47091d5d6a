"""Signing in with an id token: only the issuer's word, to us, of now, once, and about whom we invited."""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Callable
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from kernel.ids import new_id
from tests.gateway.fake_service import FakeService
from tests.gateway.persons.issuing import AUDIENCE, NAME, Issuer
from tests.gateway.persons.somebody import invite, make_address, make_email
from tests.gateway.running_gateway import RunningGateway

pytestmark = pytest.mark.server

Answered = tuple[int, str]


def sign_in(
    gateway: RunningGateway, token: str, nonce: str, headers: dict[str, str] | None = None
) -> httpx.Response:
    whence = {**make_address(), **(headers or {})}
    sent = {"id_token": token, "nonce": nonce}
    return httpx.post(f"{gateway.url}/v1/sessions", json=sent, headers=whence, timeout=30)


def outcome(answer: httpx.Response) -> Answered:
    return answer.status_code, answer.json().get("code", "")


class Visitor:
    """Somebody whom the issuer knows under a subject of this test's own."""

    def __init__(self, gateway: RunningGateway, issuer: Issuer) -> None:
        self.gateway, self.issuer = gateway, issuer
        self.subject = secrets.token_hex(8)

    def claims(self, **changes: Any) -> dict[str, Any]:
        return self.issuer.claims(**{"sub": self.subject, **changes})

    def come(self, **changes: Any) -> httpx.Response:
        claims = self.claims(**changes)
        return sign_in(self.gateway, self.issuer.sign(claims), claims["nonce"])


@pytest.fixture
def visitor(gateway: RunningGateway, issuer: Issuer) -> Visitor:
    return Visitor(gateway, issuer)


@pytest.fixture
def ada(client: httpx.Client, visitor: Visitor) -> dict[str, Any]:
    """A person to whom the visitor's login is linked."""
    person = invite(client, staff_id=new_id("stf"))
    answer = visitor.come(email=person["email"], email_verified=True)
    assert answer.status_code == 201, answer.text
    return person


def test_who_is_invited_signs_in_by_a_verified_e_mail_and_then_by_issuer_and_subject(
    client: httpx.Client, visitor: Visitor, ada: dict[str, Any], things: FakeService
) -> None:
    again = visitor.come(email=make_email(), email_verified=False)
    assert again.status_code == 201
    assert (again.json()["way"], again.json()["person_id"]) == ("id_token", ada["person_id"])
    with visitor.gateway.client(again.json()["token"]) as session:
        assert session.get("/v1/things").status_code == 200
    assert things.received[-1].vouched.caller.subject == ada["staff_id"]
    shown = client.get(f"/v1/persons/{ada['person_id']}").json()
    assert (shown["issuers"], shown["has_password"]) == ([NAME], False)


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_the_issuer_may_sign_with_any_of_its_keys(
    ada: dict[str, Any], visitor: Visitor, issuer: Issuer, algorithm: str
) -> None:
    claims = visitor.claims(aud=[AUDIENCE, "another"], azp=AUDIENCE)
    token = issuer.sign(claims, {"RS256": "rsa", "ES256": "ec"}[algorithm], algorithm)
    assert sign_in(visitor.gateway, token, claims["nonce"]).status_code == 201


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "nobody@firm.example", "email_verified": True},
        {"email": "@invited", "email_verified": False},
        {"email": "@invited", "email_verified": "true"},
        {"email": "@invited"},
        {},
    ],
)
def test_nobody_else_signs_in(
    client: httpx.Client, visitor: Visitor, changes: dict[str, Any]
) -> None:
    invited = invite(client)["email"]
    meant = {name: invited if value == "@invited" else value for name, value in changes.items()}
    assert outcome(visitor.come(**meant)) == (403, "not_invited")


def test_an_address_that_the_issuer_has_given_to_another_is_not_theirs_here(
    ada: dict[str, Any], gateway: RunningGateway, issuer: Issuer
) -> None:
    successor = Visitor(gateway, issuer)
    answer = successor.come(email=ada["email"], email_verified=True)
    assert outcome(answer) == (403, "not_invited")


def test_who_is_kept_out_does_not_come_in_by_a_token_either(
    client: httpx.Client, visitor: Visitor, ada: dict[str, Any]
) -> None:
    client.post(f"/v1/persons/{ada['person_id']}/deactivate")
    assert outcome(visitor.come()) == (401, "sign_in_refused")


def test_a_token_is_good_once_but_a_repeat_is_answered_alike(
    visitor: Visitor, ada: dict[str, Any], issuer: Issuer
) -> None:
    claims = visitor.claims()
    token, under = issuer.sign(claims), {"Idempotency-Key": new_id("idm")}
    first, again = (sign_in(visitor.gateway, token, claims["nonce"], under) for _ in range(2))
    assert first.json()["token"] == again.json()["token"]
    other = sign_in(visitor.gateway, token, claims["nonce"])
    assert outcome(other) == (401, "id_token_used")


NOW = int(time.time())
WRONG_CLAIMS = {
    "another issuer": {"iss": "https://evil.example"},
    "an issuer with a slash": {"iss": f"{NAME}/"},
    "no issuer": {"iss": None},
    "for another": {"aud": "another"},
    "for others": {"aud": ["another", "a third"]},
    "for nobody": {"aud": None},
    "for us too, but asked for by nobody": {"aud": [AUDIENCE, "another"]},
    "for us too, but asked for by another": {"aud": [AUDIENCE, "another"], "azp": "another"},
    "for us, but asked for by another": {"azp": "another"},
    "over": {"exp": NOW - 3600, "iat": NOW - 7200},
    "over for ever": {"exp": 0},
    "without an end": {"exp": None},
    "with an end that is none": {"exp": "tomorrow"},
    "without end": {"exp": 10**30},
    "made tomorrow": {"iat": NOW + 86400},
    "made never": {"iat": None},
    "not yet": {"nbf": NOW + 86400},
    "about nobody": {"sub": None},
    "about nothing": {"sub": ""},
    "about a number": {"sub": 17},
    "about somebody with a very long name": {"sub": "s" * 256},
    "without a nonce": {"nonce": None},
    "with a nonce that is none": {"nonce": 17},
}


@pytest.mark.parametrize("changes", WRONG_CLAIMS.values(), ids=WRONG_CLAIMS.keys())
def test_a_token_that_says_anything_else_is_refused(
    visitor: Visitor, ada: dict[str, Any], issuer: Issuer, changes: dict[str, Any]
) -> None:
    claims = visitor.claims(**changes)
    nonce = claims.get("nonce", "n" * 32)
    token = issuer.sign(claims)
    answer = sign_in(visitor.gateway, token, nonce if isinstance(nonce, str) else "n" * 32)
    assert outcome(answer) == (401, "id_token_refused")
    assert token not in answer.text


def test_a_token_for_another_sign_in_is_refused(
    visitor: Visitor, ada: dict[str, Any], issuer: Issuer
) -> None:
    token = issuer.sign(visitor.claims())
    assert outcome(sign_in(visitor.gateway, token, "n" * 32)) == (401, "id_token_refused")


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _unsigned(claims: dict[str, Any], issuer: Issuer) -> str:
    return f"{_part({'alg': 'none', 'typ': 'JWT', 'kid': 'rsa'})}.{_part(claims)}."


def _confused(claims: dict[str, Any], issuer: Issuer) -> str:
    """Signed with what everybody knows, as if the public key were a secret."""
    import hashlib
    import hmac

    signed = f"{_part({'alg': 'HS256', 'typ': 'JWT', 'kid': 'rsa'})}.{_part(claims)}"
    mac = hmac.digest(issuer.public_pem(), signed.encode(), hashlib.sha256)
    return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def _by_a_stranger(claims: dict[str, Any], issuer: Issuer) -> str:
    key = rsa.generate_private_key(65537, 2048)
    return jwt.encode(claims, key, "RS256", headers={"kid": "rsa"})


def _with_its_own_key(claims: dict[str, Any], issuer: Issuer) -> str:
    key = rsa.generate_private_key(65537, 2048)
    own = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    header = {"kid": "rsa", "jwk": own, "jku": "https://evil.example/keys"}
    return jwt.encode(claims, key, "RS256", headers=header)


def _by_a_published_secret(claims: dict[str, Any], issuer: Issuer) -> str:
    return jwt.encode(claims, "s" * 64, "HS256", headers={"kid": "shared"})


def _changed(claims: dict[str, Any], issuer: Issuer) -> str:
    head, _, signature = issuer.sign(claims).split(".")
    return f"{head}.{_part({**claims, 'email': 'x@y.example'})}.{signature}"


FORGED: dict[str, Callable[[dict[str, Any], Issuer], str]] = {
    "unsigned": _unsigned,
    "signed with the public key as a secret": _confused,
    "signed by a stranger": _by_a_stranger,
    "with a key of its own": _with_its_own_key,
    "signed with a secret that stands in the JWK set": _by_a_published_secret,
    "changed": _changed,
    "an access token": lambda claims, issuer: issuer.sign(claims, typ="at+jwt"),
    "a logout token": lambda claims, issuer: issuer.sign(claims, typ="logout+jwt"),
    "with a hash that the key is not for": lambda claims, issuer: issuer.sign(
        claims, algorithm="RS512"
    ),
    "with what must be understood": lambda claims, issuer: issuer.sign(
        claims, crit=["exp-x"], **{"exp-x": 1}
    ),
    "by another key of the issuer": lambda claims, issuer: jwt.encode(
        claims, issuer.keys["ec"], "ES256", headers={"kid": "rsa"}
    ),
    "by a key without a name": lambda claims, issuer: jwt.encode(
        claims, issuer.keys["rsa"], "RS256"
    ),
    "nonsense": lambda claims, issuer: "e30.e30.e30",
    "nothing in base 64": lambda claims, issuer: "a.b.c",
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
def test_a_forged_token_is_refused(
    visitor: Visitor,
    ada: dict[str, Any],
    issuer: Issuer,
    forge: Callable[[dict[str, Any], Issuer], str],
) -> None:
    claims = visitor.claims()
    answer = sign_in(visitor.gateway, forge(claims, issuer), claims["nonce"])
    assert outcome(answer) == (401, "id_token_refused")


def test_unknown_keys_however_many_are_looked_for_at_most_once_a_minute(
    make_door: Callable[..., RunningGateway], issuer: Issuer, visitor: Visitor, ada: dict[str, Any]
) -> None:
    fresh = make_door()
    before = issuer.times_asked
    for number in range(30):
        claims = visitor.claims()
        token = issuer.sign(claims, kid=f"unknown-{number}")
        assert outcome(sign_in(fresh, token, claims["nonce"])) == (401, "id_token_refused")
    assert issuer.times_asked == before + 1
    claims = visitor.claims()
    assert sign_in(fresh, issuer.sign(claims), claims["nonce"]).status_code == 201
    assert issuer.times_asked == before + 1
    fresh.stop()


def test_while_the_issuer_is_away_nobody_is_refused_for_good(
    make_door: Callable[..., RunningGateway], visitor: Visitor, ada: dict[str, Any]
) -> None:
    away = make_door(STEWARD_OIDC_JWKS="http://127.0.0.1:9/keys")
    claims = visitor.claims()
    token = visitor.issuer.sign(claims)
    answer = sign_in(away, token, claims["nonce"])
    assert outcome(answer) == (503, "issuer_unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    away.stop()


def test_a_gateway_that_knows_no_issuer_says_so(
    make_door: Callable[..., RunningGateway], issuer: Issuer
) -> None:
    names = ("STEWARD_OIDC_ISSUER", "STEWARD_OIDC_AUDIENCE", "STEWARD_OIDC_JWKS")
    alone = make_door(**dict.fromkeys(names, ""))
    claims = issuer.claims()
    answer = sign_in(alone, issuer.sign(claims), claims["nonce"])
    assert outcome(answer) == (422, "issuer_unknown")
    assert answer.json()["errors"][0]["pointer"] == "/id_token"
    alone.stop()


def test_of_many_sessions_the_oldest_end(visitor: Visitor, ada: dict[str, Any]) -> None:
    tokens = [visitor.come().json()["token"] for _ in range(21)]
    with visitor.gateway.client(tokens[-1]) as client:
        listed = client.get("/v1/sessions").json()["items"]
    assert [one["status"] for one in listed] == ["revoked"] * 2 + ["active"] * 20
