"""Claims about who gets which letter when, and why not, against a database."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from kernel.ids import new_id
from services.collections import events
from services.collections.dunning.models import Notice, NoticeItem
from services.collections.dunning.rules import Reason
from services.collections.holds.usecases import lift_hold, place_hold

pytestmark = pytest.mark.server

DUE = date(2026, 1, 31)


def _after(days: int) -> date:
    return DUE + timedelta(days=days)


def test_an_unpaid_item_gets_every_level_on_its_day_and_none_twice(business: Any) -> None:
    account_id = business.open_account()
    business.issue(account_id, due=DUE)
    for days in range(-5, 60):
        business.morning(_after(days))

    sent = business.told(events.DunningNoticeSent, account_id)
    assert [(notice["level"], notice["sent_on"]) for notice in sent] == [
        (level, _after(days).isoformat()) for level, days in [(0, -3), (1, 5), (2, 20), (3, 40)]
    ]


def test_a_payment_stops_the_letters(business: Any) -> None:
    account_id = business.open_account()
    item = business.issue(account_id, due=DUE)
    business.morning(_after(5))
    business.pay(item)
    business.morning(_after(20))

    assert business.levels_sent(account_id) == [1]
    assert business.explain(item, _after(20))["outcome"] == "not_looked_at"


def test_an_item_that_comes_late_begins_at_level_1_and_waits_between_letters(
    business: Any,
) -> None:
    account_id = business.open_account()
    business.issue(account_id, due=DUE)
    for days in range(45, 81):
        business.morning(_after(days))

    sent = business.told(events.DunningNoticeSent, account_id)
    assert [(notice["level"], notice["sent_on"]) for notice in sent] == [
        (1, _after(45).isoformat()),
        (2, _after(60).isoformat()),
        (3, _after(80).isoformat()),
    ]


def test_a_new_due_date_starts_a_new_clock(business: Any) -> None:
    account_id = business.open_account()
    item = business.issue(account_id, due=DUE)
    business.morning(_after(5))
    item["due_date"] = _after(30)
    business.bounce(item)
    for days in (20, 34, 35):
        business.morning(_after(days))

    assert business.levels_sent(account_id) == [1, 1]


def test_one_letter_asks_for_all_items_of_a_level_and_its_total_is_their_sum(business: Any) -> None:
    account_id = business.open_account()
    items = [business.issue(account_id, due=DUE, amount=amount) for amount in (700, 55, 1)]
    business.issue(account_id, due=DUE, amount=9, currency="USD")
    business.morning(_after(6))

    euros, dollars = sorted(
        business.told(events.DunningNoticeSent, account_id), key=lambda sent: sent["currency"]
    )
    assert euros["total"] == 756
    assert sorted(euros["item_ids"]) == sorted(item["item_id"] for item in items)
    assert (dollars["currency"], dollars["total"]) == ("USD", 9)


def test_an_account_in_net_credit_gets_no_letter(business: Any) -> None:
    account_id = business.open_account()
    item = business.issue(account_id, due=DUE, amount=500)
    business.credit(account_id, 500)
    business.morning(_after(10))

    assert business.levels_sent(account_id) == []
    assert business.explain(item, _after(10))["reason"] == Reason.NET_CREDIT


def test_a_letter_asks_only_for_what_credit_does_not_cover(business: Any) -> None:
    account_id = business.open_account()
    business.issue(account_id, due=DUE, amount=500)
    business.issue(account_id, due=_after(1), amount=300)
    business.credit(account_id, 600)
    business.morning(_after(10))

    [sent] = business.told(events.DunningNoticeSent, account_id)
    assert sent["total"] == 200


@pytest.mark.parametrize(
    ("differently", "reason"),
    [({"disputed": 500}, Reason.DISPUTED), ({"in_flight": 500}, Reason.IN_FLIGHT)],
)
def test_what_is_disputed_or_on_its_way_gets_no_letter_and_one_says_why(
    business: Any, differently: dict[str, Any], reason: Reason
) -> None:
    account_id = business.open_account()
    item = business.issue(account_id, due=DUE, amount=500)
    business.change(item, **differently)
    business.morning(_after(10))

    assert business.levels_sent(account_id) == []
    assert business.explain(item, _after(10))["reason"] == reason
    business.change(item, disputed=130, in_flight=0)
    business.morning(_after(11))
    assert [sent["total"] for sent in business.told(events.DunningNoticeSent, account_id)] == [370]


def test_an_item_of_an_account_we_do_not_know_yet_waits(business: Any) -> None:
    item = business.issue(new_id("acc"), due=DUE)
    business.morning(_after(10))

    assert business.explain(item, _after(10))["reason"] == Reason.ACCOUNT_NOT_KNOWN


def test_days_on_hold_move_the_next_level_by_as_many_days(business: Any) -> None:
    account_id = business.open_account()
    item = business.issue(account_id, due=DUE)
    business.morning(_after(5))
    business.today = _after(10)
    place_hold(
        business.session,
        account_id=account_id,
        item_id=item["item_id"],
        reason="They check the delivery.",
        from_on=None,
        until_on=_after(16),
        **business.circumstances,
    )
    for days in range(11, 30):
        business.morning(_after(days))

    assert business.explain(item, _after(16))["until"] == _after(16)
    assert business.explain(item, _after(16))["reason"] == Reason.ON_HOLD
    assert business.explain(item, _after(17))["until"] == _after(27)
    [_, second] = business.told(events.DunningNoticeSent, account_id)
    assert second["sent_on"] == _after(27).isoformat()


def test_dunning_goes_on_when_a_hold_is_lifted(business: Any) -> None:
    account_id = business.open_account()
    business.issue(account_id, due=DUE)
    business.today = _after(4)
    hold = place_hold(
        business.session,
        account_id=account_id,
        item_id=None,
        reason="They promised.",
        from_on=None,
        until_on=_after(90),
        **business.circumstances,
    )
    business.morning(_after(5))
    business.today = _after(6)
    lift_hold(business.session, hold_id=hold.hold_id, **business.circumstances)
    for days in (6, 7):
        business.morning(_after(days))

    [sent] = business.told(events.DunningNoticeSent, account_id)
    assert sent["sent_on"] == _after(7).isoformat()  # days 4 and 5 did not count


@pytest.mark.parametrize("days", [-10, 0, 3])
def test_every_item_that_is_left_out_has_its_reason(business: Any, days: int) -> None:
    item = business.issue(business.open_account(), due=DUE)
    business.morning(_after(days))

    explanation = business.explain(item, _after(days))
    assert (explanation["outcome"], explanation["reason"]) == ("skipped", Reason.NOT_DUE_YET)
    assert str(explanation["until"]) in explanation["sentence"]
    assert business.explain(item, _after(days - 1))["sentence"].startswith("There was no run")


def test_the_items_of_a_sent_notice_are_its_letters_rows(business: Any) -> None:
    account_id = business.open_account()
    business.issue(account_id, due=DUE, amount=700)
    business.issue(account_id, due=DUE, amount=50)
    business.morning(_after(5))

    [notice] = business.session.scalars(
        select(Notice).where(Notice.account_id == account_id, Notice.level == 1)
    )
    items = business.session.scalars(
        select(NoticeItem).where(NoticeItem.notice_id == notice.notice_id)
    ).all()
    assert notice.total == sum(item.amount for item in items) == 750
    assert len(notice.letter["rows"]) == len(items)
