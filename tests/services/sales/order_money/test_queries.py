"""Claims about the money page: it takes as many statements however many lines and bills there are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event

from services.sales.order_bills.queries import list_order_bills
from services.sales.order_money.queries import find_targets, get_order_money, read_targets

pytestmark = pytest.mark.server


@contextmanager
def counted(session: Any) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(*given: Any) -> None:
        asked.append(given[2])

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield asked
    event.remove(connection, "before_cursor_execute", note)


def confirmed(shop: Any, lines: int, **facts: Any) -> Any:
    chair = shop.offer(unit_price=1000)
    wanted = [shop.line(chair, str(number + 1)) for number in range(lines)]
    facts = {"bills_on": "order"} | facts
    return shop.confirm(shop.draft(shop.open_account(), *wanted, **facts))


def test_an_orders_money_takes_as_many_statements_with_two_lines_and_with_fifty(
    session: Any, shop: Any
) -> None:
    taken = []
    for lines in (2, 50):
        order = confirmed(shop, lines)
        session.expire_all()
        with counted(session) as asked:
            page = get_order_money(session, order_id=order.order_id)
            assert len(page["lines"]) == lines
            assert [len(bill.lines) for bill in page["bills"]] == [lines]
        taken.append(len(asked))
    assert taken[0] == taken[1] <= 15


def test_a_list_of_order_bills_takes_as_many_statements_with_two_and_with_twenty(
    session: Any, shop: Any
) -> None:
    account_id = shop.open_account()
    taken = []
    for orders in (2, 18):
        for _ in range(orders):
            line = shop.line(shop.offer(unit_price=1000))
            shop.confirm(shop.draft(account_id, line, bills_on="order"))
        session.expire_all()
        page = {"order_id": None, "status": None, "limit": 50, "after": None}
        with counted(session) as asked:
            listed = list_order_bills(session, account_id=account_id, **page)["items"]
            assert all(bill.lines for bill in listed)
        taken.append(len(asked))
    assert taken[0] == taken[1]


def test_targets_are_of_what_is_shipped_on_payment_and_costs_something(
    session: Any, shop: Any
) -> None:
    free, chair = shop.offer(unit_price=0), shop.offer(unit_price=1000)
    lines = [shop.line(free, "3"), shop.line(chair, "2")]
    facts = {"bills_on": "order", "ships_on": "payment"}
    order = shop.confirm(shop.draft(shop.open_account(), *lines, **facts))
    gift, sold = (line.line_id for line in order.lines)
    assert read_targets(session, order) == {gift: Decimal(3), sold: Decimal(0)}
    other = confirmed(shop, 2)
    orders = [(each, each.lines) for each in (order, other)]
    assert find_targets(session, orders) == {sold: Decimal(0)}
