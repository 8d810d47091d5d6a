"""Billing and sales mean the same by what is billed ahead: an order is billed once, and its account is
exposed by it once, whatever is billed, credited, voided and shipped in whatever order."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from kernel.refusals import Refusal
from services.billing.advances.models import AdvanceUse
from services.billing.advances.queries import find_order_advances, find_unbilled
from services.billing.advances.rules import AccountOrder
from services.billing.credits.models import CreditNote
from services.billing.invoices.models import Invoice
from services.billing.orders.usecases import keep_orders
from services.billing.pricing.rules import price
from services.billing.taxes.rules import Rounding
from services.sales import subscriptions
from services.sales.accounts.usecases import keep_balances
from services.sales.dispatches.usecases import send_shipment
from services.sales.invoices import usecases as sales_invoices
from services.sales.orders.models import OrderLine
from services.sales.orders.queries import get_standing
from tests.services.billing.conftest import Books, line
from tests.services.sales.conftest import Shop

pytestmark = pytest.mark.server


MOMENT: Any = {"today": Shop.today, "now": Shop.now}
HEARD: dict[str, tuple[Any, Callable[..., None]]] = {
    "InvoiceIssued": (
        subscriptions.InvoiceIssued,
        partial(sales_invoices.record_invoices, **MOMENT),
    ),
    "InvoiceVoided": (subscriptions.InvoiceVoided, partial(sales_invoices.record_voids, **MOMENT)),
    "CreditNoteIssued": (
        subscriptions.CreditNoteIssued,
        partial(sales_invoices.record_credits, **MOMENT),
    ),
    "CreditNoteVoided": (
        subscriptions.CreditNoteVoided,
        partial(sales_invoices.record_credit_voids, **MOMENT),
    ),
    "BalanceChanged": (subscriptions.AccountBalance, keep_balances),
}


@contextmanager
def passing_session(engine: Engine) -> Iterator[Session]:
    """A session in which nothing outlives the example."""
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, expire_on_commit=False) as session:
            yield session
        transaction.rollback()


class Trade:
    """One order of two products at two rates of tax, seen by both services."""

    def __init__(self, billing: Session, sales: Session) -> None:
        self.books, self.shop = Books(billing), Shop(sales)
        self.account = self.books.open_account()
        self.shop.open_account(account_id=self.account)
        products = [
            self.shop.offer(unit_price=333, tax_percent=Decimal(19)),
            self.shop.offer(unit_price=777, tax_percent=Decimal(7)),
        ]
        lines = [self.shop.line(product, "6") for product in products]
        self.order = self.shop.confirm(self.shop.draft(self.account, *lines))
        names = {"order_id": self.order.order_id, "account_id": self.account}
        facts = {"number": self.order.number, "version": 2, "currency": "EUR"}
        keep_orders(self.books.session, [{**names, **facts, "is_ended": False}])
        self.shipped: Counter[tuple[Decimal, str]] = Counter()
        self.told = 0

    def act(self, name: str, amount: int, seed: int) -> None:
        """Do a thing, which may be refused."""
        choose = random.Random(seed)
        try:
            with self.books.session.begin_nested(), self.shop.session.begin_nested():
                getattr(self, name)(amount, choose)
        except (Refusal, IndexError):  # or there is nothing yet to do it to
            del self.announced[self.told :]
        self.tell(choose)

    @property
    def announced(self) -> list[Any]:
        announced: list[Any] = self.books.session.info.setdefault("announced", [])
        return announced

    def tell(self, choose: random.Random) -> None:
        """What billing announced comes to sales, in any order."""
        news = self.announced[self.told :]
        self.told = len(self.announced)
        for event, data, _ in choose.sample(news, len(news)):
            if event.__name__ in HEARD:
                subscription, hear = HEARD[event.__name__]
                hear(self.shop.session, [subscription().load(data)])

    def bill_ahead(self, amount: int, choose: random.Random) -> None:
        rates = choose.sample(["0", "7", "19"], choose.randint(1, 2))
        lines = [line(amount + 1, tax=rate) for rate in rates]
        self.books.bill(self.account, lines=lines, order_id=self.order.order_id)

    def ship(self, amount: int, choose: random.Random) -> None:
        open_lines = [each for each in self.order.lines if each.quantities.open]
        some = choose.sample(open_lines, min(len(open_lines), choose.randint(1, 2)))
        self.send({each: min(each.quantities.open, Decimal(amount % 4 + 1)) for each in some})

    def ship_all(self) -> None:
        self.send({each: each.quantities.open for each in self.order.lines if each.quantities.open})
        self.tell(random.Random(0))

    def send(self, quantities: dict[OrderLine, Decimal]) -> None:
        if not quantities:
            return
        moment = {"shipped_on": None, "today": self.shop.today, "now": self.shop.now, "by": "kim"}
        shipment = send_shipment(
            self.shop.session,
            order_id=self.order.order_id,
            lines=[
                {"line_id": each.line_id, "quantity": many} for each, many in quantities.items()
            ],
            **moment,
        )
        goods = [
            line(each.net_unit_price, tax=str(each.tax_percent), quantity=str(many))
            for each, many in quantities.items()
        ]
        shipment_id = shipment.shipment_id
        self.books.ship(self.account, self.order.order_id, *goods, shipment_id=shipment_id)
        add(self.shipped, price(goods, rounding=Rounding.DOCUMENT).rates)

    def credit(self, amount: int, choose: random.Random) -> None:
        self.books.credit(choose.choice(self.of(Invoice)), amount % 900 + 1)

    def credit_freely(self, amount: int, choose: random.Random) -> None:
        tax = choose.choice(["0", "7", "19"])
        order_id = self.order.order_id
        self.books.credit_freely(self.account, amount % 900 + 1, tax=tax, order_id=order_id)

    def void_credit(self, amount: int, choose: random.Random) -> None:
        self.books.void_credit(choose.choice(self.of(CreditNote)))

    def void(self, amount: int, choose: random.Random) -> None:
        self.books.void(choose.choice(self.of(Invoice)))

    def of(self, model: Any) -> list[Any]:
        found = select(model).where(model.account_id == self.account)
        return list(
            self.books.session.scalars(
                found.order_by(model.recorded_at, *model.__mapper__.primary_key)
            )
        )

    @property
    def live(self) -> list[Invoice]:
        return [invoice for invoice in self.of(Invoice) if invoice.voided_on is None]

    @property
    def is_any_shipment_void(self) -> bool:
        return any(each.shipment_id and each.voided_on for each in self.of(Invoice))

    @property
    def ahead(self) -> int:
        """What billing would take off the next shipments."""
        order = AccountOrder(self.order.order_id, self.account, "EUR")
        advances = find_order_advances(self.books.session, orders=[order])[order]
        return sum(advance.left.total for advance in advances)

    @property
    def unbilled(self) -> int:
        """What billing knows to be shipped and not billed."""
        found = find_unbilled(self.books.session, order_ids=[self.order.order_id])
        return sum(shipment.left.total for shipment in found)


def add(sums: Counter[Any], rates: Any, sign: int = 1) -> None:
    for rate in rates:
        sums[rate.tax_percent, "net"] += sign * rate.net
        sums[rate.tax_percent, "tax"] += sign * rate.tax


def check(trade: Trade) -> None:
    trade.shop.session.expire_all()
    standing = get_standing(trade.shop.session, account_id=trade.account, currency=None)
    notes = [note for note in trade.of(CreditNote) if not note.is_void]
    billed = sum(invoice.total for invoice in trade.live)
    credited = sum(note.total for note in notes)
    taken_back = sum(note.taken_back for note in notes)
    shipped = sum(trade.shipped.values())
    assert trade.order.not_invoiced == trade.unbilled - trade.ahead, "both say the same"
    assert standing.balance == billed - credited
    assert (
        standing.exposure == max(billed, shipped + trade.order.open_gross + taken_back) - credited
    )
    assert billed == shipped + taken_back + trade.ahead - trade.unbilled


def check_rates(trade: Trade) -> None:
    """When all is shipped and billed, each rate was billed for what was shipped at it; unless a shipment
    was billed again by hand, perhaps at another rate."""
    if trade.ahead == trade.unbilled == 0 and not trade.is_any_shipment_void:
        billed: Counter[Any] = Counter()
        for invoice in trade.live:
            add(billed, invoice.rates)
        add(billed, [use for use in trade.of(AdvanceUse) if use.credit_note_id], sign=-1)
        assert +billed == +trade.shipped


ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("bill_ahead", "bill_ahead", "ship", "ship", "ship", "void"),
                *("credit", "credit_freely", "void_credit"),
            ]
        ),
        st.integers(0, 3000),
        st.integers(0, 2**32),
    ),
    min_size=3,
    max_size=15,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=ACTS)
def test_an_order_is_billed_once_and_both_services_say_so(
    engine_of: Callable[[str], Engine], acts: list[tuple[str, int, int]]
) -> None:
    billing, sales = engine_of("billing"), engine_of("sales")
    with passing_session(billing) as books, passing_session(sales) as shop:
        trade = Trade(books, shop)
        for act in acts:
            trade.act(*act)
            check(trade)
        trade.ship_all()
        check(trade)
        check_rates(trade)
