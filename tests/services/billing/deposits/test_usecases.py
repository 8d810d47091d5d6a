"""What sales asks of an order before supply is billed ahead once, and taken off the last invoice."""

from typing import Any

import pytest

from kernel.ids import new_id
from kernel.refusals import NotKnownYet
from services.billing.deposits.subscriptions import DepositAsked as OurDepositAsked
from services.billing.deposits.usecases import answer_deposits
from services.sales.deposits.events import DepositAsked

pytestmark = pytest.mark.server


def ask(books, account_id, order_id, *, tax="20", **facts: Any) -> str:
    """Hear that a deposit is asked for, as sales announces it."""
    told = DepositAsked.example | {"account_id": account_id, "order_id": order_id}
    told |= {"ordered": [{"tax_percent": tax, "tax_code": None, "net": 28800}]}
    told |= {"deposit_id": new_id("dep")} | facts
    assert DepositAsked().validate(told) == {}
    answer_deposits(books.session, [OurDepositAsked().load(told)], **books.moment)
    return told["deposit_id"]


def test_a_quarter_is_asked_before_supply_and_the_last_invoice_is_the_rest(books, account):
    order_id = books.order(account)
    deposit_id = ask(books, account, order_id, tax="0")
    [billed] = books.announced("DepositBilled")
    assert (billed["deposit_id"], billed["order_id"], billed["total"]) == (
        deposit_id,
        order_id,
        7200,
    )
    books.ship(account, order_id, books.line(3600, quantity="8"))
    asked, last = books.announced("InvoiceIssued")
    assert (asked["invoice_id"], asked["order_id"]) == (billed["invoice_id"], order_id)
    assert (asked["shipment_id"], asked["client_order_number"]) == (None, "PO 4500012345")
    assert (last["total"], last["taken_off"]) == (21600, 7200)
    books.check_constraints()


def test_it_is_taxed_as_the_goods_and_both_come_to_the_same(books, account):
    order_id = books.order(account)
    ask(books, account, order_id)
    books.ship(account, order_id, books.line(3600, tax="20", quantity="8"))
    totals = [(one["net"], one["tax"]) for one in books.announced("InvoiceIssued")]
    assert totals == [(7200, 1440), (21600, 4320)]


def test_it_is_answered_once_whatever_is_repeated(books, account):
    order_id = books.order(account)
    deposit_id = ask(books, account, order_id)
    ask(books, account, order_id, deposit_id=deposit_id, percent="50")
    assert len(books.announced("InvoiceIssued")) == 1
    refused = ask(books, account, order_id, currency="USD")
    ask(books, account, order_id, deposit_id=refused)
    assert [one["deposit_id"] for one in books.announced("DepositRefused")] == [refused]
    assert len(books.announced("InvoiceIssued")) == 1


def test_what_is_asked_before_its_order_or_account_is_known_waits_and_is_not_refused(
    books, account
):
    order_id = new_id("ord")
    for whose, code in ((account, "order_not_found"), (new_id("acc"), "account_not_found")):
        for _ in range(2):
            with pytest.raises(NotKnownYet) as unknown:
                ask(books, whose, order_id)
            assert unknown.value.code == code
        books.keep_order(account, order_id, version=2)
    ask(books, account, order_id)
    assert books.announced("DepositRefused") == []
    assert len(books.announced("InvoiceIssued")) == 1


def test_what_cannot_be_billed_ahead_is_refused_with_code_and_sentence(books, account):
    order_id, ended = books.order(account), new_id("ord")
    books.keep_order(account, ended, version=3, is_ended=True)
    closed = books.open_account(status="closed")
    ask(books, books.open_account(), order_id)
    ask(books, account, order_id, currency="USD")
    ask(books, account, ended)
    ask(books, closed, books.order(closed))
    ask(books, account, order_id, percent="0")
    refused = books.announced("DepositRefused")
    assert [one["code"] for one in refused] == [
        "order_not_found",
        "other_currency",
        "order_ended",
        "account_closed",
        "total_out_of_range",
    ]
    assert all(one["reason"].endswith(".") for one in refused)
    assert books.announced("InvoiceIssued") == []
    books.check_constraints()
