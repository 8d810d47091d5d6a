"""Tests of how the clients of the demo order and pay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from dev.demo.business import ACCOUNTS, FIRST_DAY, LAST_DAY, Client, Payer, list_clients
from dev.demo.habits import choose_order, choose_payment
from dev.demo.house import STAFF
from dev.demo.money import is_fetched

ISSUED, DUE = date(2025, 9, 1), date(2025, 10, 1)


def client_who_pays(payer: Payer) -> Client:
    """A client who has been one for so long that its way of paying shows."""
    return replace(list_clients()[0], payer=payer, opens_on=FIRST_DAY)


def item(amount: int = 100_01, number: int = 1, due_date: date = DUE) -> dict[str, Any]:
    return {
        "item_id": f"itm_{number}",
        "account_number": "C1001",
        "issued_on": ISSUED.isoformat(),
        "due_date": due_date.isoformat(),
        "amount": amount,
        "balance": amount,
    }


def payments(payer: Payer, *items: dict[str, Any]) -> Iterator[tuple[date, int]]:
    """What the client pays on which day until the year's end, oldest item first."""
    client = client_who_pays(payer)
    day = ISSUED
    while day <= LAST_DAY:
        owed = [one for one in items if one["balance"]]
        payment = choose_payment(client, owed, day)
        if payment is not None:
            rest = payment["amount"]
            for one in owed:
                share = min(rest, one["balance"])
                one["balance"] -= share
                rest -= share
            yield day, payment["amount"]
        day += timedelta(days=1)


def test_the_business_is_the_same_every_time() -> None:
    assert list_clients() == list_clients()
    assert len({client.slug for client in list_clients()}) == ACCOUNTS


def test_some_of_those_who_pay_promptly_and_nobody_else_have_their_bills_fetched() -> None:
    fetched = [client for client in list_clients() if is_fetched(client)]
    assert {client.payer for client in fetched} == {Payer.PROMPT}
    assert 0 < len(fetched) < sum(client.payer == Payer.PROMPT for client in list_clients())


def test_everybody_in_the_house_reports_to_somebody_named_before() -> None:
    names: list[str | None] = [None]
    for name, _, superior in STAFF:
        assert superior in names
        names.append(name)


@pytest.mark.parametrize(
    ("payer", "earliest", "latest"),
    [
        (Payer.PROMPT, -6, 2),
        (Payer.LATE, 4, 19),
        (Payer.VERY_LATE, 18, 54),
        (Payer.BY_CHEQUE, 0, 4),
    ],
)
def test_a_client_pays_when_it_is_its_way(payer: Payer, earliest: int, latest: int) -> None:
    for amount in range(100_00, 101_00):
        [(day, paid)] = payments(payer, item(amount))
        assert earliest <= (day - DUE).days <= latest
        assert paid == amount
        assert day.weekday() < 5


def test_in_parts_is_a_part_first_and_the_rest_a_month_later() -> None:
    (first, part), (second, rest) = payments(Payer.IN_PARTS, item(100_01))
    assert part == 55_00
    assert part + rest == 100_01
    assert 20 < (second - first).days < 40


def test_in_lumps_is_one_sum_for_everything_and_no_word_about_it() -> None:
    assert list(payments(Payer.IN_LUMPS, item(100_00), item(50_00, 2))) == [
        (date(2025, 9, 22), 150_00)
    ]
    payment = choose_payment(client_who_pays(Payer.IN_LUMPS), [item()], date(2025, 9, 22))
    assert payment is not None
    assert "instruction" not in payment


def test_too_much_is_rounded_up_while_the_instruction_is_exact() -> None:
    client = client_who_pays(Payer.TOO_MUCH)
    payment = choose_payment(client, [item(100_01)], DUE)
    assert payment is not None
    assert payment["amount"] == 200_00
    assert payment["instruction"] == [{"item_id": "itm_1", "amount": 100_01}]


@pytest.mark.parametrize("payer", [Payer.NEVER, Payer.WHEN_PRESSED])
def test_who_stops_paying_paid_at_first(payer: Payer) -> None:
    assert list(payments(payer, item())) == []
    client = client_who_pays(payer)
    early = {**item(), "issued_on": FIRST_DAY.isoformat()}
    assert choose_payment(client, [early], DUE) is not None


def test_a_bounced_cheque_is_made_good_four_weeks_after_the_due_date() -> None:
    client = client_who_pays(Payer.BY_CHEQUE)
    days = [DUE + timedelta(days=n) for n in range(10, 40)]
    paid = [day for day in days if choose_payment(client, [item()], day)]
    assert DUE + timedelta(days=25) < paid[0] < DUE + timedelta(days=29)


def test_a_client_orders_on_working_days_and_not_before_it_is_onboarded() -> None:
    for client in list_clients():
        days = [FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1)]
        ordered = [day for day in days if choose_order(client, day)]
        if client.onboarding_days is None:
            assert ordered == []
        else:
            assert min(ordered) > client.opens_on + timedelta(days=client.onboarding_days)
            assert all(day.weekday() < 5 for day in ordered)
