"""What a lead must say to become an account, and the terms of one that nobody has agreed on yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kernel import grammar
from kernel.addresses import read_address
from kernel.money import is_currency
from kernel.refusals import Invalid
from services.accounts.accounts.rules import COUNTRIES, Channel, ContactRole, Tier, is_time_zone

NAME_MAX, NOTE_MAX, MANY_MAX = 200, 2000, 100
# Until somebody agrees on others, nothing is delivered on credit.
TERMS: Mapping[str, Any] = {"net_days": 0, "credit_limit": 0, "tier": Tier.STANDARD}
Facts = Mapping[str, Any]


def read_profile(lead: Facts) -> dict[str, Any]:
    """What the account is opened with. Invalid (`lead_unfit`), by its field, where something is none."""
    return {
        **TERMS,
        "name": _read(lead, "name", _name),
        "country": _read(lead, "country", _country),
        "currency": _read(lead, "currency", _currency),
        "language": _read(lead, "language", _language),
        "time_zone": _read(lead, "time_zone", _time_zone),
        "owner_id": _read(lead, "owner_id", _owner),
        "email": _read(lead, "email", _email),
        "preferred_channel": Channel.EMAIL if lead["email"] else Channel.PHONE,
        "tax_id": lead["tax_id"],
        "campaign": lead["campaign"],
    }


def read_contacts(lead: Facts) -> list[dict[str, Any]]:
    """The contacts as they are added, which reads their phone numbers; Invalid where one is none."""
    return [
        {
            "name": _read(one, "name", _name, of="contacts"),
            "email": _read(one, "email", _email, of="contacts"),
            "phone": one["phone"],
            "roles": _read(one, "roles", _roles, of="contacts"),
        }
        for one in _read(lead, "contacts", _few)
    ]


def read_notes(lead: Facts) -> list[str]:
    """The notes as they are written; Invalid where one is none."""
    return [_read({"note": one}, "note", _note, of="notes") for one in _read(lead, "notes", _few)]


def _read(facts: Facts, field: str, read: Callable[[Any], Any], *, of: str | None = None) -> Any:
    try:
        return read(facts[field])
    except ValueError as error:
        detail = f"The lead's {of or field}: {error} Correct it, and convert the lead again."
        raise Invalid("lead_unfit", detail, field=of or field) from error


def _name(text: str) -> str:
    return grammar.read_one_line(text, NAME_MAX)


def _note(text: str) -> str:
    return grammar.read_text(text, NOTE_MAX)


def _country(code: str) -> str:
    return _one_of(code, code in COUNTRIES, "Must be an ISO 3166-1 country code, such as DE.")


def _currency(code: str) -> str:
    return _one_of(code, is_currency(code), "Must be an ISO 4217 currency code, such as EUR.")


def _language(tag: str) -> str:
    return grammar.read_language(tag, grammar.LANGUAGE)


def _time_zone(name: str) -> str:
    return _one_of(name, is_time_zone(name), "Must be the IANA name of a zone: Europe/Berlin.")


def _owner(owner_id: str | None) -> str:
    return _one_of(owner_id, owner_id is not None, "Must name who is to look after the account.")


def _email(address: str | None) -> str | None:
    if address is not None:
        read_address(address)
    return address


def _roles(roles: Sequence[str]) -> list[ContactRole]:
    return [ContactRole(role) for role in roles]


def _few(many: Sequence[Any]) -> Sequence[Any]:
    if len(many) > MANY_MAX:
        raise grammar.Unreadable(f"Must be at most {MANY_MAX}.")
    return many


def _one_of(value: Any, is_one: bool, remedy: str) -> str:  # noqa: FBT001  what was found out of it
    if not is_one:
        raise grammar.Unreadable(remedy)
    return str(value)
