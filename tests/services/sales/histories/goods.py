"""What is done with goods: they come, go, are planned, counted, closed up to a day, and reported."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.services.sales.histories.snapshot import Row
from tests.services.sales.histories.world import LEAD, Deed, World, half

DAYS_AGO = (0, 0, 0, 2, 9, 35)


def receive(world: World, which: int, many: int) -> Deed:
    """Goods come in, perhaps some days ago, perhaps at a place, perhaps of a known cost."""
    goods: dict[str, Any] = {
        "product_id": world.products[which % 3],
        "quantity": str(half(many + 9)),
        "moved_on": world.day(-DAYS_AGO[which % len(DAYS_AGO)]),
        "place_id": world.place if which % 5 == 0 else None,
    }
    if which % 2:
        goods |= {"unit_cost": 500 + which % 90, "currency": "EUR"}

    def act() -> None:
        told = world.call("receive_goods", receipts=[goods])
        assert told["received"] + told["refused"] == 1

    return Deed("receive", act)


def scrap(world: World, which: int, many: int) -> Deed:
    said = {
        "product_id": world.products[which % 3],
        "quantity": str(half(1 + many % 6)),
        "moved_on": world.day(-DAYS_AGO[which % len(DAYS_AGO)]),
        "place_id": world.place if which % 5 == 0 else None,
        "reason": "Broken.",
    }
    return Deed("scrap", lambda: world.call("scrap_goods", **said))


def transfer(world: World, which: int, many: int) -> Deed:
    ways = [(None, world.place), (world.place, None)]
    here, there = ways[which % 2]
    said = {
        "product_id": world.products[which % 3],
        "quantity": str(half(1 + many % 6)),
        "from_place_id": here,
        "to_place_id": there,
    }
    return Deed("transfer", lambda: world.call("transfer_goods", **said))


def plan(world: World, which: int, many: int) -> Deed:
    move = {
        "product_id": world.products[which % 3],
        "kind": "receipt" if which % 2 else "scrap",
        "quantity": str(half(many)),
        "planned_on": world.day(which % 12),
    }
    return Deed("plan", lambda: world.call("plan_goods", moves=[move]))


def end_plan(world: World, which: int, many: int) -> Deed:
    move = world.pick("stock_move", which, lambda one: one.status == "planned")
    what = "cancel_move" if which % 4 == 0 else "finish_move"
    return Deed(what, lambda: world.call(what, move_id=move.move_id))


def close_period(world: World, which: int, many: int) -> Deed:
    day = world.day(-1 - which % 30)
    return Deed("close_period", lambda: world.call("close_stock_period", closed_to=day))


def reserve_otherwise(world: World, which: int, many: int) -> Deed:
    when = ("confirmation", "assignment")[which % 2]
    name = "change_stock_settings"
    return Deed(name, lambda: world.call(name, reserves_at=when))


def report(world: World, which: int, many: int) -> Deed:
    """The report of this month, the last, or the one before."""
    month = world.day(-(0, 31, 31, 62)[which % 4])[:7]
    name = "make_inventory_report"
    return Deed(name, lambda: world.call(name, month=month))


def begin_count(world: World, which: int, many: int) -> Deed:
    """One or two products are counted, at one place, and are more or less than expected."""
    products = world.products[which % 2 : 2 + which % 2]
    place_id = world.place if which % 5 == 0 else None
    off = half(many % 9 - 4)

    def act() -> None:
        lines = [{"product_id": one} for one in products]
        count = world.call("open_count", lines=lines, place_id=place_id)
        if which % 7 == 0:
            return
        expected = {
            line["product_id"]: half(int(2 * float(line["expected"]))) for line in count["lines"]
        }
        found = [
            {"product_id": one, "quantity": str(max(expected[one] + off, half(0)))}
            for one in products
        ]
        world.call("enter_quantities", count_id=count["count_id"], lines=found)
        world.call("finish_count", count_id=count["count_id"])

    return Deed("count", act)


def recount(world: World, which: int, many: int) -> Deed:
    count = world.pick("stock_count", which, lambda one: one.status in ("counted", "approved"))
    line = world.pick_of(world.now_kept.of("stock_count_line", count_id=count.count_id), which)
    again = {"product_id": line.product_id}

    def act() -> None:
        names = {"count_id": count.count_id}
        world.call("recount", **names, lines=[again], reason="Look again.")
        found = [again | {"quantity": str(half(many))}]
        world.call("enter_quantities", **names, lines=found)
        world.call("finish_count", **names)

    return Deed("recount", act)


def _of_count(what: str, states: tuple[str, ...], **said: Any) -> Callable[[World, int, int], Deed]:
    def prepare(world: World, which: int, many: int) -> Deed:
        def is_meant(one: Row) -> bool:
            return one.status in states

        count = world.pick("stock_count", which, is_meant)
        caller = LEAD if what == "approve_count" else None
        return Deed(
            what, lambda: world.client.call(what, caller=caller, count_id=count.count_id, **said)
        )

    prepare.__name__ = what
    return prepare


approve_count = _of_count("approve_count", ("counted", "approved"), reason="Looked again.")
post_count = _of_count("post_count", ("counted", "approved"))
cancel_count = _of_count("cancel_count", ("open", "counted", "approved"), reason="Not now.")

ACTS = [
    *(receive, receive, scrap, transfer, plan, end_plan),
    *(close_period, reserve_otherwise, report),
    *(begin_count, begin_count, recount, approve_count, post_count, post_count, cancel_count),
]
