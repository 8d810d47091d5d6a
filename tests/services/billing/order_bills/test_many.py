"""What sales asks of many orders at once, deposits and order bills, is answered as if one was asked after
the other, in as many statements as of two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.ids import new_id
from kernel.refusals import NotKnownYet
from services.billing.deposits.subscriptions import DepositAsked as OurDepositAsked
from services.billing.deposits.usecases import answer_deposits
from services.billing.order_bills.subscriptions import OrderBillAsked as OurOrderBillAsked
from services.billing.order_bills.usecases import answer_order_bills
from services.sales.deposits.events import DepositAsked
from services.sales.order_bills.events import OrderBillAsked
from tests.services.billing.conftest import Books, line
from tests.services.billing.together import AHEAD, Firm, open_firm
from tests.services.client import Client

pytestmark = pytest.mark.server

Row = dict[str, Any]
NAMES = [new_id("obl") for _ in range(12)]
CHAIR = "orl_01jd3v4q6ye8z9t5k2m7n0p1xg"


@pytest.fixture
def firm(books: Books) -> Firm:
    return open_firm(books)


def bill_of(firm: Firm, order: int, price: int = 1000, **facts: Any) -> Row:
    """That something of an order is to be billed."""
    account_id, order_id = firm.orders[order]
    taxed = {"unit_price": price, "tax_percent": "19", "description": "Chair"}
    lines = [{"line_id": CHAIR, "quantity": "2", **taxed}]
    names = {"account_id": account_id, "order_id": order_id, "bill_id": new_id("obl")}
    return OurOrderBillAsked().load(OrderBillAsked.example | names | {"lines": lines} | facts)


def deposit_of(firm: Firm, order: int, net: int = 28800, **facts: Any) -> Row:
    """That a deposit is asked of an order."""
    account_id, order_id = firm.orders[order]
    names = {"account_id": account_id, "order_id": order_id, "deposit_id": new_id("dep")}
    ordered = [{"tax_percent": "19", "tax_code": None, "net": net}]
    return OurDepositAsked().load(DepositAsked.example | names | {"ordered": ordered} | facts)


def bill(firm: Firm, *asked: Row) -> None:
    answer_order_bills(firm.books.session, asked, **firm.books.moment)


def ask(firm: Firm, *asked: Row) -> None:
    answer_deposits(firm.books.session, asked, **firm.books.moment)


def both(firm: Firm, act: Callable[..., None], asked: list[Row]) -> tuple[Any, Any]:
    """What the books say when all is asked at once, and when one after the other."""
    return firm.undone(lambda: act(firm, *asked)), firm.undone(
        lambda: [act(firm, one) for one in asked]
    )


ORDERS = st.integers(0, 8)  # those that are known
NAMED = st.integers(0, len(NAMES) - 1)
CURRENCY = st.sampled_from(["EUR"] * 5 + ["USD"])
ASKED = st.tuples(ORDERS, st.sampled_from([0, 333, 777, 2500]), NAMED, CURRENCY, st.booleans())


def test_order_bills_at_once_are_answered_as_one_after_the_other(firm: Firm) -> None:
    sent = [firm.send(order, line(900) | {"order_line_id": CHAIR}) for order in (0, 3, 5)]
    firm.bill(sent)
    for one in list(firm.books.announced("InvoiceIssued"))[-3:]:
        firm.books.void(firm.books.invoice(one["invoice_id"]))
    again = {order: one["shipment_id"] for order, one in zip((0, 3, 5), sent, strict=True)}

    @settings(max_examples=15, deadline=None)
    @given(st.lists(ASKED, min_size=3, max_size=9))
    def check(drawn: list[tuple[int, int, int, str, bool]]) -> None:
        asked = [
            bill_of(
                firm,
                order,
                price,
                bill_id=NAMES[name],
                currency=currency,
                shipment_id=again.get(order) if is_again else None,
            )
            for order, price, name, currency, is_again in drawn
        ]
        at_once, one_by_one = both(firm, bill, asked)
        assert at_once == one_by_one

    check()


def test_deposits_at_once_are_answered_as_one_after_the_other(firm: Firm) -> None:
    firm.bill([firm.send(order, line(900)) for order in (1, 4)])  # they wait for the month's bill

    @settings(max_examples=10, deadline=None)
    @given(st.lists(ASKED, min_size=3, max_size=9))
    def check(drawn: list[tuple[int, int, int, str, bool]]) -> None:
        asked = [
            deposit_of(
                firm, order, net, deposit_id=NAMES[name].replace("obl", "dep"), currency=currency
            )
            for order, net, name, currency, _ in drawn
        ]
        at_once, one_by_one = both(firm, ask, asked)
        assert at_once == one_by_one

    check()


def test_the_second_of_an_order_has_what_the_first_left_of_what_was_billed_ahead(
    firm: Firm,
) -> None:
    bill(firm, bill_of(firm, 5), bill_of(firm, 0), bill_of(firm, 5))
    taken_off = [one["taken_off"] for one in firm.books.announced("InvoiceIssued")[-3:]]
    assert taken_off == [2380, 0, AHEAD - 2380]


def test_a_shipment_that_is_asked_for_twice_at_once_is_billed_again_once(firm: Firm) -> None:
    sent = firm.send(0, line(900) | {"order_line_id": CHAIR})
    firm.bill([sent])
    *_, first = firm.books.announced("InvoiceIssued")
    firm.books.void(firm.books.invoice(first["invoice_id"]))
    again = {"shipment_id": sent["shipment_id"]}
    bill(firm, bill_of(firm, 0, **again), bill_of(firm, 3), bill_of(firm, 0, **again))
    assert len(firm.books.announced("OrderBilled")) == 2
    [refused] = firm.books.announced("OrderBillRefused")
    assert refused["code"] == "shipment_billed"


@pytest.mark.parametrize(("act", "of"), [(bill, bill_of), (ask, deposit_of)])
def test_statements_do_not_grow_with_what_is_asked(
    firm: Firm, act: Callable[..., None], of: Callable[..., Row]
) -> None:
    def count(*orders: int) -> int:
        asked = [of(firm, order, 2500) for order in orders]
        return firm.count(lambda: act(firm, *asked))

    assert count(5, 2) == count(*[*range(9)] * 4, 0, 3, 5, 8) <= 24


def knows(client: Client) -> tuple[str, str]:
    """An account that billing knows, and the id of an order that it may not know."""
    account_id = new_id("acc")
    account = {"version": 1, "number": "A-1", "status": "active", "net_days": 30}
    client.hear("keep_accounts", event="account_activated", account_id=account_id, **account)
    return account_id, new_id("ord")


def test_what_comes_with_its_order_is_answered_and_a_deposit_counts_for_the_shipment_beside_it(
    client: Client,
) -> None:
    account_id, order_id = knows(client)
    names = {"account_id": account_id, "order_id": order_id, "currency": "EUR"}
    ordered = [{"tax_percent": "0", "tax_code": None, "net": 28800}]
    chairs = {"description": "Chair", "quantity": "8", "unit_price": 3600, "tax_percent": "0"}
    client.tell_all(
        "sales",
        ("deposit_asked", DepositAsked.example | names | {"ordered": ordered}),
        ("shipment_sent", {**names, "shipment_id": new_id("shp"), "lines": [chairs]}),
        ("order_confirmed", {**names, "number": "SO-1", "version": 2}),
    )
    assert client.announced("deposit_refused") == []
    totals = [(one["total"], one["taken_off"]) for one in client.announced("invoice_issued")]
    assert totals == [(7200, 0), (21600, 7200)]


def test_among_others_nothing_is_refused_that_may_come_later(client: Client) -> None:
    account_id, order_id = knows(client)
    told = OrderBillAsked.example | {"account_id": account_id, "order_id": order_id}
    asked = [("order_bill_asked", {**told, "bill_id": new_id("obl")}) for _ in range(2)]
    with client.undoing(), pytest.raises(NotKnownYet):
        client.tell_all("sales", *asked)
