"""What was billed for an order ahead of shipping is billed once."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from kernel.refusals import Conflict
from services.billing.invoices.models import Invoice
from services.billing.reconciliation.queries import reconcile

pytestmark = pytest.mark.server


@pytest.fixture
def order(books, account):
    return books.order(account)


def invoice_of(books, shipment_id):
    return books.session.scalars(select(Invoice).where(Invoice.shipment_id == shipment_id)).one()


def ship(books, account, order, *lines, **facts):
    """What was billed for the shipment of these lines."""
    return invoice_of(books, books.ship(account, order, *lines, **facts))


def test_what_was_billed_ahead_is_taken_off_the_shipments_invoice(books, account, order):
    ahead = books.bill(account, 3000, order_id=order)
    invoice = ship(books, account, order, books.line(2500, quantity="4"))
    assert (invoice.total, invoice.taken_off, invoice.balance) == (7000, 3000, 7000)
    assert [(line.net, line.advance_id) for line in invoice.lines] == [
        (10000, None),
        (-3000, ahead.invoice_id),
    ]
    assert ahead.number in invoice.lines[1].description
    assert books.balance(account) == (10000, 0)
    assert [each["taken_off"] for each in books.announced("InvoiceIssued")] == [0, 3000]
    assert reconcile(books.session)["differences"] == []
    books.check_constraints()


def test_several_shipments_use_it_up_in_turn_down_to_nothing(books, account, order):
    books.bill(account, 3000, order_id=order)
    totals = [ship(books, account, order, books.line(2500)).total for _ in range(3)]
    assert totals == [0, 2000, 2500]


def test_an_invoice_that_demands_nothing_is_paid_as_it_is_issued(books, account, order):
    books.bill(account, 3000, order_id=order)
    books.session.info["announced"].clear()
    invoice = ship(books, account, order, books.line(2500))
    assert (invoice.status, invoice.paid_on, invoice.items) == ("paid", books.today, [])
    assert books.announced_names() == ["BalanceChanged", "InvoiceIssued", "InvoicePaid"]
    books.check_constraints()


def test_taxes_come_out_right_to_the_cent_by_rate(books, account, order):
    lines = [books.line(333, tax="19"), books.line(777, tax="7")]
    books.bill(account, lines=lines, order_id=order)
    invoices = [ship(books, account, order, *lines) for _ in range(3)]
    billed = {}
    for invoice in books.session.scalars(select(Invoice).where(Invoice.order_id == order)):
        for rate in invoice.rates:
            net, tax = billed.get(rate.tax_percent, (0, 0))
            billed[rate.tax_percent] = (net + rate.net, tax + rate.tax)
    assert billed == {Decimal(19): (999, 3 * 63), Decimal(7): (2331, 3 * 54)}
    assert [invoice.total for invoice in invoices] == [0, 1227, 1227]


def test_what_another_order_or_currency_was_billed_ahead_is_not_taken_off(books, account, order):
    books.bill(account, 3000, order_id=books.order(account))
    books.bill(account, 3000)
    assert ship(books, account, order, books.line(2500)).total == 2500


def test_a_draft_is_not_billed_yet(books, account, order):
    draft = books.draft(account, 3000, order_id=order)
    assert ship(books, account, order, books.line(2500)).total == 2500
    books.issue(draft)
    assert ship(books, account, order, books.line(2500)).total == 0


def test_what_a_void_shipment_invoice_had_taken_off_is_ahead_again(books, account, order):
    books.bill(account, 3000, order_id=order)
    books.void(ship(books, account, order, books.line(5000)))
    assert ship(books, account, order, books.line(5000)).total == 2000
    assert books.balance(account) == (5000, 0)


def test_an_invoice_that_demands_nothing_can_be_voided(books, account, order):
    books.bill(account, 3000, order_id=order)
    void = books.void(ship(books, account, order, books.line(2500)))
    assert (void.status, books.balance(account)) == ("void", (3000, 0))
    assert ship(books, account, order, books.line(2500)).total == 0
    assert ship(books, account, order, books.line(2500)).total == 2000


def test_an_invoice_that_was_taken_off_another_is_not_voided_until_that_is(books, account, order):
    ahead = books.bill(account, 3000, order_id=order)
    shipped = ship(books, account, order, books.line(5000))
    with pytest.raises(Conflict, match=shipped.number) as refused:
        books.void(ahead)
    assert refused.value.code == "invoice_taken_off"
    books.void(shipped)
    assert books.void(ahead).status == "void"
    assert ship(books, account, order, books.line(5000)).total == 5000


def test_a_void_advance_is_not_taken_off(books, account, order):
    books.void(books.bill(account, 3000, order_id=order))
    assert ship(books, account, order, books.line(5000)).total == 5000


def test_a_shipment_whose_invoice_is_void_is_billed_again_by_the_next_for_its_order(
    books, account, order
):
    books.void(ship(books, account, order, books.line(10000)))
    again = books.bill(account, 9500, order_id=order)
    assert ship(books, account, order, books.line(5000)).total == 5000
    books.void(again)
    books.bill(account, 11000, order_id=order)  # 1,000 of it is ahead
    assert ship(books, account, order, books.line(5000)).total == 4000


def test_what_was_given_back_stays_ahead_while_the_shipment_is_billed_again(books, account, order):
    books.bill(account, 3000, order_id=order)
    books.void(ship(books, account, order, books.line(10000)))
    books.bill(account, 10000, order_id=order)
    assert ship(books, account, order, books.line(5000)).total == 2000
    assert books.balance(account) == (15000, 0)


def test_a_batch_bills_void_shipments_again_one_after_the_other(books, account, order):
    books.void(ship(books, account, order, books.line(10000)))
    row = books.demand(account, 6000, order_id=order) | {"issued_on": None}
    books.batch(row, row)
    assert ship(books, account, order, books.line(5000)).total == 3000


def test_what_is_credited_of_an_advance_is_ahead_no_longer(books, account, order):
    ahead = books.bill(account, lines=[books.line(3000, tax="19")], order_id=order)
    note = books.credit(ahead, 1190)
    assert (note.order_id, note.taken_back) == (order, 1190)
    [announced] = books.announced("CreditNoteIssued")
    assert (announced["order_id"], announced["taken_back"]) == (order, 1190)
    assert ship(books, account, order, books.line(10000, tax="19")).taken_off == 2380
    assert books.balance(account) == (11900, 0)


def test_what_is_credited_of_what_was_shipped_meanwhile_stays_billed_once(books, account, order):
    ahead = books.bill(account, 3000, order_id=order)
    ship(books, account, order, books.line(2000))
    note = books.credit(ahead, 1500)  # 1,000 were ahead still, 500 are a favour
    assert note.taken_back == 1000
    assert ship(books, account, order, books.line(2000)).total == 2000
    assert books.balance(account) == (4000 - 500, 0)


def test_crediting_a_shipments_invoice_takes_nothing_back(books, account, order):
    books.bill(account, 3000, order_id=order)
    note = books.credit(ship(books, account, order, books.line(4000)), 500)
    assert (note.order_id, note.taken_back) == (order, 0)
    assert books.credit(invoice_of_note(books, note)).total == 500


def invoice_of_note(books, note):
    return books.session.get_one(Invoice, note.invoice_id)


def test_a_free_credit_note_takes_back_what_the_order_it_names_was_billed_ahead(
    books, account, order
):
    books.bill(account, lines=[books.line(1000, tax="19")], order_id=order)
    books.bill(account, lines=[books.line(1000, tax="19")], order_id=order)
    other_rate = books.credit_freely(account, 1000, order_id=order)
    assert other_rate.taken_back == 0
    note = books.credit_freely(account, 1500, tax="19", order_id=order)
    assert note.taken_back == 1785
    assert ship(books, account, order, books.line(1000, tax="19")).taken_off == 595


def test_an_advance_that_a_credit_note_took_back_is_not_voided(books, account, order):
    ahead = books.bill(account, 3000, order_id=order)
    books.credit_freely(account, 100, order_id=order)
    with pytest.raises(Conflict) as refused:
        books.void(ahead)
    assert refused.value.code == "invoice_credited"


def test_goods_at_another_rate_are_billed_once_too(books, account, order):
    books.bill(account, 3000, order_id=order)
    invoice = ship(books, account, order, books.line(10000, tax="19"))
    assert invoice.total == 8900
    assert [(int(rate.tax_percent), rate.net, rate.tax) for rate in invoice.rates] == [
        (0, -3000, 0),
        (19, 10000, 1900),
    ]
    assert books.credit(invoice).total == 8900
    books.check_constraints()


def issue_draft(books, account, order):
    return books.bill(account, 3000, order_id=order)


def issue_in_a_batch(books, account, order):
    row = books.demand(account, 3000, order_id=order) | {"issued_on": None}
    [result] = books.batch(row)["results"]
    if "code" in result:
        raise Conflict(result["code"], result["detail"])


@pytest.mark.parametrize("way", [issue_draft, issue_in_a_batch])
def test_nothing_is_billed_ahead_of_an_order_that_is_shipped_and_billed(books, account, order, way):
    shipped = ship(books, account, order, books.line(2500, quantity="4"))
    books.keep_order(account, order, version=3, is_ended=True)
    with pytest.raises(Conflict) as refused:
        way(books, account, order)
    assert refused.value.code == "order_ended"
    assert books.balance(account) == (10000, 0)
    books.void(shipped)
    way(books, account, order)  # what was shipped is to be billed again
    assert books.balance(account) == (3000, 0)
