"""What is less for paying early, in stages; what is tolerated is read when it is needed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.billing.invoices.models import Invoice
from services.billing.items.models import Item
from services.billing.terms.usecases import make_payment_terms
from services.billing.tolerances.queries import list_tolerances
from services.billing.tolerances.usecases import set_tolerance

pytestmark = pytest.mark.server

LADDER = {"discount_percent": Decimal(3), "discount_days": 7}
LADDER |= {"later_discounts": [{"percent": Decimal(2), "days": 14}]}
BOTH = [("3.000", date(2026, 3, 9), 77600), ("2", date(2026, 3, 16), 78400)]


def item_of(books: Any, invoice: Invoice) -> Item:
    books.session.refresh(invoice)
    return invoice.items[0]


def offered(books: Any, invoice: Invoice) -> list[tuple[str, date, int]]:
    discounts = item_of(books, invoice).discounts
    return [(str(one.percent), one.until, one.enough) for one in discounts]


@pytest.mark.parametrize(
    ("days", "paid", "balance"),
    [(7, 77600, 0), (8, 77600, 816), (8, 78400, 0), (14, 78400, 0), (15, 78400, 1600)],
)
def test_three_percent_within_seven_days_two_within_fourteen(
    books, account, days, paid, balance
) -> None:
    invoice = books.bill(account, 80000, net_days=30, **LADDER)
    assert offered(books, invoice) == BOTH
    books.wait(days)
    books.pay(account, paid)
    assert item_of(books, invoice).balance == balance
    assert books.balance(account) == (balance, 0)


def test_an_event_of_an_item_says_what_is_offered(books, account) -> None:
    books.bill(account, 80000, net_days=30, **LADDER)
    [told] = books.announced("InvoiceIssued")
    offers = [(one["percent"], one["enough"]) for one in told["items"][0]["discounts"]]
    assert offers == [("3.00", 77600), ("2.00", 78400)]


@pytest.mark.parametrize("is_batch", [False, True])
def test_named_terms_have_stages_too(books, account, is_batch) -> None:
    terms = make_payment_terms(
        books.session,
        name="3 / 7, 2 / 14",
        lines=[{"percent": None, "amount": None, "net_days": 30}],
        currency=None,
        business_days="none",
        **LADDER,
        now=books.now,
        by=books.by,
    )
    named = {"payment_terms_id": terms.payment_terms_id}
    if is_batch:
        [told] = books.batch(books.demand(account, 80000, issued_on=None, **named))["results"]
        invoice = books.invoice(told["invoice_id"])
    else:
        invoice = books.bill(account, 80000, **named)
    assert offered(books, invoice) == BOTH


def test_what_is_rescheduled_keeps_what_is_less_by_the_days_of_the_invoice(books, account) -> None:
    invoice = books.bill(account, 80000, net_days=30, **LADDER)
    books.wait(2)
    books.reschedule(invoice, (30000, date(2026, 5, 1)), (50000, date(2026, 6, 1)))
    books.session.refresh(invoice)
    assert [[one.enough for one in item.discounts] for item in invoice.items] == [
        [29100, 29400],
        [48500, 49000],
    ]
    books.pay(account, 77600)
    assert books.balance(account) == (0, 0)


def tolerate(books: Any, amount: int, reason: str) -> None:
    facts = {"currency": "EUR", "amount": amount, "percent": Decimal(1), "reason": reason}
    set_tolerance(books.session, **facts, now=books.now, by=books.by)


@pytest.mark.parametrize(("missing", "reads"), [(0, 0), (1, 1)])
def test_what_is_tolerated_is_read_only_where_something_is_missing(
    books, account, missing, reads
) -> None:
    tolerate(books, 100, "Bank charges.")
    books.bill(account, 10000)
    with books.counted() as sent:
        books.receive({"account_id": account, "amount": 10000 - missing})
    assert sum("tolerance" in statement for statement in sent) == reads
    assert missing or len(sent) <= 9, "\n".join(sent)
    assert books.balance(account) == (0, 0)


def test_what_was_tolerated_is_listed_the_newest_first(books) -> None:
    for amount, reason in ((100, "Bank charges."), (50, "They fell.")):
        tolerate(books, amount, reason)
    page = list_tolerances(books.session, currency="EUR", limit=2, after=None)
    assert [(one.amount, one.reason) for one in page["items"]] == [
        (50, "They fell."),
        (100, "Bank charges."),
    ]
