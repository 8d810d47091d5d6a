"""Where a case may go, when, and what its clocks make of that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kernel.money import Money
from kernel.refusals import Conflict, Forbidden, Invalid
from services.accounts.cases import rules
from services.accounts.cases.rules import (
    MOVES,
    AboutKind,
    CaseAction,
    CaseStatus,
    DisputeOutcome,
    next_status,
    passages_of,
)
from services.accounts.clocks.rules import Clock, Kind

NOW = datetime(2026, 6, 15, 9, tzinfo=UTC)
EVERY = frozenset(Clock)
SOLUTION = frozenset({Clock.UPDATE, Clock.SOLUTION})

_OPEN = "note update prioritise reassign"
_RUNNING = f"wait {_OPEN}"
_EARLY = f"withdraw mark_duplicate resolve_dispute {_RUNNING}"
POSSIBLE = {
    "received": f"acknowledge {_EARLY}",
    "acknowledged": f"diagnose close {_EARLY}",
    "diagnosed": f"diagnose propose {_EARLY}",
    "proposed": f"propose ask_approval accept refuse {_EARLY}",
    "in_approval": f"approve refuse {_RUNNING}",
    "accepted": f"execute propose {_RUNNING}",
    "executed": f"confirm {_RUNNING}",
    "confirmed": f"close {_RUNNING}",
    "closed": "reopen",
    "waiting_for_client": f"resume {_OPEN}",
    "withdrawn": "",
    "duplicate": "",
}
LEADS_TO = {
    "acknowledge": "acknowledged",
    "diagnose": "diagnosed",
    "propose": "proposed",
    "ask_approval": "in_approval",
    "approve": "accepted",
    "refuse": "diagnosed",
    "accept": "accepted",
    "execute": "executed",
    "confirm": "confirmed",
    "close": "closed",
    "reopen": "acknowledged",
    "withdraw": "withdrawn",
    "mark_duplicate": "duplicate",
    "resolve_dispute": "proposed",
    "wait": "waiting_for_client",
}


@pytest.mark.parametrize("action", CaseAction)
@pytest.mark.parametrize("status", CaseStatus)
def test_a_case_goes_where_the_table_says_or_stays(status: CaseStatus, action: CaseAction) -> None:
    before = CaseStatus.DIAGNOSED
    if action in POSSIBLE[status].split():
        to = before if action == CaseAction.RESUME else LEADS_TO.get(action, status)
        assert next_status("C-000017", status, action, before_waiting=before) == to
        return
    with pytest.raises(Conflict, match=rf"C-000017 is {status}; {action} is for a case") as refused:
        next_status("C-000017", status, action, before_waiting=before)
    assert refused.value.code == "wrong_status"


def test_the_table_has_every_state_and_every_action_is_possible_somewhere() -> None:
    assert MOVES.keys() == {*CaseStatus}
    assert {action for moves in MOVES.values() for action in moves} == {*CaseAction}


@dataclass
class Done:
    """Something done with a case, an hour after what was done before."""

    action: CaseAction | None
    status: CaseStatus
    moved_at: datetime = NOW


@pytest.mark.parametrize(
    ("steps", "begins", "ends", "is_running"),
    [
        ("", EVERY, {}, True),
        ("acknowledge", {Clock.UPDATE}, {Clock.FIRST_RESPONSE}, True),
        ("note", {}, {}, True),
        ("update", {Clock.UPDATE}, {}, True),
        ("wait", {Clock.UPDATE}, {}, False),
        ("wait resume", {}, {}, True),
        ("acknowledge diagnose", {}, {Clock.FIRST_RESPONSE}, True),
        ("acknowledge wait", {Clock.UPDATE}, {Clock.FIRST_RESPONSE}, False),
        ("acknowledge diagnose propose accept execute", {}, EVERY, True),
        ("acknowledge diagnose propose accept execute update", {}, EVERY, True),
        ("acknowledge diagnose propose accept execute wait", {}, EVERY, False),
        ("acknowledge diagnose propose accept execute confirm close", {}, EVERY, False),
        ("acknowledge close reopen", SOLUTION, {Clock.FIRST_RESPONSE}, True),
        ("withdraw", {}, EVERY, False),
        ("acknowledge mark_duplicate", {}, EVERY, False),
    ],
)
def test_what_clocks_make_of_it(steps: str, begins: Any, ends: Any, is_running: bool) -> None:
    status, before, log = CaseStatus.RECEIVED, None, [Done(None, CaseStatus.RECEIVED)]
    for action in map(CaseAction, steps.split()):
        to = next_status("C-1", status, action, before_waiting=before)
        before, status = status, to
        log.append(Done(action, status))
    last = passages_of(log)[-1]
    assert (last.begins, last.ends) == (frozenset(begins), frozenset(ends))
    assert last.is_running == is_running


ABOUT = {"kind": AboutKind.INVOICE, "id": "inv_01", "number": "RE-1"}


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"about": ABOUT | {"id": "ord_01"}}, "about_other"),
        ({"disputed": Money(1, "EUR")}, "invoice_missing"),
        ({"disputed": Money(1, "EUR"), "about": ABOUT, "kind": Kind.REQUEST}, "invoice_missing"),
        ({"is_praising": True}, "no_praise"),
        ({"disputed": Money(1, "EUR"), "about": ABOUT}, None),
        ({"is_praising": True, "kind": Kind.PRAISE}, None),
        ({}, None),
    ],
)
def test_what_a_case_can_be_about(facts: dict[str, Any], code: str | None) -> None:
    usual = {"kind": Kind.COMPLAINT, "about": None, "disputed": None, "is_praising": False}
    if code is None:
        rules.require_possible(**usual | facts)
        return
    with pytest.raises(Invalid) as refused:
        rules.require_possible(**usual | facts)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (NOW + timedelta(seconds=1), "in_the_future"),
        (NOW - timedelta(hours=1, seconds=1), "out_of_order"),
        (NOW, None),
        (NOW - timedelta(hours=1), None),
    ],
)
def test_what_is_entered_later_is_in_its_order(at: datetime, code: str | None) -> None:
    moments = {"earliest": NOW - timedelta(hours=1), "now": NOW, "field": "at"}
    if code is None:
        rules.require_in_order(at, **moments)
        return
    with pytest.raises(Invalid) as refused:
        rules.require_in_order(at, **moments)
    assert refused.value.code == code


def test_a_case_is_reopened_within_14_days() -> None:
    rules.require_reopenable("C-1", NOW, NOW + timedelta(days=14))
    with pytest.raises(Conflict, match="within 14 days"):
        rules.require_reopenable("C-1", NOW, NOW + timedelta(days=14, seconds=1))


@pytest.mark.parametrize("by", ["stf_asked", "stf_caused"])
def test_nobody_approves_what_they_asked_for_or_caused(by: str) -> None:
    who = {"asked_by": "stf_asked", "caused_by": "stf_caused"}
    rules.require_other_eyes("C-1", **who, by="stf_other")
    with pytest.raises(Forbidden) as refused:
        rules.require_other_eyes("C-1", **who, by=by)
    assert refused.value.code == "own_approval"


@pytest.mark.parametrize("kind", Kind)
def test_only_praise_is_closed_once_it_is_acknowledged(kind: Kind) -> None:
    rules.require_closable("C-1", CaseStatus.CONFIRMED, kind)
    if kind == Kind.PRAISE:
        rules.require_closable("C-1", CaseStatus.ACKNOWLEDGED, kind)
        return
    with pytest.raises(Conflict, match=f"is a {kind}"):
        rules.require_closable("C-1", CaseStatus.ACKNOWLEDGED, kind)


@pytest.mark.parametrize(
    ("granted", "said"),
    [
        (None, "The complaint is rejected: Delivered whole."),
        (Money(2800, "EUR"), "The complaint is rejected, 28.00 EUR: Delivered whole."),
    ],
)
def test_what_was_decided_is_said(granted: Money | None, said: str) -> None:
    assert rules.say_resolved(DisputeOutcome.REJECTED, granted, "Delivered whole.") == said


@pytest.mark.parametrize("action", CaseAction)
def test_a_case_of_which_a_thousand_things_are_noted_is_only_brought_on(action: CaseAction) -> None:
    rules.require_room("C-1", action, 999)
    if action not in ("wait", "note", "update", "prioritise", "reassign"):
        rules.require_room("C-1", action, 1000)
        return
    with pytest.raises(Conflict, match="1000 things are noted"):
        rules.require_room("C-1", action, 1000)
