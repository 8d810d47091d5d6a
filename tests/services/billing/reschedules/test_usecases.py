"""Open instalments replaced by others: what is owed ages from the new days, and the past stays."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kernel.refusals import Conflict, Refusal
from services.billing.items.queries import list_items
from services.billing.reschedules.queries import list_due_changes

pytestmark = pytest.mark.server

ISSUED = date(2026, 3, 2)


def in_days(days: int) -> date:
    return ISSUED + timedelta(days=days)


@pytest.fixture
def invoice(books: Any, account: str) -> Any:
    """300.00 in parts of 100.00, 120.00 and 80.00, due after 10, 20 and 30 days."""
    parts = [
        {"percent": None, "amount": amount, "net_days": days, "due_date": None}
        for amount, days in ((10000, 10), (12000, 20), (8000, 30))
    ]
    return books.bill(account, 30000, instalments=parts)


def items(books: Any, invoice: Any, *names: str) -> list[tuple[Any, ...]]:
    found = list_items(books.session, limit=50, after=None, invoice_id=invoice.invoice_id)
    asked = names or ("due_date", "amount", "balance", "status")
    return [tuple(getattr(item, name) for name in asked) for item in found["items"]]


def test_money_pays_the_instalments_in_their_order(books, account, invoice):
    books.pay(account, 15000)
    assert items(books, invoice, "balance") == [(0,), (7000,), (8000,)]


def test_a_credit_note_lowers_the_instalments_in_their_order(books, invoice):
    books.credit(invoice, 20000)
    assert items(books, invoice, "balance") == [(0,), (2000,), (8000,)]


def test_what_was_paid_stays_and_what_is_open_is_due_on_the_new_days(books, account, invoice):
    books.pay(account, 15000)
    books.reschedule(invoice, (9000, in_days(70)), (6000, in_days(50)))
    assert items(books, invoice) == [
        (in_days(10), 10000, 0, "paid"),
        (in_days(50), 11000, 6000, "open"),
        (in_days(70), 9000, 9000, "open"),
    ]
    assert books.balance(account) == (15000, 0)


def test_fewer_instalments_replace_items_and_more_open_new_ones(books, account, invoice):
    books.pay(account, 15000)
    books.reschedule(invoice, (15000, in_days(40)))
    assert items(books, invoice) == [
        (in_days(10), 10000, 0, "paid"),
        (in_days(30), 0, 0, "replaced"),
        (in_days(40), 20000, 15000, "open"),
    ]
    books.reschedule(invoice, (5000, in_days(60)), (5000, in_days(61)), (5000, in_days(62)))
    assert items(books, invoice, "due_date", "amount", "balance", "position") == [
        (in_days(10), 10000, 0, 1),
        (in_days(30), 0, 0, 3),
        (in_days(60), 10000, 5000, 2),
        (in_days(61), 5000, 5000, 4),
        (in_days(62), 5000, 5000, 5),
    ]
    books.pay(account, 15000)
    assert invoice.status == "paid"
    books.check_constraints()


def test_one_item_is_rescheduled_by_itself(books, invoice):
    _, second, _ = invoice.items
    answered = books.reschedule_item(second, (4000, in_days(15)), (8000, in_days(90)))
    assert answered.items is not None
    assert items(books, invoice, "due_date", "balance") == [
        (in_days(10), 10000),
        (in_days(15), 4000),
        (in_days(30), 8000),
        (in_days(90), 8000),
    ]


def test_days_before_it_age_as_they_did_and_days_after_it_by_the_new_days(books, account, invoice):
    books.wait(22)
    before = books.now
    books.wait(3)
    books.reschedule(invoice, (30000, in_days(40)))
    books.wait(20)  # the 45th day
    assert books.aged(account, as_of=in_days(24)) == {"current": (1, 8000), "1-30": (2, 22000)}
    assert books.aged(account, as_of=in_days(25)) == {"current": (1, 30000)}
    assert books.aged(account, as_of=in_days(45)) == {"1-30": (1, 30000)}
    assert books.aged(account, as_of=in_days(45), known_at=before) == {
        "31-60": (1, 10000),
        "1-30": (2, 20000),
    }


def test_each_of_several_changes_counts_from_its_own_day(books, account, invoice):
    for wait, parts in ((5, [(30000, 6)]), (3, [(10000, 5), (20000, 90)]), (3, [(30000, 4)])):
        books.wait(wait)
        books.reschedule(invoice, *((amount, in_days(days)) for amount, days in parts))
    by_day = [
        (4, {"current": (3, 30000)}),
        (5, {"current": (1, 30000)}),
        (7, {"1-30": (1, 30000)}),
        (8, {"1-30": (1, 10000), "current": (1, 20000)}),
        (10, {"1-30": (1, 10000), "current": (1, 20000)}),
        (11, {"1-30": (1, 30000)}),
    ]
    for day, buckets in by_day:
        assert books.aged(account, as_of=in_days(day)) == buckets, day


def test_money_of_before_pays_what_is_new_from_the_change_on(books, account, invoice):
    books.wait(10)
    books.reschedule(invoice, (30000, in_days(40)))
    books.wait(5)
    books.pay(account, 30000, value_date=in_days(2))
    assert books.owed(account, as_of=in_days(9)) == 30000
    assert books.owed(account, as_of=in_days(10)) == 0


def test_money_of_before_counts_from_its_day_where_only_the_days_moved(books, account):
    invoice = books.bill(account, 30000)
    books.wait(10)
    books.reschedule(invoice, (30000, in_days(40)))
    books.pay(account, 30000, value_date=in_days(2))
    assert books.owed(account, as_of=in_days(2)) == 0


def test_it_is_told_with_what_was_and_kept_by_whom_and_why(books, account, invoice):
    version = invoice.version
    books.reschedule(invoice, (10000, in_days(10)), (20000, in_days(80)))
    assert invoice.version == version + 1
    [event] = books.announced("ItemDueChanged")
    names = ("position", "due_date", "old_due_date", "amount", "old_amount", "status", "version")
    told = [tuple(str(item[name]) for name in names) for item in event["items"]]
    assert told == [
        ("2", "2026-05-21", "2026-03-22", "20000", "12000", "open", "2"),
        ("3", "2026-04-01", "2026-04-01", "0", "8000", "replaced", "2"),
    ]
    page = list_due_changes(books.session, invoice_id=invoice.invoice_id, limit=10, after=None)
    kept = {(each.recorded_by, each.reason, each.changed_on) for each in page["items"]}
    assert kept == {("tester", "asked for time", ISSUED)}


@pytest.mark.parametrize("state", ["draft", "paid", "void"])
def test_only_what_is_owed_is_rescheduled(books, account, state):
    invoice = books.draft(account, 100)
    if state != "draft":
        books.issue(invoice)
    if state == "paid":
        books.pay(account, 100)
    if state == "void":
        books.void(invoice)
    with pytest.raises(Conflict) as refused:
        books.reschedule(invoice, (100, in_days(90)))
    assert refused.value.code == f"invoice_{state}"


def test_another_total_is_refused_and_a_paid_item_too(books, account, invoice):
    books.pay(account, 10000)
    with pytest.raises(Refusal) as refused:
        books.reschedule(invoice, (30000, in_days(90)))
    assert "100.00 EUR is too much" in refused.value.detail
    with pytest.raises(Conflict) as closed:
        books.reschedule_item(invoice.items[0], (100, in_days(90)))
    assert closed.value.code == "item_not_open"


def test_an_invoice_that_was_rescheduled_is_voided_as_any_other(books, account, invoice):
    books.wait(5)
    books.reschedule(invoice, (30000, in_days(90)))
    books.wait(5)
    books.void(invoice)
    assert {status for (status,) in items(books, invoice, "status")} == {"void"}
    assert books.owed(account, as_of=in_days(9)) == 30000
    assert books.owed(account) == 0
