"""Which of an account's addresses and people goods go to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from kernel.refusals import Invalid
from services.sales.destinations.rules import (
    address_named,
    choose_address,
    choose_contact,
    place_of,
    require_contact,
)

TODAY = date(2026, 3, 2)


@dataclass
class Person:
    name: str
    roles: list[str] = field(default_factory=lambda: ["shipping"])
    valid_from: date | None = None
    valid_to: date | None = None


def address(kind: str, line: str, begins: str = "2026-01-01", ends: str | None = None) -> Any:
    """An address as accounts tells it."""
    return {
        **{"address_id": f"adr_{line}", "kind": kind, "recipient": None, "lines": [line]},
        **{"country": "DE", "country_name": "GERMANY", "city": "Hamburg"},
        **{"valid_from": begins, "valid_to": ends},
    }


@pytest.mark.parametrize(
    ("told", "line"),
    [
        ([], None),
        ([address("billing", "office")], "office"),
        ([address("billing", "office"), address("legal", "seat")], "seat"),
        ([address("legal", "seat"), address("shipping", "ramp")], "ramp"),
        ([address("shipping", "old"), address("shipping", "new", "2026-02-01")], "new"),
        ([address("shipping", "b"), address("shipping", "a")], "a"),
        ([address("shipping", "ramp", "2026-03-03"), address("legal", "seat")], "seat"),
        ([address("shipping", "ramp", ends="2026-03-01"), address("legal", "seat")], "seat"),
        ([address("shipping", "ramp", ends="2026-03-02")], "ramp"),
        ([address("holiday", "beach")], None),
    ],
)
def test_goods_go_where_the_client_wants_them(told: list[Any], line: str | None) -> None:
    chosen = choose_address(told, on=TODAY)
    assert (chosen and chosen["lines"]) == (line and [line])


def test_an_order_keeps_of_an_address_what_stands_on_a_parcel() -> None:
    chosen = choose_address([address("legal", "seat")], on=TODAY)
    assert chosen == {
        **{"recipient": None, "lines": ["seat"], "country": "DE", "country_name": "GERMANY"},
        **{"street": [], "district": None, "city": "Hamburg", "region": None, "postal_code": None},
    }


def test_a_country_given_without_its_name_is_called_by_its_code() -> None:
    given = {"lines": ["Gate 3"], "country": "DE", "country_name": None, "recipient": None}
    assert place_of(given)["country_name"] == "DE"


def test_an_address_that_is_named_is_one_of_the_account_and_valid() -> None:
    told = [address("billing", "office"), address("shipping", "ramp", "2026-04-01")]
    assert address_named(told, "adr_office", on=TODAY)["lines"] == ["office"]
    for wrong in ("adr_ramp", "adr_other"):
        with pytest.raises(Invalid, match="It has adr_office \\(office\\)"):
            address_named(told, wrong, on=TODAY)
    with pytest.raises(Invalid, match="It has none"):
        address_named([], "adr_office", on=TODAY)


@pytest.mark.parametrize(
    ("people", "name"),
    [
        ([], None),
        ([Person("Bo", ["payer"])], None),
        ([Person("Bo", ["payer", "shipping"]), Person("Al")], "Al"),
        ([Person("Al", valid_to=date(2026, 3, 1)), Person("Bo")], "Bo"),
        ([Person("Al", valid_from=date(2026, 3, 3))], None),
    ],
)
def test_goods_are_taken_in_by_whoever_is_there_for_it(
    people: list[Person], name: str | None
) -> None:
    chosen = choose_contact(people, on=TODAY)
    assert (chosen and chosen.name) == name


@pytest.mark.parametrize("contact", [None, Person("Al", valid_to=date(2026, 3, 1))])
def test_a_contact_that_is_named_is_there(contact: Person | None) -> None:
    with pytest.raises(Invalid) as refused:
        require_contact(contact, contact_id="con_1", on=TODAY)
    assert refused.value.code == "delivery_contact_unknown"
