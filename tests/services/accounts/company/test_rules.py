"""Bank accounts are those whose numbers add up; a company has a seat."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from kernel.refusals import Invalid
from services.accounts.addresses.rules import AddressKind
from services.accounts.company.rules import (
    not_set,
    read_bic,
    read_iban,
    require_answerable,
    require_picture,
    require_seat,
)

IBAN = "DE89370400440532013000"


@pytest.mark.parametrize(
    ("text", "iban"),
    [
        (IBAN, IBAN),
        ("de89 3704 0044 0532 0130 00", IBAN),
        ("GB82 WEST 1234 5698 7654 32", "GB82WEST12345698765432"),
        ("DE89370400440532013001", None),
        ("DE8937040044053201300", None),
        ("XX89370400440532013000", None),
        ("DE00", None),
    ],
)
def test_an_iban_is_one_of_its_country_with_right_digits(text: str, iban: str | None) -> None:
    assert read_iban(text) == iban


@given(st.integers(4, 21), st.integers(1, 9))
def test_one_mistyped_digit_makes_no_iban(place: int, more: int) -> None:
    digit = (int(IBAN[place]) + more) % 10
    assert read_iban(f"{IBAN[:place]}{digit}{IBAN[place + 1 :]}") is None


@pytest.mark.parametrize(
    ("text", "bic"), [("cobadeffxxx", "COBADEFFXXX"), ("COBADEFF", "COBADEFF"), ("COBA1EFF", None)]
)
def test_a_bic_has_its_form(text: str, bic: str | None) -> None:
    assert read_bic(text) == bic


def test_a_company_has_a_seat_and_one_address_of_each_kind() -> None:
    legal, billing = AddressKind.LEGAL, AddressKind.BILLING
    require_seat([legal, billing])
    for kinds in ([billing], [legal, billing, billing]):
        with pytest.raises(Invalid) as refused:
            require_seat(kinds)
        assert refused.value.errors[0]["field"] == "addresses"
    assert "PUT /v1/company" in str(not_set())


def test_what_mail_is_from_can_be_answered_by_all() -> None:
    for address in (None, "us@steward.example", "us@bücher.example"):
        require_answerable(address)
    with pytest.raises(Invalid, match="ASCII"):
        require_answerable("jürgen@steward.example")


def picture(kind: str, *size: int) -> bytes:
    """A picture of one colour."""
    content = BytesIO()
    Image.new("RGB", size, "teal").save(content, kind)
    return content.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_logo_is_a_picture_that_can_be_drawn(kind: str) -> None:
    require_picture(picture(kind, 2000, 40))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (picture("PNG", 2001, 40), "logo_too_large"),
        (picture("JPEG", 40, 2001), "logo_too_large"),
        (picture("PNG", 40, 40)[:60], "logo_unreadable"),
        (picture("PNG", 40, 40).replace(b"IDAT", b"IDAX"), "logo_unreadable"),
        (picture("GIF", 40, 40), "logo_unreadable"),
        (b"", "logo_unreadable"),
    ],
)
def test_what_nobody_can_draw_is_no_logo(content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        require_picture(content)
    assert (refused.value.code, refused.value.errors[0]["field"]) == (code, "logo_file_id")
