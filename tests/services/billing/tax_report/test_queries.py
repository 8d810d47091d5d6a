"""Base and tax of a period, with the documents behind each figure, as the ledger has them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from kernel.refusals import Invalid, Refusal
from services.billing.ledger.models import JournalEntry
from services.billing.tax_report.queries import list_tax_documents, report_tax
from tests.services.billing.conftest import Books, line
from tests.services.billing.test_taxes import EXEMPT, round_by

pytestmark = pytest.mark.server

MARCH = {"first_day": date(2026, 3, 1), "last_day": date(2026, 3, 31)}
FIGURES = ("invoiced_net", "invoiced_tax", "credited_net", "credited_tax", "net", "tax")


def report(books: Books, *, known_at: datetime | None = None, **period: date) -> dict[Any, Any]:
    """The figures in EUR by code and percentage."""
    asked = MARCH | period
    found = report_tax(books.session, **asked, currency="EUR", known_at=known_at, now=books.now)
    return {
        (row["tax_code"], int(row["tax_percent"])): tuple(row[name] for name in FIGURES)
        for row in found["rates"]
    }


def documents(books: Books, code: str, percent: str, *, limit: int = 50) -> list[dict[str, Any]]:
    """All documents behind a figure, page by page."""
    asked: dict[str, Any] = {"currency": "EUR", "tax_code": code, "tax_percent": Decimal(percent)}
    asked |= {"known_at": None, "now": books.now, "limit": limit}
    found: list[dict[str, Any]] = []
    after, has_more = None, True
    while has_more:
        page = list_tax_documents(books.session, **MARCH, **asked, after=after)
        found += page["items"]
        after, has_more = page["next_after"], page["has_more"]
    return found


def test_less_for_paying_early_lowers_the_tax_of_its_rates(books: Books, account: str) -> None:
    lines = [line(10000, tax="19"), line(2000, tax="7")]
    terms = {"net_days": 30, "discount_percent": Decimal(3), "discount_days": 14}
    books.bill(account, lines=lines, **terms)
    payment = books.pay(account, 13618)  # of 140.40, for which 136.18 and a half is enough
    books.pay(account, 1)
    assert books.balance(account)[0] == 0
    assert {rate: amounts[2:] for rate, amounts in report(books).items()} == {
        ("standard", 7): (60, 4, 1940, 136),
        ("standard", 19): (300, 57, 9700, 1843),
    }
    assert booked(books) == 136 + 1843
    books.reverse(payment)
    assert booked(books) == sum(amounts[-1] for amounts in report(books).values())


def booked(books: Books, **period: date) -> int:
    """The tax that the ledger has of a period, in EUR."""
    days = MARCH | period
    return -int(
        books.session.scalar(
            select(func.coalesce(func.sum(JournalEntry.amount), 0)).where(
                JournalEntry.ledger_account == "tax",
                JournalEntry.currency == "EUR",
                JournalEntry.effective_on.between(days["first_day"], days["last_day"]),
            )
        )
        or 0
    )


def test_lines_below_nothing_count_as_credited(books, account):
    books.bill(
        account, lines=[line(2000, tax="20", quantity="3"), line(1250, tax="20", quantity="-1")]
    )
    assert report(books) == {("standard", 20): (6000, 1200, 1250, 250, 4750, 950)}


@pytest.mark.parametrize(
    ("rounding", "figures"),
    [
        # 19 % of 1.50 is 0.29 (0.285), of 1.00 off 0.19: 0.10 in all; what is invoiced is the rest of it.
        ("document", (150, 29, 100, 19, 50, 10)),
        # By line 0.10 three times, less 0.10 twice.
        ("line", (150, 30, 100, 20, 50, 10)),
    ],
)
def test_the_parts_come_to_the_tax_of_the_document(books, account, rounding, figures):
    round_by(books, rounding)
    lines = [line(50, tax="19")] * 3 + [line(50, tax="19", quantity="-1")] * 2
    invoice = books.bill(account, lines=lines)
    assert report(books) == {("standard", 19): figures}
    assert figures[-1] == invoice.tax


def test_what_is_billed_ahead_is_invoiced_once_and_not_credited(books, account):
    order = books.order(account)
    books.bill(account, lines=[line(3000, tax="19")], order_id=order)
    books.ship(account, order, line(5000, tax="19"))
    assert report(books) == {("standard", 19): (5000, 950, 0, 0, 5000, 950)}


def test_a_document_counts_on_its_day_and_is_taken_back_on_the_day_it_is_voided(books, account):
    invoice = books.bill(account, lines=[line(1000, tax="19"), line(500, **EXEMPT)])
    kept = books.bill(account, lines=[line(2000, tax="7", tax_code="reduced")])
    note = books.credit(kept, 1070)
    books.wait(40)
    before = books.now
    books.void(invoice)
    books.void_credit(note)
    april = {"first_day": date(2026, 4, 1), "last_day": date(2026, 4, 30)}
    assert report(books) == {
        ("exempt", 0): (500, 0, 0, 0, 500, 0),
        ("reduced", 7): (2000, 140, 1000, 70, 1000, 70),
        ("standard", 19): (1000, 190, 0, 0, 1000, 190),
    }
    assert report(books, **april) == {
        ("exempt", 0): (-500, 0, 0, 0, -500, 0),
        ("reduced", 7): (0, 0, -1000, -70, 1000, 70),
        ("standard", 19): (-1000, -190, 0, 0, -1000, -190),
    }
    assert [booked(books), booked(books, **april)] == [260, -120]
    books.wait(1)
    assert report(books, **april, known_at=before.replace(hour=8)) == {}


def test_the_documents_behind_a_figure_add_up_to_it_and_are_listed_by_day_and_number(
    books, account
):
    invoices = [books.bill(account, lines=[line(100 * n, tax="19")]) for n in range(1, 12)]
    books.bill(account, lines=[line(100, tax="7")])
    books.wait(1)
    note = books.credit(invoices[0], 119)
    books.void(invoices[1])
    found = documents(books, "standard", "19", limit=4)
    assert [one["document_id"] for one in found] == [
        *(invoice.invoice_id for invoice in invoices),
        invoices[1].invoice_id,
        note.credit_note_id,
    ]
    assert [one["kind"] for one in found[-3:]] == [
        "invoice_issued",
        "invoice_voided",
        "credit_note_issued",
    ]
    sums = tuple(sum(one[name] for one in found) for name in FIGURES)
    assert sums == report(books)["standard", 19]
    assert {one["account_id"] for one in found} == {account}


def test_what_paying_late_costs_and_money_claimed_back_are_no_tax(books, account):
    books.assess(account, 1500)
    assert report(books) == {}


def test_a_period_ends_after_it_begins(books):
    with pytest.raises(Invalid) as refused:
        report(books, last_day=date(2026, 2, 1))
    assert refused.value.errors[0]["field"] == "to"


LINES = st.lists(
    st.builds(
        line,
        st.integers(0, 700),
        tax=st.sampled_from(["5", "19"]),
        quantity=st.sampled_from(["1", "0.333", "7", "-1", "-0.5"]),
    ),
    min_size=1,
    max_size=5,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lines=LINES, rounding=st.sampled_from(["document", "line"]), part=st.integers(1, 900))
def test_the_report_is_the_ledgers_tax_and_its_base_the_lines(books, lines, rounding, part):
    with books.session.begin_nested() as savepoint:
        round_by(books, rounding)
        account = books.open_account()
        try:
            invoice = books.bill(account, lines=lines)
        except Refusal:
            savepoint.rollback()
            return
        own = invoice.lines
        figures = report(books).values()
        assert sum(each[0] for each in figures) == sum(one.net for one in own if one.net > 0)
        assert sum(each[2] for each in figures) == -sum(one.net for one in own if one.net < 0)
        books.credit(invoice, min(part, invoice.total))
        assert sum(each[-1] for each in report(books).values()) == booked(books)
        savepoint.rollback()
