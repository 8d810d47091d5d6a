"""A bookkeeper sees on any document what it did to the ledger."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.ids import new_id
from kernel.refusals import NotFound
from services.billing.journals import queries

pytestmark = pytest.mark.server

PAGE: dict[str, Any] = {"limit": 50, "after": None}


def booked(page: dict[str, Any]) -> list[tuple[str, dict[str, int]]]:
    """What happened, and the amounts on each ledger account."""
    return [
        (each.kind, {entry["ledger_account"]: entry["amount"] for entry in each.entries})
        for each in page["items"]
    ]


def in_any_order(what: list[Any]) -> list[Any]:
    """What was done in one moment has no order."""
    return sorted(what, key=repr)


def test_each_document_shows_what_it_did_and_what_was_done_to_it(books: Any, account: str) -> None:
    invoice = books.bill(account, lines=[books.line(10000, tax="19")])
    other = books.bill(account, 5000)
    payment = books.pay(account, 12000)
    note = books.credit(other, 2000)
    books.reverse(payment)
    paid = ("allocation_made", {"unapplied_cash": 11900, "receivables": -11900})
    taken_back = ("allocation_reversed", {"unapplied_cash": -11900, "receivables": 11900})
    of_invoice = queries.list_invoice_journals(books.session, invoice_id=invoice.invoice_id, **PAGE)
    assert in_any_order(booked(of_invoice)) == in_any_order(
        [
            ("invoice_issued", {"receivables": 11900, "revenue": -10000, "tax": -1900}),
            paid,
            taken_back,
        ]
    )
    of_payment = queries.list_payment_journals(books.session, payment_id=payment.payment_id, **PAGE)
    made = [kind for kind, _ in booked(of_payment)]
    assert sorted(made) == [
        *(["allocation_made"] * 2 + ["allocation_reversed"] * 2),
        *("payment_received", "payment_reversed"),
    ]
    of_note = queries.list_credit_note_journals(
        books.session, credit_note_id=note.credit_note_id, **PAGE
    )
    assert booked(of_note) == [
        ("credit_note_issued", {"revenue": 2000, "credits": -2000}),
        ("allocation_made", {"credits": 2000, "receivables": -2000}),
    ]
    for _, amounts in booked(of_invoice) + booked(of_payment) + booked(of_note):
        assert sum(amounts.values()) == 0


def test_a_refund_shows_itself_and_its_reversal(books: Any, account: str) -> None:
    payment = books.pay(account, 500)
    refund = books.refund(payment, 500)
    books.reverse_refund(refund.refund_id)
    page = queries.list_refund_journals(books.session, refund_id=refund.refund_id, **PAGE)
    assert {kind for kind, _ in booked(page)} == {"money_refunded", "refund_reversed"}


def test_journals_are_read_page_by_page(books: Any, account: str) -> None:
    invoice = books.bill(account, 500)
    for _ in range(4):
        books.pay(account, 100)
    seen, after = [], None
    while True:
        page = queries.list_invoice_journals(
            books.session, invoice_id=invoice.invoice_id, limit=2, after=after
        )
        seen += [each.journal_id for each in page["items"]]
        if not page["has_more"]:
            break
        after = page["next_after"]
    assert len(seen) == len(set(seen)) == 5


def test_an_unknown_document_is_not_found(books: Any) -> None:
    with pytest.raises(NotFound):
        queries.list_invoice_journals(books.session, invoice_id=new_id("inv"), **PAGE)
