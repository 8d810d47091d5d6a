"""Who decides how long returns are waited for, and what that changes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from services.sales.return_settings.queries import get_return_settings
from services.sales.return_settings.usecases import change_return_settings
from tests.services.sales.returning import Desk

pytestmark = pytest.mark.server


@pytest.fixture
def desk(shop: Any) -> Desk:
    return Desk(shop)


def change(desk: Desk, **days: int) -> dict[str, Any]:
    usual = {"request_days": 14, "send_days": 30, "transit_days": 10, "answer_days": 3}
    return change_return_settings(desk.session, **usual | days, now=desk.now, by="kim")


def test_what_is_said_last_holds_and_who_said_it_is_known(session: Session, desk: Desk) -> None:
    before = get_return_settings(session)
    assert (before["request_days"], before["set_by"], before["version"]) == (14, None, 0)
    change(desk, request_days=7)
    said = change(desk, request_days=8, answer_days=1)
    assert said == get_return_settings(session)
    assert (said["request_days"], said["answer_days"], said["send_days"]) == (8, 1, 30)
    assert (said["set_by"], said["version"]) == ("kim", 2)


def test_requests_and_goods_are_waited_for_as_long_as_is_set_when_they_begin(desk: Desk) -> None:
    order = desk.sell()
    before = desk.ask(order, "1")
    change(desk, request_days=2, send_days=5)
    after = desk.ask(order, "1")
    assert (before.expires_on, after.expires_on) == (date(2026, 3, 16), date(2026, 3, 4))
    assert desk.authorise(after).expires_on == date(2026, 3, 7)


def test_what_is_on_its_way_or_here_is_late_as_is_set_when_it_is_looked_at(desk: Desk) -> None:
    order = desk.sell()
    desk.post(desk.authorise(desk.ask(order, "1")))
    desk.receive(desk.authorise(desk.ask(order, "1")))
    desk.wait(2)
    desk.review()
    assert desk.told("contact_due") == []
    change(desk, transit_days=1, answer_days=2)
    desk.review()
    assert [one["reason"] for one in desk.told("contact_due")] == ["return_late"]
    change(desk, answer_days=1)
    desk.review()
    reasons = [one["reason"] for one in desk.told("contact_due")]
    assert reasons == ["return_late", "return_unanswered"]
