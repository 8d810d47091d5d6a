"""What is to be billed is there once, and is billed, cancelled and given back in parts."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from kernel.ids import new_id
from kernel.refusals import Invalid
from services.billing.billables import usecases
from services.billing.billables.models import Billable
from services.billing.billables.queries import (
    count_pending_lines,
    find_pending,
    list_billables,
)
from services.billing.billables.rules import BillableKind, price_pending
from services.billing.invoices.rules import Demand
from services.billing.issuing.rules import NewInvoice, fix_dates
from services.billing.issuing.usecases import issue_new
from services.billing.items.usecases import lock_balances
from services.billing.routines.rules import Agreement
from services.billing.taxes.rules import Rounding
from tests.services.billing.conftest import Books

pytestmark = pytest.mark.server


def row(account_id: str, key: str = "one", quantity: str = "10", **facts: Any) -> dict[str, Any]:
    return {
        "key": key,
        "account_id": account_id,
        "kind": BillableKind.CHARGE,
        "currency": "EUR",
        "description": "Support",
        "quantity": Decimal(quantity),
        "unit_price": 500,
        "tax_percent": Decimal(19),
        "bill_on": date(2026, 3, 1),
    } | facts


def add(books: Books, *rows: dict[str, Any]) -> None:
    usecases.add_billables(books.session, rows, now=books.now, by=books.by)


def pending(books: Books, account_id: str) -> list[Billable]:
    found = find_pending(
        books.session, account_ids=[account_id], until=books.today, known_at=books.now
    )
    ids = [one.billable_id for one in found]
    return [books.session.get_one(Billable, each, populate_existing=True) for each in ids]


def amounts(one: Billable) -> tuple[int, int, int, int]:
    return int(one.quantity), int(one.cancelled), int(one.billed), int(one.pending)


def bill(books: Books, account_id: str) -> str:
    """Bill all that is pending of an account; the invoice."""
    priced = price_pending(pending(books, account_id), rounding=Rounding.DOCUMENT)
    day, dues = fix_dates(
        total=priced.total,
        currency="EUR",
        terms=None,
        agreement=Agreement(net_days=30, country=None),
        issued_on=None,
        today=books.today,
    )
    demand = Demand(account_id, "EUR", priced, terms=None)
    lock_balances(books.session, keys=[(account_id, "EUR")])
    invoice_id = new_id("inv")
    new = [NewInvoice(invoice_id, demand, day, dues)]
    issue_new(books.session, new=new, now=books.now, by=books.by)
    return invoice_id


def test_it_is_there_once_by_its_key(books: Books) -> None:
    account_id = books.open_account()
    add(books, row(account_id), row(account_id, "two", "-3"))
    add(books, row(account_id, quantity="99"), row(account_id, "three"))
    assert [int(one.pending) for one in pending(books, account_id)] == [10, -3, 10]


def test_it_is_billed_at_its_code_of_tax(books: Books) -> None:
    account_id = books.open_account()
    free = {"tax_percent": Decimal(0), "tax_code": "exempt"}
    with pytest.raises(Invalid, match="says why") as refused:
        add(books, row(account_id), row(account_id, "two", **free))
    assert refused.value.errors[0]["field"] == "lines/1/exemption_reason"
    add(books, row(account_id), row(account_id, "two", **free, exemption_reason="By law"))
    invoice = books.invoice(bill(books, account_id))
    rates = [(rate.tax_code, rate.exemption_reason, rate.tax) for rate in invoice.rates]
    assert rates == [("exempt", "By law", 0), ("standard", None, 950)]


def test_what_is_billed_or_cancelled_is_not_pending(books: Books) -> None:
    account_id = books.open_account()
    add(books, row(account_id), row(account_id, "two", "-3"))
    [one, two] = pending(books, account_id)
    part = {one.billable_id: Decimal(4), two.billable_id: Decimal(-1)}
    usecases.cancel_billables(books.session, part)
    assert [amounts(each) for each in pending(books, account_id)] == [
        (10, 4, 0, 6),
        (-3, -1, 0, -2),
    ]
    invoice = books.invoice(bill(books, account_id))
    assert [(int(line.quantity), line.net) for line in invoice.lines] == [(6, 3000), (-2, -1000)]
    assert pending(books, account_id) == []
    books.void(invoice)
    assert [amounts(each) for each in pending(books, account_id)] == [
        (10, 4, 0, 6),
        (-3, -1, 0, -2),
    ]


@pytest.mark.parametrize(
    ("quantity", "part"), [("10", "11"), ("10", "-1"), ("-3", "-4"), ("-3", "1")]
)
def test_no_more_is_cancelled_than_is_pending(books: Books, quantity: str, part: str) -> None:
    account_id = books.open_account()
    add(books, row(account_id, quantity=quantity))
    [one] = pending(books, account_id)
    with pytest.raises(IntegrityError, match="ck_billable_parts"):
        usecases.cancel_billables(books.session, {one.billable_id: Decimal(part)})


def test_pending_is_what_may_be_billed_and_was_known(books: Books) -> None:
    account_id = books.open_account()
    add(books, row(account_id), row(account_id, "later", bill_on=books.today + timedelta(days=1)))
    before = books.now - timedelta(seconds=1)
    found = find_pending(
        books.session, account_ids=[account_id], until=books.today, known_at=before
    )
    assert found == []
    assert [one.key for one in pending(books, account_id)] == ["one"]
    known: dict[str, Any] = {"account_ids": [account_id], "until": books.today}
    assert count_pending_lines(books.session, **known, known_at=before) == {}
    assert count_pending_lines(books.session, **known, known_at=books.now) == {
        (account_id, "EUR"): 1
    }


def test_they_are_listed_by_whether_they_are_pending(books: Books) -> None:
    account_id = books.open_account()
    add(books, row(account_id), row(account_id, "two"))
    usecases.cancel_billables(
        books.session, {pending(books, account_id)[0].billable_id: Decimal(10)}
    )
    listed = {
        is_pending: [
            one.key
            for one in list_billables(
                books.session, limit=10, after=None, account_id=account_id, is_pending=is_pending
            )["items"]
        ]
        for is_pending in (None, True, False)
    }
    assert listed == {None: ["one", "two"], True: ["two"], False: ["one"]}
