"""The same order again, and drafts that may be the same."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from kernel.refusals import Conflict
from services.sales.order_copies.usecases import copy_order
from services.sales.orders import queries, usecases
from services.sales.products.usecases import edit_product, retire_product

pytestmark = pytest.mark.server


def copy(shop: Any, order: Any, **facts: Any) -> Any:
    wanted = {"reference": None, "leaves_out_retired": False, "today": shop.today} | facts
    return copy_order(shop.session, order_id=order.order_id, now=shop.now, by="kim", **wanted)


def test_the_same_again_has_the_prices_of_today_and_promises_nothing(
    session: Session, shop: Any
) -> None:
    chair, account_id = shop.offer(unit_price=1000), shop.open_account()
    line = shop.line(chair, "3", discount_percent=Decimal(10), promised_on=date(2026, 3, 9))
    facts = {"reference": "PO-1", "note": "Fragile.", "bills_on": "order", "is_billed_apart": True}
    order = shop.confirm(shop.draft(account_id, line, shop.line(chair, "-1"), **facts))
    edit_product(session, product_id=chair.product_id, name="Armchair", unit_price=2000)
    again = copy(shop, order, reference="PO-2")
    assert (again.status, again.number != order.number) == ("draft", True)
    assert (again.reference, again.note, again.bills_on) == ("PO-2", "Fragile.", "order")
    [copied] = again.lines
    assert (copied.description, copied.unit_price, copied.net) == ("Armchair", 2000, 5400)
    assert (copied.promised_on, again.is_billed_apart) == (None, True)


def test_retired_products_are_left_out_only_when_somebody_says_so(
    session: Session, shop: Any
) -> None:
    lamp, account_id = shop.offer(sku="LAMP"), shop.open_account()
    order = shop.confirm(shop.draft(account_id, shop.line(shop.offer()), shop.line(lamp)))
    retire_product(session, product_id=lamp.product_id)
    with pytest.raises(Conflict, match="LAMP: taken off sale") as refused:
        copy(shop, order)
    assert refused.value.code == "product_retired"
    again = copy(shop, order, leaves_out_retired=True)
    assert [line.sku for line in again.lines] == [order.lines[0].sku]
    assert [warning["code"] for warning in again.warnings] == ["product_retired"]


def twins(order: Any) -> list[str]:
    return [warning["number"] for warning in order.warnings]


def test_another_draft_of_the_same_client_product_and_quantity_warns(
    session: Session, shop: Any
) -> None:
    chair, desk, account_id = shop.offer(sku="CHAIR"), shop.offer(), shop.open_account()
    first = shop.draft(account_id, shop.line(chair, "4"), shop.line(desk, "1"))
    assert twins(first) == []
    others = [shop.draft(account_id, shop.line(chair, "5")), shop.draft(account_id)]
    others += [shop.draft(shop.open_account(), shop.line(chair, "4"))]
    assert [twins(other) for other in others] == [[], [], []]
    second = shop.draft(account_id, shop.line(chair, "4"), shop.line(desk, "1"))
    assert twins(second) == [first.number]
    [warning] = second.warnings
    assert (warning["code"], warning["order_id"]) == ("same_in_draft", first.order_id)
    assert first.number in warning["detail"]
    assert twins(copy(shop, first)) == [first.number, second.number]
    shop.cancel(first)
    assert second.number not in twins(queries.get_order(session, order_id=second.order_id))


def test_a_change_that_makes_two_drafts_the_same_warns_and_confirming_ends_it(
    session: Session, shop: Any
) -> None:
    chair, account_id = shop.offer(), shop.open_account()
    first = shop.draft(account_id, shop.line(chair, "4"))
    second = shop.draft(account_id, shop.line(chair, "3"))
    line_id, order_id = second.lines[0].line_id, second.order_id
    change = {"order_id": order_id, "line_id": line_id, "today": shop.today}
    assert twins(usecases.change_line(session, **change, quantity=Decimal(4))) == [first.number]
    shop.confirm(first)
    assert twins(queries.get_order(session, order_id=order_id)) == []


def test_drafting_copying_and_confirming_take_as_many_statements_however_many_lines(
    session: Session, shop: Any
) -> None:
    def count(lines: int) -> list[int]:
        account_id = shop.open_account()
        wanted = [shop.line(shop.offer()) for _ in range(lines)]
        session.flush()
        asked: list[str] = []

        def note(*given: Any) -> None:
            asked.append(given[2])

        event.listen(session.connection(), "before_cursor_execute", note)
        order = shop.draft(account_id, *wanted)
        drafted = len(asked)
        shop.confirm(order)
        confirmed = len(asked)
        copy(shop, order)
        event.remove(session.connection(), "before_cursor_execute", note)
        return [drafted, confirmed - drafted, len(asked) - confirmed]

    assert count(60) == count(2)
