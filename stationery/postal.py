"""Where post goes: of several addresses the one of a day, and how it stands on an envelope. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

KINDS = ("billing", "legal")  # which of a client's addresses bills go to, the best first


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """Where post goes: `lines` in the form of the country, without name and country; its parts where they
    are known."""

    recipient: str | None
    lines: tuple[str, ...]
    country: str
    country_name: str
    street: tuple[str, ...] = ()
    city: str | None = None
    postal_code: str | None = None

    def below_name(self, *, sent_from: str | None) -> list[str]:
        """What stands on an envelope below the name; the country where it crosses a border, or may."""
        country = [] if self.country == sent_from else [self.country_name]
        return [*([self.recipient] if self.recipient else []), *self.lines, *country]


def billing_address(told: Iterable[Mapping[str, Any]], *, on: date) -> PostalAddress | None:
    """Where bills and letters go on that day: where they are wanted, else the seat; of several, the one
    that began last."""
    valid = [
        one
        for one in told
        if one["kind"] in KINDS
        and one["valid_from"] <= on.isoformat()
        and (one["valid_to"] is None or on.isoformat() <= one["valid_to"])
    ]
    if not valid:
        return None
    best = min((one["kind"] for one in valid), key=KINDS.index)
    newest = max(
        (one for one in valid if one["kind"] == best), key=lambda one: str(one["valid_from"])
    )
    return PostalAddress(
        recipient=newest["recipient"],
        lines=tuple(newest["lines"]),
        country=newest["country"],
        country_name=newest["country_name"],
        street=tuple(newest.get("street", ())),
        city=newest.get("city"),
        postal_code=newest.get("postal_code"),
    )
