"""Until when somebody who was not answered is called back, and what may become of a call."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from enum import StrEnum
from typing import NamedTuple

from kernel.refusals import Conflict, Invalid

CALLBACK = "callback"
PERIOD_DAYS_MAX = 366
CALLBACK_MINUTES_MAX = 100 * 60


class CallStatus(StrEnum):
    """What became of a call."""

    ANSWERED = "answered"
    MISSED = "missed"
    CALLED_BACK = "called_back"


class CallAction(StrEnum):
    """What can become of a call."""

    CALL_BACK = "call_back"


# Where an action leads from a status.
MOVES: Mapping[CallStatus, Mapping[CallAction, CallStatus]] = {
    CallStatus.ANSWERED: {},
    CallStatus.MISSED: {CallAction.CALL_BACK: CallStatus.CALLED_BACK},
    CallStatus.CALLED_BACK: {},
}


class Match(NamedTuple):
    """Somebody at an account who has a number."""

    account_id: str
    contact_id: str
    is_former: bool


def call_status(*, answered_at: datetime | None, called_back_at: datetime | None) -> CallStatus:
    """What became of a call, from what was noted of it."""
    if answered_at is not None:
        return CallStatus.ANSWERED
    return CallStatus.MISSED if called_back_at is None else CallStatus.CALLED_BACK


def require_move(status: CallStatus, action: CallAction) -> None:
    """Conflict where the action leads nowhere."""
    if action not in MOVES[status]:
        detail = f"The call is {status}; there is nobody to call back for it any more."
        raise Conflict("wrong_status", detail, state=status)


def require_times(
    *, rung_at: datetime, answered_at: datetime | None, minutes: int | None, now: datetime
) -> None:
    """Refuse a call of the future, one that was answered before it rang, and minutes of one that was not
    answered."""
    if rung_at > now:
        detail = f"It is {now.isoformat()} now; tell of a call once it has rung."
        raise Invalid("rung_in_future", detail, field="rung_at")
    if answered_at is None:
        if minutes:
            detail = "A call that nobody answered took no minutes; say when it was answered."
            raise Invalid("minutes_of_missed", detail, field="minutes")
    elif not rung_at <= answered_at <= now:
        detail = (
            f"It rang at {rung_at.isoformat()}; it was answered after that, and not in the future."
        )
        raise Invalid("answered_wrongly", detail, field="answered_at")


def require_account(account_id: str | None, contact_id: str | None) -> None:
    """Refuse to say who rang without at which account."""
    if contact_id is not None and account_id is None:
        detail = "Say at which account, or leave out who rang: the number says it."
        raise Invalid("account_missing", detail, field="account_id")


def require_back(at: datetime, *, rung_at: datetime, now: datetime) -> None:
    """Refuse to have called back before it rang, or in the future."""
    if not rung_at <= at <= now:
        detail = (
            f"It rang at {rung_at.isoformat()} and is {now.isoformat()} now; name a time between."
        )
        raise Invalid("called_back_wrongly", detail, field="at")


def require_unknown(account_id: str | None) -> None:
    """Refuse to assign a call that has its account."""
    if account_id is not None:
        detail = (
            f"It is known whose call it is: {account_id}'s. Log an activity with the other account."
        )
        raise Conflict("call_assigned", detail, account_id=account_id)


def require_period(since: date, until: date) -> None:
    """Refuse a period that ends before it begins, or one too long to be counted at once."""
    if not 0 <= (until - since).days < PERIOD_DAYS_MAX:
        detail = f"Name a day from {since} on, at most {PERIOD_DAYS_MAX} days in all."
        raise Invalid("period_out_of_range", detail, field="until")


def choose_match(matches: Sequence[Match]) -> tuple[str | None, str | None]:
    """The account and the person who rang: where several accounts have the number, nobody knows. Those
    who are still there come before those who are not."""
    present = [one for one in matches if not one.is_former] or matches
    return _only(one.account_id for one in present), _only(one.contact_id for one in present)


def explain_callback(who: str, *, rung_at: datetime, due_at: datetime, zone: tzinfo) -> str:
    """Why somebody who was not answered is to be called back, and until when."""
    rung, until = _clock(rung_at, zone), _clock(due_at, zone)
    return f"{who} rang at {rung} and was not answered; call back until {until}."


def explain_late(who: str, *, rung_at: datetime, due_at: datetime, zone: tzinfo) -> str:
    """That somebody should have been called back by now."""
    rung, until = _clock(rung_at, zone), _clock(due_at, zone)
    return f"{who} rang at {rung} and was to be called back until {until}: nobody has, call now."


def _clock(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _only(values: Iterable[str]) -> str | None:
    each: Collection[str] = {*values}
    return next(iter(each)) if len(each) == 1 else None
