"""The token of a call: it vouches for this one call to this one service, and another library reads it."""

from __future__ import annotations

import hmac
import json
from dataclasses import replace
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from kernel import rpc
from kernel.callers import Caller
from kernel.refusals import TooLate, Unauthenticated

SECRET = b"0123456789abcdef0123456789abcdef"
KEY = rpc.derive_key(SECRET, "billing")
NOW = 1_800_000_000.0
BODY = b'{"args":[],"kwargs":{"amount":5}}'
VOUCHER = rpc.Voucher(
    call_id="gate-1",
    address="billing.record_payment",
    caller=Caller("key_1", frozenset({"billing:write"}), frozenset({"acc_1", "acc_2"})),
    request_id="req_1",
    deadline=NOW + 15,
    command_id="once",
    if_match=3,
)


def make_token(voucher: rpc.Voucher = VOUCHER, body: bytes = BODY, key: bytes = KEY) -> str:
    return rpc.seal(key, json.dumps(rpc.write_claims(voucher, body)).encode())


def read(token: str, key: bytes = KEY, **changes: Any) -> rpc.Voucher:
    call = {"address": VOUCHER.address, "call_id": VOUCHER.call_id, "body": BODY, "now": NOW}
    return rpc.read_claims(json.loads(rpc.unseal(key, token)), **{**call, **changes})


def test_what_the_gateway_vouches_for_is_what_the_service_reads() -> None:
    assert read(make_token()) == VOUCHER
    bare = replace(
        VOUCHER, caller=Caller("key_2", frozenset({"*"})), command_id=None, if_match=None
    )
    assert read(make_token(bare)) == bare


def test_a_person_behind_the_call_is_named_in_it() -> None:
    voucher = replace(VOUCHER, caller=Caller("stf_1", frozenset({"*"}), staff_id="stf_1"))
    assert read(make_token(voucher)) == voucher


def test_a_token_that_says_nothing_of_a_person_names_none() -> None:
    claims = rpc.write_claims(VOUCHER, BODY)
    del claims["staff"]  # as from a gateway that is older than the service
    older = rpc.seal(KEY, json.dumps(claims).encode())
    assert read(older).caller.staff_id is None


@pytest.mark.parametrize(
    "changes",
    [
        {"address": "billing.refund_payment"},
        {"address": "sales.record_payment"},
        {"call_id": "gate-2"},
        {"body": BODY.replace(b"5", b"6")},
        {"body": b""},
    ],
)
def test_a_token_is_good_for_no_other_call(changes: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated, match="another call"):
        read(make_token(), **changes)


def test_a_token_is_worth_nothing_after_the_deadline() -> None:
    assert read(make_token(), now=VOUCHER.deadline) == VOUCHER
    with pytest.raises(TooLate):
        read(make_token(), now=VOUCHER.deadline + 0.01)


@given(st.integers(0, len(make_token()) - 1), st.characters())
def test_a_token_with_one_character_changed_is_none(place: int, character: str) -> None:
    token = make_token()
    changed = token[:place] + character + token[place + 1 :]
    if changed != token:
        with pytest.raises(Unauthenticated):
            rpc.unseal(KEY, changed)


@pytest.mark.parametrize("token", ["", ".", "..", "x.y.z", "\ud800", "é" * 50, make_token()[:-1]])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(Unauthenticated):
        rpc.unseal(KEY, token)


@pytest.mark.parametrize("algorithm", ["none", "HS512"])
def test_no_other_algorithm_is_taken_even_under_the_right_key(algorithm: str) -> None:
    head = json.dumps({"alg": algorithm, "typ": "steward+jwt"}).encode()
    signed = rpc._encode(head) + b"." + rpc._encode(b"{}")
    signature = rpc._encode(hmac.digest(KEY, signed, "sha256"))
    with pytest.raises(Unauthenticated):
        rpc.unseal(KEY, (signed + b"." + signature).decode())


def test_a_service_cannot_vouch_for_calls_to_another() -> None:
    token = make_token(key=rpc.derive_key(SECRET, "sales"))
    with pytest.raises(Unauthenticated):
        read(token)


@pytest.mark.parametrize("service", ["accounts", "billing", "a_new_one"])
def test_the_keys_are_those_of_rfc_5869(service: str) -> None:
    info = b"steward calls " + service.encode()
    theirs = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(SECRET)
    assert rpc.derive_key(SECRET, service) == theirs


def test_another_library_reads_the_token_and_writes_one_that_is_read() -> None:
    claims = jwt.decode(
        make_token(),
        KEY,
        algorithms=["HS256"],
        audience=VOUCHER.address,
        issuer="steward-gateway",
        options={"verify_exp": False, "require": ["exp", "jti", "sub"]},
    )
    assert claims == rpc.write_claims(VOUCHER, BODY)
    header = {"alg": "HS256", "typ": "steward+jwt"}
    theirs = jwt.encode(claims, KEY, algorithm="HS256", headers=header)
    assert read(theirs) == VOUCHER
