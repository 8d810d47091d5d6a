"""What a remedy may be and may come to, who decides about it, and how its case follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import Any

from kernel.money import Money, round_half_up
from kernel.refusals import Conflict, Forbidden, Invalid
from services.accounts.cases.rules import ENDED, CaseAction, CaseStatus

COSTS_DAYS_MAX = 366
BY_HAND = "by_hand"  # the code of a refusal that a person noted


class RemedyKind(StrEnum):
    """What the client is given. Billing carries out credit and goodwill, sales return and replacement."""

    CREDIT = "credit"
    RETURN = "return"
    REPLACEMENT = "replacement"
    GOODWILL = "goodwill"


class RemedyStatus(StrEnum):
    """Where a remedy stands."""

    WAITING_FOR_APPROVAL = "waiting_for_approval"
    GRANTED = "granted"
    EXECUTED = "executed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


class RemedyAction(StrEnum):
    """What is done with a remedy."""

    APPROVE = "approve"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    EXECUTE = "execute"
    REFUSE = "refuse"


class CarriedOutAs(StrEnum):
    """What carried a remedy out."""

    CREDIT_NOTE = "credit_note"
    RETURN = "return"
    ORDER = "order"
    OTHER = "other"


class Step(StrEnum):
    """What happened to a remedy, as its case follows it."""

    GRANTED = "granted"
    ASKED = "asked"
    APPROVED = "approved"
    PARTLY_DECLINED = "partly_declined"  # others of the case stand
    DECLINED = "declined"
    EXECUTED = "executed"
    REFUSED = "refused"


MOVES: Mapping[RemedyStatus, Mapping[RemedyAction, RemedyStatus]] = {
    RemedyStatus.WAITING_FOR_APPROVAL: {
        RemedyAction.APPROVE: RemedyStatus.GRANTED,
        RemedyAction.DECLINE: RemedyStatus.DECLINED,
        RemedyAction.WITHDRAW: RemedyStatus.WITHDRAWN,
    },
    RemedyStatus.GRANTED: {
        RemedyAction.EXECUTE: RemedyStatus.EXECUTED,
        RemedyAction.REFUSE: RemedyStatus.REFUSED,
    },
    RemedyStatus.EXECUTED: {},
    RemedyStatus.DECLINED: {},
    RemedyStatus.WITHDRAWN: {},
    RemedyStatus.REFUSED: {},
}
GIVEN = frozenset({RemedyStatus.GRANTED, RemedyStatus.EXECUTED})
STANDING = GIVEN | {RemedyStatus.WAITING_FOR_APPROVAL}

# What is done with the case for a step of one of its remedies; elsewhere it stays where it is. The first
# two are asked for by a person, and refused where they lead nowhere.
FOLLOWS: Mapping[Step, Mapping[CaseStatus, tuple[CaseAction, ...]]] = {
    Step.GRANTED: {
        CaseStatus.DIAGNOSED: (CaseAction.PROPOSE, CaseAction.ACCEPT),
        CaseStatus.PROPOSED: (CaseAction.ACCEPT,),
        CaseStatus.IN_APPROVAL: (),
        CaseStatus.ACCEPTED: (),
    },
    Step.ASKED: {
        CaseStatus.DIAGNOSED: (CaseAction.PROPOSE, CaseAction.ASK_APPROVAL),
        CaseStatus.PROPOSED: (CaseAction.ASK_APPROVAL,),
        CaseStatus.IN_APPROVAL: (),
        CaseStatus.ACCEPTED: (CaseAction.PROPOSE, CaseAction.ASK_APPROVAL),
    },
    Step.APPROVED: {
        CaseStatus.DIAGNOSED: (CaseAction.PROPOSE, CaseAction.ACCEPT),
        CaseStatus.PROPOSED: (CaseAction.ACCEPT,),
        CaseStatus.IN_APPROVAL: (CaseAction.APPROVE,),
    },
    Step.PARTLY_DECLINED: {CaseStatus.IN_APPROVAL: (CaseAction.APPROVE,)},
    Step.DECLINED: {CaseStatus.IN_APPROVAL: (CaseAction.REFUSE,)},
    Step.EXECUTED: {CaseStatus.ACCEPTED: (CaseAction.EXECUTE,)},
    Step.REFUSED: {
        CaseStatus.DIAGNOSED: (CaseAction.PROPOSE,),
        CaseStatus.ACCEPTED: (CaseAction.PROPOSE,),
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When something is done about remedies, and by whom."""

    today: date
    now: datetime
    zone: tzinfo
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A part of an invoice's line that a remedy makes good; prices in minor units, net."""

    position: int
    description: str
    quantity: Decimal
    unit_price: int
    amount: int
    is_returned: bool
    order_line_id: str | None = None

    def facts(self) -> dict[str, Any]:
        """Its facts by their names."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Used:
    """What earlier remedies that stand make good of a line."""

    quantity: Decimal = Decimal(0)
    amount: int = 0


NOTHING = Used()


def begin_remedy(*, is_covered: bool) -> RemedyStatus:
    """Where a remedy begins: granted where that is within the authority of whoever asks."""
    return RemedyStatus.GRANTED if is_covered else RemedyStatus.WAITING_FOR_APPROVAL


def move_remedy(status: RemedyStatus, action: RemedyAction) -> RemedyStatus:
    """Where the action leads; Conflict, which says when it would be possible, where it leads nowhere."""
    if action not in MOVES[status]:
        possible = " or ".join(str(before) for before, moves in MOVES.items() if action in moves)
        detail = f"The remedy is {status}; {action} is for one that is {possible}."
        raise Conflict("wrong_status", detail, state=status)
    return MOVES[status][action]


def path_of(
    step: Step, status: CaseStatus, *, before_waiting: CaseStatus | None
) -> tuple[CaseAction, ...]:
    """What is done with the case as a remedy takes a step. What happens while the client is waited for
    ends the waiting, where it brings the case on."""
    if status == CaseStatus.WAITING_FOR_CLIENT and before_waiting is not None:
        onward = FOLLOWS[step].get(before_waiting, ())
        return (CaseAction.RESUME, *onward) if onward else ()
    return FOLLOWS[step].get(status, ())


def require_ready(number: str, status: CaseStatus) -> None:
    """Refuse a remedy for a case that is not diagnosed yet, waits for the client, is solved or over."""
    if status not in FOLLOWS[Step.ASKED]:
        possible = " or ".join(FOLLOWS[Step.ASKED])
        detail = f"Case {number} is {status}; a remedy is for one that is {possible}."
        raise Conflict("wrong_status", detail, state=status)


def require_running(number: str, status: CaseStatus) -> None:
    """Refuse to approve what a case asked for that is over."""
    if status in ENDED:
        detail = f"Case {number} is {status}; withdraw the remedy, or reopen the case first."
        raise Conflict("case_over", detail, state=status)


def require_none_waits(number: str, remedies: Sequence[str]) -> None:
    """Refuse to approve a case past whoever has the authority to grant what it asks for."""
    if remedies:
        detail = (
            f"Of case {number} a remedy waits: approve, decline or withdraw that; the case follows."
        )
        raise Conflict("remedy_waits", detail, remedies=remedies)


def require_not_void(number: str, *, is_void: bool) -> None:
    """Refuse a remedy of an invoice that was cancelled."""
    if is_void:
        detail = f"Invoice {number} was voided; name the one that took its place, or a sum."
        raise Conflict("invoice_void", detail, field="invoice_id")


def require_form(kind: RemedyKind, *, has_invoice: bool, has_lines: bool, has_sum: bool) -> None:
    """Refuse a remedy that is not either by lines of an invoice or by a sum; goods are by lines."""
    if has_lines == has_sum:
        detail = "A remedy is by lines of an invoice or by a sum; give one of the two."
        raise Invalid("lines_or_amount", detail, field="lines")
    if has_lines and not has_invoice:
        detail = "Lines are of an invoice; name it."
        raise Invalid("invoice_missing", detail, field="invoice_id")
    if has_sum and kind in (RemedyKind.RETURN, RemedyKind.REPLACEMENT):
        detail = f"A {kind} is of goods; name the lines of their invoice instead of a sum."
        raise Invalid("lines_missing", detail, field="lines")


def choose_lines(
    kind: RemedyKind,
    asked: Sequence[Mapping[str, Any]],
    billed: Sequence[Mapping[str, Any]],
    used: Mapping[int, Used],
    *,
    currency: str,
) -> list[Line]:
    """The lines of a remedy, priced. Refused where one is not on the invoice, is named twice, costs more
    than there, or comes to more than is left of it, and where money is
    given that is none."""
    by_position = {line["position"]: line for line in billed}
    positions = [one["position"] for one in asked]
    lines = []
    for place, one in enumerate(asked):
        field = f"lines/{place}"
        if one["position"] not in by_position or one["position"] in positions[:place]:
            raise _no_such_line(field, one["position"], sorted(by_position))
        line = _price(kind, one, by_position[one["position"]], field)
        billed_line = by_position[line.position]
        _require_left(line, billed_line, used.get(line.position, NOTHING), field, currency)
        lines.append(line)
    if kind in (RemedyKind.CREDIT, RemedyKind.GOODWILL) and not total_of(lines):
        detail = "All its lines come to nothing; give a `unit_price` above 0, or a larger quantity."
        raise Invalid("nothing_given", detail, field="lines")
    return lines


def require_sum_left(amount: Money, *, total: int, used: int) -> None:
    """Refuse a sum of an invoice that is more than is left of what it came to, with tax."""
    left = Money(max(total - used, 0), amount.currency)
    if amount > left:
        detail = f"Of the invoice, {left} is left for remedies; ask for no more than that."
        raise Conflict("exceeds_invoice", detail, field="amount", left=left.minor)


def require_same_currency(amount: Money, *, currency: str) -> None:
    """Refuse a sum in another currency than the invoice's."""
    if amount.currency != currency:
        detail = f"The invoice is in {currency}; give the sum in that."
        raise Invalid("other_currency", detail, field="amount")


