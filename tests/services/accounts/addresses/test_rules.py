"""Addresses are written as their country writes them, and one that its post would not take is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kernel.refusals import Conflict, Invalid
from services.accounts.accounts.rules import COUNTRIES, read_address
from services.accounts.addresses import rules
from services.accounts.addresses.rules import ADDRESSES_MAX, read_place

DAY = date(2026, 3, 2)
NOWHERE = {
    "district": None,
    "city": None,
    "region": None,
    "postal_code": None,
}


def read(country: str, *street: str, **parts: str) -> Any:
    return read_place(country=country, street=list(street), **{**NOWHERE, **parts})


@pytest.mark.parametrize(
    ("country", "parts", "lines"),
    [
        ("DE", {"city": "Berlin", "postal_code": "10115"}, ["Weg 1", "10115 BERLIN"]),
        ("GB", {"city": "London", "postal_code": "sw1a 1aa"}, ["Weg 1", "LONDON", "SW1A 1AA"]),
        (
            "US",
            {"city": "Austin", "region": "texas", "postal_code": "78701"},
            ["Weg 1", "AUSTIN, TX 78701"],
        ),
        (
            "FR",
            {"city": "Paris Cedex 08", "postal_code": "75382"},
            ["Weg 1", "75382 PARIS CEDEX 08"],
        ),
        ("IE", {"city": "Dublin"}, ["Weg 1", "DUBLIN"]),
        ("JP", {"region": "Tokyo", "postal_code": "100-0001"}, ["〒100-0001", "TOKYO", "Weg 1"]),
        ("AE", {"region": "Dubai"}, ["Weg 1", "Dubai"]),
    ],
)
def test_lines_are_in_the_order_and_form_of_the_country(
    country: str, parts: dict[str, str], lines: list[str]
) -> None:
    assert read(country, "Weg 1", **parts).lines == lines


def test_several_lines_of_a_street_stay_several_lines() -> None:
    place = read("DE", "Haus 3", "Weg 1", city="Berlin", postal_code="10115")
    assert place.lines == ["Haus 3", "Weg 1", "10115 BERLIN"]
    assert (place.city, place.country_name) == ("Berlin", "GERMANY")


@pytest.mark.parametrize(
    ("country", "parts", "field", "remedy"),
    [
        ("DE", {"city": "Berlin"}, "postal_code", "has a postal code"),
        ("DE", {"postal_code": "10115"}, "city", "has a city"),
        ("DE", {"city": "Berlin", "postal_code": "1011"}, "postal_code", "such as 26133"),
        (
            "DE",
            {"city": "Berlin", "postal_code": "10115", "region": "Berlin"},
            "region",
            "write it in the street",
        ),
        ("US", {"city": "Austin", "postal_code": "78701"}, "region", "has a region"),
        (
            "US",
            {"city": "Austin", "postal_code": "78701", "region": "Bavaria"},
            "region",
            "it has Alabama",
        ),
        (
            "US",
            {"city": "Austin", "postal_code": "10001", "region": "TX"},
            "postal_code",
            "is no postal code of UNITED STATES, TX; write one such as",
        ),
        (
            "JP",
            {"region": "Tokyo", "postal_code": "100-0001", "city": "Chiyoda"},
            "city",
            "have no city",
        ),
    ],
)
def test_what_the_post_there_would_not_take_is_refused_with_the_part_and_the_remedy(
    country: str, parts: dict[str, str], field: str, remedy: str
) -> None:
    with pytest.raises(Invalid, match=remedy) as refused:
        read(country, "Weg 1", **parts)
    assert [error["field"] for error in refused.value.errors] == [field]


@given(st.sampled_from(sorted(COUNTRIES)))
def test_every_country_has_a_form_and_its_own_examples_fit_it(country: str) -> None:
    form = rules.get_validation_rules({"country_code": country})
    asked = {ours for ours, part in rules._PARTS.items() if part in form.required_fields}
    assume("region" not in asked)  # else its codes are of one region
    some = {
        "city": "Town",
        "district": "Quarter",
        "postal_code": [*form.postal_code_examples, ""][0],
    }
    place = read(country, "Line 1", **{part: some[part] for part in asked & some.keys()})
    assert "line 1" in " ".join(place.lines).casefold()
    assert place.country_name


@dataclass(frozen=True)
class Time:
    valid_from: date
    valid_to: date | None = None


def test_who_begins_ends_the_one_before_unless_another_begins_meanwhile() -> None:
    earlier, later = Time(date(2026, 1, 1)), Time(date(2026, 6, 1))
    begin = rules.last_day_before
    assert begin([earlier], valid_from=DAY, valid_to=None) == date(2026, 3, 1)
    assert begin([later], valid_from=DAY, valid_to=date(2026, 5, 31)) == date(2026, 3, 1)
    with pytest.raises(Conflict, match="begins on 2026-06-01"):
        begin([later], valid_from=DAY, valid_to=date(2026, 6, 1))
    with pytest.raises(Conflict, match="begins on 2026-06-01"):
        begin([later], valid_from=DAY, valid_to=None)


@pytest.mark.parametrize(
    ("time", "is_running"),
    [
        (Time(date(2026, 1, 1)), True),
        (Time(date(2027, 1, 1)), True),
        (Time(date(2026, 1, 1), DAY), True),
        (Time(date(2026, 1, 1), date(2026, 3, 1)), False),
        (Time(date(2027, 1, 1), date(2026, 12, 31)), False),  # replaced before it began
    ],
)
def test_what_is_valid_now_or_will_be_runs(time: Time, is_running: bool) -> None:
    assert rules.is_running(time, on=DAY) == is_running


def test_a_time_ends_after_it_begins_and_what_is_over_stays() -> None:
    rules.require_period(valid_from=DAY, valid_to=DAY, today=DAY)
    with pytest.raises(Invalid, match="that day or a later one"):
        rules.require_period(valid_from=DAY, valid_to=date(2026, 3, 1), today=DAY)
    rules.require_not_ended(valid_to=DAY, today=DAY)
    with pytest.raises(Conflict, match="add a new one"):
        rules.require_not_ended(valid_to=date(2026, 3, 1), today=DAY)
    rules.require_room(ADDRESSES_MAX - 1)
    with pytest.raises(Conflict, match="end those"):
        rules.require_room(ADDRESSES_MAX)


def test_a_stored_address_is_told_with_its_days() -> None:
    told = {"address_id": "a", "valid_from": "2026-03-02", "valid_to": None}
    assert read_address(told) == {"address_id": "a", "valid_from": DAY, "valid_to": None}
    assert read_address(told | {"valid_to": "2026-03-02"})["valid_to"] == DAY
