"""Promises are moved and judged, and what is short is on back-order."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from kernel.refusals import Refusal
from services.sales.promises import queries, schemas
from services.sales.promises.usecases import move_promises
from tests.services.sales.dispatches.test_usecases import Yard, code

pytestmark = pytest.mark.server
PROMISED = date(2026, 3, 10)


@pytest.fixture
def yard(shop: Any) -> Yard:
    return Yard(shop)


def promised(yard: Yard, *quantities: str, on: date = PROMISED) -> Any:
    lines = [yard.shop.line(yard.shop.offer(), many, promised_on=on) for many in quantities]
    return yard.shop.confirm(yard.shop.draft(yard.shop.open_account(), *lines))


def move(yard: Yard, order: Any, on: date, *, place: int = 0) -> Any:
    line = {"line_id": order.lines[place].line_id, "promised_on": on}
    said = {"lines": [line], "reason": "The mill is late."}
    return move_promises(yard.session, order_id=order.order_id, **said, **yard.when)


def told(yard: Yard, name: str) -> list[dict[str, Any]]:
    return [data for event, data, _ in yard.session.info["announced"] if event.name == name]


def back_orders(yard: Yard, order: Any) -> list[Any]:
    asked = {"account_id": order.account_id, "product_id": None, "promised_before": None}
    page = queries.list_back_orders(yard.session, **asked, limit=9, after=None)
    return [schemas.BackOrder().dump(item) for item in page["items"]]


def report(yard: Yard, order: Any, *, today: date) -> dict[str, tuple[int, int, int]]:
    period = {"promised_from": date(2026, 3, 1), "promised_to": date(2026, 3, 31)}
    asked = {**period, "account_id": order.account_id, "today": today}
    found = queries.report_kept_promises(yard.session, **asked)
    listed = queries.list_promises(yard.session, **asked, state=None, limit=99, after=None)
    states = [row.state for row in listed["items"]]
    first = found["first"]
    assert [states.count(name) for name in ("kept", "late", "waiting")] == [
        first.kept,
        first.late,
        first.waiting,
    ]
    return {
        name: (found[name].kept, found[name].late, found[name].waiting)
        for name in ("first", "last")
    }


def test_a_promise_that_is_moved_is_told_with_what_it_was_before(yard: Yard) -> None:
    order = promised(yard, "5", "3")
    later = PROMISED + timedelta(days=7)
    move(yard, order, later)
    move(yard, order, later)  # is promised so already
    assert [line.promised_on for line in order.lines] == [later, PROMISED]
    [event] = told(yard, "promise_moved")
    [line] = event["lines"]
    assert (event["reason"], line["former_on"], line["promised_on"], line["quantity"]) == (
        "The mill is late.",
        "2026-03-10",
        "2026-03-17",
        "5",
    )


def test_of_an_order_that_is_done_nothing_is_promised(yard: Yard) -> None:
    order = promised(yard, "5")
    yard.send(order)
    assert code(lambda: move(yard, order, PROMISED)) == "order_done"


def test_what_is_short_is_on_back_order_with_a_new_day(yard: Yard) -> None:
    order = promised(yard, "40", "5")
    lines = yard.lines(order, "20", "5")
    yard.send_with(order, lines=lines, rest_promised_on=date(2026, 3, 20))
    [event] = told(yard, "back_order_made")
    assert [(line["quantity"], line["promised_on"]) for line in event["lines"]] == [
        ("20", "2026-03-20")
    ]
    [row] = back_orders(yard, order)
    assert (row["ordered"], row["shipped"], row["short"]) == ("40", "20", "20")
    assert (row["first_promised_on"], row["promised_on"]) == ("2026-03-10", "2026-03-20")
    assert row["short_since"] == "2026-03-02"
    yard.send(order)
    assert back_orders(yard, order) == []


def test_what_is_short_within_what_is_tolerated_is_no_back_order(yard: Yard) -> None:
    order = promised(yard, "40")
    yard.tolerate(order)
    yard.send(order, "38")
    assert (told(yard, "back_order_made"), back_orders(yard, order)) == ([], [])


def test_what_another_shipment_brings_is_not_told_as_a_back_order(yard: Yard) -> None:
    order = promised(yard, "40")
    yard.draft(order, "20")
    yard.send(order, "20")
    assert told(yard, "back_order_made") == []


def test_a_promise_is_kept_where_all_has_left_by_its_day(yard: Yard) -> None:
    order = promised(yard, "5", "4", "3", "2")
    yard.send_with(order, lines=yard.lines(order, "5", "2"))
    assert report(yard, order, today=PROMISED)["first"] == (1, 0, 3)
    over = PROMISED + timedelta(days=1)
    assert report(yard, order, today=over)["first"] == (1, 3, 0)
    move(yard, order, date(2026, 3, 20), place=1)
    found = report(yard, order, today=over)
    assert found == {"first": (1, 3, 0), "last": (1, 2, 1)}
    yard.when["today"] = date(2026, 3, 19)
    yard.send(order)
    assert report(yard, order, today=date(2026, 3, 21)) == {"first": (1, 3, 0), "last": (2, 2, 0)}


def test_what_is_cancelled_unshipped_was_not_broken(yard: Yard) -> None:
    order = promised(yard, "5", "4")
    yard.send_with(order, lines=yard.lines(order, "5"))
    yard.shop.cancel(order)
    assert report(yard, order, today=date(2026, 4, 1))["first"] == (1, 0, 0)


def test_a_day_that_is_over_is_not_promised(yard: Yard) -> None:
    order = promised(yard, "5")
    with pytest.raises(Refusal) as refused:
        yard.send_with(order, lines=yard.lines(order, "2"), rest_promised_on=date(2026, 3, 1))
    assert refused.value.errors[0]["field"] == "rest_promised_on"
    assert [line.quantities.shipped for line in order.lines] == [Decimal(0)]
