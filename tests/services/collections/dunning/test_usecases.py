"""Claims about dunning runs, against a database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert, select
from sqlalchemy.orm import Session

from kernel.ids import new_id
from kernel.refusals import Conflict
from services.collections import events
from services.collections.accounts.models import Account
from services.collections.dunning import queries, usecases
from services.collections.dunning.models import Notice, NoticeItem, Run
from services.collections.dunning.rules import NoticeStatus, Reason, RunStatus
from services.collections.holds.usecases import lift_hold, place_hold
from services.collections.procedures.usecases import (
    assign_procedure,
    change_procedure,
    make_procedure,
)
from services.collections.receivables.models import Receivable

pytestmark = pytest.mark.server

DUE = date(2026, 1, 31)
_LETTER = {"subject": "{total}", "opening": "Dear {name}", "closing": "Pay {total}"}


def _after(days: int) -> date:
    return DUE + timedelta(days=days)


def _own_procedure(business: Any, account_id: str, *delays: int, automatic: bool = False) -> str:
    """A procedure for this account alone, that waits for approval."""
    by = {"now": business.now, "by": "key_of_ann"}
    levels = [
        {
            "name": f"After {delay}",
            "delay_days": delay,
            "channel": "post",
            "holds_orders": False,
            "letters": {"en": _LETTER},
        }
        for delay in delays
    ]
    procedure_id: str = make_procedure(
        business.session,
        name="Own",
        levels=levels,
        hand_over_days=None,
        is_automatic=automatic,
        **by,
    )["procedure_id"]
    assign_procedure(business.session, account_id=account_id, procedure_id=procedure_id, **by)
    return procedure_id


def _simulate(business: Any, procedure_id: str, on: date) -> dict[str, Any]:
    business.today = min(business.today, on)
    return usecases.simulate_run(
        business.session, run_on=on, procedure_id=procedure_id, **business.circumstances
    )


def _approve(business: Any, run: dict[str, Any], on: date) -> dict[str, Any]:
    business.today = on
    return usecases.approve_run(business.session, run_id=run["run_id"], **business.circumstances)


def _explain(business: Any, item: dict[str, Any], on: date) -> dict[str, Any]:
    return queries.explain(business.session, item_id=item["item_id"], on=on)


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
    assert _explain(business, item, _after(20))["outcome"] == "not_looked_at"


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
    assert _explain(business, item, _after(10))["reason"] == Reason.NET_CREDIT


def test_a_letter_asks_only_for_what_credit_does_not_cover(business: Any) -> None:
    account_id = business.open_account()
    business.issue(account_id, due=DUE, amount=500)
    business.issue(account_id, due=_after(1), amount=300)
    business.credit(account_id, 600)
    business.morning(_after(10))

    [sent] = business.told(events.DunningNoticeSent, account_id)
    assert sent["total"] == 200


def test_an_item_of_an_account_we_do_not_know_yet_waits(business: Any) -> None:
    item = business.issue(new_id("acc"), due=DUE)
    business.morning(_after(10))

    assert _explain(business, item, _after(10))["reason"] == Reason.ACCOUNT_NOT_KNOWN


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

    assert _explain(business, item, _after(16))["until"] == _after(16)
    assert _explain(business, item, _after(16))["reason"] == Reason.ON_HOLD
    assert _explain(business, item, _after(17))["until"] == _after(27)
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


def test_nothing_leaves_before_the_run_is_approved(business: Any) -> None:
    account_id = business.open_account()
    procedure_id = _own_procedure(business, account_id, 5)
    item = business.issue(account_id, due=DUE)
    run = _simulate(business, procedure_id, _after(9))

    assert run["status"] == RunStatus.PREVIEWED
    assert [(one.level, one.notices, one.total) for one in run["letters"]] == [(1, 1, 10_000)]
    assert business.levels_sent(account_id) == []
    assert _explain(business, item, _after(9))["outcome"] == "dunned"

    run = _approve(business, run, _after(9))
    assert business.levels_sent(account_id) == [1]
    done = queries.get_run(business.session, run_id=run["run_id"])
    assert (done["status"], done["closed_at"]) == (RunStatus.COMPLETED, business.now)


def test_a_second_run_for_the_same_day_is_the_first(business: Any) -> None:
    account_id = business.open_account()
    procedure_id = _own_procedure(business, account_id, 5)
    business.issue(account_id, due=DUE)
    run = _approve(business, _simulate(business, procedure_id, _after(9)), _after(9))
    business.settle()

    assert _simulate(business, procedure_id, _after(9))["run_id"] == run["run_id"]
    business.morning(_after(9))
    assert business.levels_sent(account_id) == [1]


def test_the_daily_run_of_a_procedure_that_is_not_automatic_waits_for_approval(
    business: Any,
) -> None:
    account_id = business.open_account()
    procedure_id = _own_procedure(business, account_id, 5)
    business.issue(account_id, due=DUE)
    business.morning(_after(5))
    business.morning(_after(6))

    runs = business.session.scalars(
        select(Run).where(Run.procedure_id == procedure_id).order_by(Run.run_on)
    ).all()
    assert [run.status for run in runs] == [RunStatus.CANCELLED, RunStatus.PREVIEWED]
    assert business.levels_sent(account_id) == []
    notices = business.session.scalars(
        select(Notice.status).where(Notice.account_id == account_id)
    ).all()
    assert sorted(notices) == [NoticeStatus.CANCELLED, NoticeStatus.PROPOSED]


def test_what_was_paid_since_the_simulation_is_taken_out_of_the_letter(business: Any) -> None:
    account_id = business.open_account()
    procedure_id = _own_procedure(business, account_id, 5)
    paid = business.issue(account_id, due=DUE, amount=700)
    business.issue(account_id, due=DUE, amount=50)
    run = _simulate(business, procedure_id, _after(9))
    business.pay(paid)
    _approve(business, run, _after(9))

    [sent] = business.told(events.DunningNoticeSent, account_id)
    assert sent["total"] == 50
    assert _explain(business, paid, _after(9))["outcome"] == "dropped"
    assert _explain(business, paid, _after(9))["reason"] == Reason.CLOSED


def test_a_letter_of_which_nothing_is_due_any_more_is_not_sent(business: Any) -> None:
    account_id = business.open_account()
    procedure_id = _own_procedure(business, account_id, 5)
    item = business.issue(account_id, due=DUE)
    run = _simulate(business, procedure_id, _after(9))
    business.pay(item)
    _approve(business, run, _after(9))

    assert business.levels_sent(account_id) == []
    done = queries.get_run(business.session, run_id=run["run_id"])
    assert done["status"] == RunStatus.COMPLETED
    assert [one.status for one in done["letters"]] == [NoticeStatus.DROPPED]


def test_two_runs_never_send_the_same_level_for_an_item(business: Any) -> None:
    account_id = business.open_account()
    procedure_id = _own_procedure(business, account_id, 5)
    business.issue(account_id, due=DUE)
    first = _simulate(business, procedure_id, _after(9))
    second = _simulate(business, procedure_id, _after(10))
    _approve(business, first, _after(10))
    second = _approve(business, second, _after(10))

    assert business.levels_sent(account_id) == [1]
    assert [one.status for one in second["letters"]] == [NoticeStatus.DROPPED]
    assert second["status"] == RunStatus.COMPLETED


def test_a_letter_that_is_on_its_way_keeps_the_item_out_of_the_next_run(business: Any) -> None:
    account_id = business.open_account()
    procedure_id = _own_procedure(business, account_id, 5)
    item = business.issue(account_id, due=DUE)
    _approve(business, _simulate(business, procedure_id, _after(9)), _after(9))
    business.today = _after(10)
    usecases.run_dunning_for_day(business.session, day=_after(10), now=business.now, by="service")

    assert _explain(business, item, _after(10))["reason"] == Reason.LETTER_ON_ITS_WAY


def test_a_run_whose_letter_does_not_come_through_in_a_day_is_completed_with_parked(
    business: Any,
) -> None:
    account_id = business.open_account()
    procedure_id = _own_procedure(business, account_id, 5)
    business.issue(account_id, due=DUE)
    run = _approve(business, _simulate(business, procedure_id, _after(9)), _after(9))
    business.today = _after(10)
    usecases.run_dunning_for_day(business.session, day=_after(10), now=business.now, by="service")

    def status() -> str:
        now: str = queries.get_run(business.session, run_id=run["run_id"])["status"]
        return now

    assert status() == RunStatus.COMPLETED_WITH_PARKED
    business.settle()  # the parked step is replayed
    assert status() == RunStatus.COMPLETED
    assert business.levels_sent(account_id) == [1]


def test_a_cancelled_run_sends_nothing_and_makes_room_for_another(business: Any) -> None:
    account_id = business.open_account()
    procedure_id = _own_procedure(business, account_id, 5)
    business.issue(account_id, due=DUE)
    run = _approve(business, _simulate(business, procedure_id, _after(9)), _after(9))
    usecases.cancel_run(
        business.session, run_id=run["run_id"], reason="Wrong letter.", now=business.now
    )
    business.settle()

    assert business.levels_sent(account_id) == []
    again = _simulate(business, procedure_id, _after(9))
    assert again["run_id"] != run["run_id"]
    assert [one.notices for one in again["letters"]] == [1]


def test_a_run_keeps_the_version_of_the_procedure_it_was_made_with(business: Any) -> None:
    account_id = business.open_account()
    procedure_id = _own_procedure(business, account_id, 5)
    business.issue(account_id, due=DUE)
    run = _simulate(business, procedure_id, _after(9))
    change_procedure(
        business.session,
        procedure_id=procedure_id,
        name="Silent now",
        levels=[],
        hand_over_days=None,
        is_automatic=False,
        now=business.now,
        by="key_of_ann",
    )
    _approve(business, run, _after(9))

    assert run["procedure_number"] == 1
    assert business.levels_sent(account_id) == [1]


@pytest.mark.parametrize(("on", "approved_on"), [(9, 8)])
def test_a_run_for_a_day_to_come_cannot_be_sent_yet(
    business: Any, on: int, approved_on: int
) -> None:
    procedure_id = _own_procedure(business, business.open_account(), 5)
    run = _simulate(business, procedure_id, _after(on))

    with pytest.raises(Conflict, match="on that day"):
        _approve(business, run, _after(approved_on))


def test_a_run_for_a_day_gone_by_cannot_be_made(business: Any) -> None:
    procedure_id = _own_procedure(business, business.open_account(), 5)
    business.today = _after(10)
    with pytest.raises(Conflict, match="explanations"):
        usecases.simulate_run(
            business.session,
            run_on=_after(9),
            procedure_id=procedure_id,
            **business.circumstances,
        )


@pytest.mark.parametrize("days", [-10, 0, 3])
def test_every_item_that_is_left_out_has_its_reason(business: Any, days: int) -> None:
    item = business.issue(business.open_account(), due=DUE)
    business.morning(_after(days))

    explanation = _explain(business, item, _after(days))
    assert (explanation["outcome"], explanation["reason"]) == ("skipped", Reason.NOT_DUE_YET)
    assert str(explanation["until"]) in explanation["sentence"]
    assert _explain(business, item, _after(days - 1))["sentence"].startswith("There was no run")


@contextmanager
def _counted(engine: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_c: Any, _u: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def test_a_run_over_thousands_of_items_takes_a_handful_of_statements(
    business: Any, engine: Engine
) -> None:
    procedure_id = _fill(business, accounts=200, items_each=10)
    with _counted(engine) as statements:
        run = _simulate(business, procedure_id, _after(9))

    assert run["items_looked_at"] == 2000
    assert sum(one.notices for one in run["letters"]) == 200
    assert sum(one.items for one in run["skips"]) == 1000
    assert len(statements) < 20


def _fill(business: Any, *, accounts: int, items_each: int) -> str:
    """Accounts with items of which every other one is late, under a procedure of their own."""
    session: Session = business.session
    account_ids = [new_id("acc") for _ in range(accounts)]
    procedure_id = _own_procedure(business, account_ids[0], 5, 20)
    for account_id in account_ids[1:]:
        assign_procedure(
            session,
            account_id=account_id,
            procedure_id=procedure_id,
            now=business.now,
            by="key_of_ann",
        )
    session.execute(
        insert(Account),
        [
            {
                "account_id": account_id,
                "version": 1,
                "number": "A-1",
                "name": "Brown",
                "language": "en",
                "email": None,
                "preferred_channel": "post",
            }
            for account_id in account_ids
        ],
    )
    session.execute(
        insert(Receivable),
        [
            {
                "item_id": new_id("itm"),
                "account_id": account_id,
                "version": 1,
                "invoice_id": "inv_1",
                "invoice_number": f"R-{number}",
                "due_date": DUE if number % 2 else _after(30),
                "currency": "EUR",
                "amount": 1000,
                "balance": 1000,
                "status": "open",
            }
            for account_id in account_ids
            for number in range(items_each)
        ],
    )
    return procedure_id


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
