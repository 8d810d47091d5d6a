"""Which of an account's addresses and people goods go to, on a day. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol, TypeVar

from kernel.refusals import Invalid

KINDS = ("shipping", "legal", "billing")  # which addresses goods go to, the best first
SHIPPING = "shipping"
PARTS = (
    *("recipient", "lines", "country", "country_name"),
    *("street", "district", "city", "region", "postal_code"),
)


class Person(Protocol):
    """A contact, as far as it matters here."""

    @property
    def name(self) -> str: ...
    @property
    def roles(self) -> list[str]: ...
    @property
    def valid_from(self) -> date | None: ...
    @property
    def valid_to(self) -> date | None: ...


Contact = TypeVar("Contact", bound=Person)


def choose_address(told: Iterable[Mapping[str, Any]], *, on: date) -> dict[str, Any] | None:
    """Where goods go on that day: where the account wants them, else its seat, else where its bills go;
    of several the one that began last, then the first by its lines. None where none is valid."""
    valid = [one for one in told if one["kind"] in KINDS and _is_valid(one, on=on)]
    if not valid:
        return None
    best = min((one["kind"] for one in valid), key=KINDS.index)
    of_kind = sorted((one for one in valid if one["kind"] == best), key=lambda one: one["lines"])
    return place_of(max(of_kind, key=lambda one: str(one["valid_from"])))


def address_named(
    told: Sequence[Mapping[str, Any]], address_id: str, *, on: date
) -> dict[str, Any]:
    """That address of the account; Invalid where it has none such on that day."""
    for one in told:
        if one["address_id"] == address_id and _is_valid(one, on=on):
            return place_of(one)
    valid = [one for one in told if _is_valid(one, on=on)]
    known = "; ".join(f"{one['address_id']} ({', '.join(one['lines'])})" for one in valid[:5])
    raise Invalid(
        "delivery_address_unknown",
        f"The account has no address {address_id} on {on}. "
        + (f"It has {known}." if known else "It has none; give a delivery_address."),
        field="delivery_address_id",
    )


def place_of(one: Mapping[str, Any]) -> dict[str, Any]:
    """An address as an order keeps it, whether it was told or given by hand."""
    place = {name: one.get(name) for name in PARTS}
    return place | {
        "street": place["street"] or [],
        "country_name": place["country_name"] or place["country"],
    }


def choose_contact(contacts: Iterable[Contact], *, on: date) -> Contact | None:
    """Who takes goods in on that day: the first by name of those it is the role of."""
    takers = [one for one in contacts if SHIPPING in one.roles and is_there(one, on=on)]
    return min(takers, key=lambda one: one.name, default=None)


def require_contact(contact: Contact | None, *, contact_id: str, on: date) -> Contact:
    """The contact whom somebody named; Invalid where the account has no such one on that day."""
    if contact is None or not is_there(contact, on=on):
        raise Invalid(
            "delivery_contact_unknown",
            f"The account has no contact {contact_id} on {on}; name one of its own, give a name as "
            "delivery_contact, or leave both out.",
            field="delivery_contact_id",
        )
    return contact


def is_there(person: Person, *, on: date) -> bool:
    """Whether a contact is valid on that day."""
    begun = person.valid_from is None or person.valid_from <= on
    return begun and (person.valid_to is None or on <= person.valid_to)


def _is_valid(one: Mapping[str, Any], *, on: date) -> bool:
    day = on.isoformat()
    return one["valid_from"] <= day and (one["valid_to"] is None or day <= one["valid_to"])
