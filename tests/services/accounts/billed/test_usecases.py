"""What was billed is the same in whatever order billing tells of it, and however often."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from kernel.calendar import add_months
from kernel.ids import new_id
from services.accounts.billed.models import BilledInvoice
from services.accounts.billed.queries import INVOICES, sum_billed_net
from services.accounts.billed.usecases import keep_credits, keep_invoices
from services.billing.events import InvoiceIssued

pytestmark = pytest.mark.server

TODAY = date(2026, 11, 26)
LINE = {
    "position": 1,
    "description": "Lamp",
    "quantity": "2.5",
    "unit_price": 1400,
    "net": 3500,
}


def invoice(account_id: str, net: int = 3500, **facts: Any) -> dict[str, Any]:
    return {
        "account_id": account_id,
        "invoice_id": new_id("inv"),
        "number": "RE-1",
        "currency": "EUR",
        "issued_on": TODAY,
        "net": net,
        "total": net,
        "order_id": None,
        "lines": [LINE],
        "is_void": False,
        **facts,
    }


def void(issued: dict[str, Any]) -> dict[str, Any]:
    same = ("account_id", "invoice_id", "number", "currency")
    return {name: issued[name] for name in same} | {"is_void": True}


def credit(account_id: str, net: int, **facts: Any) -> dict[str, Any]:
    return {
        "account_id": account_id,
        "credit_note_id": new_id("crn"),
        "invoice_id": None,
        "currency": "EUR",
        "issued_on": TODAY,
        "net": net,
        "is_void": False,
        **facts,
    }


def billed(session: Session, account_id: str) -> dict[str, int]:
    return sum_billed_net(session, account_id=account_id, upto=TODAY)


def test_what_was_billed_is_net_less_credits_without_voids_in_twelve_months(
    session: Session,
) -> None:
    account_id, other = new_id("acc"), new_id("acc")
    first = add_months(TODAY, -12) + timedelta(days=1)
    voided = invoice(account_id, 700)
    keep_invoices(
        session,
        [
            invoice(account_id, 1000, issued_on=first),
            invoice(account_id, 200),
            invoice(account_id, 90, currency="USD"),
            invoice(account_id, 5000, issued_on=first - timedelta(days=1)),
            invoice(account_id, 6000, issued_on=TODAY + timedelta(days=1)),
            invoice(other, 8000),
            voided,
            void(voided),
        ],
    )
    keep_credits(
        session,
        [
            credit(account_id, 30),
            credit(account_id, 400, issued_on=first - timedelta(days=1)),
            credit(other, 1),
        ],
    )
    assert billed(session, account_id) == {"EUR": 1170, "USD": 90}


def test_what_somebody_else_pays_counts_for_whom_it_is(session: Session) -> None:
    payer, child = new_id("acc"), new_id("acc")
    keep_invoices(session, [invoice(payer, 1000, for_account_id=child), invoice(payer, 200)])
    keep_credits(session, [credit(payer, 30, for_account_id=child), credit(payer, 5)])
    assert (billed(session, child), billed(session, payer)) == ({"EUR": 970}, {"EUR": 195})


def test_many_are_kept_by_one_statement(session: Session) -> None:
    account_id = new_id("acc")
    told = [invoice(account_id) for _ in range(200)]
    sent: list[str] = []
    event.listen(
        session.connection(), "before_cursor_execute", lambda *given: sent.append(given[2])
    )
    keep_invoices(session, [*told, *map(void, told[:50])])
    keep_credits(session, [credit(account_id, 1) for _ in range(200)])
    assert len(sent) == 2
    assert billed(session, account_id) == {"EUR": 150 * 3500 - 200}


def test_the_lines_are_kept_as_they_were_told(office: Any) -> None:
    account_id = office.account()["account_id"]
    told = {"account_id": account_id, "items": [], "lines": [LINE | {"tax_percent": "19.00"}]}
    issued = InvoiceIssued.example | told
    office.hear("billing", "invoice_issued", **issued)
    found = office.session.scalars(
        select(BilledInvoice).where(BilledInvoice.invoice_id == issued["invoice_id"])
    ).one()
    assert found.lines == [LINE | {"order_line_id": None}]


def test_what_was_told_before_there_were_lines_is_completed(session: Session) -> None:
    issued = invoice(new_id("acc"))
    keep_invoices(session, [issued | {"lines": None}])
    of_it = INVOICES.where(BilledInvoice.invoice_id == issued["invoice_id"])
    assert session.scalars(of_it).all() == []  # so that it is found missing, and told again
    keep_invoices(session, [issued])
    found = session.get_one(BilledInvoice, issued["invoice_id"])
    assert found.lines == [LINE]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 9999), st.integers(0, 800), st.booleans()), max_size=6),
    st.lists(st.tuples(st.integers(0, 999), st.integers(0, 800), st.booleans()), max_size=4),
    st.randoms(use_true_random=False),
)
def test_what_was_billed_is_what_the_books_say_in_any_order_and_pieces(
    session: Session, invoices: Any, credits_: Any, random: Any
) -> None:
    account_id = new_id("acc")
    told: list[tuple[Any, dict[str, Any]]] = []
    expected = 0
    first = add_months(TODAY, -12)
    for net, days, is_void in invoices:
        day = TODAY - timedelta(days=days)
        issued = invoice(account_id, net, issued_on=day)
        told += [(keep_invoices, issued)] * 2
        if is_void:
            told.append((keep_invoices, void(issued)))
        expected += net if day > first and not is_void else 0
    for net, days, is_void in credits_:
        day = TODAY - timedelta(days=days)
        issued = credit(account_id, net, issued_on=day)
        told += [(keep_credits, issued)] * 2
        if is_void:
            told.append((keep_credits, {**issued, "is_void": True}))
        expected -= net if day > first and not is_void else 0
    random.shuffle(told)
    for keep in (keep_invoices, keep_credits):
        rows = [row for kept_by, row in told if kept_by is keep]
        middle = len(rows) // 2
        keep(session, rows[:middle])
        keep(session, rows[middle:])
    assert billed(session, account_id).get("EUR", 0) == expected