def require_decider(
    *,
    by: str,
    asked_by: str,
    caused_by: str | None,
    is_covered: bool,
    could: Sequence[tuple[str, str]],
) -> None:
    """Refuse the decision of whoever asked, of whoever caused what is made good, and of whoever has not
    the authority; says who could (ids and names)."""
    names = " or ".join(name for _, name in could) or "somebody without a limit"
    facts: dict[str, Any] = {"could": [staff_id for staff_id, _ in could]}
    if by in (asked_by, caused_by):
        why = "asked for it" if by == asked_by else "caused what it makes good"
        raise Forbidden("own_approval", f"You {why}; {names} could decide.", **facts)
    if not is_covered:
        detail = f"That is above your authority; {names} could decide."
        raise Forbidden("authority_exceeded", detail, **facts)


def require_period(from_on: date, to_on: date) -> None:
    """Refuse a period that ends before it begins, or is longer than a year."""
    longest = from_on + timedelta(days=COSTS_DAYS_MAX - 1)
    if not from_on <= to_on <= longest:
        detail = f"Name a last day from {from_on} to {longest}: at most {COSTS_DAYS_MAX} days."
        raise Invalid("no_period", detail, field="to")


def total_of(lines: Iterable[Line]) -> int:
    """What lines come to, net."""
    return sum(line.amount for line in lines)


