"""What comes back is received in parts, inspected, and inspected anew where that was wrong."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from kernel.refusals import Conflict, NotFound
from tests.services.sales.returning import Desk, code_of

pytestmark = pytest.mark.server


@pytest.fixture
def desk(shop: Any) -> Desk:
    return Desk(shop)


@pytest.fixture
def stocked(shop: Any, store: Any) -> Desk:
    """Ten on the shelf, of which eight are sold."""
    desk = Desk(shop, is_stocked=True)
    store.move(desk.product.product_id, "10", moved_on=desk.today, today=desk.today, now=desk.now)
    return desk


def test_of_three_two_are_restocked_and_one_is_rejected(stocked: Desk) -> None:
    desk = stocked
    found = desk.authorise(desk.ask(desk.sell()))
    desk.receive(desk.post(found))
    assert (found.status, found.waits_for, desk.on_hand()) == ("received", "inspection", 2)
    desk.inspect(found, "2", "0", "1")
    assert (found.status, found.waits_for, desk.on_hand()) == ("inspected", "answer", 4)
    assert desk.quantities(found) == {
        "asked": "3",
        "received": "3",
        "restocked": "2",
        "rejected": "1",
    }
    line_id = found.lines[0].line_id
    [told] = desk.told("return_inspected")
    assert told["lines"] == [
        {"line_id": line_id, "outcome": "restocked", "quantity": "2"},
        {"line_id": line_id, "outcome": "rejected", "quantity": "1"},
    ]
    moved = [(one["kind"], one["quantity"]) for one in desk.told("stock_moved")][-1]
    assert moved == ("return", "2")


def test_goods_are_neither_sent_nor_received_before_they_left(desk: Desk) -> None:
    order = desk.sell(sent="5")
    desk.wait(days=3)
    found = desk.authorise(desk.ask(order, "5"))
    left, before = desk.shop.today, desk.shop.today - timedelta(days=1)
    assert code_of(lambda: desk.post(found, sent_on=before)) == "back_before_shipped"
    desk.post(found, sent_on=left + timedelta(days=1))
    assert code_of(lambda: desk.receive(found, on=before)) == "back_before_shipped"
    assert code_of(lambda: desk.receive(found, on=left)) == "received_before_sent"
    desk.receive(found, "2", on=left + timedelta(days=1))
    desk.receive(found, on=left + timedelta(days=2))
    assert found.status == "received"


def test_goods_are_put_at_a_place_that_there_is(desk: Desk) -> None:
    found = desk.authorise(desk.ask(desk.sell()))
    with pytest.raises(NotFound, match="There is no place pla_none") as refused:
        desk.receive(found, place_id="pla_none")
    assert (found.status, refused.value.errors[0]["field"]) == ("authorised", "place_id")


def test_what_was_back_already_cannot_come_back_again(desk: Desk) -> None:
    order = desk.sell(sent="5")
    desk.wait(days=3)
    desk.receive(desk.authorise(desk.ask(order, "5")), on=desk.shop.today)
    desk.shop.today += timedelta(days=2)
    desk.send(order, "3")
    found = desk.authorise(desk.ask(order, "3"))
    before = desk.shop.today - timedelta(days=1)
    assert code_of(lambda: desk.receive(found, on=before)) == "back_before_shipped"
    assert desk.receive(found, on=desk.shop.today).status == "received"


def test_what_is_scrapped_comes_in_and_goes(stocked: Desk) -> None:
    desk = stocked
    desk.inspect(desk.receive(desk.authorise(desk.ask(desk.sell()))), "1", "2")
    assert desk.on_hand() == 3
    moved = [(one["kind"], one["quantity"]) for one in desk.told("stock_moved")][-3:]
    assert moved == [("return", "1"), ("return", "2"), ("scrap", "-2")]


def test_two_of_three_first_are_partly_returned(desk: Desk) -> None:
    found = desk.post(desk.authorise(desk.ask(desk.sell())))
    desk.receive(found, "2")
    desk.inspect(found, "2")
    assert (found.status, found.is_partly_returned) == ("inspected", True)
    desk.receive(found)
    assert (found.status, found.is_partly_returned) == ("received", False)
    assert [one["part"] for one in desk.told("return_received")] == [1, 2]
    with pytest.raises(Conflict) as refused:
        desk.receive(found)
    assert refused.value.code == "nothing_outstanding"


def test_a_wrong_inspection_is_undone_and_the_stock_moves_back(stocked: Desk) -> None:
    desk = stocked
    found = desk.receive(desk.authorise(desk.ask(desk.sell())))
    for fate in (("3",), ("0", "3"), ("0", "0", "3")):
        desk.inspect(found, *fate)
        desk.undo(found)
        assert (found.status, desk.on_hand()) == ("received", 2)
    desk.inspect(found, "2", "1")
    assert (desk.on_hand(), found.status) == (4, "inspected")
    assert len(desk.told("return_inspection_undone")) == 3


def test_what_was_restocked_and_is_gone_cannot_be_inspected_anew(stocked: Desk) -> None:
    desk = stocked
    found = desk.inspect(desk.receive(desk.authorise(desk.ask(desk.sell()))), "3")
    desk.sell("5")
    with pytest.raises(Conflict) as refused:
        desk.undo(found)
    assert refused.value.code == "out_of_stock"


def test_what_is_credited_is_not_inspected_anew_and_says_what_is_possible(desk: Desk) -> None:
    found = desk.inspect(desk.receive(desk.authorise(desk.ask(desk.sell()))), "3")
    desk.credit(found)
    with pytest.raises(Conflict, match="void the credit note in billing"):
        desk.undo(found)


def test_where_all_is_rejected_it_is_refused_and_that_may_be_undone(desk: Desk) -> None:
    found = desk.inspect(desk.receive(desk.authorise(desk.ask(desk.sell()))), "0", "0", "3")
    assert (found.status, found.waits_for) == ("refused", None)
    assert len(desk.told("return_rejected")) == 1
    desk.undo(found)
    assert (found.status, found.waits_for) == ("received", "inspection")


def test_all_that_is_not_inspected_is_turned_away_at_once(desk: Desk) -> None:
    found = desk.receive(desk.authorise(desk.ask(desk.sell())), "2")
    desk.refuse(found)
    assert found.status == "refused"
    assert desk.quantities(found) == {
        "asked": "3",
        "dropped": "1",
        "received": "2",
        "rejected": "2",
    }


def test_each_part_is_inspected_by_itself_once(desk: Desk) -> None:
    found = desk.authorise(desk.ask(desk.sell()))
    desk.receive(found, "1")
    desk.receive(found, "2")
    desk.inspect(found, "2", part=2)
    with pytest.raises(Conflict) as refused:
        desk.inspect(found, "2", part=2)
    assert (refused.value.code, found.status) == ("part_inspected", "received")
    desk.inspect(found, "0.5", "0.25", "0.25")
    assert found.lines[0].quantities.accepted == Decimal("2.75")
