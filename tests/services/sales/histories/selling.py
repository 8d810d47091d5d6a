"""What is done with orders: they are agreed, changed, sent in parts, given up, and billed by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.services.sales.histories.snapshot import Row
from tests.services.sales.histories.world import Deed, World, half

WAYS: list[dict[str, Any]] = [
    {},
    {},
    {},
    {},
    {"bills_on": "order"},
    {"bills_on": "order", "ships_on": "payment"},
    {"deposit_percent": "50"},
]
AGREED = ("confirmed", "processing")
PLANNED = ("draft", "assigned", "picked")


def draft(world: World, which: int, many: int) -> Deed:
    said = _new_order(world, which, many)
    return Deed("draft", lambda: world.call("create_order", **said))


def order(world: World, which: int, many: int) -> Deed:
    """Draft and agree at once."""
    said = _new_order(world, which, many)

    def act() -> None:
        made = world.call("create_order", **said)
        world.call("confirm_order", order_id=made["order_id"])

    return Deed("confirm_order", act)


def confirm(world: World, which: int, many: int) -> Deed:
    one = world.pick("order", which, lambda one: one.status == "draft")
    return Deed("confirm_order", lambda: world.call("confirm_order", order_id=one.order_id))


def amend(world: World, which: int, many: int) -> Deed:
    """Another quantity of a line, less of it, or a line more, perhaps of goods that come back."""
    one = world.pick("order", which, lambda one: one.status in AGREED)
    said: dict[str, Any] = {"order_id": one.order_id, "reason": "They say so."}
    line = world.pick_of(world.now_kept.of("order_line", order_id=one.order_id), which)
    if which % 3 == 0:
        said["add_lines"] = [_line(world, which, many)]
    elif which % 7 == 1:
        said["change_lines"] = [{"line_id": line.line_id, "is_cancelled": True}]
    else:
        quantity = half(many) * (1 if line.quantity > 0 else -1)
        said["change_lines"] = [{"line_id": line.line_id, "quantity": str(quantity)}]
    return Deed("amend_order", lambda: world.call("amend_order", **said))


def cancel(world: World, which: int, many: int) -> Deed:
    one = world.pick("order", which, lambda one: one.status in ("draft", *AGREED))
    said = {"order_id": one.order_id, "reason": "Too late."}
    return Deed("cancel_order", lambda: world.call("cancel_order", **said))


def promise(world: World, which: int, many: int) -> Deed:
    """A line is promised for another day."""
    one = world.pick("order", which, lambda one: one.status in AGREED)
    line = world.pick_of(_going_out(world, one), which)
    lines = [{"line_id": line.line_id, "promised_on": world.day(many)}]
    said = {"order_id": one.order_id, "lines": lines, "reason": "The mill is late."}
    return Deed("move_promises", lambda: world.call("move_promises", **said))


def ship_draft(world: World, which: int, many: int) -> Deed:
    one = world.pick("order", which, lambda one: one.status in AGREED)
    said = {"order_id": one.order_id, "lines": _some(world, one, which, many)}
    return Deed("draft_shipment", lambda: world.call("draft_shipment", **said))


def send(world: World, which: int, many: int) -> Deed:
    """Some or all of an order in one step, perhaps a while ago."""
    one = world.pick("order", which, lambda one: one.status in AGREED)
    said = {"order_id": one.order_id, "lines": _some(world, one, which, many)}
    said["shipped_on"] = world.day(-3) if which % 5 == 0 else None
    return Deed("send_shipment", lambda: world.call("send_shipment", **said))


def pick_other(world: World, which: int, many: int) -> Deed:
    """More or less of a shipment's first line is picked than was assigned."""
    one = world.pick("shipment", which, lambda one: one.status == "assigned")
    line = world.now_kept.of("shipment_line", shipment_id=one.shipment_id)[0]
    change = half(many % 5 - 2)
    lines = [{"line_id": line.line_id, "quantity": str(max(line.quantity + change, half(1)))}]
    said = {"shipment_id": one.shipment_id, "lines": lines}
    return Deed("pick_shipment", lambda: world.call("pick_shipment", **said))


def _of_shipment(what: str, *states: str, **said: Any) -> Callable[[World, int, int], Deed]:
    def prepare(world: World, which: int, many: int) -> Deed:
        def is_meant(one: Row) -> bool:
            return one.status in states

        found = world.pick("shipment", which, is_meant)
        return Deed(what, lambda: world.call(what, shipment_id=found.shipment_id, **said))

    prepare.__name__ = what
    return prepare


assign = _of_shipment("assign_shipment", "draft")
pick = _of_shipment("pick_shipment", "assigned")
ship = _of_shipment("ship_shipment", "picked")
deliver = _of_shipment("deliver_shipment", "shipped", received_by="Ben Hall")
give_up = _of_shipment("cancel_shipment", *PLANNED, reason="No lorry.")


