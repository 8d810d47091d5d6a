"""What sales asks of an order is billed by its lines, once, and not again with its shipments."""

from decimal import Decimal
from typing import Any

import pytest

from kernel.ids import new_id
from kernel.refusals import NotKnownYet
from services.billing.order_billing.queries import get_order_billing
from services.billing.order_bills.subscriptions import OrderBillAsked as OurOrderBillAsked
from services.billing.order_bills.usecases import answer_order_bills
from services.billing.returns.usecases import credit_returns
from services.sales.order_bills.events import OrderBillAsked
from tests.services.billing.conftest import line

pytestmark = pytest.mark.server


def asked(order_line_id: str, quantity: str, unit_price: int = 1000) -> dict[str, Any]:
    taxed = {"unit_price": unit_price, "tax_percent": "20", "description": "Chair"}
    return {"line_id": order_line_id, "quantity": quantity, **taxed}


def ask(books, account, order_id, *lines: dict[str, Any], **facts: Any) -> str:
    """Hear that something of an order is to be billed, as sales announces it."""
    told = OrderBillAsked.example | {"account_id": account, "order_id": order_id}
    told |= {"lines": [*lines], "bill_id": new_id("obl")} | facts
    assert OrderBillAsked().validate(told) == {}
    answer_order_bills(books.session, [OurOrderBillAsked().load(told)], **books.moment)
    return told["bill_id"]


def refused(books) -> list[str]:
    return [one["code"] for one in books.announced("OrderBillRefused")]


def ship(books, account, order_id, order_line_id, quantity, **facts) -> str:
    goods = line(1000, tax="20", quantity=quantity) | {"order_line_id": order_line_id}
    return books.ship(account, order_id, goods, **facts)


def test_it_is_billed_by_its_lines_and_not_again_with_its_shipments(books, account):
    order_id, chair = books.order(account), new_id("orl")
    bill_id = ask(books, account, order_id, asked(chair, "9"))
    [issued] = books.announced("InvoiceIssued")
    assert (issued["order_id"], issued["shipment_id"], issued["total"]) == (order_id, None, 10800)
    [told] = issued["lines"]
    assert (told["order_line_id"], int(told["quantity"])) == (chair, 9)
    assert issued["client_order_number"] == "PO 4500012345"
    [billed] = books.announced("OrderBilled")
    assert (billed["bill_id"], billed["invoice_id"]) == (bill_id, issued["invoice_id"])
    for quantity in ("6", "3"):
        ship(books, account, order_id, chair, quantity, bills_on="order")
    assert len(books.announced("InvoiceIssued")) == 1
    [known] = get_order_billing(books.session, order_id=order_id)["lines"]
    assert (known.shipped, known.billed, known.to_bill) == (9, 9, 0)
    books.check_constraints()


def test_it_is_no_advance_of_shipments_that_are_billed_by_themselves(books, account):
    order_id, chair, stool = books.order(account), new_id("orl"), new_id("orl")
    ask(books, account, order_id, asked(chair, "9"))
    ship(books, account, order_id, stool, "2")
    _, second = books.announced("InvoiceIssued")
    assert (second["taken_off"], second["total"]) == (0, 2400)


def test_what_was_billed_ahead_by_hand_is_taken_off_it(books, account):
    order_id = books.order(account)
    books.bill(account, 3000, order_id=order_id)
    ask(books, account, order_id, asked(new_id("orl"), "9"))
    ahead, whole = books.announced("InvoiceIssued")
    assert (ahead["total"], whole["taken_off"], whole["total"]) == (3000, 3000, 7800)
    books.check_constraints()


def test_it_is_answered_once_whatever_is_repeated(books, account):
    order_id, chair = books.order(account), new_id("orl")
    bill_id = ask(books, account, order_id, asked(chair, "9"))
    ask(books, account, order_id, asked(chair, "4"), bill_id=bill_id)
    assert len(books.announced("InvoiceIssued")) == 1
    other = ask(books, account, order_id, asked(chair, "9"), currency="USD")
    ask(books, account, order_id, asked(chair, "9"), bill_id=other)
    assert refused(books) == ["other_currency"]
    assert len(books.announced("InvoiceIssued")) == 1


