"""Which contacts can be reached when, and what a phone number is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from kernel.calendar import require_foreseeable
from kernel.refusals import Conflict, Invalid

Phone = Mapping[str, str]
"""A number of a contact: its `kind`, and the `number` in E.164."""

# Signs that a number may have where it was copied from, and what they mean.
_COPIED = {
    **dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f"), " "),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-"),
}

# The signs of which a number is written; a plus begins its country code.
WRITTEN = "[ ()./-]*[+]?[ ()./-]*[0-9][0-9 ()./-]{2,}"


class PhoneKind(StrEnum):
    """Where a number rings."""

    OFFICE = "office"
    MOBILE = "mobile"
    HOME = "home"
    OTHER = "other"


def read_phone(text: str, *, country: str | None, field: str) -> str:
    """A phone number in E.164, +49301234567, as it is written in a country (ISO 3166-1) or with its own
    country code; Invalid with an example where it is none. Numbering plans grow: of a number with its
    country code only the length must be right. One without must be in the country's plan: it may well be
    of another country."""
    number = _parse(text, country)
    if number is None:
        detail = f"There is no such phone number; write it {_how_to_write(country)}."
        raise Invalid("phone_unknown", detail, field=field)
    return _write(number, PhoneNumberFormat.E164)


def merge_phones(
    known: Sequence[Phone], sent: Mapping[str, Any], *, country: str
) -> dict[str, Any]:
    """A contact's numbers and the first of them, after `phones` was sent, which are all, or `phone`, for
    the place of the first. What is known already stays as it is."""
    if sent.get("phones") is not None:
        phones = _read_all(sent["phones"], known, country)
    elif sent.get("phone") is not None:
        kind = known[0]["kind"] if known else PhoneKind.OFFICE
        number = _read(sent["phone"], known, country, field="phone")
        others = [one for one in known[1:] if one["number"] != number]
        phones = [_phone(kind, number), *others]
    else:
        phones = [*known[1:]]
    first = phones[0]["number"] if phones else None
    if sent.get("phone") and first != _read(sent["phone"], known, country, field="phone"):
        detail = "`phone` is the first of `phones`: send one of them, or the same number in both."
        raise Invalid("phone_differs", detail, field="phone")
    return {"phone": first, "phones": phones}


def require_reachable(*, email: str | None, phone: str | None) -> None:
    """Refuse a contact who cannot be reached."""
    if not email and not phone:
        raise Invalid("unreachable", "Give an e-mail address or a phone number.", field="email")


def require_period(*, valid_from: date, valid_to: date | None, today: date) -> None:
    """Refuse a time that ends before it begins, or begins or ends too far ahead."""
    require_foreseeable(valid_from, today=today, field="valid_from")
    if valid_to is not None and valid_to < valid_from:
        raise Invalid(
            "ends_before_it_begins",
            f"The contact is valid from {valid_from}; name that day or a later one.",
            field="valid_to",
        )
    if valid_to is not None:
        require_foreseeable(valid_to, today=today, field="valid_to")


def require_not_ended(*, name: str, valid_to: date | None, today: date) -> None:
    """Refuse to change a contact whose time is over: it is history."""
    if valid_to is not None and valid_to < today:
        raise Conflict("contact_ended", f"{name} ended on {valid_to}; add a new contact.")


def _read_all(
    sent: Sequence[Mapping[str, Any]], known: Sequence[Phone], country: str
) -> list[Phone]:
    phones: list[Phone] = []
    for place, one in enumerate(sent):
        field = f"phones/{place}/number"
        number = _read(one["number"], known, country, field=field)
        if any(number == other["number"] for other in phones):
            raise Invalid("phone_twice", f"{number} is there already; give it once.", field=field)
        phones.append(_phone(one["kind"], number))
    return phones


def _read(text: str, known: Sequence[Phone], country: str, *, field: str) -> str:
    is_known = any(one["number"] == text for one in known)
    return text if is_known else read_phone(text, country=country, field=field)


def _phone(kind: str, number: str) -> Phone:
    return {"kind": str(kind), "number": number}


def _parse(text: str, country: str | None) -> PhoneNumber | None:
    text = text.translate(_COPIED)
    if not re.fullmatch(WRITTEN, text):
        return None
    try:
        number = phonenumbers.parse(text, country)
    except NumberParseException:
        return None
    has_code = "+" in text and phonenumbers.is_possible_number(number)
    return number if has_code or phonenumbers.is_valid_number(number) else None


def _how_to_write(country: str | None) -> str:
    example = phonenumbers.example_number(country) if country else None
    if example is None:
        return "with its country code, like +49 30 123456"
    at_home = _write(example, PhoneNumberFormat.NATIONAL)
    return f"like {at_home} or {_write(example, PhoneNumberFormat.INTERNATIONAL)}"


def _write(number: PhoneNumber, form: int) -> str:
    return str(phonenumbers.format_number(number, form))
