"""Credit notes."""

from datetime import date
from decimal import Decimal

import pytest

from kernel.ids import new_id
from kernel.refusals import Conflict, Invalid
from services.billing.credits.rules import Grounds
from services.billing.credits.usecases import (
    allocate_credit_note,
    allocate_credit_note_oldest_first,
    credit_item,
)
from services.billing.invoices.models import Invoice

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


def test_a_return_is_credited_once_of_each_invoice_and_named_where_that_is_announced(
    books, account
):
    return_id = new_id("ret")
    first, second = books.bill(account, 1000), books.bill(account, 1000)
    books.credit(first, 300, return_id=return_id)
    with pytest.raises(Conflict, match="once of an invoice") as refused:
        books.credit(first, 300, return_id=return_id)
    assert refused.value.code == "return_credited"
    books.credit(second, 300, return_id=return_id)
    announced = books.announced("CreditNoteIssued")
    assert [(one["return_id"], one["dispute_id"]) for one in announced] == [(return_id, None)] * 2
    books.check_constraints()


def test_what_is_credited_of_which_line_is_kept_and_announced(books, account):
    order_id, line_id = books.order(account), new_id("orl")
    sold = {**line(2400, "20"), "quantity": Decimal(8), "order_line_id": line_id}
    books.ship(account, order_id, sold)
    [billed] = books.announced("InvoiceIssued")
    assert billed["lines"][0]["order_line_id"] == line_id
    invoice = books.session.get_one(Invoice, billed["invoice_id"])
    note = books.credit_lines(invoice, (1, 3))
    assert (note.net, note.tax, invoice.credited) == (7200, 1440, 8640)
    [announced] = books.announced("CreditNoteIssued")
    assert announced["lines"] == [
        {
            "invoice_position": 1,
            "order_line_id": line_id,
            "description": "Chair",
            "quantity": "3",
            "unit_price": 2400,
            "net": 7200,
            "tax_percent": "20.00",
            "tax_code": "standard",
            "exemption_reason": None,
            "is_price_reduction": False,
        }
    ]
    books.check_constraints()


def test_lines_rates_and_amounts_together_come_to_the_invoice_to_the_cent(books, account):
    invoice = books.bill(account, lines=[line(3333, "19"), line(777, "7"), line(1000, "5")])
    notes = [
        books.credit_lines(invoice, (1, "0.5"), (2, 1, 300)),
        books.credit(invoice, 1001),
        books.credit(invoice, rates=[{"tax_percent": Decimal(5), "net": 330}]),
        books.credit_lines(invoice, (2, "0.1")),
        books.credit(invoice),
    ]
    assert sum(note.net for note in notes) == invoice.net
    assert sum(note.tax for note in notes) == invoice.tax
    assert (invoice.status, invoice.balance) == ("paid", 0)
    with pytest.raises(Conflict) as refused:
        books.credit_lines(invoice, (1, None))
    assert refused.value.code == "exceeds_rate"
    books.check_constraints()


def test_an_invoice_that_takes_something_off_is_credited_by_lines_within_what_it_came_to(
    books, account
):
    goods, fault = line(2000, "20"), line(1250, "20")
    goods["quantity"], fault["quantity"] = Decimal(3), Decimal(-1)
    invoice = books.bill(account, lines=[goods, fault])
    assert (invoice.net, invoice.tax) == (4750, 950)
    with pytest.raises(Conflict, match=r"47\.50 EUR net is left to credit at 20 %"):
        books.credit_lines(invoice, (1, None))
    assert books.credit_lines(invoice, (1, 1)).total == 2400
    rest = books.credit_lines(invoice, (1, None), (2, -1))
    assert (rest.net, rest.tax, invoice.balance) == (2750, 550, 0)
    with pytest.raises(Invalid) as refused:
        books.draft(account, lines=[fault])
    assert [error["field"] for error in refused.value.errors] == ["lines"]
    books.check_constraints()


def test_an_upheld_dispute_is_credited_exactly_and_set_against_its_item_first(books, account):
    halves = [
        {"percent": percent, "amount": None, "net_days": days, "due_date": None}
        for percent, days in ((50, 10), (50, 40))
    ]
    invoice = books.bill(account, 1000, instalments=halves)
    _, later = invoice.items
    grounds = Grounds(reason="Damaged.", dispute_id=new_id("dsp"))
    note = credit_item(
        books.session, item_id=later.item_id, amount=700, grounds=grounds, **books.moment
    )
    assert (note.total, note.dispute_id, note.unapplied) == (700, grounds.dispute_id, 0)
    books.session.expire_all()
    assert [item.balance for item in invoice.items] == [300, 0]


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
