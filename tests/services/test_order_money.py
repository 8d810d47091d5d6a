"""Billing and sales mean the same by what is billed of an order's lines: no more than is to be, whatever
is shipped, billed, voided, settled, paid and comes back in whatever order, and whoever hears of it
when."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from chassis.events import Event
from kernel.ids import new_id
from kernel.refusals import Refusal
from services.billing import subscriptions as billing_hears
from services.billing.invoices.models import Invoice
from services.billing.order_billing.queries import get_order_billing
from services.billing.order_bills import subscriptions as order_bills_hear
from services.billing.order_bills.usecases import answer_order_bills
from services.billing.orders.usecases import keep_orders
from services.billing.returns import subscriptions as returns_hear
from services.billing.returns.usecases import credit_returns
from services.billing.shipments.usecases import bill_shipments
from services.sales import subscriptions
from services.sales.billed.usecases import keep_invoices
from services.sales.dispatches.usecases import send_shipment
from services.sales.invoices import usecases as invoices
from services.sales.order_bills import subscriptions as answers
from services.sales.order_bills import usecases as order_bills
from services.sales.order_exceptions.queries import find_open
from services.sales.order_money import usecases as order_money
from services.sales.order_money.queries import read_money
from services.sales.order_settling.usecases import settle_exception
from services.sales.orders.queries import get_standing
from services.sales.returns.events import ReturnAccepted
from tests.services.billing.conftest import Books
from tests.services.sales.conftest import Shop
from tests.services.test_billed_ahead import passing_session

pytestmark = pytest.mark.server

NOW: Any = {"now": Shop.now}
MOMENT: Any = NOW | {"today": Shop.today}
HEARD: dict[str, tuple[Any, Callable[..., None]]] = {
    "InvoiceIssued": (subscriptions.InvoiceIssued, partial(invoices.record_invoices, **MOMENT)),
    "InvoiceVoided": (subscriptions.InvoiceVoided, partial(invoices.record_voids, **MOMENT)),
    "CreditNoteIssued": (
        subscriptions.CreditNoteIssued,
        partial(invoices.record_credits, **MOMENT),
    ),
    "InvoicePaid": (subscriptions.InvoicePaid, keep_invoices),
    "InvoiceReopened": (subscriptions.InvoiceReopened, keep_invoices),
    "ReturnAccepted": (subscriptions.ReturnAccepted, invoices.record_returns),
    "OrderBilled": (answers.OrderBilled, partial(order_bills.hear_billed, **NOW)),
    "OrderBillRefused": (answers.OrderBillRefused, partial(order_bills.hear_refused, **MOMENT)),
}


class Trade:
    """One order of two products, seen by both services, which hear of one another when they are told."""

    def __init__(self, billing: Session, sales: Session, *, bills_on: str, ships_on: str) -> None:
        self.books, self.shop = Books(billing), Shop(sales)
        self.account = self.books.open_account()
        self.shop.open_account(account_id=self.account)
        products = [
            self.shop.offer(unit_price=price, tax_percent=Decimal(19)) for price in (333, 777)
        ]
        lines = [self.shop.line(product, "6") for product in products]
        settles = {"bills_on": bills_on, "ships_on": ships_on}
        draft = self.shop.draft(self.account, *lines, **settles)
        self.told = {"sales": len(self.said("sales")), "billing": len(self.said("billing"))}
        self.order = self.shop.confirm(draft)
        names = {"order_id": self.order.order_id, "account_id": self.account}
        facts = {"number": self.order.number, "version": 2, "currency": "EUR"}
        keep_orders(billing, [{**names, **facts, "is_ended": False}])

    def said(self, source: str) -> list[Any]:
        session = {"sales": self.shop.session, "billing": self.books.session}[source]
        said: list[Any] = session.info.setdefault("announced", [])
        return said

    def act(self, name: str, amount: int, seed: int) -> None:
        """Do a thing, which may be refused; then some of what was announced is heard."""
        choose = random.Random(seed)
        if name == "come_back":
            self.tell(choose)  # nobody takes back what is not known to have left
        before = {source: len(self.said(source)) for source in self.told}
        try:
            with self.books.session.begin_nested(), self.shop.session.begin_nested():
                getattr(self, name)(amount, choose)
        except (Refusal, IndexError):  # or there is nothing yet to do it to
            for source, count in before.items():
                del self.said(source)[count:]
        if choose.random() < 0.6:
            self.tell(choose)

    def tell(self, choose: random.Random) -> None:
        """What either announced comes to the other, and to itself, in any order, some of it twice."""
        while news := [
            each for source in self.told for each in self.said(source)[self.told[source] :]
        ]:
            self.told = {source: len(self.said(source)) for source in self.told}
            twice = choose.sample(news, len(news)) + choose.sample(news, len(news) // 2)
            for event, data, *_ in twice:
                self.hear(event, data)
        self.shop.session.expire_all()

    def hear(self, event: type[Event], data: dict[str, Any]) -> None:
        name = event.__name__
        if name in HEARD:
            subscription, hear = HEARD[name]
            hear(self.shop.session, [subscription().load(data)])
        books: dict[str, tuple[Any, Callable[..., None]]] = {
            "ShipmentSent": (billing_hears.ShipmentSent, bill_shipments),
            "OrderBillAsked": (order_bills_hear.OrderBillAsked, answer_order_bills),
            "ReturnAccepted": (returns_hear.ReturnAccepted, credit_returns),
        }
        if name in books:
            subscribed, handle = books[name]
            handle(self.books.session, [subscribed().load(data)], **self.books.moment)

    def ship(self, amount: int, choose: random.Random) -> None:
        left = [one for one in read_money(self.shop.session, self.order) if one.to_ship > 0]
        some = choose.sample(left, min(len(left), choose.randint(1, 2)))
        lines = [
            {"line_id": one.line_id, "quantity": min(one.to_ship, Decimal(amount % 4 + 1))}
            for one in some
        ]
        send_shipment(
            self.shop.session,
            order_id=self.order.order_id,
            lines=lines or None,
            shipped_on=None,
            by="kim",
            **MOMENT,
        )

    def come_back(self, amount: int, choose: random.Random) -> None:
        """Of what left and did not come back, some does."""
        one = choose.choice(read_money(self.shop.session, self.order))
        line = {"line_id": one.line_id, "quantity": str(min(one.shipped - one.returned, 1))}
        if one.shipped - one.returned <= 0:
            raise IndexError
        told = ReturnAccepted.example | {
            "account_id": self.account,
            "order_id": self.order.order_id,
            "return_id": new_id("ret"),
            "lines": [line | {"kept_back": 0, "lowered_by": None, "unsold": None}],
        }
        self.said("sales").append((ReturnAccepted, told))

    def void(self, amount: int, choose: random.Random) -> None:
        self.books.void(choose.choice(self.invoices))

    def pay(self, amount: int, choose: random.Random) -> None:
        issued = choose.choice([one for one in self.invoices if one.balance])
        self.books.allocate(self.books.pay(self.account, issued.balance))

    def again(self, amount: int, choose: random.Random) -> None:
        self.settle("again", choose)

    def leave(self, amount: int, choose: random.Random) -> None:
        self.settle("leave", choose)

    def settle(self, how: str, choose: random.Random) -> None:
        found = find_open(self.shop.session, order_id=self.order.order_id)
        settle_exception(
            self.shop.session,
            exception_id=choose.choice(found).exception_id,
            settled_as=how,
            reason="So.",
            by="kim",
            **MOMENT,
        )

    def bill_part(self, amount: int, choose: random.Random) -> None:
        """Draft all that is left, edit it to less, have it billed."""
        who: Any = NOW | {"by": "kim"}
        order_id = self.order.order_id
        draft = order_money.draft_order_bill(
            self.shop.session, order_id=order_id, lines=None, **who
        )
        lines = [
            {"line_id": one.line_id, "quantity": min(one.quantity, Decimal(amount % 3 + 1))}
            for one in draft.lines
        ]
        names = {"bill_id": draft.bill_id}
        order_money.change_order_bill(self.shop.session, **names, lines=lines)
        order_money.ask_order_bill(self.shop.session, **names, **who)

    @property
    def invoices(self) -> list[Invoice]:
        found = select(Invoice).where(Invoice.account_id == self.account)
        return list(self.books.session.scalars(found.order_by(Invoice.invoice_id)))


def check(trade: Trade) -> None:
    """At every commit, whatever is heard of."""
    trade.shop.session.flush()
    known = get_order_billing(trade.books.session, order_id=trade.order.order_id)["lines"]
    for line in known:
        if trade.order.bills_on == "shipment":
            assert line.billed - line.credited <= line.shipped - line.returned
        else:
            assert line.billed - line.credited <= 6
    for one in read_money(trade.shop.session, trade.order):
        assert one.billed - one.credited + one.to_bill == one.billable
        assert one.to_bill >= 0 or one.returned, "no more is billed than is to be"
        assert one.shipped <= one.target or trade.order.ships_on == "payment"


def check_told(trade: Trade) -> None:
    """When all is heard of, both say the same, and nothing is silent."""
    known = {
        line.order_line_id: line
        for line in get_order_billing(trade.books.session, order_id=trade.order.order_id)["lines"]
    }
    for one in read_money(trade.shop.session, trade.order):
        line = known.get(one.line_id)
        if line is not None:
            same = ("shipped", "returned", "billed", "credited")
            assert [getattr(one, name) for name in same] == [getattr(line, name) for name in same]
        assert one.asked == 0, "billing answers"
    found = find_open(trade.shop.session, order_id=trade.order.order_id)
    void = {one.invoice_id for one in trade.invoices if one.voided_on is not None}
    assert {one.about for one in found} <= void
    standing = get_standing(trade.shop.session, account_id=trade.account, currency=None)
    unbilled = sum(one.to_bill > 0 for one in read_money(trade.shop.session, trade.order))
    assert standing.open_orders > 0 or not unbilled or trade.order.bills_on == "shipment"


NAMES = [
    *("ship", "ship", "ship", "void", "void", "again", "again", "leave"),
    *("come_back", "come_back", "come_back", "pay", "pay", "bill_part"),
]
ACTS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.integers(0, 3000), st.integers(0, 2**32)),
    min_size=3,
    max_size=14,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    settles=st.sampled_from([("shipment", "order"), ("order", "order"), ("order", "payment")]),
    acts=ACTS,
)
def test_no_more_is_billed_than_is_to_be_and_both_services_say_so(
    engine_of: Callable[[str], Engine], settles: tuple[str, str], acts: list[tuple[str, int, int]]
) -> None:
    billing, sales = engine_of("billing"), engine_of("sales")
    with passing_session(billing) as books, passing_session(sales) as shop:
        trade = Trade(books, shop, bills_on=settles[0], ships_on=settles[1])
        for act in acts:
            trade.act(*act)
            check(trade)
        trade.tell(random.Random(0))
        check(trade)
        check_told(trade)
