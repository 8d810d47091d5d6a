"""Whatever an account is billed goes to whoever pays for it, and says for whom it is."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from kernel.ids import new_id
from kernel.refusals import Conflict, NotKnownYet
from services.billing.accounts.rules import CLOSING
from services.billing.closings.queries import count_drafts
from services.billing.credits.models import CreditNote
from services.billing.deposits.usecases import answer_deposits
from services.billing.invoices.models import Invoice
from services.billing.invoices.queries import list_invoices
from services.billing.remedies.usecases import answer_remedies
from services.billing.statements.queries import get_statement
from tests.services.billing.conftest import Books, line

pytestmark = pytest.mark.server


@pytest.fixture
def parent(books: Books) -> str:
    return books.open_account(number="P-1", net_days=10)


@pytest.fixture
def child(books: Books, parent: str) -> str:
    return books.open_account(number="C-1", payer_id=parent, parent_id=parent)


def by_hand(books: Books, child: str) -> Invoice:
    return books.bill(child, 5000)


def in_a_batch(books: Books, child: str) -> Invoice:
    [told] = books.batch(books.demand(child, 5000) | {"issued_on": None})["results"]
    return books.invoice(told["invoice_id"])


def by_shipment(books: Books, child: str) -> Invoice:
    books.ship(child, books.order(child), line(5000), shipment_id=(shipment_id := new_id("shp")))
    [told] = [one for one in books.announced("InvoiceIssued") if one["shipment_id"] == shipment_id]
    return books.invoice(told["invoice_id"])


def by_deposit(books: Books, child: str) -> Invoice:
    asked = {
        "account_id": child,
        "deposit_id": new_id("dep"),
        "order_id": books.order(child),
        "order_number": "SO-100001",
        "client_order_number": None,
        "currency": "EUR",
        "percent": Decimal(25),
        "ordered": [{"net": 20000, "tax_percent": Decimal(0), "tax_code": "zero"}],
    }
    answer_deposits(books.session, [asked], **books.moment)
    [told] = books.announced("InvoiceIssued")
    return books.invoice(told["invoice_id"])


WAYS = [by_hand, in_a_batch, by_shipment, by_deposit]


@pytest.mark.parametrize("way", WAYS)
def test_the_payer_is_billed_on_the_payers_terms_and_for_whom_it_is_stands_on_it(
    books: Books, parent: str, child: str, way: Callable[[Books, str], Invoice]
) -> None:
    invoice = way(books, child)
    assert (invoice.account_id, invoice.for_account_id, invoice.total) == (parent, child, 5000)
    assert [(item.due_date - books.today).days for item in invoice.items] == [10]
    assert (books.balance(parent), books.balance(child)) == ((5000, 0), (0, 0))
    [told] = books.announced("InvoiceIssued")
    assert (told["account_id"], told["for_account_id"]) == (parent, child)


@pytest.mark.parametrize("way", WAYS)
def test_who_pays_for_themselves_is_billed_for_nobody_else(
    books: Books, account: str, way: Callable[[Books, str], Invoice]
) -> None:
    invoice = way(books, account)
    assert (invoice.account_id, invoice.for_account_id) == (account, None)


def test_a_draft_is_not_issued_where_somebody_else_pays_by_now(books: Books, parent: str) -> None:
    account = books.open_account(number="C-2")
    draft = books.draft(account, 5000)
    books.open_account(account_id=account, version=2, payer_id=parent)
    with pytest.raises(Conflict, match="Somebody else pays by now") as refused:
        books.issue(draft)
    assert refused.value.code == "payer_changed"


def test_of_a_payer_nobody_has_told_of_it_says_so(books: Books) -> None:
    child = books.open_account(payer_id=new_id("acc"))
    with pytest.raises(NotKnownYet) as refused:
        books.bill(child, 5000)
    assert refused.value.code == "payer_not_found"
    [told] = books.batch(books.demand(child, 5000) | {"issued_on": None})["results"]
    assert told["code"] == "payer_not_found"


def test_nothing_is_billed_while_the_payer_is_closing(
    books: Books, parent: str, child: str
) -> None:
    books.open_account(account_id=parent, number="P-1", version=2, status=CLOSING)
    with pytest.raises(Conflict, match="P-1 is closing"):
        books.bill(child, 5000)


def test_a_draft_for_an_account_keeps_it_from_being_closed(books: Books, child: str) -> None:
    books.draft(child)
    assert count_drafts(books.session, account_id=child) == 1


def test_the_payers_routine_says_whether_shipments_wait(
    books: Books, parent: str, child: str
) -> None:
    books.agree(child, bills="monthly")
    assert by_shipment(books, child).account_id == parent
    books.agree(parent, bills="monthly")
    books.ship(child, books.order(child), line(700))
    assert len(books.announced("InvoiceIssued")) == 1


def test_what_the_child_paid_ahead_is_taken_off_what_its_payer_is_billed(
    books: Books, parent: str
) -> None:
    child = books.open_account(number="C-3")
    order_id = books.order(child)
    books.bill(child, 2000, order_id=order_id)
    books.open_account(account_id=child, version=2, payer_id=parent)
    books.ship(child, order_id, line(5000))
    assert (books.balance(child), books.balance(parent)) == ((2000, 0), (3000, 0))


def test_what_comes_back_is_credited_to_who_was_billed(
    books: Books, parent: str, child: str
) -> None:
    line_id = new_id("orl")
    order_id = books.order(child)
    books.ship(child, order_id, line(5000, quantity="2", order_line_id=line_id))
    books.come_back(child, order_id, (line_id, "1"))
    [settled] = books.announced("ReturnSettled", "ReturnRefused")
    [credit_note_id] = settled["credit_note_ids"]
    note = books.session.get_one(CreditNote, credit_note_id)
    assert (note.account_id, note.for_account_id, note.total) == (parent, child, 5000)
    assert settled["account_id"] == child
    assert books.balance(parent) == (5000, 0)


def remedy(books: Books, child: str, remedy_id: str, invoice_id: str | None) -> None:
    granted = {
        "account_id": child,
        "remedy_id": remedy_id,
        "kind": "goodwill",
        "currency": "EUR",
        "amount": 700,
        "is_by_lines": False,
        "invoice_id": invoice_id,
        "lines": (),
        "cause": None,
    }
    answer_remedies(books.session, [granted], **books.moment)


@pytest.mark.parametrize("is_free", [True, False])
def test_what_the_child_is_granted_is_credited_to_its_payer_once(
    books: Books, parent: str, child: str, is_free: bool
) -> None:
    invoice = books.bill(child, 5000)
    remedy_id = new_id("rem")
    for _ in range(2):
        remedy(books, child, remedy_id, None if is_free else invoice.invoice_id)
    [told] = books.announced("CreditNoteIssued")
    assert (told["account_id"], told["for_account_id"], told["total"]) == (parent, child, 700)
    assert books.announced("RemedyRefused") == []


def test_free_credit_in_a_batch_goes_to_the_payer(books: Books, parent: str, child: str) -> None:
    told = books.credit_batch({"account_id": child, "lines": [line(700)]})
    assert told["issued"] == 1
    assert (books.balance(parent), books.balance(child)) == ((0, 700), (0, 0))


def test_a_debit_note_is_for_whom_its_invoice_is(books: Books, parent: str, child: str) -> None:
    raised = books.raise_invoice(books.bill(child, 5000), line(100))
    assert (raised.account_id, raised.for_account_id) == (parent, child)


def statement(books: Books, account_id: str) -> list[dict[str, Any]]:
    told = get_statement(
        books.session,
        account_id=account_id,
        currency="EUR",
        first_day=books.today,
        last_day=books.today,
        known_at=None,
        limit=10,
        after=None,
        now=books.now,
    )
    return [dict(one) for one in told["items"]]


def test_the_statement_of_the_payer_names_the_child_and_that_of_the_child_is_empty(
    books: Books, parent: str, child: str
) -> None:
    books.bill(child, 5000)
    books.bill(parent, 100)
    moves = [(one["for_account_id"], one["amount"]) for one in statement(books, parent)]
    assert moves == [(child, 5000), (None, 100)]
    assert statement(books, child) == []


def test_what_others_pay_for_an_account_is_listed(books: Books, parent: str, child: str) -> None:
    invoice = books.bill(child, 5000)
    books.bill(parent, 100)
    names = ("status", "number", "order_id", "shipment_id", "issued_from", "issued_to")
    page = list_invoices(
        books.session,
        limit=10,
        after=None,
        account_id=None,
        for_account_id=child,
        **dict.fromkeys(names),
    )
    assert [one.invoice_id for one in page["items"]] == [invoice.invoice_id]


def test_the_statements_do_not_grow_with_the_families(books: Books) -> None:
    def statements(count: int) -> int:
        children = [
            books.open_account(payer_id=books.open_account(number=f"P-{place}"))
            for place in range(count)
        ]
        rows = [books.demand(one, 100) | {"issued_on": None} for one in children]
        with books.counted() as counted:
            assert books.batch(*rows)["issued"] == count
        return len(counted)

    assert statements(2) == statements(50)
