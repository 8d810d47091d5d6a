"""Goods are reserved, picked and sent, one shipment or many."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.event import listen, remove

from chassis.database import fetch
from kernel.refusals import Conflict, NotFound, Refusal, VersionMismatch
from services.sales.dispatches import usecases
from services.sales.dispatches.rules import Task
from services.sales.dispatches.usecases import carry_out, draft_shipment, move_shipment
from services.sales.shipments.models import Shipment
from services.sales.shipments.rules import SEND, Step
from services.sales.shipments.usecases import cancel_of_ended, cancel_shipment, deliver_shipment
from services.sales.tolerances.usecases import set_account_tolerance, set_product_tolerance

pytestmark = pytest.mark.server
LATER = date(2026, 3, 20)


class Yard:
    """Moves shipments of one shop."""

    def __init__(self, shop: Any) -> None:
        self.shop, self.session = shop, shop.session
        self.when = {"today": shop.today, "now": shop.now, "by": "kim"}

    def order(self, *quantities: str, **account: Any) -> Any:
        lines = [self.shop.line(self.shop.offer(), quantity) for quantity in quantities]
        return self.shop.confirm(self.shop.draft(self.shop.open_account(**account), *lines))

    def lines(self, order: Any, *quantities: str) -> list[dict[str, Any]] | None:
        named = zip(order.lines, quantities, strict=False)
        return [
            {"line_id": line.line_id, "quantity": Decimal(many)} for line, many in named
        ] or None

    def draft(self, order: Any, *quantities: str, ships_on: date | None = None) -> Shipment:
        lines = self.lines(order, *quantities)
        return draft_shipment(
            self.session, order_id=order.order_id, lines=lines, ships_on=ships_on, **self.when
        )

    def move(self, shipment: Shipment, *steps: Step, **said: Any) -> Shipment:
        for step in steps:
            move_shipment(
                self.session, step=step, shipment_id=shipment.shipment_id, **said, **self.when
            )
        return shipment

    def send(self, order: Any, *quantities: str) -> Shipment:
        lines = self.lines(order, *quantities)
        return usecases.send_shipment(
            self.session, order_id=order.order_id, lines=lines, shipped_on=None, **self.when
        )

    def send_with(self, order: Any, **said: Any) -> Shipment:
        said = {"shipped_on": None, **said}
        return usecases.send_shipment(self.session, order_id=order.order_id, **said, **self.when)

    def cancel(self, shipment: Shipment) -> Shipment:
        return cancel_shipment(
            self.session,
            shipment_id=shipment.shipment_id,
            reason="The lorry broke down.",
            today=self.shop.today,
            now=self.shop.now,
            by="kim",
        )

    def tolerate(self, order: Any, under: str = "0.95", over: str = "1.05") -> None:
        for line in order.lines:
            set_product_tolerance(
                self.session,
                product_id=line.product_id,
                under=Decimal(under),
                over=Decimal(over),
                now=self.shop.now,
                by="kim",
            )


@pytest.fixture
def yard(shop: Any) -> Yard:
    return Yard(shop)


def counts(order: Any) -> list[str]:
    [line] = order.lines
    amounts = line.quantities
    return [f"{each.normalize():f}" for each in (amounts.shipped, amounts.cancelled, amounts.open)]


def code(work: Any) -> str:
    with pytest.raises(Refusal) as refused:
        work()
    return refused.value.code


def test_a_shipment_is_drafted_assigned_picked_and_shipped(yard: Yard) -> None:
    order = yard.order("5")
    shipment = yard.draft(order, "2", ships_on=LATER)
    assert (shipment.status, shipment.shipped_on, shipment.version) == ("draft", LATER, 1)
    assert (counts(order), order.status) == (["0", "0", "5"], "confirmed")
    yard.move(shipment, Step.ASSIGN, Step.PICK)
    assert (shipment.status, shipment.picked_by, shipment.version) == ("picked", "kim", 3)
    assert yard.shop.announced() == ["OrderConfirmed"]
    yard.move(shipment, Step.SHIP)
    assert (shipment.status, shipment.shipped_on) == ("shipped", yard.shop.today)
    assert (counts(order), order.status) == (["2", "0", "3"], "processing")
    assert yard.shop.announced() == ["OrderConfirmed", "ShipmentSent", "BackOrderMade"]
    assert code(lambda: yard.move(shipment, Step.PICK)) == "shipment_shipped"


def test_nothing_leaves_before_the_day_its_order_counts_for(yard: Yard) -> None:
    order, too_early = yard.order("5"), {"shipped_on": yard.shop.today - timedelta(days=1)}
    picked = yard.move(yard.draft(order, "2"), Step.ASSIGN, Step.PICK)
    assert code(lambda: yard.send_with(order, lines=None, **too_early)) == "shipped_before_ordered"
    assert code(lambda: yard.move(picked, Step.SHIP, **too_early)) == "shipped_before_ordered"
    assert yard.move(picked, Step.SHIP, shipped_on=yard.shop.today).status == "shipped"


def test_what_is_in_a_shipment_is_not_open_for_another(yard: Yard) -> None:
    order = yard.order("5")
    first = yard.draft(order, "4")
    assert code(lambda: yard.draft(order, "2")) == "more_than_open"
    assert [line.quantity for line in yard.draft(order).lines] == [Decimal(1)]
    assert code(lambda: yard.send(order)) == "nothing_to_send"
    yard.cancel(first)
    assert (first.status, first.cancel_reason) == ("cancelled", "The lorry broke down.")
    assert [line.quantity for line in yard.send(order).lines] == [Decimal(4)]
    assert order.status == "processing"


def test_a_cancelled_shipment_is_told_with_what_was_in_it(yard: Yard) -> None:
    shipment = yard.cancel(yard.draft(yard.order("5")))
    [told] = [
        data
        for event, data, _ in yard.session.info["announced"]
        if event.name == "shipment_cancelled"
    ]
    assert (told["number"], told["reason"]) == (shipment.number, "The lorry broke down.")
    assert [line["quantity"] for line in told["lines"]] == ["5"]
    assert code(lambda: yard.cancel(shipment)) == "shipment_cancelled"


def test_what_was_not_picked_is_open_again(yard: Yard) -> None:
    order = yard.order("5", "3")
    shipment = yard.move(yard.draft(order), Step.ASSIGN)
    yard.move(shipment, Step.PICK, lines=yard.lines(order, "4"))
    assert [line.quantity for line in shipment.lines] == [Decimal(4)]
    assert shipment.total_net == 4000
    yard.move(shipment, Step.SHIP)
    assert [line.quantities.open for line in order.lines] == [Decimal(1), Decimal(3)]
    assert sorted(line.quantity for line in yard.send(order).lines) == [Decimal(1), Decimal(3)]


def test_of_40_ordered_20_then_18_complete_the_line(yard: Yard) -> None:
    order = yard.order("40")
    yard.tolerate(order)
    yard.send(order, "20")
    assert (counts(order), order.status) == (["20", "0", "20"], "processing")
    yard.send(order, "18")
    assert (counts(order), order.status, order.open_gross) == (["38", "2", "0"], "done", 0)
    assert order.not_invoiced == 38 * 1190


def test_of_40_ordered_42_may_go_and_43_not(yard: Yard) -> None:
    order = yard.order("40")
    yard.tolerate(order)
    assert code(lambda: yard.send(order, "43")) == "more_than_open"
    yard.send(order, "42")
    assert (counts(order), order.status) == (["42", "0", "0"], "done")
    yard.session.flush()


def test_what_is_agreed_with_the_client_counts_instead_of_the_products(yard: Yard) -> None:
    order = yard.order("40")
    yard.tolerate(order)
    exact = {"under": Decimal(1), "over": Decimal(1), "now": yard.shop.now, "by": "kim"}
    set_account_tolerance(yard.session, account_id=order.account_id, **exact)
    assert code(lambda: yard.send(order, "42")) == "more_than_open"
    yard.send(order, "38")
    assert counts(order) == ["38", "0", "2"]


def test_what_another_shipment_brings_is_not_short(yard: Yard) -> None:
    order = yard.order("40")
    yard.tolerate(order)
    second = yard.draft(order, "2")
    yard.send(order, "38")
    assert counts(order) == ["38", "0", "2"]
    yard.move(second, *SEND)
    assert (counts(order), order.status) == (["40", "0", "0"], "done")


@pytest.mark.parametrize("step", [Step.PICK, Step.SHIP])
@pytest.mark.parametrize("trouble", ["credit_hold", "account_not_active"])
def test_nothing_is_picked_or_shipped_for_a_client_who_is_not_supplied(
    yard: Yard, step: Step, trouble: str
) -> None:
    order = yard.order("5")
    shipment = yard.move(yard.draft(order), *SEND[: SEND.index(step)])
    if trouble == "credit_hold":
        yard.shop.hold(order.account_id)
    else:
        yard.shop.open_account(account_id=order.account_id, version=2, status="on_hold")
    assert code(lambda: yard.move(shipment, step)) == trouble


def test_nothing_is_picked_of_an_order_that_is_stopped(yard: Yard) -> None:
    order = yard.order("1", credit_limit=2000)
    shipment = yard.move(yard.draft(order), Step.ASSIGN)
    yard.shop.open_account(account_id=order.account_id, version=2, credit_limit=0)
    assert code(lambda: yard.move(shipment, Step.PICK)) == "order_stopped"


def test_of_an_order_that_ended_nothing_more_leaves(yard: Yard) -> None:
    order, other = yard.order("5"), yard.order("5")
    shipment, stays = yard.move(yard.draft(order), Step.ASSIGN), yard.draft(other)
    yard.shop.cancel(order)
    assert code(lambda: yard.move(shipment, Step.PICK)) == "order_cancelled"
    for _ in range(2):
        ids = [order.order_id, other.order_id]
        cancel_of_ended(yard.session, order_ids=ids, now=yard.shop.now, by="sales")
    assert (shipment.status, stays.status) == ("cancelled", "draft")
    assert yard.shop.announced().count("ShipmentCancelled") == 1


def test_a_delivery_says_when_who_and_by_what(yard: Yard) -> None:
    shipment = yard.send(yard.order("1"))
    said = {"received_by": "Ben Hall", "proof": "1Z 999", "delivered_on": None}
    deliver_shipment(yard.session, shipment_id=shipment.shipment_id, **said, **yard.when)
    assert (shipment.status, shipment.delivered_on) == ("delivered", yard.shop.today)
    assert (shipment.received_by, shipment.proof) == ("Ben Hall", "1Z 999")
    assert yard.shop.announced()[-1] == "ShipmentDelivered"
    assert code(lambda: yard.cancel(shipment)) == "shipment_delivered"


def test_two_changes_on_top_of_one_version_are_not_both_made(yard: Yard) -> None:
    shipment = yard.draft(yard.order("1"))
    yard.session.info["if_match"] = {shipment.shipment_id: 2}
    with pytest.raises(VersionMismatch):
        yard.move(shipment, Step.ASSIGN)
    yard.session.info["if_match"] = {shipment.shipment_id: 1}
    yard.move(shipment, Step.ASSIGN)


def test_each_of_many_is_done_or_refused_by_itself(yard: Yard) -> None:
    order, held = yard.order("5"), yard.order("5")
    ready = yard.move(yard.draft(order, "1"), Step.ASSIGN, Step.PICK)
    yard.shop.hold(held.account_id)
    [line] = order.lines
    tasks = [
        Task(SEND, order_id=order.order_id, lines=[(line.line_id, Decimal(3))]),
        Task((Step.SHIP,), shipment_id=ready.shipment_id),
        Task(SEND, order_id=held.order_id),
        Task(SEND, order_id=order.order_id, lines=[(line.line_id, Decimal(2))]),
        Task((Step.SHIP,), shipment_id=ready.shipment_id),
        Task((Step.SHIP,), shipment_id="shp_none"),
        Task(SEND, order_id="ord_none"),
        Task(SEND, order_id=order.order_id),
    ]
    done = carry_out(yard.session, tasks, **yard.when)
    assert [one.code if isinstance(one, Refusal) else one.status for one in done] == [
        "shipped",
        "shipped",
        "credit_hold",
        "more_than_open",
        "shipment_named_twice",
        "shipment_not_found",
        "order_not_found",
        "shipped",
    ]
    assert (counts(order), order.status) == (["5", "0", "0"], "done")
    assert order.not_invoiced == 5 * 1190
    assert yard.shop.announced().count("ShipmentSent") == 3
    assert yard.shop.announced().count("OrderCompleted") == 1


@contextmanager
def counted(session: Any) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    connection = session.connection()
    listen(connection, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        remove(connection, "before_cursor_execute", note)


def test_the_statements_do_not_grow_with_the_shipments(yard: Yard) -> None:
    def statements(count: int) -> int:
        orders = [yard.order("5", "2") for _ in range(count)]
        ready = [yard.move(yard.draft(order, "1"), Step.ASSIGN, Step.PICK) for order in orders]
        tasks = [Task((Step.SHIP,), shipment_id=one.shipment_id) for one in ready]
        tasks += [Task(SEND, order_id=order.order_id) for order in orders]
        yard.session.expire_all()
        with counted(yard.session) as sent:
            done = carry_out(yard.session, tasks, **yard.when)
            assert not [one for one in done if isinstance(one, Refusal)]
        return len(sent)

    assert statements(2) == statements(50) <= 25


def test_what_is_not_there_is_not_found(yard: Yard) -> None:
    with pytest.raises(NotFound):
        fetch(yard.session, Shipment, "shp_none")
    assert code(lambda: yard.draft(yard.shop.draft(yard.shop.open_account()))) == "order_draft"
    with pytest.raises(Conflict):
        yard.move(yard.draft(yard.order("1")), Step.SHIP)
