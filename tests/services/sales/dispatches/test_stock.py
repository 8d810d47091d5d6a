"""Goods of shipments are reserved, leave the stock, and are free again."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from kernel.refusals import Refusal
from services.sales.dispatches.rules import Task
from services.sales.dispatches.usecases import carry_out
from services.sales.levels.models import StockLevel
from services.sales.orders.models import Order
from services.sales.products.models import Product
from services.sales.reservations.usecases import change_settings
from services.sales.shipments.rules import SEND, Step
from services.sales.stock.models import StockMove
from services.sales.stock.rules import MoveKind, NewMove
from services.sales.stock.usecases import record_moves
from services.sales.stock_periods.usecases import close_period
from tests.services.sales.dispatches.test_usecases import Yard, code, counted

pytestmark = pytest.mark.server


class Warehouse(Yard):
    """A yard with goods."""

    def stock(self, quantity: str, *, on: date | None = None) -> Product:
        product = self.shop.offer(is_stocked=True)
        came = NewMove(
            product_id=product.product_id,
            quantity=Decimal(quantity),
            kind=MoveKind.RECEIPT,
            moved_on=on or self.shop.today,
            key=f"{product.product_id}:1",
        )
        record_moves(self.session, [came], **self.when)
        return product

    def order_of(self, product: Product, *quantities: str, **facts: Any) -> Any:
        lines = [self.shop.line(product, many) for many in quantities]
        return self.shop.confirm(self.shop.draft(self.shop.open_account(), *lines, **facts))

    def level(self, product: Product) -> tuple[int, int]:
        """On hand, and reserved."""
        self.session.expire_all()
        level = self.session.get_one(StockLevel, product.product_id)
        return int(level.on_hand), int(level.reserved)


@pytest.fixture
def house(shop: Any) -> Warehouse:
    return Warehouse(shop)


def test_assigning_reserves_and_shipping_takes_off_stock(house: Warehouse) -> None:
    product = house.stock("10")
    order = house.order_of(product, "4")
    shipment = house.draft(order)
    assert house.level(product) == (10, 0)
    house.move(shipment, Step.ASSIGN)
    assert house.level(product) == (10, 4)
    house.move(shipment, Step.PICK, Step.SHIP)
    assert house.level(product) == (6, 0)
    [move] = house.session.scalars(select(StockMove).where(StockMove.about == shipment.shipment_id))
    assert (move.quantity, move.kind) == (Decimal(-4), "shipment")


def test_what_is_not_there_is_not_assigned_and_stays_free(house: Warehouse) -> None:
    product = house.stock("3")
    shipment = house.draft(house.order_of(product, "4"))
    done = carry_out(
        house.session, [Task((Step.ASSIGN,), shipment_id=shipment.shipment_id)], **house.when
    )
    assert isinstance(done[0], Refusal)
    assert (done[0].code, house.level(product), shipment.status) == (
        "out_of_stock",
        (3, 0),
        "draft",
    )


def test_what_is_sent_in_one_step_must_be_there(house: Warehouse) -> None:
    product = house.stock("3")
    order = house.order_of(product, "4")
    with pytest.raises(Refusal) as refused, house.session.begin_nested():
        house.send(order)
    assert refused.value.code == "out_of_stock"
    house.send(order, "3")
    assert house.level(product) == (0, 0)


def test_what_is_reserved_for_one_is_not_sent_to_another(house: Warehouse) -> None:
    product = house.stock("5")
    first, second = house.order_of(product, "4"), house.order_of(product, "4")
    house.move(house.draft(first), Step.ASSIGN)
    with pytest.raises(Refusal) as refused, house.session.begin_nested():
        house.send(second)
    assert refused.value.code == "out_of_stock"


@pytest.mark.parametrize("end", ["cancel", "pick less"])
def test_what_is_given_up_or_not_picked_is_free_again(house: Warehouse, end: str) -> None:
    product = house.stock("5")
    order = house.order_of(product, "4")
    shipment = house.move(house.draft(order), Step.ASSIGN)
    if end == "cancel":
        house.cancel(shipment)
        assert house.level(product) == (5, 0)
    else:
        house.move(shipment, Step.PICK, lines=house.lines(order, "3"))
        assert house.level(product) == (5, 3)


def test_two_shipments_of_a_line_have_their_goods_each(house: Warehouse) -> None:
    product = house.stock("10")
    order = house.order_of(product, "8")
    first = house.move(house.draft(order, "3"), Step.ASSIGN)
    house.move(house.draft(order, "2"), Step.ASSIGN)
    assert house.level(product) == (10, 5)
    house.cancel(first)
    assert house.level(product) == (10, 2)


def test_of_what_was_reserved_at_the_confirmation_the_rest_stays_reserved(house: Warehouse) -> None:
    change_settings(house.session, reserves_at="confirmation", now=house.shop.now, by="kim")
    product = house.stock("10")
    order = house.order_of(product, "8")
    assert house.level(product) == (10, 8)
    first = house.move(house.draft(order, "3"), Step.ASSIGN)
    assert house.level(product) == (10, 8)
    house.cancel(first)
    assert house.level(product) == (10, 8)
    house.send(order, "3")
    assert house.level(product) == (7, 5)


def test_what_is_short_within_what_is_tolerated_is_free_again(house: Warehouse) -> None:
    change_settings(house.session, reserves_at="confirmation", now=house.shop.now, by="kim")
    product = house.stock("40")
    order = house.order_of(product, "40")
    house.tolerate(order)
    house.send(order, "38")
    assert house.level(product) == (2, 0)


def test_of_many_each_has_all_its_goods_or_none(house: Warehouse) -> None:
    product, other = house.stock("5"), house.stock("9")
    orders = [house.order_of(product, many) for many in ("3", "4", "2")]
    orders.append(house.order_of(other, "9"))
    tasks = [Task(SEND, order_id=order.order_id) for order in orders]
    done = carry_out(house.session, tasks, **house.when)
    assert [one.code if isinstance(one, Refusal) else one.status for one in done] == [
        "shipped",
        "out_of_stock",
        "shipped",
        "shipped",
    ]
    assert (house.level(product), house.level(other)) == ((0, 0), (0, 0))
    assert [order.status for order in orders] == ["done", "confirmed", "done", "done"]


def test_goods_do_not_leave_in_a_closed_period(house: Warehouse) -> None:
    product = house.stock("5", on=date(2026, 2, 1))
    early, hours = {"ordered_on": date(2026, 2, 20)}, house.shop.offer()
    order, service = house.order_of(product, "1", **early), house.order_of(hours, "1", **early)
    close_period(house.session, closed_to=date(2026, 2, 28), **house.when)
    sent_on = date(2026, 2, 20)
    tasks = [Task(SEND, order_id=one.order_id, day=sent_on) for one in (order, service)]
    refused, sent = carry_out(house.session, tasks, **house.when)
    assert isinstance(refused, Refusal)
    assert refused.code == "period_closed"
    assert not isinstance(sent, Refusal)


def test_the_statements_do_not_grow_with_the_goods(house: Warehouse) -> None:
    def statements(count: int) -> int:
        orders = [house.order_of(house.stock("9"), "5") for _ in range(count)]
        tasks = [Task(SEND, order_id=order.order_id) for order in orders]
        house.session.expire_all()
        with counted(house.session) as sent:
            done = carry_out(house.session, tasks, **house.when)
            assert not [one for one in done if isinstance(one, Refusal)]
        return len(sent)

    assert statements(2) == statements(50) <= 40


def test_of_orders_at_once_for_the_last_piece_one_gets_it(
    engine: Engine, shop_in: Callable[[Session], Any]
) -> None:
    with Session(engine) as session, session.begin():
        house = Warehouse(shop_in(session))
        product = house.stock("1")
        product_id = product.product_id
        order_ids = [house.order_of(product, "1").order_id for _ in range(6)]

    def send(order_id: str) -> str:
        with Session(engine) as session, session.begin():
            yard = Yard(shop_in(session))
            try:
                yard.send(session.get_one(Order, order_id))
            except Refusal as refused:
                session.rollback()
                return refused.code
        return "sent"

    with ThreadPoolExecutor(6) as pool:
        outcomes = sorted(pool.map(send, order_ids))
    assert outcomes == ["out_of_stock"] * 5 + ["sent"]
    with Session(engine) as session:
        level = session.get_one(StockLevel, product_id)
        assert (level.on_hand, level.reserved) == (0, 0)


def test_nothing_is_refused_for_stock_that_is_not_kept(house: Warehouse) -> None:
    order = house.order("5")
    assert code(lambda: house.send(order, "6")) == "more_than_open"
    house.send(order)
    assert order.status == "done"
