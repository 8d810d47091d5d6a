"""Payment terms under a name, and invoices that name them."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.ids import new_id
from kernel.refusals import Conflict, NotFound
from services.billing.terms import usecases
from services.billing.terms.queries import list_payment_terms

pytestmark = pytest.mark.server


def line(percent: str | None = None, net_days: int | None = None) -> dict[str, Any]:
    return {"percent": percent, "amount": None, "net_days": net_days}


HALVES = [line("50", 10), line(None, 40)]


def content(name: str = "Halves", lines: Any = HALVES, **facts: Any) -> dict[str, Any]:
    said = {"name": name, "lines": lines, "currency": None, "business_days": "none"}
    said |= {"discount_percent": None, "discount_days": None}
    return said | facts


def make(books: Any, **facts: Any) -> str:
    made = usecases.make_payment_terms(
        books.session, **content(**facts), now=books.now, by=books.by
    )
    return made.payment_terms_id


def change(books: Any, payment_terms_id: str, **facts: Any) -> None:
    usecases.change_payment_terms(
        books.session,
        payment_terms_id=payment_terms_id,
        **content(**facts),
        now=books.now,
        by=books.by,
    )


def retire(books: Any, payment_terms_id: str) -> None:
    usecases.retire_payment_terms(
        books.session, payment_terms_id=payment_terms_id, now=books.now, by=books.by
    )


def due(books: Any, invoice: Any) -> list[tuple[int, int]]:
    """Amounts and after how many days they are due."""
    books.session.refresh(invoice)
    return [(item.amount, (item.due_date - item.issued_on).days) for item in invoice.items]


def test_an_invoice_keeps_what_the_terms_said_that_it_named(books, account):
    terms_id = make(books)
    issued = books.bill(account, 101, payment_terms_id=terms_id)
    draft = books.draft(account, 101, payment_terms_id=terms_id)
    change(books, terms_id, lines=[line("100", 5)])
    retire(books, terms_id)
    assert due(books, issued) == [(51, 10), (50, 40)]
    assert due(books, books.issue(draft)) == [(51, 10), (50, 40)]
    assert draft.payment_terms_id == terms_id


def test_terms_said_anew_are_of_what_is_written_from_then_on(books, account):
    terms_id = make(books)
    change(books, terms_id, lines=[line("100", 5)])
    assert due(books, books.bill(account, 100, payment_terms_id=terms_id)) == [(100, 5)]


def test_each_invoice_of_a_batch_names_its_own_terms(books, account):
    terms_id, retired = make(books), make(books, name="Old")
    retire(books, retired)
    row = books.demand(account, 100) | {"issued_on": None}
    named = [{**row, "payment_terms_id": each} for each in (terms_id, retired, new_id("ptm"))]
    results = books.batch(*named)["results"]
    assert [result.get("code") for result in results] == [
        None,
        "payment_terms_retired",
        "payment_terms_not_found",
    ]
    [event] = books.announced("InvoiceIssued")
    assert [item["amount"] for item in event["items"]] == [50, 50]


def test_neither_retired_nor_unknown_terms_are_named(books, account):
    terms_id = make(books)
    retire(books, terms_id)
    with pytest.raises(Conflict):
        books.draft(account, payment_terms_id=terms_id)
    with pytest.raises(NotFound):
        books.draft(account, payment_terms_id=new_id("ptm"))
    with pytest.raises(Conflict):
        change(books, terms_id)


def test_a_name_is_of_one_that_is_not_retired(books):
    first, other = make(books), make(books, name="Other")
    with pytest.raises(Conflict):
        make(books)
    with pytest.raises(Conflict):
        change(books, other, name="Halves")
    change(books, first)
    retire(books, first)
    again = make(books)
    page = list_payment_terms(books.session, limit=10, after=None, is_retired=False)
    assert [each.payment_terms_id for each in page["items"]] == [again, other]