def send_on(world: World, which: int, many: int) -> Deed:
    """The next step of a shipment that has not left."""
    going = {one.order_id for one in world.now_kept.of("order") if one.status in AGREED}
    found = world.pick(
        "shipment", which, lambda one: one.status in PLANNED and one.order_id in going
    )
    steps = {"draft": "assign_shipment", "assigned": "pick_shipment", "picked": "ship_shipment"}
    name = steps[found.status]
    return Deed(name, lambda: world.call(name, shipment_id=found.shipment_id))


def settle(world: World, which: int, many: int) -> Deed:
    """What was undone is done again, or left."""
    found = world.pick("order_exception", which, lambda one: one.settled_as is None)
    how = ("again", "leave")[which % 2]
    said = {"exception_id": found.exception_id, "settled_as": how, "reason": "They said so."}
    name = "settle_order_exception"
    return Deed(name, lambda: world.call(name, **said))


def bill_by_hand(world: World, which: int, many: int) -> Deed:
    """Draft what is left to be billed of an order, or some of a line."""
    one = world.pick("order", which, lambda one: one.bills_on == "order" and one.status != "draft")
    lines = None
    if which % 2:
        line = world.pick_of(_going_out(world, one), which)
        lines = [{"line_id": line.line_id, "quantity": str(half(many))}]
    said = {"order_id": one.order_id, "lines": lines}
    return Deed("draft_order_bill", lambda: world.call("draft_order_bill", **said))


def end_bill(world: World, which: int, many: int) -> Deed:
    """A draft is asked for, changed or withdrawn; what was refused is given up."""
    bill = world.pick("order_bill", which, lambda one: one.status in ("draft", "refused"))
    ways = ("ask_order_bill", "ask_order_bill", "change_order_bill", "withdraw_order_bill")
    what = ways[which % 4] if bill.status == "draft" else "give_up_order_bill"
    said = {"lines": None} if what == "change_order_bill" else {}
    return Deed(what, lambda: world.call(what, bill_id=bill.bill_id, **said))


def ask_deposit(world: World, which: int, many: int) -> Deed:
    asked = {one.order_id for one in world.now_kept.of("order_bill", kind="deposit")}
    one = world.pick("order", which, lambda one: one.order_id in asked)
    return Deed("ask_deposit", lambda: world.call("ask_deposit", order_id=one.order_id))


def _new_order(world: World, which: int, many: int) -> dict[str, Any]:
    lines = [_line(world, which, many)]
    if which % 3 == 0:
        lines.append(_line(world, which // 3, 1 + many // 2))
    account_id = world.accounts[which % 2]
    if which % 4 == 1:
        lines += _back(world, account_id, which)
    return {"account_id": account_id, "lines": lines} | WAYS[which % len(WAYS)]


def _line(world: World, which: int, many: int) -> dict[str, Any]:
    promised_on = world.day(which % 9) if which % 2 else None
    line = {"product_id": world.products[which % 3], "quantity": str(half(many))}
    return line | {"discount_percent": "10", "promised_on": promised_on}


def _back(world: World, account_id: str, which: int) -> list[dict[str, Any]]:
    """Goods that come back by the order: sold by a line of the account's, or by none."""
    mine = {one.order_id for one in world.now_kept.of("order", account_id=account_id)}
    sold = [one for one in world.now_kept.of("order_line") if one.order_id in mine and one.shipped]
    if not sold or which % 8 == 1:
        return [{"product_id": world.products[which % 3], "quantity": "-1"}]
    line = sold[which % len(sold)]
    back = {"product_id": line.product_id, "returns_line_id": line.line_id}
    return [back | {"quantity": str(-min(line.shipped, Decimal(2)))}]


def _going_out(world: World, one: Row) -> list[Row]:
    lines = world.now_kept.of("order_line", order_id=one.order_id)
    return [line for line in lines if line.quantity > 0]


def _some(world: World, one: Row, which: int, many: int) -> list[dict[str, Any]] | None:
    """All that is open, or so much of a line."""
    if which % 3 == 0:
        return None
    line = world.pick_of(_going_out(world, one), which)
    quantity = half(many)
    if which % 7:  # mostly what is open, of which others may take some meanwhile
        quantity = min(quantity, max(line.quantity - line.cancelled - line.shipped, half(1)))
    return [{"line_id": line.line_id, "quantity": str(quantity)}]


ACTS = [
    *(draft, order, order, confirm, amend, cancel, promise),
    *(ship_draft, ship_draft, ship_draft, send, send, assign, pick, pick_other, ship),
    *(send_on, send_on, send_on, send_on, send_on, send_on),
    *(deliver, give_up, give_up, settle, settle, bill_by_hand, end_bill, end_bill, ask_deposit),
]
