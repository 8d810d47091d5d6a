"""What is done with returns, and what billing does meanwhile: it bills, is paid, and takes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.services.sales.histories.billing import Invoice
from tests.services.sales.histories.snapshot import Row
from tests.services.sales.histories.world import Deed, Nothing, World, half

UNDER_WAY = ("in_transit", "received", "inspected")


def ask(world: World, which: int, many: int) -> Deed:
    """Some of a line that left is to come back."""
    line = world.pick("order_line", which, lambda one: one.shipped > 0)
    quantity = min(half(1 + many % 6), line.shipped)
    said = {
        "order_id": line.order_id,
        "lines": [{"line_id": line.line_id, "quantity": str(quantity)}],
        "resolution": "credit",
        "reason": "Too low.",
    }
    return Deed("request_return", lambda: world.call("request_return", **said))


def receive_back(world: World, which: int, many: int) -> Deed:
    """All of it comes, or a part."""
    found = world.pick("return", which, lambda one: one.status in ("authorised", *UNDER_WAY))
    lines = None
    if which % 2:
        line = world.pick_of(world.now_kept.of("return_line", return_id=found.return_id), which)
        lines = [{"line_id": line.line_id, "quantity": str(half(1 + many % 4))}]
    said = {"return_id": found.return_id, "lines": lines}
    return Deed("receive_return", lambda: world.call("receive_return", **said))


def inspect(world: World, which: int, many: int) -> Deed:
    """What came is restocked, scrapped or rejected, or some of each."""
    part = world.pick("return_part", which, lambda one: one.inspected_at is None)
    came = world.now_kept.of("return_part_line", return_id=part.return_id, part=part.part)
    lines = []
    for line in came:
        restock = min(line.received, half(many % 7))
        rest = line.received - restock
        scrap = min(rest, half(which % 3))
        fates = {"restock": restock, "scrap": scrap, "reject": rest - scrap}
        said = {name: str(quantity) for name, quantity in fates.items() if quantity}
        lines.append({"line_id": line.line_id, **said})
    names = {"return_id": part.return_id, "part": part.part}
    return Deed("inspect_part", lambda: world.call("inspect_part", **names, lines=lines))


def undo(world: World, which: int, many: int) -> Deed:
    part = world.pick("return_part", which, lambda one: one.inspected_at is not None)
    said = {"return_id": part.return_id, "part": part.part, "reason": "Another parcel."}
    return Deed("undo_inspection", lambda: world.call("undo_inspection", **said))


def credit(world: World, which: int, many: int) -> Deed:
    found = world.pick("return", which, lambda one: one.status in ("received", "inspected"))
    fee = ("0", "0", "5")[which % 3]
    said = {"return_id": found.return_id, "restocking_fee_percent": fee}
    return Deed("credit_return", lambda: world.call("credit_return", **said))


def _of_return(what: str, *states: str, **said: Any) -> Callable[[World, int, int], Deed]:
    def prepare(world: World, which: int, many: int) -> Deed:
        def is_meant(one: Row) -> bool:
            return one.status in states

        found = world.pick("return", which, is_meant)
        return Deed(what, lambda: world.call(what, return_id=found.return_id, **said))

    prepare.__name__ = what
    return prepare


authorise = _of_return("authorise_return", "requested")
post = _of_return("send_return", "authorised", carrier="DHL")
replace = _of_return("replace_return", "received", "inspected")
decline = _of_return("decline_return", "requested", "authorised", reason="Made to measure.")
close = _of_return("close_return", *UNDER_WAY, reason="They keep it.")
refuse = _of_return("reject_rest", *UNDER_WAY, reason="Used.")


def take_on(world: World, which: int, many: int) -> Deed:
    """The next step of a return: it is let come, comes, is inspected, credited."""
    steps = {"requested": authorise, "authorised": receive_back, "in_transit": receive_back}
    steps |= {"received": inspect, "inspected": credit}
    found = world.pick(
        "return", which, lambda one: one.status in steps and one.waits_for != "billing"
    )
    return steps[found.status](world, which, many)


def hear_own(world: World, which: int, many: int) -> Deed:
    """The service hears what it announced itself."""
    return world.deliver(which)


def hear_billing(world: World, which: int, many: int) -> Deed:
    if not world.billing.told:
        raise Nothing
    return world.hear(which, 1 if many % 3 else many // 3)


def answer(world: World, which: int, many: int) -> None:
    """Billing does what it was asked, or says why not."""
    if not world.billing.asked:
        raise Nothing
    world.billing.answer(which, is_willing=which % 6 != 5)


def pay(world: World, which: int, many: int) -> None:
    invoice = _invoice(world, which, lambda one: not one.is_void and not one.is_paid)
    world.billing.pay(invoice, is_paid=True)


def reopen(world: World, which: int, many: int) -> None:
    world.billing.pay(_invoice(world, which, lambda one: one.is_paid), is_paid=False)


def void(world: World, which: int, many: int) -> None:
    """An invoice that is neither paid nor credited is voided."""
    world.billing.void(
        _invoice(world, which, lambda one: not (one.is_void or one.is_paid or one.credits))
    )


def void_note(world: World, which: int, many: int) -> None:
    world.billing.void_note(world.pick_of([*world.billing.notes], which))


def credit_by_hand(world: World, which: int, many: int) -> None:
    """A person credits a part of a return that billing could not."""
    answers = {
        (one.return_id, one.part)
        for one in world.now_kept.of("return_answer", kind="credit", settled_at=None)
        if one.problem is not None
    }
    told = [
        one
        for one in world.told("return_accepted")
        if (one["return_id"], one["part"]) in answers and not _is_credited(world, one)
    ]
    world.billing.credit_by_hand(world.pick_of(told, which))


def _is_credited(world: World, told: dict[str, Any]) -> bool:
    part = (told["return_id"], told["part"])
    return any(
        (one["return_id"], one["return_part"]) == part for one in world.billing.notes.values()
    )


def _invoice(world: World, which: int, is_meant: Callable[[Invoice], bool]) -> Invoice:
    found: Invoice = world.pick_of([*filter(is_meant, world.billing.invoices.values())], which)
    return found


ACTS = [
    *(ask, ask, ask, authorise, post, receive_back, inspect, undo, undo),
    *(take_on, take_on, take_on, take_on, take_on, take_on),
    *(credit, replace, decline, close, refuse),
    *(hear_own, hear_own, hear_own, hear_billing, hear_billing, hear_billing, hear_billing),
]
OF_BILLING = [answer, answer, answer, pay, reopen, void, void_note, credit_by_hand]
