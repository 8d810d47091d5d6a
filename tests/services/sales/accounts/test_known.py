"""That an account is known is said once, with the first that is heard of it, at no statement more."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from kernel.ids import new_id
from services.sales.accounts.usecases import keep_accounts

pytestmark = pytest.mark.server

FACTS = {"number": "A-1", "status": "active", "currency": "EUR", "credit_limit": None}


def snapshot(account_id: str, version: int, **facts: Any) -> dict[str, Any]:
    return FACTS | {"account_id": account_id, "version": version} | facts


def told(session: Session) -> dict[str, int]:
    """The version by which each account is known, as it was announced since this was last asked."""
    announced = session.info.pop("announced", [])
    assert {(one.name, data["known_by"]) for one, data, _ in announced} <= {
        ("account_known", "sales")
    }
    assert len({data["account_id"] for _, data, _ in announced}) == len(announced)
    return {data["account_id"]: data["account_version"] for _, data, _ in announced}


def test_what_is_known_first_is_said_once(session: Session) -> None:
    one, two, three = (new_id("acc") for _ in range(3))
    keep_accounts(session, [snapshot(one, 1), snapshot(two, 3), snapshot(two, 4)])
    assert told(session) == {one: 1, two: 4}
    later = [snapshot(one, 2, status="on_hold"), snapshot(two, 1), snapshot(three, 1)]
    keep_accounts(session, later)
    assert told(session) == {three: 1}
    keep_accounts(session, later)
    assert told(session) == {}


def test_it_takes_no_statement_more(session: Session) -> None:
    asked: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
    keep_accounts(session, [snapshot(new_id("acc"), 1) for _ in range(20)])
    assert len(asked) == 1
    assert len(told(session)) == 20
