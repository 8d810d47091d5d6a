"""What nobody decided or sent expires; what waits too long is on the worklist until it goes on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.services.sales.returning import Desk

pytestmark = pytest.mark.server


@pytest.fixture
def desk(shop: Any) -> Desk:
    return Desk(shop)


def test_what_nobody_decided_or_sent_expires_after_its_last_day(desk: Desk) -> None:
    order = desk.sell()
    asked = desk.ask(order, "1")
    authorised = desk.authorise(desk.ask(order, "1"), expires_on=date(2026, 3, 10))
    desk.wait(8)
    desk.review()
    assert (asked.status, authorised.status) == ("requested", "authorised")
    desk.wait(1)
    desk.review()
    assert (asked.status, authorised.status) == ("requested", "expired")
    desk.wait(6)
    desk.review()
    desk.review()
    assert (asked.status, asked.waits_for) == ("expired", None)
    assert len(desk.told("return_expired")) == 2
    desk.ask(order, "8")


def test_goods_that_do_not_arrive_are_on_the_worklist_until_they_do(desk: Desk) -> None:
    found = desk.post(desk.authorise(desk.ask(desk.sell())))
    desk.wait(10)
    desk.review()
    assert desk.told("contact_due") == []
    desk.wait(1)
    for _ in range(2):
        desk.review()
    [due] = desk.told("contact_due")
    assert (due["reason"], due["about"]) == ("return_late", found.return_id)
    assert "sent on 2026-03-02 and has not arrived" in due["sentence"]
    desk.receive(found)
    [settled] = desk.told("contact_settled")
    assert (settled["reason"], settled["version"]) == ("return_late", due["version"] + 1)


def test_goods_here_that_nobody_answers_are_on_the_worklist_at_each_stage(desk: Desk) -> None:
    found = desk.receive(desk.authorise(desk.ask(desk.sell())))
    for go_on in (lambda: desk.inspect(found, "3"), lambda: desk.credit(found), desk.review):
        desk.wait(4)
        desk.review()
        go_on()
    reasons = [one["reason"] for one in desk.told("contact_due")]
    assert reasons == ["return_unanswered"] * 3
    desk.settle(found)
    assert (found.status, len(desk.told("contact_settled"))) == ("credited", 3)
    versions = [one["version"] for one in desk.told("contact_due")]
    assert versions == sorted(set(versions))
