"""What may be done with a charge, and what it says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from itertools import islice, takewhile
from typing import NamedTuple, Protocol

from kernel.calendar import add_days, require_foreseeable
from kernel.money import AMOUNT_MAX
from kernel.refusals import Conflict, Invalid
from services.billing.courses.rules import (
    Course,
    Part,
    Price,
    Stretch,
    find_missing,
    stretches,
)
from services.billing.service_periods.rules import Rhythm
from services.billing.taxes.rules import tax_on

PERIODS_BACK_MAX = 100  # that are caught up at once when a charge is added

TOLD = (
    *("charge_id", "account_id", "kind", "description", "currency", "order_id"),
    *("unit", "every", "start_on", "end_on"),
)
"""What every event of a charge says of it."""


class ChargeKind(StrEnum):
    """How often it is charged."""

    ONE_OFF = "one_off"
    USAGE = "usage"
    RECURRING = "recurring"


class ChargeStatus(StrEnum):
    """What becomes of a charge."""

    RUNNING = "running"
    PAUSED = "paused"  # from a day on, which the charge says
    ENDED = "ended"  # nothing more of it falls due


class ChargeAction(StrEnum):
    """What is done with a charge."""

    ADD = "add"
    CHANGE = "change"
    PAUSE = "pause"
    RESUME = "resume"
    SUSPEND = "suspend"
    RELEASE = "release"
    END = "end"
    FINISH = "finish"  # nothing more falls due


_RUNNING, _PAUSED, _ENDED = ChargeStatus
MOVES: Mapping[ChargeStatus, Mapping[ChargeAction, ChargeStatus]] = {
    _RUNNING: {
        ChargeAction.CHANGE: _RUNNING,
        ChargeAction.PAUSE: _PAUSED,
        ChargeAction.END: _RUNNING,
        ChargeAction.FINISH: _ENDED,
    },
    _PAUSED: {
        ChargeAction.CHANGE: _PAUSED,
        ChargeAction.RESUME: _RUNNING,
        ChargeAction.END: _PAUSED,
        ChargeAction.FINISH: _ENDED,
    },
    _ENDED: {  # a price may turn out to have been another, an end to be on another day
        ChargeAction.CHANGE: _ENDED,
        ChargeAction.END: _RUNNING,
        ChargeAction.FINISH: _ENDED,
    },
}


def move(status: str, action: ChargeAction, *, kind: str = ChargeKind.RECURRING) -> ChargeStatus:
    """Where an action leads; Conflict (`wrong_status`, `not_recurring`) where it is not possible."""
    if action is ChargeAction.PAUSE and kind == ChargeKind.ONE_OFF:
        raise Conflict(
            "not_recurring", "What is charged once is not paused; end the charge instead."
        )
    moves = MOVES[ChargeStatus(status)]
    if action not in moves:
        possible = ", ".join(sorted(moves.keys() - {ChargeAction.FINISH}))
        raise Conflict(
            "wrong_status",
            f"The charge is {status}, so this is not possible; what is: {possible}.",
        )
    return moves[action]


class Agreed(NamedTuple):
    """What one costs from a day on, and how many there are."""

    from_on: date
    unit_price: int
    quantity: Decimal

    @property
    def price(self) -> Price:
        return Price(self.unit_price, self.quantity)

    @property
    def row(self) -> dict[str, str | int]:
        """As it is stored."""
        day, quantity = str(self.from_on), str(self.quantity)
        return {"from_on": day, "unit_price": self.unit_price, "quantity": quantity}


class Used(NamedTuple):
    """So much was used on a day."""

    used_on: date
    quantity: Decimal


class Line(NamedTuple):
    """What is to be billed, once by its key."""

    key: str
    part: Part
    quantity: Decimal
    unit_price: int
    bill_on: date

    @property
    def net(self) -> int:
        return Price(self.unit_price, self.quantity).amount


class Due(NamedTuple):
    """What falls due of a charge by a day, and when more does."""

    lines: list[Line]
    recorded_until: date
    next_on: date | None


def fall_due(
    charge_id: str,
    course: Course,
    rhythm: Rhythm,
    timing: str,
    *,
    recorded_until: date,
    today: date,
    used: Sequence[Used] | None,
) -> Due:
    """What falls due by today of the days that are not recorded: by periods, or by what was `used`."""
    lines: list[Line] = []
    for stretch in stretches(course, rhythm, timing, recorded_until=recorded_until):
        if stretch.bill_on > today:
            return Due(lines, recorded_until, stretch.bill_on)
        lines += lines_of(charge_id, course, stretch, used=used)
        recorded_until = stretch.last
    return Due(lines, recorded_until, None)


def lines_of(
    charge_id: str, course: Course, stretch: Stretch, *, used: Sequence[Used] | None
) -> list[Line]:
    """What bills days of a period that fall due."""
    if used is not None:
        return _use_lines(charge_id, replace(course, rests=()), stretch, used)
    parts = find_missing(course, stretch.first, stretch.last)
    return _to_lines(parts, [f"{charge_id}:{part.first}" for part in parts], stretch)


def change_lines(
    charge_id: str, added: Sequence[Part], stretch: Stretch, *, version: int
) -> list[Line]:
    """What bills, or takes back, what a version of a charge changed."""
    keys = [f"{charge_id}:{part.first}:{version}:{place}" for place, part in enumerate(added)]
    return _to_lines(added, keys, stretch)


def late_line(usage_id: str, used: Used, course: Course, *, bill_on: date) -> Line:
    """What bills what was used and is told of after its period has fallen due."""
    price = course.agreed_on(used.used_on)
    part = Part(used.used_on, used.used_on, price)
    return Line(usage_id, part, used.quantity, price.unit_price, bill_on)


def _to_lines(parts: Sequence[Part], keys: Sequence[str], stretch: Stretch) -> list[Line]:
    """What bills parts of a period, but for those that come to nothing."""
    found = [(key, part, part.line(stretch.period)) for key, part in zip(keys, parts, strict=True)]
    return [
        Line(key, part, *line, stretch.bill_on) for key, part, line in found if line is not None
    ]


def _use_lines(
    charge_id: str, course: Course, stretch: Stretch, used: Sequence[Used]
) -> list[Line]:
    lines = []
    for part in find_missing(course, stretch.first, stretch.last):
        own = [each.quantity for each in used if part.first <= each.used_on <= part.last]
        if quantity := sum(own, Decimal(0)):
            key = f"{charge_id}:{part.first}"
            lines.append(Line(key, part, quantity, part.price.unit_price, stretch.bill_on))
    return lines


class Suspension(Protocol):
    """What is looked at of days without service."""

    @property
    def suspended_on(self) -> date: ...
    @property
    def resumed_on(self) -> date | None: ...


def find_suspended_on(kind: str, suspensions: Iterable[Suspension]) -> date | None:
    """Since when a charge rests with the service of its account, if it does still: only what recurs."""
    if kind != ChargeKind.RECURRING:
        return None
    return min((one.suspended_on for one in suspensions if one.resumed_on is None), default=None)


class Running(Protocol):
    """What is looked at of a charge that runs."""

    @property
    def start_on(self) -> date: ...
    @property
    def end_on(self) -> date | None: ...


def is_touched(suspension: Suspension, charge: Running) -> bool:
    """Whether a charge runs on days without service."""
    is_over_before = suspension.resumed_on is not None and suspension.resumed_on <= charge.start_on
    is_ended = charge.end_on is not None and charge.end_on < suspension.suspended_on
    return not is_over_before and not is_ended


_NEEDS: Mapping[ChargeKind, frozenset[str]] = {
    ChargeKind.ONE_OFF: frozenset(),
    ChargeKind.USAGE: frozenset({"unit"}),
    ChargeKind.RECURRING: frozenset({"unit", "timing"}),
}
_TAKES: Mapping[ChargeKind, frozenset[str]] = {
    ChargeKind.ONE_OFF: frozenset({"quantity"}),
    ChargeKind.USAGE: frozenset({"unit", "every", "anchor", "end_on"}),
    ChargeKind.RECURRING: frozenset({"unit", "every", "anchor", "timing", "quantity", "end_on"}),
}


def require_kind(kind: str, **values: object) -> None:
    """A charge says what goes with its kind and no more; Invalid (`charge_unclear`) otherwise."""
    given = {name for name, value in values.items() if value is not None}
    needs, takes = _NEEDS[ChargeKind(kind)], _TAKES[ChargeKind(kind)]
    missing, wrong = sorted(needs - given), sorted(given - takes)
    if missing:
        said = f"A charge of the kind {kind} needs {' and '.join(missing)}; say that, too."
        raise Invalid("charge_unclear", said, field=missing[0])
    if wrong:
        said = (
            f"A charge of the kind {kind} has no {' and no '.join(wrong)}; leave that out. What it may "
            f"have: {', '.join(sorted(takes))}."
        )
        raise Invalid("charge_unclear", said, field=wrong[0])


def require_price(price: Price, tax_percent: Decimal, *, field: str = "unit_price") -> None:
    """A period costs, with its tax, no more than can be billed; Invalid otherwise, with the greatest
    price, or quantity, of which that is so."""
    gross = price.amount + tax_on(price.amount, tax_percent)
    if gross <= AMOUNT_MAX:
        return
    net = AMOUNT_MAX * 100 / (100 + tax_percent)
    if field == "quantity":
        most = (net / price.unit_price).quantize(Decimal("0.001"), ROUND_FLOOR)
    else:
        most = min(Decimal(AMOUNT_MAX), (net / price.quantity).quantize(Decimal(1), ROUND_FLOOR))
    raise Invalid(
        "total_out_of_range",
        f"That comes to {gross} minor units with tax, and a bill to {AMOUNT_MAX} at the most; give "
        f"{most.normalize():f} or less.",
        field=field,
    )


def require_days(start_on: date, end_on: date | None, *, today: date, field: str) -> None:
    """It ends on the day before it starts, so that nothing of it is billed, or later; Invalid
    otherwise."""
    require_foreseeable(start_on, today=today, field="start_on")
    if end_on is not None and end_on < add_days(start_on, -1):
        raise Invalid(
            "ends_before_start",
            f"It starts on {start_on}; give {add_days(start_on, -1)}, and nothing is billed, or later.",
            field=field,
        )


def require_few(found: Iterable[Stretch], *, today: date) -> None:
    """Not more periods are caught up than can be at once; Invalid otherwise."""
    due = takewhile(lambda each: each.bill_on <= today, found)
    if len([*islice(due, PERIODS_BACK_MAX + 1)]) > PERIODS_BACK_MAX:
        raise Invalid(
            "too_far_back",
            f"More than {PERIODS_BACK_MAX} of its periods are over; have it start later.",
            field="start_on",
        )


def require_within(
    day: date, *, start_on: date, end_on: date | None, today: date, field: str = "from_on"
) -> None:
    """What becomes so while the charge runs; Conflict (`outside_charge`) otherwise."""
    require_foreseeable(day, today=today, field=field)
    if day < start_on or (end_on is not None and day > end_on):
        until = "" if end_on is None else f" to {end_on}"
        raise Conflict(
            "outside_charge",
            f"The charge runs from {start_on}{until}; give a day of these.",
            field=field,
        )


def require_unrecorded(day: date, *, recorded_until: date) -> None:
    """What was used is priced once; Conflict (`already_recorded`) for days that are."""
    if day <= recorded_until:
        raise Conflict(
            "already_recorded",
            f"What was used until {recorded_until} is on its way to be billed; give a later day, and "
            "credit what was billed too high.",
            field="from_on",
        )


def require_usage(kind: str, *, day: date, today: date, course: Course) -> None:
    """What is used of a charge by use, on a day that has come and on which it is billed; Conflict
    (`not_usage`, `outside_charge`, `charge_rests`) or Invalid (`in_future`) otherwise."""
    if kind != ChargeKind.USAGE:
        raise Conflict("not_usage", "This is not charged by use; add a charge of the kind usage.")
    if day > today:
        raise Invalid("in_future", f"Today is {today}; record what was used.", field="used_on")
    require_within(
        day, start_on=course.start_on, end_on=course.end_on, today=today, field="used_on"
    )
    if course.price_on(day) is None:
        raise Conflict(
            "charge_rests",
            f"The charge rests on {day}; have it run from that day on first.",
            field="used_on",
        )


def require_after_use(end_on: date, *, used_until: date | None) -> None:
    """It does not end before what was used of it; Conflict (`used_later`) otherwise."""
    if used_until is not None and end_on < used_until:
        raise Conflict(
            "used_later",
            f"It was used on {used_until}; give that day or a later one.",
            field="end_on",
        )


def require_same_usage(known: tuple[Decimal, date], told: tuple[Decimal, date], name: str) -> None:
    """What comes twice under one `external_id` says the same; Conflict (`external_id_used`)
    otherwise."""
    if known != told:
        raise Conflict(
            "external_id_used",
            f"{name} says that {known[0].normalize():f} {'was' if known[0] == 1 else 'were'} used on "
            f"{known[1]}; what is used besides is recorded under another external_id.",
            field="external_id",
        )