def say_proposal(kind: RemedyKind, amount: Money, reason: str) -> str:
    """A remedy as it is proposed, in words."""
    return f"{kind.capitalize()} of {amount}: {reason}"


def say_waiting(
    case: str, kind: RemedyKind, amount: Money, *, since: date, asked_by: str, approver: str | None
) -> str:
    """What waits for whose approval, for the worklist."""
    who = (
        f"{approver} decides" if approver else "nobody above may grant so much: raise an authority"
    )
    return f"{case}: {asked_by} asked on {since} for {kind} of {amount}; {who}."


def _price(
    kind: RemedyKind, asked: Mapping[str, Any], billed: Mapping[str, Any], field: str
) -> Line:
    unit_price = billed["unit_price"] if asked["unit_price"] is None else asked["unit_price"]
    if unit_price > billed["unit_price"]:
        detail = f"The invoice's price is {billed['unit_price']}; give that or less."
        raise Invalid("price_above_invoice", detail, field=f"{field}/unit_price")
    is_returned = kind == RemedyKind.RETURN and asked["is_returned"] is not False
    if asked["is_returned"] and not is_returned:
        detail = f"Goods come back with a return, not with a {kind}."
        raise Invalid("no_return", detail, field=f"{field}/is_returned")
    amount, _ = round_half_up(asked["quantity"] * unit_price)
    return Line(
        position=asked["position"],
        description=billed["description"],
        quantity=asked["quantity"],
        unit_price=unit_price,
        amount=amount,
        is_returned=is_returned,
        order_line_id=billed.get("order_line_id"),
    )


def _require_left(
    line: Line, billed: Mapping[str, Any], used: Used, field: str, currency: str
) -> None:
    quantity = max(Decimal(billed["quantity"]) - used.quantity, Decimal(0)).normalize()
    net = max(billed["net"] - used.amount, 0)
    facts: dict[str, Any] = {"left_quantity": f"{quantity:f}", "left_net": net}
    if line.quantity > quantity:
        detail = f"Of line {line.position}, {quantity:f} is left for remedies; ask for no more."
        raise Conflict("exceeds_line", detail, field=f"{field}/quantity", **facts)
    if line.amount > net:
        left = Money(net, currency)
        detail = f"Of line {line.position}, {left} net is left for remedies; ask for no more."
        raise Conflict("exceeds_line", detail, field=f"{field}/unit_price", **facts)


def _no_such_line(field: str, position: int, positions: Sequence[int]) -> Invalid:
    named = ", ".join(map(str, positions)) or "none that we know of"
    detail = f"Line {position} is not on the invoice, or named twice; its lines are {named}."
    return Invalid("no_such_line", detail, field=f"{field}/position")
