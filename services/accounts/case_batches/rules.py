"""What can have been done with a case before we took it over, and how far it comes by that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from kernel.refusals import Conflict, NotFound, Refusal
from services.accounts.cases import rules as cases
from services.accounts.cases.rules import CaseAction, CaseStatus
from services.accounts.clocks.rules import Kind

STEPS_MAX = 100


class Step(StrEnum):
    """What may have been done with a case that is taken over."""

    ACKNOWLEDGE = "acknowledge"
    DIAGNOSE = "diagnose"
    PROPOSE = "propose"
    REFUSE = "refuse"
    ACCEPT = "accept"
    EXECUTE = "execute"
    CONFIRM = "confirm"
    CLOSE = "close"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    WAIT = "wait"
    RESUME = "resume"
    NOTE = "note"
    UPDATE = "update"


SILENT = (Step.DIAGNOSE, Step.ACCEPT, Step.EXECUTE, Step.CONFIRM, Step.CLOSE, Step.RESUME)
_OF_ITS_OWN: Mapping[Step, Sequence[str]] = {
    Step.DIAGNOSE: ("case_cause_id", "caused_by_id", "product"),
    Step.CONFIRM: ("contact_id", "satisfaction"),
}
_NAMES = tuple(name for names in _OF_ITS_OWN.values() for name in names)


@dataclass(frozen=True, slots=True)
class Stage:
    """Something done with a case, where it stood then, and what was known of it from then on."""

    action: CaseAction | None
    status: CaseStatus
    moved_at: datetime
    note: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


class Compared(Protocol):
    """A case, by what makes it similar to another."""

    @property
    def kind(self) -> Kind: ...
    @property
    def about_id(self) -> str | None: ...
    @property
    def received_at(self) -> datetime: ...


def missing(step: Mapping[str, Any]) -> str | None:
    """What such a step must say and this one does not."""
    if step["note"] is None and step["action"] not in SILENT:
        return "note"
    is_unfounded = step["action"] == Step.DIAGNOSE and step["case_cause_id"] is None
    return "case_cause_id" if is_unfounded else None


def superfluous(step: Mapping[str, Any]) -> str | None:
    """What this step says and no such step has."""
    others = (name for name in _NAMES if name not in _OF_ITS_OWN.get(step["action"], ()))
    return next((name for name in others if step[name] is not None), None)


def walk(
    called: str,
    kind: Kind,
    received_at: datetime,
    steps: Sequence[Mapping[str, Any]],
    *,
    now: datetime,
) -> list[Stage]:
    """The stages of a case from its receipt on, by its table; the first step that is not possible is
    refused, with its place."""
    course = _Course(called, kind, received_at)
    for place, step in enumerate(steps):
        try:
            course.go_on(step, now)
        except Refusal as refusal:
            raise of_step(refusal, place) from None
    return course.stages


class _Course:
    """How far a case has come, step by step."""

    def __init__(self, called: str, kind: Kind, received_at: datetime) -> None:
        self.stages = [Stage(None, CaseStatus.RECEIVED, received_at)]
        self._called = called
        self._kind = kind
        self._before_waiting: CaseStatus | None = None
        self._closed_at: datetime | None = None
        self._times_reopened = 0

    def go_on(self, step: Mapping[str, Any], now: datetime) -> None:
        """Take one step more."""
        last, action, at = self.stages[-1], CaseAction(step["action"]), step["at"]
        to = cases.next_status(
            self._called, last.status, action, before_waiting=self._before_waiting
        )
        cases.require_in_order(at, earliest=last.moved_at, now=now, field="at")
        if action == CaseAction.CLOSE:
            cases.require_closable(self._called, last.status, self._kind)
            self._closed_at = at
        if action == CaseAction.REOPEN:
            assert self._closed_at is not None, "what is closed was closed at some time"
            cases.require_reopenable(self._called, self._closed_at, at)
            self._times_reopened, self._closed_at = self._times_reopened + 1, None
        if to != last.status:
            self._before_waiting = last.status if action == CaseAction.WAIT else None
        self.stages.append(Stage(action, to, at, step["note"], self._know(step)))

    def _know(self, step: Mapping[str, Any]) -> Mapping[str, Any]:
        known: dict[str, Any] = {
            "status_before": self._before_waiting,
            "closed_at": self._closed_at,
            "times_reopened": self._times_reopened,
        }
        match step["action"]:
            case Step.ACKNOWLEDGE:
                known["problem"] = step["note"]
            case Step.DIAGNOSE:
                known |= {name: step[name] for name in _OF_ITS_OWN[Step.DIAGNOSE]}
            case Step.PROPOSE:
                known["proposal"] = step["note"]
            case Step.CONFIRM:
                known["confirmed_by_id"] = step["contact_id"]
                known["satisfaction"] = step["satisfaction"]
        return known


def of_step(refusal: Refusal, place: int) -> Refusal:
    """The refusal of a step, which names it by its place."""
    path = f"steps/{place}"
    refusal.errors = [one | {"field": f"{path}/{one['field']}"} for one in refusal.errors] or [
        {"field": path, "detail": refusal.detail}
    ]
    return refusal


def is_similar(one: Compared, other: Compared) -> bool:
    """Whether two open cases of an account, about the same or about nothing, may be one: those about
    nothing are of one kind and received within some days."""
    first, last = cases.alike_from_to(one.received_at)
    is_alike = one.kind == other.kind and first <= other.received_at <= last
    return one.about_id is not None or is_alike


def require_its_account(called: str, account_id: str, *, whose: str) -> None:
    """Refuse as found what is another account's case."""
    if account_id != whose:
        detail = f"A case of another account is {called}; name that account, or another id."
        raise Conflict("reference_taken", detail, field="reference_id")


def no_account(account_id: str) -> NotFound:
    """That there is no such account."""
    return NotFound("account_not_found", f"There is no account {account_id}.", field="account_id")


def no_cause(case_cause_id: str) -> NotFound:
    """That there is no such cause."""
    detail = f"There is no case cause {case_cause_id}."
    return NotFound("case_cause_not_found", detail, field="case_cause_id")
