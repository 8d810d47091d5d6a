"""What a batch makes of a case is what the single requests make of it, step by step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.accounts.case_batches.rules import SILENT, Step
from services.accounts.cases.rules import MOVES, CaseAction, CaseStatus
from services.accounts.clocks.rules import Kind, Priority

pytestmark = pytest.mark.server

MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)
CAUSE = "cau_00000000000000000000000002"
ENDPOINTS = {
    Step.ACKNOWLEDGE: "acknowledge_case",
    Step.DIAGNOSE: "diagnose_case",
    Step.PROPOSE: "propose_solution",
    Step.REFUSE: "decline_proposal",
    Step.ACCEPT: "accept_proposal",
    Step.EXECUTE: "execute_case",
    Step.CONFIRM: "confirm_case",
    Step.CLOSE: "close_case",
    Step.REOPEN: "reopen_case",
    Step.WITHDRAW: "withdraw_case",
    Step.WAIT: "wait_for_client",
    Step.RESUME: "resume_case",
    Step.NOTE: "note_case",
    Step.UPDATE: "update_client",
}
NAMES_NOTE = {Step.ACKNOWLEDGE: "problem", Step.PROPOSE: "proposal"}
OF_ITS_OWN = ("account_id", "case_id", "number", "contact_id", "confirmed_by_id")


@st.composite
def courses(draw: Any) -> tuple[Kind, list[tuple[Step, timedelta]]]:
    """A kind of case, and steps that it may take, each some time after the one before."""
    kind, status, before, taken = draw(st.sampled_from(Kind)), CaseStatus.RECEIVED, None, []
    for _ in range(draw(st.integers(0, 10))):
        possible = [one for one in Step if CaseAction(one) in MOVES[status]]
        if status == CaseStatus.ACKNOWLEDGED and kind != Kind.PRAISE:
            possible.remove(Step.CLOSE)
        if not possible:
            break
        step = draw(st.sampled_from(possible))
        to = MOVES[status][CaseAction(step)] or before
        assert to is not None
        if to != status:
            before = status if step == Step.WAIT else None
        status = to
        taken.append((step, timedelta(minutes=draw(st.integers(1, 2000)))))
    return kind, taken


def said(step: Step, at: datetime, contact_id: str) -> dict[str, Any]:
    told: dict[str, Any] = {"at": at.isoformat()}
    if step not in SILENT:
        told["note"] = f"{step} at {at}"
    if step == Step.DIAGNOSE:
        told |= {"case_cause_id": CAUSE, "product": "LAMP-7"}
    if step == Step.CONFIRM:
        told |= {"contact_id": contact_id, "satisfaction": 4}
    return told


def seen(office: Any, case_id: str) -> Any:
    """The case, its log, what was announced of it and its times, as far as they are not its own."""
    case = office.do("get_case", case_id=case_id)
    states = office.do("list_case_states", case_id=case_id)["items"]
    facts = [{n: v for n, v in one.items() if n not in OF_ITS_OWN} for one in (case, *states)]
    events = [
        (event.name, {n: v for n, v in data.items() if n not in OF_ITS_OWN})
        for event, data, _ in office.session.info.pop("announced", [])
    ]
    dues = {change.key.split("/")[1]: change.at for change in office.session.info.pop("due", [])}
    return facts, events, {clock: at for clock, at in dues.items() if at is not None}


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(course=courses(), priority=st.sampled_from(Priority))
def test_a_case_with_its_steps_is_as_if_each_came_by_itself(
    office, course: tuple[Kind, list[tuple[Step, timedelta]]], priority: Priority
) -> None:
    kind, taken = course
    office.moment = MONDAY
    owner_id = office.staff()["staff_id"]
    contact = {"name": "Eve", "roles": [], "email": "eve@acme.example"}
    accounts = [office.account(owner_id=owner_id)["account_id"] for _ in range(2)]
    contacts = [
        office.do("add_contact", account_id=one, **contact)["contact_id"] for one in accounts
    ]
    office.moment = MONDAY + timedelta(days=30)
    office.session.info.update(announced=[], due=[])
    opened = {
        "kind": kind,
        "priority": priority,
        "subject": "Lamps.",
        "received_at": MONDAY.isoformat(),
    }

    case = office.do("open_case", account_id=accounts[0], **opened)
    at, moments = MONDAY, []
    for step, later in taken:
        moments.append(at := at + later)
        told = said(step, at, contacts[0])
        told = {NAMES_NOTE.get(step, n) if n == "note" else n: v for n, v in told.items()}
        office.do(ENDPOINTS[step], case_id=case["case_id"], **told)
    alone = seen(office, case["case_id"])

    steps = [
        {"action": step, **said(step, moment, contacts[1])}
        for (step, _), moment in zip(taken, moments, strict=True)
    ]
    answer = office.do(
        "open_case_batch", cases=[{"account_id": accounts[1], **opened, "steps": steps}]
    )
    [result] = answer["results"]
    assert result.get("code") is None, result
    assert seen(office, result["case_id"]) == alone
