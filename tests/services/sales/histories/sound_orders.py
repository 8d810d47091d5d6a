"""What holds of orders, shipments, returns and their money after every act, and once all is answered."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select

from kernel.money import round_half_up
from services.sales.invoices.usecases import recount
from services.sales.orders.models import Order
from services.sales.orders.queries import get_standing
from services.sales.orders.rules import Quantities, status_of
from services.sales.shipments.rules import ENDED
from tests.services.sales.histories.snapshot import Row, Snapshot
from tests.services.sales.histories.world import LIMIT, PRICE, World

NONE = Decimal(0)
GROSS = Decimal(PRICE) * Decimal("1.2")
PLANNED = ("draft", "assigned", "picked")
GONE = ("shipped", "delivered")
OVER = ("done", "cancelled")
ADDING = {"confirm_order", "amend_order", "draft", "draft_shipment"}
SHIPPING = {"ship_shipment", "send_shipment"}


class Money(NamedTuple):
    """What became of a line, summed from the rows."""

    billed: Decimal
    credited: Decimal
    paid: Decimal
    returned: Decimal
    left: Decimal
    asked: Decimal

    @property
    def stays_billed(self) -> Decimal:
        return self.billed - self.credited


def check_orders(world: World) -> None:
    rows = world.now_kept
    money = sum_money(rows, world.billing.bills)
    for order in rows.of("order"):
        lines = rows.of("order_line", order_id=order.order_id)
        _check_order(order, lines)
        for line in (one for one in lines if one.quantity > 0):
            _check_line(world, rows, order, line)
            _check_billed(world, order, line, money[line.line_id])
    _check_exposure(world)
    _check_exceptions(rows)
    _check_returns(world, rows)
    _check_admitted(world, money)


def _check_order(order: Row, lines: list[Row]) -> None:
    is_confirmed = order.confirmed_at is not None
    amounts = [Quantities(one.quantity, one.shipped, one.cancelled, one.returned) for one in lines]
    assert order.status == status_of(amounts, is_confirmed=is_confirmed)
    to_ship = sum(
        one.to_ship * line.net_unit_price for one, line in zip(amounts, lines, strict=True)
    )
    assert order.open_gross == (to_ship * Decimal("1.2") if is_confirmed else 0)
    for one in amounts:
        if one.is_return:
            assert 0 <= one.returned <= -(one.ordered - one.cancelled)


def _check_line(world: World, rows: Snapshot, order: Row, line: Row) -> None:
    """What left is what shipments say; no more than was agreed, and is tolerated, leaves or is planned
    to."""
    over = Decimal("1.1") if line.product_id == world.products[0] else Decimal(1)
    states = {one.shipment_id: one.status for one in rows.of("shipment", order_id=order.order_id)}
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for one in rows.of("shipment_line", line_id=line.line_id):
        sums[states[one.shipment_id]] += one.quantity
    assert sum(sums[state] for state in GONE) == line.shipped
    most = (line.quantity - line.cancelled) * over
    assert 0 <= line.shipped <= max(most, NONE), "shipped is at most ordered and tolerated"
    planned = sum(sums[state] for state in PLANNED)
    is_open = line.quantity - line.cancelled > line.shipped
    if order.status not in OVER and is_open:
        assert planned <= most - line.shipped, "planned is at most what is left"


def sum_money(rows: Snapshot, bills: Mapping[str, str]) -> dict[str, Money]:
    """By line, from what was heard of billing and of returns. `bills` are the invoices of what billing
    was asked to bill, whether it told so or not."""
    live = {
        one.invoice_id: one
        for one in rows.of("billed_invoice", is_void=False)
        if one.number is not None
    }
    void = {one.credit_note_id for one in rows.of("void_credit")}
    sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: dict.fromkeys(Money._fields, NONE))
    for one in rows.of("billed_line"):
        if one.invoice_id in live:
            sums[one.line_id]["billed"] += one.quantity
            sums[one.line_id]["paid"] += one.quantity if live[one.invoice_id].is_paid else 0
    for one in rows.of("line_credit"):
        if one.invoice_id in live and one.credit_note_id not in void:
            sums[one.line_id]["credited"] += one.quantity
            sums[one.line_id]["paid"] -= one.quantity if live[one.invoice_id].is_paid else 0
    for one in rows.of("line_return"):
        sums[one.line_id]["returned"] += one.quantity
    for one in rows.of("order_exception_line"):
        raised = rows.one("order_exception", exception_id=one.exception_id)
        sums[one.line_id]["left"] += one.left if raised.kind == "invoice_voided" else 0
    known = {one.invoice_id for one in rows.of("billed_invoice") if one.number is not None}
    for bill in rows.of("order_bill"):
        is_told = (bill.invoice_id or bills.get(bill.bill_id)) in known
        if bill.status in ("asked", "billed") and not is_told:
            for one in rows.of("order_bill_line", bill_id=bill.bill_id):
                sums[one.line_id]["asked"] += one.quantity
    empty = Money(*[NONE] * len(Money._fields))
    return {
        line.line_id: Money(**sums[line.line_id]) if line.line_id in sums else empty
        for line in rows.of("order_line")
    }


def _check_billed(world: World, order: Row, line: Row, money: Money) -> None:
    """No more is billed, or asked to be, than left or was agreed and is not back: but for what came back
    and is to be credited."""
    if not line.net_unit_price:
        assert money.stays_billed == money.asked == 0, "what is given away is not billed"
        return
    most = most_agreed(world.now_kept, line) if order.bills_on == "order" else line.shipped
    to_credit = _to_credit(world, line.line_id)
    bound = most - money.returned - money.left + to_credit
    assert money.stays_billed + money.asked <= bound, "billed twice, or what did not leave"
    assert 0 <= money.credited <= money.billed or _is_on_its_way(world)


def most_agreed(rows: Snapshot, line: Row) -> Decimal:
    """The most of a line that ever was agreed, or left: what is billed on order is billed of that."""
    told = [
        Decimal(each)
        for version in rows.of("order_version", order_id=line.order_id)
        for one in version.changes
        if one.line_id == line.line_id and one.field == "quantity"
        for each in (one.before, one.after)
        if each is not None
    ]
    return max(line.quantity, line.shipped, *told)


def _to_credit(world: World, line_id: str) -> Decimal:
    """What of a line came back and is not credited yet, or by a note that is on its way."""
    rows = world.now_kept
    waiting = {
        (one.return_id, one.part)
        for one in rows.of("return_answer", kind="credit")
        if one.settled_at is None
    }
    back = [
        line.restocked + line.scrapped
        for line in rows.of("return_part_line", line_id=line_id)
        if (line.return_id, line.part) in waiting
    ]
    known = {one.credit_note_id for one in rows.of("line_credit")}
    coming = [
        Decimal(line["quantity"])
        for name, told in world.billing.told
        if name == "credit_note_issued" and told["credit_note_id"] not in known
        for line in told["lines"]
        if line["order_line_id"] == line_id
    ]
    return sum([*back, *coming], NONE)


def _is_on_its_way(world: World) -> bool:
    return any(name in ("invoice_issued", "credit_note_voided") for name, _ in world.billing.told)


def _check_exposure(world: World) -> None:
    """What an order adds to the account's exposure is what follows from all that was heard: computed
    anew it is the same. Of an order that ended it is counted anew once the service has heard that."""
    unheard = {event.data.get("order_id") for event in world.news}
    stored = {
        one.order_id: max(one.open_gross + one.not_invoiced, 0)
        for one in world.now_kept.of("order")
        if one.confirmed_at and (one.order_id not in unheard or one.status not in OVER)
    }
    with world.session() as session:
        recount(session, stored)
        found = session.execute(select(Order.order_id, Order.open_gross + Order.not_invoiced))
        anew = {order_id: max(exposed, 0) for order_id, exposed in found if order_id in stored}
        session.rollback()
    assert anew == stored


def _check_exceptions(rows: Snapshot) -> None:
    """Whatever was undone of an order is brought before a person, once; what is billed too much of it may
    be again, one at a time."""
    raised = [*rows.of("order_exception")]
    about = Counter(
        one.about for one in raised if one.kind != "billed_too_much" or one.settled_as is None
    )
    assert {*about.values()} <= {1}
    for one in rows.of("shipment", status="cancelled"):
        assert (about[one.shipment_id] == 1) is (one.cancel_reason != ENDED)
    for one in rows.of("billed_invoice", is_void=True):
        assert (about[one.invoice_id] == 1) is (one.order_id is not None)


def _check_returns(world: World, rows: Snapshot) -> None:
    claimed: dict[str, Decimal] = defaultdict(Decimal)
    told = Counter((one["return_id"], one["part"]) for one in world.told("return_accepted"))
    assert all(count == 1 for count in told.values()), "each part is credited once"
    answers = {(one.return_id, one.part): one for one in rows.of("return_answer")}
    assert {*told} == {key for key, one in answers.items() if one.kind == "credit"}
    for found in rows.of("return"):
        parts = rows.of("return_part", return_id=found.return_id)
        for line in rows.of("return_line", return_id=found.return_id):
            if not line.is_unsold:
                claimed[line.line_id] += line.asked - line.dropped - line.rejected
            _check_return_line(rows, line, parts, answers)
        restocked = rows.sum("return_line", "restocked", return_id=found.return_id)
        moved = rows.sum("stock_move", "quantity", about=found.return_id)
        assert moved == restocked, "on the shelf is what was restocked"
    for line in rows.of("order_line"):
        assert claimed[line.line_id] <= line.shipped, "no more comes back than left"
    for one in world.told("return_accepted"):
        _check_credit(rows, one, answers[one["return_id"], one["part"]])


def _check_return_line(
    rows: Snapshot, line: Row, parts: list[Row], answers: dict[tuple[str, int], Row]
) -> None:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for part in parts:
        key = {"return_id": part.return_id, "part": part.part, "line_id": line.line_id}
        for one in rows.of("return_part_line", **key):
            for name in ("received", "restocked", "scrapped", "rejected"):
                sums[name] += getattr(one, name)
            answer = answers.get((part.return_id, part.part))
            assert (answer and answer.kind) == part.answer
            if answer is not None:
                accepted = one.restocked + one.scrapped
                sums["answered"] += accepted
                name = "credited" if answer.kind == "credit" else "replaced"
                sums[name] += accepted if answer.settled_at is not None else NONE
    for name in (
        "received",
        "restocked",
        "scrapped",
        "rejected",
        "answered",
        "credited",
        "replaced",
    ):
        assert getattr(line, name) == sums[name], name


def _check_credit(rows: Snapshot, told: dict[str, object], answer: Row) -> None:
    """What is credited is what was accepted, at its price of then, less the fee."""
    key = {"return_id": told["return_id"], "part": told["part"]}
    accepted = {
        one.line_id: one.restocked + one.scrapped for one in rows.of("return_part_line", **key)
    }
    lines = told["lines"]
    assert isinstance(lines, list)
    said = {line["line_id"]: Decimal(line["quantity"]) for line in lines}
    assert said == {line_id: many for line_id, many in accepted.items() if many}
    for line in lines:
        sold = rows.one("order_line", line_id=line["line_id"])
        whole = round_half_up(said[line["line_id"]] * sold.net_unit_price)[0]
        assert line["kept_back"] == round_half_up(whole * answer.fee_percent / 100)[0]
        if line["unsold"] is not None:
            assert line["unsold"]["unit_price"] == sold.net_unit_price


def _check_admitted(world: World, money: dict[str, Money]) -> None:
    """What was agreed by the last acts is within the limit; what left by them on payment is paid for."""
    done = {name for name, code in world.outcomes if code == "done"}
    if "confirm_order" in done and {name for name, _ in world.outcomes} <= ADDING:
        _check_limit(world)
    if done and {name for name, _ in world.outcomes} <= SHIPPING:
        before = {one.line_id: one.shipped for one in world.before.of("order_line")}
        on_payment = {one.order_id for one in world.now_kept.of("order", ships_on="payment")}
        for line in world.now_kept.of("order_line"):
            if line.order_id in on_payment and line.shipped > before.get(line.line_id, NONE):
                assert line.shipped <= money[line.line_id].paid, "what is not paid stays"


def _check_limit(world: World) -> None:
    account_id = world.accounts[0]
    before = {one.order_id for one in world.before.of("order") if one.confirmed_at is not None}
    new = [
        one
        for one in world.now_kept.of("order", account_id=account_id)
        if one.order_id not in before and one.confirmed_at is not None
    ]
    if any(one.total_gross > 0 for one in new):
        with world.session() as session:
            standing = get_standing(session, account_id=account_id, currency=None)
        assert standing.exposure <= LIMIT, "both took the last of the credit"


def check_rest(world: World) -> None:
    """Once all is answered and heard: what left is billed, what came back is credited, or a person is to
    see to it."""
    rows = world.now_kept
    money = sum_money(rows, world.billing.bills)
    problems = {one.return_id for one in rows.of("return") if one.problem is not None}
    for one in rows.of("return_answer", kind="credit", settled_at=None):
        assert one.return_id in problems, "nobody is told that it is not credited"
    for line in rows.of("order_line"):
        order = rows.one("order", order_id=line.order_id)
        if line.quantity > 0 and line.net_unit_price and order.bills_on == "shipment":
            _check_line_at_rest(rows, line, money[line.line_id])
    for one in rows.of("shipment"):
        is_over = rows.one("order", order_id=one.order_id).status in OVER
        assert not (is_over and one.status in PLANNED), "it was to leave of an order that ended"


def _check_line_at_rest(rows: Snapshot, line: Row, money: Money) -> None:
    to_bill = line.shipped - money.returned - money.left - money.stays_billed
    if to_bill > 0:
        is_open = rows.of("order_exception", order_id=line.order_id, settled_as=None)
        is_refused = [
            one
            for one in rows.of("order_bill", order_id=line.order_id)
            if one.status in ("refused", "given_up")
        ]
        assert is_open or is_refused, "what left is not billed, and nobody sees to it"
    assert to_bill >= -sum(
        one.restocked + one.scrapped
        for one in rows.of("return_part_line", line_id=line.line_id)
        if rows.of("return_answer", return_id=one.return_id, part=one.part, settled_at=None)
    ), "billed too much, and nobody credits it"