def test_what_is_asked_before_its_order_or_account_is_known_waits_and_is_not_refused(
    books, account
):
    order_id = new_id("ord")
    for whose, code in ((account, "order_not_found"), (new_id("acc"), "account_not_found")):
        for _ in range(2):
            with pytest.raises(NotKnownYet) as unknown:
                ask(books, whose, order_id, asked(new_id("orl"), "9"))
            assert unknown.value.code == code
        books.keep_order(account, order_id, version=2)
    ask(books, account, order_id, asked(new_id("orl"), "9"))
    assert refused(books) == []
    assert len(books.announced("InvoiceIssued")) == 1


def test_what_cannot_be_billed_is_refused_with_code_and_sentence(books, account):
    order_id, closed = books.order(account), books.open_account(status="closed")
    chair = asked(new_id("orl"), "1")
    ask(books, books.open_account(), order_id, chair)
    ask(books, account, order_id, chair, currency="USD")
    ask(books, closed, books.order(closed), chair)
    ask(books, account, order_id, asked(new_id("orl"), "1", 0))
    ask(books, account, order_id, shipment_id=new_id("shp"))
    codes = ["order_not_found", "other_currency", "account_closed", "total_out_of_range"]
    assert refused(books) == [*codes, "shipment_not_billed"]
    assert all(one["reason"].endswith(".") for one in books.announced("OrderBillRefused"))
    assert books.announced("InvoiceIssued") == []
    books.check_constraints()


def test_a_shipment_whose_invoice_is_void_is_billed_again_as_it_was(books, account):
    order_id, chair = books.order(account), new_id("orl")
    shipment_id = ship(books, account, order_id, chair, "10")
    [first] = books.announced("InvoiceIssued")
    ask(books, account, order_id, shipment_id=shipment_id)
    assert refused(books) == ["shipment_not_billed"], "its invoice is live"
    for _ in range(2):
        *_, last = books.announced("InvoiceIssued")
        books.void(books.invoice(last["invoice_id"]))
        ask(books, account, order_id, shipment_id=shipment_id)
    *_, again = books.announced("InvoiceIssued")
    assert again["shipment_id"] == shipment_id
    assert again["total"] == first["total"] == 12000
    [told] = again["lines"]
    assert (told["order_line_id"], int(told["quantity"])) == (chair, 10)
    ask(books, account, order_id, shipment_id=shipment_id)
    assert refused(books)[-1] == "shipment_billed"
    [known] = get_order_billing(books.session, order_id=order_id)["lines"]
    assert (known.shipped, known.billed, known.to_bill) == (10, 10, 0)
    books.check_constraints()


def test_a_shipment_that_an_invoice_for_its_order_bills_since_is_not_billed_again(books, account):
    order_id = books.order(account)
    shipment_id = ship(books, account, order_id, new_id("orl"), "10")
    [first] = books.announced("InvoiceIssued")
    books.void(books.invoice(first["invoice_id"]))
    books.bill(account, 3000, order_id=order_id)
    ask(books, account, order_id, shipment_id=shipment_id)
    assert refused(books) == ["shipment_billed_in_part"]


def test_what_came_back_meanwhile_is_not_billed_again(books, account):
    order_id, chair = books.order(account), new_id("orl")
    shipment_id = ship(books, account, order_id, chair, "10")
    [first] = books.announced("InvoiceIssued")
    books.void(books.invoice(first["invoice_id"]))
    back = {"order_line_id": chair, "quantity": Decimal(2), "kept_back": 0}
    names = {"account_id": account, "order_id": order_id, "return_id": new_id("ret")}
    told = {"part": 1, "number": "RT-1", "currency": "EUR"}
    lines = [back | {"lowered_by": None, "unsold": None}]
    credit_returns(books.session, [{**names, **told, "lines": lines}], **books.moment)
    ask(books, account, order_id, shipment_id=shipment_id)
    *_, again = books.announced("InvoiceIssued")
    assert [int(one["quantity"]) for one in again["lines"]] == [8]
    [known] = get_order_billing(books.session, order_id=order_id)["lines"]
    assert (known.shipped, known.returned, known.billed, known.to_bill) == (10, 2, 8, 0)
