"""What was shipped is billed."""

import pytest
from sqlalchemy import select

from kernel.ids import new_id
from kernel.refusals import NotKnownYet
from services.billing.invoices.models import Invoice

pytestmark = pytest.mark.server


def test_a_shipment_is_billed_once_however_often_it_is_heard_of(books, account):
    shipment_id, order_id = new_id("shp"), new_id("ord")
    for _ in range(2):
        books.ship(
            account, order_id, books.line(999, tax="19", quantity="2.5"), shipment_id=shipment_id
        )
    [invoice] = books.session.scalars(select(Invoice).where(Invoice.account_id == account))
    assert (invoice.status, invoice.shipment_id, invoice.total) == ("issued", shipment_id, 2973)
    assert len(books.announced("InvoiceIssued")) == 1
    assert books.balance(account) == (2973, 0)
    books.check_constraints()


def test_goods_given_away_are_not_billed(books, account):
    books.ship(account, new_id("ord"), books.line(0, tax="19"))
    assert books.announced_names() == []


def test_a_shipment_to_an_account_not_heard_of_yet_waits(books):
    with pytest.raises(NotKnownYet):
        books.ship(new_id("acc"), new_id("ord"), books.line(100, tax="19"))


def test_an_invoice_bears_the_clients_own_order_number(books, account):
    order_id = books.order(account)
    mark = {"client_order_number": "PO 4500012345"}
    books.ship(account, order_id, books.line(100, tax="19"), **mark)
    books.bill(account, 500, **mark)
    books.batch(books.demand(account, 700, issued_on=None) | mark)
    books.bill(account, 900)
    marks = ["PO 4500012345"] * 3 + [None]
    assert [one["client_order_number"] for one in books.announced("InvoiceIssued")] == marks
    of_account = select(Invoice.client_order_number).where(Invoice.account_id == account)
    assert books.session.scalars(of_account.order_by(Invoice.invoice_id)).all() == marks
