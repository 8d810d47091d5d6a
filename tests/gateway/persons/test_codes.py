"""Codes: which step of the time one belongs to, and who can read a secret."""

from __future__ import annotations

import pyotp
import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from gateway.persons.codes import Codes, address_of, new_secret

SECRET = new_secret()
CODES = Codes(b"pepper")
SEALED = CODES.seal(SECRET, "per_1")
NOW = 1_800_000_000


def test_the_codes_are_those_of_rfc_6238() -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    sealed = CODES.seal(secret, "per_1")
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        assert CODES.find_step(sealed, "per_1", code, seconds) == seconds // 30


@pytest.mark.parametrize(
    ("steps_aside", "is_good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_clock_may_be_half_a_minute_off(steps_aside: int, is_good: bool) -> None:
    code = pyotp.TOTP(SECRET).at(NOW, counter_offset=steps_aside)
    step = CODES.find_step(SEALED, "per_1", code, NOW)
    assert step == (NOW // 30 + steps_aside if is_good else None)


def test_who_has_no_code_generator_has_no_code() -> None:
    assert CODES.find_step(None, "per_1", "000000", NOW) is None


def test_a_sealed_secret_is_unreadable_and_nobody_elses() -> None:
    assert SECRET.encode() not in SEALED
    for codes, person_id in ((CODES, "per_2"), (Codes(b"another"), "per_1")):
        with pytest.raises(InvalidTag):
            codes.find_step(SEALED, person_id, "000000", NOW)


@given(st.emails())
def test_what_the_generator_reads_says_whose_it_is(email: str) -> None:
    read = pyotp.parse_uri(address_of(SECRET, email))
    assert (read.secret, read.issuer, read.name) == (SECRET, "Steward", email)
