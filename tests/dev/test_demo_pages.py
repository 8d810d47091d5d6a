"""Tests of the pages of the demo: they are read by people, in 100 columns, without ids."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dev.demo.pages import WIDTH, name_people, write_case, write_morning, write_pack

MORNING = datetime(2026, 1, 2, 8, tzinfo=UTC)
LINE: dict[str, Any] = {
    "account_name": "Amber Hotel Ltd",
    "account_number": "C1007",
    "at_stake": [{"amount": 193_075, "currency": "GBP"}],
    "score": 74,
    "contact": {"name": "Rosa Keller", "roles": ["payer"], "phone": "+442079460101"},
    "channel": "email",
    "number": "rosa@amber.example",
    "time_zone": "Europe/London",
    "contact_from": "2026-01-02T09:00:00+00:00",
    "contact_until": "2026-01-02T17:00:00+00:00",
    "reasons": [{"sentence": "1,930.75 GBP is overdue; the oldest of it was due on 2025-12-04."}],
}


def test_a_line_says_whom_why_how_much_where_and_what_time_it_is_there() -> None:
    head, whom, hours, why = write_morning([LINE], MORNING)
    assert head.startswith(" 1. Amber Hotel Ltd (C1007)   ")
    assert head.endswith("  1,930.75 GBP at stake, 74 points")
    assert len(head) == WIDTH
    assert whom == "    Write to Rosa Keller (payer): rosa@amber.example, phone +442079460101."
    assert hours == "    There it is 08:00; open 09:00 to 17:00."
    assert why == "    · 1,930.75 GBP is overdue; the oldest of it was due on 2025-12-04."


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"channel": "phone", "number": "+442079460101"}, "Ring Rosa Keller (payer): +4420"),
        (
            {"channel": "post", "number": None},
            "Send a letter to Rosa Keller (payer): their address",
        ),
        ({"contact": None}, "There is nobody to speak to yet."),
        ({"contact_from": "2026-01-05T09:00:00+00:00"}, "open Mon 05 Jan 09:00 to 17:00."),
        ({"at_stake": []}, "74 points"),
    ],
)
def test_a_line_says_only_what_there_is(changed: dict[str, Any], said: str) -> None:
    page = " ".join(" ".join(write_morning([LINE | changed], MORNING)).split())
    assert said in page
    assert ("at stake" in page) is (changed != {"at_stake": []})


def test_a_case_tells_its_story_on_our_clock_and_what_its_clocks_counted() -> None:
    clocks = [
        {
            "clock": "first_response",
            "target_minutes": 240,
            "elapsed_minutes": 215,
            "outcome": "met",
        },
        {"clock": "update", "target_minutes": 960, "elapsed_minutes": 961, "outcome": "missed"},
        {"clock": "solution", "target_minutes": 2400, "elapsed_minutes": 0, "outcome": None},
    ]
    told = [(datetime(2025, 4, 17, 13, 30, tzinfo=UTC), "received (Clara Jansen)")]
    page = list(write_case("Of Amber Hotel.", {"clocks": clocks}, told, ZoneInfo("Europe/Berlin")))
    assert page[0] == "  Of Amber Hotel."
    assert page[2] == "  Thu 17 Apr 15:30  received (Clara Jansen)"
    assert [line.split() for line in page[5:]] == [
        ["first", "response", "4:00", "h", "3:35", "h", "on", "time"],
        ["update", "16:00", "h", "16:01", "h", "too", "late"],
        ["solution", "40:00", "h", "0:00", "h", "still", "runs"],
    ]


def test_a_pack_says_each_thing_on_a_line_and_nothing_of_what_is_not_there() -> None:
    pack = {
        "account": {"name": "Amber Hotel Ltd", "tax_id": None, "external_references": []},
        "open_cases": [],
        "contacts": [{"name": "Rosa Keller", "roles": ["payer", "disputes"], "phone": None}],
        "next_activities": [{"at": "2025-10-07T08:00:00+00:00", "kind": "visit"}],
    }
    assert list(write_pack(pack)) == [
        "Account",
        "  Name                    Amber Hotel Ltd",
        "Open cases",
        "  · None.",
        "Contacts",
        "  · name Rosa Keller · roles payer, disputes",
        "Next activities",
        "  · at 2025-10-07 08:00 UTC · kind visit",
    ]


def test_no_line_is_wider_than_the_page() -> None:
    long = "A sentence of many words that goes on and on. " * 12
    pack = {"account": {"name": long}, "contacts": [{"name": long}]}
    lines = [
        *write_pack(pack),
        *write_morning([LINE | {"reasons": [{"sentence": long}]}], MORNING),
        *write_case(long, {"clocks": []}, [(MORNING, long)], ZoneInfo("Europe/Berlin")),
    ]
    assert max(map(len, lines)) <= WIDTH


def test_people_are_called_by_their_names() -> None:
    names = {"stf_1": "Clara Jansen", "stf_2": "Noor Haddad"}
    told = name_people("Contacted by stf_2: reached.", names)
    assert told == "Contacted by Noor Haddad: reached."
