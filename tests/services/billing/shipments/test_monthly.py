"""What is sent to accounts that are billed monthly waits for their bill."""

from datetime import date

import pytest
from sqlalchemy import select

from kernel.ids import new_id
from kernel.refusals import Conflict
from services.billing.billables.models import Billable
from services.billing.billables.queries import find_pending
from services.billing.billables.rules import price_pending
from services.billing.invoices.rules import Demand
from services.billing.issuing.rules import NewInvoice, fix_dates
from services.billing.issuing.usecases import issue_new
from services.billing.order_billing.queries import get_order_billing
from services.billing.routines.rules import Agreement
from services.billing.taxes.rules import Rounding

pytestmark = pytest.mark.server


def goods(books, quantity="8", line_id=None):
    return books.line(2160, tax="20", quantity=quantity) | {"order_line_id": line_id}


def waiting(books, account):
    found = select(Billable).where(Billable.account_id == account).order_by(Billable.billable_id)
    return books.session.scalars(found.execution_options(populate_existing=True)).all()


def bill_all(books, account):
    """The account's bill of the month, as billing runs issue it."""
    books.session.expire_all()
    pending = find_pending(
        books.session, account_ids=[account], until=books.today, known_at=books.now
    )
    priced = price_pending(pending, rounding=Rounding.DOCUMENT)
    day, dues = fix_dates(
        total=priced.total,
        currency="EUR",
        terms=None,
        agreement=Agreement(30, "DE"),
        issued_on=None,
        today=books.today,
    )
    invoice_id = new_id("inv")
    demand = Demand(account, "EUR", priced, terms=None)
    new = [NewInvoice(invoice_id, demand, day, dues)]
    issue_new(books.session, new=new, now=books.now, by=books.by)
    return invoice_id


@pytest.fixture
def monthly(books, account):
    books.agree(account, bills="monthly")
    return account


def test_each_line_waits_once_with_its_shipment_and_the_clients_number(books, monthly):
    order_id, shipment_id, line_id = books.order(monthly), new_id("shp"), new_id("orl")
    for bills in ("per_shipment", "monthly"):
        sent = [goods(books, line_id=line_id), books.line(0, tax="20")]
        facts = {"client_order_number": "PO 45", "shipped_on": date(2026, 2, 28)}
        books.ship(monthly, order_id, *sent, shipment_id=shipment_id, **facts)
        books.agree(monthly, bills=bills)
    [one] = waiting(books, monthly)
    assert (one.kind, one.shipment_id, one.order_id) == ("shipment", shipment_id, order_id)
    assert (one.order_line_id, one.client_order_number) == (line_id, "PO 45")
    assert (one.quantity, one.unit_price, one.bill_on) == (8, 2160, date(2026, 2, 28))
    assert books.announced("InvoiceIssued") == []


def test_one_invoice_bills_several_shipments_and_says_which(books, monthly):
    shipments = [books.ship(monthly, books.order(monthly), goods(books)) for _ in range(2)]
    invoice_id = bill_all(books, monthly)
    [issued] = books.announced("InvoiceIssued")
    assert [line["shipment_id"] for line in issued["lines"]] == shipments
    assert (issued["shipment_id"], issued["total"]) == (None, 2 * 20736)
    assert [one.pending for one in waiting(books, monthly)] == [0, 0]
    books.void(books.invoice(invoice_id))
    assert [one.pending for one in waiting(books, monthly)] == [8, 8]


def test_an_order_that_is_billed_apart_or_ahead_is_billed_at_once(books, monthly):
    books.ship(monthly, books.order(monthly), goods(books), is_billed_apart=True)
    ahead = books.order(monthly)
    books.bill(monthly, order_id=ahead, lines=[books.line(8640, tax="20")])
    books.ship(monthly, ahead, goods(books, "4"))
    books.ship(monthly, ahead, goods(books, "4"))
    totals = [one["total"] for one in books.announced("InvoiceIssued")]
    assert totals == [20736, 10368, 0]
    assert [one.quantity for one in waiting(books, monthly)] == [4]


def test_nothing_is_billed_ahead_of_an_order_whose_goods_wait(books, monthly):
    order_id = books.order(monthly)
    books.ship(monthly, order_id, goods(books))
    with pytest.raises(Conflict) as refused:
        books.bill(monthly, order_id=order_id)
    assert refused.value.code == "order_waits_for_bill"
    row = books.demand(monthly, 700, order_id=order_id, issued_on=None)
    assert [one["code"] for one in books.batch(row)["results"]] == ["order_waits_for_bill"]
    bill_all(books, monthly)
    books.bill(monthly, order_id=order_id)


def test_what_comes_back_before_the_bill_is_not_billed_and_what_more_comes_is_credited(
    books, monthly
):
    order_id, line_id = books.order(monthly), new_id("orl")
    books.ship(monthly, order_id, goods(books, "5", line_id))
    bill_all(books, monthly)
    books.ship(monthly, order_id, goods(books, "3", line_id))
    books.come_back(monthly, order_id, (line_id, 4, 80))
    [settled] = books.announced("ReturnSettled")
    assert settled["not_billed"] == [{"order_line_id": line_id, "quantity": "3"}]
    assert settled["credited"] == [{"order_line_id": line_id, "quantity": "1"}]
    [note] = books.announced("CreditNoteIssued")
    assert note["net"] == 2160 - 20
    *_, gone, fee = waiting(books, monthly)
    assert (gone.cancelled, gone.pending, fee.pending, fee.unit_price) == (3, 0, 1, 60)
    assert fee.description == "Restocking fee: Service"
    [line] = get_order_billing(books.session, order_id=order_id)["lines"]
    assert (line.shipped, line.returned, line.billed, line.credited, line.to_bill) == (
        8,
        4,
        5,
        1,
        0,
    )
    bill_all(books, monthly)
    assert books.balance(monthly) == (12960 - 2568 + 72, 0)
    books.check_constraints()
