"""Tests of runs as a person has them: looked at before they are approved, and gone on with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from ops.client import Refused
from ops.replay.monthly import runs
from ops.replay.monthly.records import Due
from ops.replay.monthly.runs import NotApproved, bill_month

MONTH = date(2010, 12, 31)
DUE = {"acc_1": Due(3, 900), "acc_2": Due(1, 100)}
OWN: dict[str, Any] = {
    "billing_run_id": "brn_1",
    "cutoff_on": "2010-12-31",
    "invoice_on": "2010-12-31",
    "currency": "GBP",
    "accounts": None,
    "bill_day": None,
    "bills": 1,
    "version": 1,
}


class System:
    """A system with runs, of which one goes on by a state whenever it is looked at."""

    def __init__(self, bills: list[dict[str, Any]], *known: dict[str, Any]) -> None:
        self.bills = [{"currency": "GBP", "detail": None, **one} for one in bills]
        self.runs = [*known]
        self.states = ["planned", "previewed", "running", "completed"]
        self.done: list[str] = []
        self.keys: list[str] = []

    def list(self, path: str) -> Iterator[Any]:
        yield from self.bills if path.endswith("/items") else self.runs

    def get(self, path: str) -> Any:
        status = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        return {**OWN, "status": status}

    def post(self, path: str, body: Any = None, *, key: str) -> Any:
        self.done.append(path.removeprefix("/v1/billing-runs"))
        self.keys.append(key)
        if not self.bills:
            raise Refused(path, 409, {"code": "nothing_to_bill"})
        return {**OWN, "status": "planned"}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "PAUSE_SECONDS", 0)


def play(system: Any) -> runs.Looked | None:
    return bill_month(system, MONTH, DUE, currency="GBP")


def pending(account_id: str = "acc_1", lines: int = 3, total: int = 900) -> dict[str, Any]:
    return {"account_id": account_id, "status": "pending", "lines": lines, "total": total}


def test_a_run_that_bills_what_the_file_says_or_less_is_approved() -> None:
    system = System([pending(), pending("acc_2", 1, 50)])
    made = play(system)
    assert made is not None and (made.bills, made.parked) == (1, {})
    assert system.done == ["", "/brn_1/approve"]


@pytest.mark.parametrize(
    "bill", [pending("acc_3", 1, 1), pending(lines=4), pending(total=901), pending("acc_2")]
)
def test_a_run_that_would_bill_anything_else_is_not_approved(bill: dict[str, Any]) -> None:
    system = System([pending(), bill])
    with pytest.raises(NotApproved, match="Billing run brn_1 foresees"):
        play(system)
    assert system.done == [""]


def test_where_nothing_waits_there_is_no_run() -> None:
    assert play(System([])) is None


def test_a_run_that_was_begun_is_gone_on_with_and_not_approved_twice() -> None:
    system = System([pending()], {**OWN, "status": "running"})
    system.states = ["running", "completed"]
    assert play(system) is not None
    assert system.done == []


@pytest.mark.parametrize(
    "other", [{"currency": "EUR"}, {"cutoff_on": "2010-12-30"}, {"bill_day": 31}, {"accounts": []}]
)
def test_the_runs_of_others_are_left_alone(other: dict[str, Any]) -> None:
    system = System([pending()], {**OWN, "status": "running", **other})
    play(system)
    assert system.done == ["", "/brn_1/approve"]


def test_a_month_that_was_billed_before_is_billed_by_another_run() -> None:
    first, second = System([pending()]), System([pending()], {**OWN, "status": "completed"})
    play(first)
    play(second)
    assert first.keys[0] != second.keys[0], "else the answer would be the run that is over"


def test_what_is_parked_is_told_with_its_reason() -> None:
    parked = {**pending("acc_2", 1, 100), "status": "parked", "detail": "No address."}
    invoiced = {**pending(), "status": "invoiced"}
    made = play(System([invoiced, parked]))
    assert made is not None and (made.invoiced, made.parked) == (900, {"acc_2": "No address."})
    assert "2010-12: 1 bills" in made.tell("GBP") and "9.00 GBP issued" in made.tell("GBP")
