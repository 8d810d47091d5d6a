"""Tests of what happens between the clients of the demo and the people of the house."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dev.demo import occasions
from dev.demo.business import FIRST_DAY, LAST_DAY, choose_hours, find_family, list_clients
from dev.demo.house import (
    HOLIDAYS,
    ILLNESS,
    JOINS_ON,
    LEAVER,
    LEAVES_ON,
    NEWCOMER,
    STAFF,
    TEAMS,
    is_open,
    list_managers,
    who_leads,
    who_works_for,
)

DAYS = [FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1)]
CLIENT = list_clients()[0]


def ends(subject: str) -> Iterator[tuple[date, str, dict[str, Any]]]:
    """What becomes of visits of the year that are held at ten o'clock, and on which day."""
    for day in filter(is_open, DAYS[:300]):
        at = datetime.combine(day, time(10), UTC)
        visit = {"kind": "visit", "subject": subject, "at": at.isoformat(), "minutes": 60}
        visit["rescheduled_from_id"] = None
        for waited in range(1, 8):
            now = datetime.combine(day + timedelta(days=waited), time(8), UTC)
            if (end := occasions.choose_end(CLIENT, visit, now)) is not None:
                yield day, *end
                break


def test_nobody_of_the_house_works_at_weekends_and_on_holidays() -> None:
    assert not is_open(date(2025, 4, 18)) and not is_open(date(2025, 4, 19))
    assert {occasions.next_open(day) for day in HOLIDAYS}.isdisjoint(HOLIDAYS)
    assert occasions.next_open(date(2025, 4, 18)) == date(2025, 4, 22)


def test_who_is_ill_is_stood_in_for_until_they_are_back() -> None:
    days = [day for day in DAYS if who_works_for(ILLNESS.name, day) != ILLNESS.name]
    assert (days[0], days[-1]) == (ILLNESS.from_on, ILLNESS.extended_to)
    assert {who_works_for(ILLNESS.name, day) for day in days} == {ILLNESS.stand_in}


def test_whoever_leaves_is_followed_by_somebody_with_the_same_lead() -> None:
    assert who_leads(LEAVER) == who_leads(NEWCOMER[0]) in TEAMS.values()
    both = {LEAVER, NEWCOMER[0]}
    assert both & {*list_managers(FIRST_DAY)} == {LEAVER}
    assert both & {*list_managers(JOINS_ON)} == both
    assert both & {*list_managers(LEAVES_ON)} == {NEWCOMER[0]}
    assert {name for name, role, _ in STAFF if role == "lead"} == set(TEAMS.values())


def test_a_family_has_one_currency_and_its_parent_comes_first() -> None:
    clients = {client.number: client for client in list_clients()}
    family = find_family(list(clients.values()))
    assert Counter(payer for _, payer in family.values()) == {"parent": 1, "child": 1}
    for number, (parent, _) in family.items():
        child, above = clients[number], clients[parent]
        assert child.currency == above.currency
        assert child.opens_on >= above.opens_on


@pytest.mark.parametrize(
    ("name", "days"), [("Amber Bakery GmbH", 6), ("Amber Hotel Ltd", 7), ("Amber Office B.V.", 0)]
)
def test_a_client_is_open_as_its_kind_is(name: str, days: int) -> None:
    hours = choose_hours(replace(CLIENT, name=name)) or []
    assert len({one["weekday"] for one in hours}) == len(hours) == days


def test_clients_ring_on_working_days_the_larger_ones_more_often() -> None:
    rung: Counter[str] = Counter()
    for tier in ("key", "standard", "small"):
        for day in DAYS * 3:
            client = replace(CLIENT, tier=tier, number=f"C{len(rung)}")
            if occasions.choose_ring(client, day) is not None:
                assert is_open(day)
                rung[tier] += 1
    assert rung["key"] > rung["standard"] > rung["small"] > 0


def test_who_was_not_called_back_at_once_is_on_the_next_working_day() -> None:
    missed = [day for day in DAYS if _is_left_to_the_next_day(occasions.choose_ring(CLIENT, day))]
    late = [day for day in DAYS if occasions.is_to_be_called_back(CLIENT, day)]
    assert late == [occasions.next_open(day + timedelta(days=1)) for day in missed]


def _is_left_to_the_next_day(ring: occasions.Ring | None) -> bool:
    return ring is not None and ring.minutes is None and not ring.is_called_back_at_once


def test_a_visit_is_planned_for_a_working_day_at_eleven_on_the_clients_clock() -> None:
    client = replace(CLIENT, tier="standard", time_zone="Europe/London")
    visits = [visit for day in DAYS if (visit := occasions.choose_visit(client, day))]
    assert len(visits) > 1
    for visit in visits:
        there = datetime.fromisoformat(visit["at"]).astimezone(ZoneInfo("Europe/London"))
        assert (there.hour, is_open(there.date())) == (11, True)
    assert all(occasions.choose_visit(replace(CLIENT, tier="key"), day) is None for day in DAYS)


def test_what_was_planned_gets_its_outcome_though_some_is_forgotten_for_days() -> None:
    found = list(ends("Coffee round"))
    assert len(found) == sum(map(is_open, DAYS[:300]))
    assert {verb for _, verb, _ in found} == {"hold", "miss", "reschedule"}
    held = [said for _, verb, said in found if verb == "hold"]
    assert {"not_reached", "left_message"}.isdisjoint(said["outcome"] for said in held)


def test_only_what_is_overdue_is_going_to_be_paid() -> None:
    stuck = {"kind": "onboarding_stuck", "about": "acc_1"}
    answers = [occasions.answer_reason("C1001", stuck, day) for day in DAYS]
    assert {"will_pay", "disputes"}.isdisjoint(answer["outcome"] for answer in answers)
    overdue = {"kind": "overdue", "about": "EUR"}
    answers = [occasions.answer_reason("C1001", overdue, day) for day in DAYS]
    assert {"will_pay", "disputes"} < {answer["outcome"] for answer in answers}
    assert all(answer["note"] for answer in answers if answer["outcome"] == "other")


def test_a_next_step_is_planned_only_where_somebody_said_that_they_will_pay() -> None:
    paying = [{"kind": "overdue", "about": "EUR", "outcome": "will_pay", "note": None}]
    steps = [step for day in DAYS if (step := occasions.choose_next_step(CLIENT, paying, day))]
    assert 0 < len(steps) < len(DAYS)
    refused = [{**paying[0], "outcome": "reached"}]
    assert not any(occasions.choose_next_step(CLIENT, refused, day) for day in DAYS)


def test_most_licences_are_renewed_in_time_and_some_are_forgotten() -> None:
    licences = [occasions.choose_licence(client) for client in list_clients()]
    late = [expires_on for expires_on, renewed_on in licences if renewed_on > expires_on]
    assert 0 < len(late) < len(licences) / 5
    assert all(is_open(renewed_on) for _, renewed_on in licences)


def test_every_complaint_has_a_cause_that_accounts_know() -> None:
    causes = {cause for _, cause, _ in (*occasions.COMPLAINTS, occasions.EASTER)}
    assert causes <= {"Damaged on its way", "Delivered late", "Wrong goods sent"}
    subjects = [subject for subject, _, _ in occasions.COMPLAINTS]
    assert len({*subjects, occasions.EASTER[0]}) == len(subjects) + 1
