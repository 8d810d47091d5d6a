"""Whoever is billed is billed for all they pay for."""

from __future__ import annotations

from datetime import date

import pytest

from tests.services.billing.billing_runs.conftest import Runs
from tests.services.billing.conftest import Books

pytestmark = pytest.mark.server


def family(books: Books, runs: Runs) -> tuple[str, str]:
    """An account that pays for itself and for another, and the other; both are charged."""
    parent = books.open_account()
    child = books.open_account(payer_id=parent)
    runs.charge(parent, 500)
    runs.charge(child, 300)
    return parent, child


def test_who_is_billed_by_name_is_billed_for_whom_they_pay(books: Books, runs: Runs) -> None:
    parent, child = family(books, runs)
    bill = runs.bill(runs.plan(accounts=[parent]), parent)
    assert (bill.account_ids, bill.total) == (sorted([parent, child]), 800)


def test_who_is_billed_by_the_day_is_billed_for_whom_they_pay(books: Books, runs: Runs) -> None:
    parent, child = family(books, runs)
    runs.agree_on_bill_day(parent, 15)
    [run_id] = runs.of_day(date(2026, 3, 15))
    bill = runs.bill(run_id, parent)
    assert (bill.account_ids, bill.total) == (sorted([parent, child]), 800)
    assert runs.of_day(date(2026, 4, 15)) == []


def test_a_run_by_bill_day_is_one_of_whom_they_pay_for_too(books: Books, runs: Runs) -> None:
    parent, child = family(books, runs)
    runs.agree_on_bill_day(parent, 15)
    bill = runs.bill(runs.plan(bill_day=15), parent)
    assert bill.account_ids == sorted([parent, child])


def test_who_is_paid_for_is_billed_alone_where_it_is_chosen_alone(books: Books, runs: Runs) -> None:
    parent, child = family(books, runs)
    bill = runs.bill(runs.plan(accounts=[child]), parent)
    assert (bill.account_ids, bill.total) == ([child], 300)
