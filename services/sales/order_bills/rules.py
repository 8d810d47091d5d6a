"""How an order bill goes, and what a deposit is asked of. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from kernel.money import round_half_up
from kernel.refusals import Conflict

ROLES = ("payer", "decision_maker")


class BillKind(StrEnum):
    """What of an order is billed."""

    LINES = "lines"
    SHIPMENT = "shipment"
    DEPOSIT = "deposit"


class BillStatus(StrEnum):
    """Where an order bill stands."""

    DRAFT = "draft"
    ASKED = "asked"
    BILLED = "billed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    GIVEN_UP = "given_up"


class Action(StrEnum):
    """What can be done to an order bill."""

    CHANGE = "changed"
    ASK = "asked for"
    WITHDRAW = "withdrawn"
    BILL = "billed"
    REFUSE = "refused"
    GIVE_UP = "given up"


MOVES: Mapping[BillStatus, Mapping[Action, BillStatus]] = {
    BillStatus.DRAFT: {
        Action.CHANGE: BillStatus.DRAFT,
        Action.ASK: BillStatus.ASKED,
        Action.WITHDRAW: BillStatus.WITHDRAWN,
    },
    BillStatus.ASKED: {Action.BILL: BillStatus.BILLED, Action.REFUSE: BillStatus.REFUSED},
    BillStatus.BILLED: {},
    BillStatus.REFUSED: {Action.GIVE_UP: BillStatus.GIVEN_UP},
    BillStatus.WITHDRAWN: {},
    BillStatus.GIVEN_UP: {},
}
INSTEAD = {
    Action.CHANGE: "Draft another.",
    Action.ASK: "Draft another.",
    Action.WITHDRAW: "Void or credit its invoice instead.",
    Action.BILL: "It is answered once.",
    Action.REFUSE: "It is answered once.",
    Action.GIVE_UP: "Only what billing refused is given up.",
}


def move(status: str, action: Action, *, bill_id: str) -> BillStatus:
    """The status that an action leads to, or refuse it (`order_bill_asked`, `order_bill_billed`, …)."""
    found = MOVES[BillStatus(status)].get(action)
    if found is None:
        allowed = [before for before, moves in MOVES.items() if action in moves]
        raise Conflict(
            f"order_bill_{status}",
            f"Order bill {bill_id} is {status.replace('_', ' ')}; only one that is "
            f"{' or '.join(allowed)} can be {action}. {INSTEAD[action]}",
            state=status,
        )
    return found


def sum_by_rate(lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What lines (quantity, unit_price, tax_percent) come to net at each rate of tax, each line rounded
    half up."""
    nets: dict[Decimal, int] = {}
    for line in lines:
        net = round_half_up(line["quantity"] * line["unit_price"])[0]
        nets[line["tax_percent"]] = nets.get(line["tax_percent"], 0) + net
    return [
        {"tax_percent": rate, "tax_code": None, "net": net} for rate, net in sorted(nets.items())
    ]


def say_refused(order_number: str, kind: str, *, reason: str) -> str:
    """Why an account is to be contacted of whose order something could not be billed."""
    what = {
        BillKind.LINES: f"Order {order_number}",
        BillKind.SHIPMENT: f"A shipment of order {order_number}",
        BillKind.DEPOSIT: f"The deposit of order {order_number}",
    }[BillKind(kind)]
    return f"{what} could not be billed. {reason}"
