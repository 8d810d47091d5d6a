"""Many orders are taken at once, each by itself."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from kernel.ids import new_id
from services.sales.credit_terms.usecases import set_credit_terms
from services.sales.order_batches import schemas
from services.sales.order_batches.usecases import take_orders
from services.sales.orders.models import Order, OrderLine
from services.sales.products.models import Product
from services.sales.reservations.usecases import change_settings
from services.sales.shipments.models import Shipment
from services.sales.stock.rules import MoveKind
from tests.services.sales.dispatches.test_usecases import counted

pytestmark = pytest.mark.server


class Counter:
    """Where batches of orders come in."""

    def __init__(self, shop: Any, store: Any = None) -> None:
        self.shop, self.store, self.session = shop, store, shop.session
        self.account_id = shop.open_account()
        self.sku = shop.offer().sku

    def row(self, quantity: str = "2", **facts: Any) -> dict[str, Any]:
        line = {"sku": facts.pop("sku", self.sku), "quantity": quantity}
        return {"account_id": self.account_id, "lines": [line]} | facts

    def take(self, *rows: dict[str, Any]) -> Any:
        loaded = schemas.NewOrderBatch().load({"orders": [*rows]})
        moment = {"today": self.shop.today, "now": self.shop.now, "by": "kim"}
        return schemas.OrderBatch().dump(take_orders(self.session, **loaded, **moment))

    def stock(self, quantity: str) -> str:
        """A product of which so much is there; its sku."""
        product = self.shop.offer(is_stocked=True)
        day = self.shop.today
        facts = {"moved_on": day, "kind": MoveKind.RECEIPT, "today": day}
        self.store.move(product.product_id, quantity, **facts)
        return str(product.sku)

    def count(self, model: Any = Order) -> int:
        return self.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def counter(shop: Any, store: Any) -> Counter:
    return Counter(shop, store)


def codes(answer: Any) -> list[str]:
    return [one.get("status") or one["code"] for one in answer["results"]]


SHIPPED: dict[str, Any] = {"confirms": True, "ships": True}


def test_each_is_taken_or_refused_by_itself_in_its_place(counter: Counter) -> None:
    before = counter.count(), counter.count(OrderLine)
    answer = counter.take(
        counter.row(),
        counter.row("0"),
        counter.row(confirms=True, reference="PO 1"),
        counter.row(sku="NO-SUCH"),
        counter.row(account_id=new_id("acc")),
        counter.row(**SHIPPED),
        counter.row(ordered_on="2026-03-03"),
        counter.row("-2", **SHIPPED),
        counter.row(ships=True),
    )
    assert codes(answer) == [
        "draft",
        "invalid_fields",
        "confirmed",
        "invalid_fields",
        "account_not_found",
        "done",
        "ordered_in_future",
        "nothing_to_send",
        "invalid_fields",
    ]
    fields = [one["errors"][0]["field"] for one in answer["results"] if one.get("errors")]
    assert fields == ["lines/0/quantity", "lines/0/sku", "ordered_on", "ships", "confirms"]
    assert (answer["taken"], answer["found"], answer["refused"]) == (3, 0, 6)
    assert [one["index"] for one in answer["results"]] == list(range(9))
    assert (counter.count(), counter.count(OrderLine)) == (before[0] + 3, before[1] + 3)
    assert counter.shop.announced() == ["OrderConfirmed"] * 2 + ["ShipmentSent", "OrderCompleted"]


def test_an_order_is_taken_as_it_is_by_the_single_routes(counter: Counter) -> None:
    facts = {"reference": "PO 1", "note": "Ring.", "deposit_percent": "20"}
    answer = counter.take(counter.row(confirms=True, **facts))
    [found] = answer["results"]
    taken = counter.shop.fetch(found["order_id"])
    product = counter.shop.line(counter.shop.offer(), "2")
    alone = counter.shop.confirm(
        counter.shop.draft(counter.account_id, product, **facts | {"deposit_percent": Decimal(20)})
    )
    own = {"order_id", "number", "external_digest", "version"}
    for name in {*Order.__table__.columns.keys()} - own:
        assert getattr(taken, name) == getattr(alone, name), name
    assert [line.quantities for line in taken.lines] == [line.quantities for line in alone.lines]
    events = counter.session.info["announced"]
    told = [data for event, data, _ in events if event.name == "order_confirmed"]
    assert {*told[0]} == {*told[1]}
    assert counter.shop.announced() == ["OrderConfirmed", "DepositAsked"] * 2


def test_an_order_of_days_gone_by_says_when_it_was_ordered_and_shipped(counter: Counter) -> None:
    days = {"ordered_on": "2010-12-01", "shipped_on": "2010-12-03"}
    [found] = counter.take(counter.row(**SHIPPED, **days))["results"]
    order = counter.shop.fetch(found["order_id"])
    assert (order.ordered_on, order.confirmed_at) == (date(2010, 12, 1), counter.shop.now)
    shipment = counter.session.get_one(Shipment, found["shipment_id"])
    assert (shipment.shipped_on, shipment.number) == (
        date(2010, 12, 3),
        found["shipment_number"],
    )


def test_an_order_that_is_to_leave_before_it_was_ordered_is_refused_as_a_whole(
    counter: Counter,
) -> None:
    answer = counter.take(
        counter.row(**SHIPPED, shipped_on="2026-03-01"),
        counter.row(**SHIPPED, ordered_on="2026-02-27", shipped_on="2026-02-26"),
        counter.row(**SHIPPED, ordered_on="2026-02-27", shipped_on="2026-02-27"),
    )
    assert codes(answer) == ["shipped_before_ordered", "shipped_before_ordered", "done"]
    assert answer["results"][0]["errors"][0]["field"] == "shipped_on"


def test_an_order_of_days_gone_by_promises_from_the_day_it_was_ordered(counter: Counter) -> None:
    def row(on: str, promised: str) -> dict[str, Any]:
        line = {"sku": counter.sku, "quantity": "2", "promised_on": promised}
        return {"account_id": counter.account_id, "lines": [line], "ordered_on": on}

    answer = counter.take(
        row("2026-01-12", "2026-01-12"),
        row("2026-01-12", "2026-01-11"),
        row("2026-03-02", "2026-03-01"),
    )
    assert codes(answer) == ["draft", "invalid_fields", "invalid_fields"]
    [gone], [today] = (one["errors"] for one in answer["results"][1:])
    assert {gone["field"], today["field"]} == {"lines/0/promised_on"}
    assert gone["detail"] == (
        "2026-01-11 is before ordered_on, 2026-01-12; promise 2026-01-12 or a later day, or leave it out."
    )
    assert (
        today["detail"] == "2026-03-01 is over; promise 2026-03-02 or a later day, or leave it out."
    )


def test_what_came_before_is_found_and_left_as_it_is(counter: Counter) -> None:
    rows = [
        counter.row(external_id="536365", **SHIPPED),
        counter.row(external_id="536366"),
        counter.row(external_id="536365", **SHIPPED),
        counter.row("3", external_id="536366"),
    ]
    first = counter.take(*rows)
    assert codes(first) == ["done", "draft", "done", "external_id_used"]
    assert [one.get("is_new") for one in first["results"]] == [True, True, False, None]
    assert first["results"][0]["number"] == first["results"][2]["number"]
    before = counter.count(), counter.count(Shipment), counter.shop.announced()
    again = counter.take(*rows, counter.row(external_id="536365", account_id=counter.account_id))
    assert (again["taken"], again["found"], again["refused"]) == (0, 3, 2)
    assert [one.get("order_id") for one in again["results"][:3]] == [
        one.get("order_id") for one in first["results"][:3]
    ]
    assert (counter.count(), counter.count(Shipment), counter.shop.announced()) == before
    stranger = counter.row(external_id="536365", account_id=counter.shop.open_account())
    assert counter.take(stranger)["taken"] == 1


def test_what_was_refused_under_a_name_may_come_again_under_it(counter: Counter) -> None:
    bad, good = counter.row(external_id="1", sku="NO"), counter.row(external_id="1")
    assert codes(counter.take(bad, good, bad)) == ["invalid_fields", "draft", "external_id_used"]


@pytest.mark.parametrize("limit_of", ["own", "group"])
def test_the_credit_is_used_up_in_the_middle(counter: Counter, limit_of: str) -> None:
    """10.00 and 19 % tax a piece: 100.00 are room for 8."""
    if limit_of == "own":
        accounts = [counter.shop.open_account(credit_limit=10_000)] * 2
    else:
        group = counter.shop.open_account(credit_limit=10_000)
        accounts = [counter.shop.open_account(credit_group_id=group) for _ in range(2)]
    one, other = ({"account_id": account_id, "confirms": True} for account_id in accounts)
    answer = counter.take(
        counter.row("5", **one),
        counter.row("4", **other),
        counter.row("20", **one, ships=True),
        counter.row("3", **other, ships=True),
        counter.row("1", **one),
        counter.row("100", account_id=accounts[0]),
    )
    refused = "credit_limit_exceeded" if limit_of == "own" else "group_limit_exceeded"
    assert codes(answer) == ["confirmed", refused, refused, "done", refused, "draft"]
    assert codes(counter.take(counter.row("1", **other))) == [refused]


def test_drafts_of_the_batch_count_where_drafts_count(counter: Counter) -> None:
    account_id = counter.shop.open_account(credit_limit=10_000)
    set_credit_terms(
        counter.session,
        account_id=account_id,
        overdue_limit=None,
        overdue_days=0,
        counts_drafts=True,
        reason="New here.",
        now=counter.shop.now,
        by="kim",
    )
    of = {"account_id": account_id}
    answer = counter.take(
        counter.row("5", **of),
        counter.row("4", **of, confirms=True),
        counter.row("3", **of, confirms=True),
    )
    assert codes(answer) == ["draft", "credit_limit_exceeded", "confirmed"]


@pytest.mark.parametrize("reserves_at", ["assignment", "confirmation"])
def test_goods_suffice_for_half(counter: Counter, reserves_at: str) -> None:
    change_settings(counter.session, reserves_at=reserves_at, now=counter.shop.now, by="kim")
    sku, account_id = counter.stock("10"), counter.shop.open_account(credit_limit=20_000)
    of = {"sku": sku, "account_id": account_id, "confirms": True}
    answer = counter.take(
        counter.row("3", **of),
        counter.row("6", **of, ships=True),
        counter.row("5", **of, ships=True),
        counter.row("1", **of, ships=True),
        counter.row("6", **of),
    )
    # The fifth has credit, as what was refused counts nowhere: 16 pieces at 11.90 are within 200.00.
    assert codes(answer) == ["confirmed", "done", "out_of_stock", "done", "confirmed"]
    assert answer["results"][2]["errors"][0]["field"] == "lines/0/quantity"
    is_kept = reserves_at == "confirmation"
    product = counter.session.scalars(select(Product.product_id).where(Product.sku == sku)).one()
    assert counter.store.level(product)[:2] == ("3", "3" if is_kept else "0")
    last = counter.take(counter.row("1", sku=sku, **SHIPPED))
    assert codes(last) == ["out_of_stock" if is_kept else "done"]


def test_the_statements_do_not_grow_with_the_orders_or_their_lines(counter: Counter) -> None:
    def statements(count: int, lines: int) -> int:
        rows = []
        for _ in range(count):
            account_id = counter.shop.open_account(credit_limit=10_000_000)
            row = counter.row(account_id=account_id, external_id="1", **SHIPPED)
            row["lines"] = [
                {"sku": counter.stock("10"), "quantity": "1", "promised_on": "2026-03-20"}
                for _ in range(lines)
            ]
            rows.append(row)
        counter.session.expire_all()
        with counted(counter.session) as sent:
            assert counter.take(*rows)["refused"] == 0
        return len(sent)

    assert statements(2, 1) == statements(50, 1) == statements(2, 30)


def test_two_batches_at_once_take_each_order_once(
    engine: Engine, shop_in: Callable[[Session], Any]
) -> None:
    with Session(engine) as session, session.begin():
        counter = Counter(shop_in(session))
        rows = [counter.row(external_id=f"{place}", **SHIPPED) for place in range(20)]
    answers: list[Any] = []
    start = threading.Barrier(2)

    def send() -> None:
        with Session(engine) as session, session.begin():
            start.wait()
            loaded = schemas.NewOrderBatch().load({"orders": rows})
            shop = shop_in(session)
            moment = {"today": shop.today, "now": shop.now, "by": "kim"}
            answers.append(take_orders(session, **loaded, **moment))

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((one["taken"], one["found"]) for one in answers) == [(0, 20), (20, 0)]
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Order)) == 20


def test_a_batch_has_its_bounds() -> None:
    line = {"sku": "TEA", "quantity": "1"}
    row = {"account_id": new_id("acc"), "lines": [line] * 1000}
    schema = schemas.NewOrderBatch()
    assert len(schema.load({"orders": [row] * 5})["orders"]) == 5
    errors = schema.validate({"orders": [row] * 5 + [{**row, "lines": [line]}]})
    assert errors == {"orders": ["At most 5000 lines in all; send the rest in another batch."]}
