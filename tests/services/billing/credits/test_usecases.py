"""Credit notes."""

from datetime import date
from decimal import Decimal

import pytest

from kernel.ids import new_id
from kernel.refusals import Conflict, Invalid, NotFound
from services.billing.credits.usecases import (
    allocate_credit_note,
    allocate_credit_note_oldest_first,
)
from services.billing.items.queries import find_items

pytestmark = pytest.mark.server


def line(unit_price, tax):
    return {
        "description": "Chair",
        "quantity": Decimal(1),
        "unit_price": unit_price,
        "tax_percent": Decimal(tax),
    }


def test_a_credit_note_lowers_what_is_owed_with_the_tax_of_the_invoice(books, account):
    invoice = books.bill(account, lines=[line(10000, "19"), line(10000, "7")])
    note = books.credit(invoice, 2260)
    assert (note.net, note.tax, note.unapplied) == (2000, 260, 0)
    assert [(rate.net, rate.tax) for rate in note.rates] == [(1000, 70), (1000, 190)]
    assert (invoice.balance, invoice.credited) == (20340, 2260)
    assert books.balance(account) == (20340, 0)
    books.check_constraints()


def test_crediting_all_that_is_left_leaves_no_net_and_no_tax(books, account):
    invoice = books.bill(account, lines=[line(3333, "19"), line(777, "7")])
    notes = [books.credit(invoice, 1001), books.credit(invoice, 13), books.credit(invoice)]
    assert sum(note.net for note in notes) == invoice.net
    assert sum(note.tax for note in notes) == invoice.tax
    assert (invoice.status, invoice.balance) == ("paid", 0)


def test_no_more_is_credited_than_is_left_of_the_invoice(books, account):
    invoice = books.bill(account, 1000)
    books.credit(invoice, 600)
    with pytest.raises(Conflict) as refused:
        books.credit(invoice, 401)
    assert refused.value.code == "credit_exceeds_invoice"


def test_a_credit_of_a_paid_invoice_is_unapplied(books, account):
    invoice = books.bill(account, 1000)
    books.pay(account, 900)
    note = books.credit(invoice, 300)
    assert (invoice.status, note.unapplied, note.status) == ("paid", 200, "unapplied")
    assert books.balance(account) == (0, 200)


def test_a_credit_note_is_announced_with_its_allocation(books, account):
    invoice = books.bill(account, 1000)
    books.session.info["announced"].clear()
    note = books.credit(invoice)
    assert books.announced_names() == [
        "CreditNoteIssued",
        "AllocationMade",
        "InvoicePaid",
        "BalanceChanged",
    ]
    [made] = books.announced("AllocationMade")
    assert (made["payment_id"], made["credit_note_id"]) == (None, note.credit_note_id)


def test_a_remedy_is_credited_once_and_named_where_that_is_announced(books, account):
    invoice = books.bill(account, 1000)
    remedy_id = new_id("rem")
    books.credit(invoice, 300, remedy_id=remedy_id)
    books.credit(invoice, 300)
    with pytest.raises(Conflict) as refused:
        books.credit(books.bill(account, 1000), 300, remedy_id=remedy_id)
    assert refused.value.code == "remedy_credited"
    announced = [note["remedy_id"] for note in books.announced("CreditNoteIssued")]
    assert announced == [remedy_id, None]


@pytest.mark.parametrize("state", ["draft", "void"])
def test_only_an_issued_invoice_is_credited(books, account, state):
    invoice = books.draft(account)
    if state == "void":
        books.void(books.issue(invoice))
    with pytest.raises(Conflict) as refused:
        books.credit(invoice)
    assert refused.value.code == f"invoice_{state}"


def test_a_credit_note_is_not_of_a_day_before_its_invoice_nor_to_come(books, account):
    invoice = books.bill(account)
    for day, code in [
        (date(2026, 3, 1), "credit_before_invoice"),
        (date(2026, 3, 3), "in_the_future"),
    ]:
        with pytest.raises(Invalid) as refused:
            books.credit(invoice, issued_on=day)
        assert refused.value.code == code


def test_a_free_standing_credit_note_is_unapplied_until_it_is_allocated(books, account):
    note = books.credit_freely(account, 1500)
    assert (note.invoice_id, note.unapplied, books.balance(account)) == (None, 1500, (0, 1500))
    older, newer = books.bill(account, 1000), books.bill(account, 1000)
    same = {"credit_note_id": note.credit_note_id, "now": books.now, "by": "tester"}
    allocate_credit_note(
        books.session,
        instruction=[{"item_id": None, "invoice_id": newer.invoice_id, "amount": 200}],
        **same,
    )
    allocate_credit_note_oldest_first(books.session, **same)
    assert (older.balance, newer.balance, note.unapplied) == (0, 500, 0)
    books.check_constraints()


def test_credit_notes_are_numbered_apart_from_invoices(books, account):
    invoice = books.bill(account)
    first, second = books.credit(invoice, 1), books.credit_freely(account, 1)
    assert first.number.startswith("CN-2026-")
    assert int(second.number[-6:]) == int(first.number[-6:]) + 1


def test_a_credit_note_is_set_against_the_item_named_first(books, account):
    halves = [
        {"percent": 50, "amount": None, "net_days": days, "due_date": None} for days in (10, 40)
    ]
    invoice = books.bill(account, 10000, instalments=halves)
    first, second = find_items(books.session, item_ids=(), invoice_ids=[invoice.invoice_id])
    books.credit(invoice, 6000, item_id=second.item_id)
    assert (first.balance, second.balance) == (4000, 0)
    with pytest.raises(NotFound):
        books.credit(books.bill(account, 100), item_id=second.item_id)
