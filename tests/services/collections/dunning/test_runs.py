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
from services.collections.dunning.rules import Reason
from services.collections.notices.queries import list_run_notices
from services.collections.planning import usecases as planning
from services.collections.procedures.usecases import (
    assign_procedure,
    change_procedure,
)
from services.collections.receivables.models import Receivable
from services.collections.runs.rules import NOTICE_MOVES, NoticeAction, NoticeStatus, RunStatus

pytestmark = pytest.mark.server

DUE = date(2026, 1, 31)


def _after(days: int) -> date:
    return DUE + timedelta(days=days)


def test_nothing_leaves_before_the_run_is_approved(business: Any) -> None:
    account_id = business.open_account()
    procedure_id = business.own_procedure(account_id, 5)
    item = business.issue(account_id, due=DUE)
    run = business.simulate(procedure_id, _after(9))

    assert run["status"] == RunStatus.PREVIEWED
    assert [(one.level, one.notices, one.total) for one in run["letters"]] == [(1, 1, 10_000)]
    assert business.levels_sent(account_id) == []
    assert business.explain(item, _after(9))["outcome"] == "dunned"

    run = business.approve(run, _after(9))
    assert business.levels_sent(account_id) == [1]
    done = queries.get_run(business.session, run_id=run["run_id"])
    assert (done["status"], done["closed_at"]) == (RunStatus.COMPLETED, business.now)


def test_notices_and_skips_of_a_run_are_listed_account_by_account(business: Any) -> None:
    procedure_id = business.own_procedure(business.open_account(), 5, 20)
    accounts = sorted(business.open_account() for _ in range(20))
    for account_id in accounts:
        assign_procedure(
            business.session,
            account_id=account_id,
            procedure_id=procedure_id,
            now=business.now,
            by="key_of_ann",
        )
        business.issue(account_id, due=DUE)
        business.issue(account_id, due=DUE + timedelta(days=30))
    run_id = business.simulate(procedure_id, _after(9))["run_id"]

    page = list_run_notices(business.session, run_id=run_id, limit=50, after=None)
    assert [notice.account_id for notice in page["items"]] == accounts
    page = queries.list_run_skips(
        business.session, run_id=run_id, reason=None, limit=50, after=None
    )
    assert [skip.account_id for skip in page["items"]] == accounts


def test_a_second_run_for_the_same_day_is_the_first(business: Any) -> None:
    account_id = business.open_account()
    procedure_id = business.own_procedure(account_id, 5)
    business.issue(account_id, due=DUE)
    run = business.approve(business.simulate(procedure_id, _after(9)), _after(9))
    business.settle()

    assert business.simulate(procedure_id, _after(9))["run_id"] == run["run_id"]
    business.morning(_after(9))
    assert business.levels_sent(account_id) == [1]


def test_the_daily_run_of_a_procedure_that_is_not_automatic_waits_for_approval(
    business: Any,
) -> None:
    account_id = business.open_account()
    procedure_id = business.own_procedure(account_id, 5)
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
    procedure_id = business.own_procedure(account_id, 5)
    paid = business.issue(account_id, due=DUE, amount=700)
    business.issue(account_id, due=DUE, amount=50)
    run = business.simulate(procedure_id, _after(9))
    business.pay(paid)
    business.approve(run, _after(9))

    [sent] = business.told(events.DunningNoticeSent, account_id)
    assert sent["total"] == 50
    assert business.explain(paid, _after(9))["outcome"] == "dropped"
    assert business.explain(paid, _after(9))["reason"] == Reason.CLOSED


def test_an_account_that_got_another_procedure_gets_no_letter_of_the_old_one(business: Any) -> None:
    account_id = business.open_account()
    procedure_id = business.own_procedure(account_id, 5)
    item = business.issue(account_id, due=DUE)
    run = business.simulate(procedure_id, _after(9))
    business.own_procedure(account_id)
    business.approve(run, _after(9))

    assert business.levels_sent(account_id) == []
    assert business.explain(item, _after(9))["reason"] == Reason.OTHER_PROCEDURE


def test_the_daily_run_looks_at_things_as_they_are_and_not_as_they_were_simulated(
    business: Any,
) -> None:
    account_id = business.open_account()
    procedure_id = business.own_procedure(account_id, 5)
    simulated = business.simulate(procedure_id, _after(9))
    business.issue(account_id, due=DUE)
    business.morning(_after(9))

    run = business.session.scalars(
        select(Run).where(Run.procedure_id == procedure_id, Run.status == RunStatus.PREVIEWED)
    ).one()
    assert run.run_id != simulated["run_id"]
    assert run.items_looked_at == 1


def test_a_letter_of_which_nothing_is_due_any_more_is_not_sent(business: Any) -> None:
    account_id = business.open_account()
    procedure_id = business.own_procedure(account_id, 5)
    item = business.issue(account_id, due=DUE)
    run = business.simulate(procedure_id, _after(9))
    business.pay(item)
    business.approve(run, _after(9))

    assert business.levels_sent(account_id) == []
    done = queries.get_run(business.session, run_id=run["run_id"])
    assert done["status"] == RunStatus.COMPLETED
    assert [one.status for one in done["letters"]] == [NoticeStatus.DROPPED]


def test_two_runs_never_send_the_same_level_for_an_item(business: Any) -> None:
    account_id = business.open_account()
    procedure_id = business.own_procedure(account_id, 5)
    business.issue(account_id, due=DUE)
    first = business.simulate(procedure_id, _after(9))
    second = business.simulate(procedure_id, _after(10))
    business.approve(first, _after(10))
    second = business.approve(second, _after(10))

    assert business.levels_sent(account_id) == [1]
    assert business.told(events.DunningNoticeDropped, account_id) == []  # it was only proposed
    assert [one.status for one in second["letters"]] == [NoticeStatus.DROPPED]
    assert second["status"] == RunStatus.COMPLETED


def test_a_letter_that_is_on_its_way_keeps_the_item_out_of_the_next_run(business: Any) -> None:
    account_id = business.open_account()
    procedure_id = business.own_procedure(account_id, 5)
    item = business.issue(account_id, due=DUE)
    business.approve(business.simulate(procedure_id, _after(9)), _after(9))
    business.today = _after(10)
    planning.run_dunning_for_day(business.session, day=_after(10), now=business.now, by="service")

    assert business.explain(item, _after(10))["reason"] == Reason.LETTER_ON_ITS_WAY


def test_a_run_whose_letter_does_not_come_through_in_a_day_is_completed_with_parked(
    business: Any,
) -> None:
    account_id = business.open_account()
    procedure_id = business.own_procedure(account_id, 5)
    business.issue(account_id, due=DUE)
    run = business.approve(business.simulate(procedure_id, _after(9)), _after(9))
    business.today = _after(10)
    planning.run_dunning_for_day(business.session, day=_after(10), now=business.now, by="service")

    def status() -> str:
        now: str = queries.get_run(business.session, run_id=run["run_id"])["status"]
        return now

    assert status() == RunStatus.COMPLETED_WITH_PARKED
    business.settle()  # the parked step is replayed
    assert status() == RunStatus.COMPLETED
    assert business.levels_sent(account_id) == [1]


def test_a_cancelled_run_sends_nothing_and_makes_room_for_another(business: Any) -> None:
    account_id = business.open_account()
    procedure_id = business.own_procedure(account_id, 5)
    business.issue(account_id, due=DUE)
    run = business.approve(business.simulate(procedure_id, _after(9)), _after(9))
    usecases.cancel_run(
        business.session, run_id=run["run_id"], reason="Wrong letter.", now=business.now
    )
    business.settle()

    assert business.levels_sent(account_id) == []
    again = business.simulate(procedure_id, _after(9))
    assert again["run_id"] != run["run_id"]
    assert [one.notices for one in again["letters"]] == [1]


def test_a_run_keeps_the_version_of_the_procedure_it_was_made_with(business: Any) -> None:
    account_id = business.open_account()
    procedure_id = business.own_procedure(account_id, 5)
    business.issue(account_id, due=DUE)
    run = business.simulate(procedure_id, _after(9))
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
    business.approve(run, _after(9))

    assert run["procedure_number"] == 1
    assert business.levels_sent(account_id) == [1]


@pytest.mark.parametrize(("on", "approved_on"), [(9, 8)])
def test_a_run_for_a_day_to_come_cannot_be_sent_yet(
    business: Any, on: int, approved_on: int
) -> None:
    procedure_id = business.own_procedure(business.open_account(), 5)
    run = business.simulate(procedure_id, _after(on))

    with pytest.raises(Conflict, match="on that day"):
        business.approve(run, _after(approved_on))


def test_a_run_for_a_day_gone_by_cannot_be_made(business: Any) -> None:
    procedure_id = business.own_procedure(business.open_account(), 5)
    business.today = _after(10)
    with pytest.raises(Conflict, match="explanations"):
        planning.simulate_run(
            business.session,
            run_on=_after(9),
            procedure_id=procedure_id,
            **business.circumstances,
        )


@pytest.mark.parametrize("action", list(NoticeAction))
def test_many_notices_and_items_are_moved_only_where_one_may_be(
    business: Any, action: NoticeAction
) -> None:
    account_id = business.open_account()
    procedure_id = business.own_procedure(account_id, 5)
    for _ in NoticeStatus:
        business.issue(account_id, due=DUE)
    run_id = business.simulate(procedure_id, _after(9))["run_id"]
    session = business.session
    [notice] = session.scalars(select(Notice).where(Notice.run_id == run_id))
    items = session.scalars(
        select(NoticeItem)
        .where(NoticeItem.notice_id == notice.notice_id)
        .order_by(NoticeItem.item_id)
    ).all()
    for item, status in zip(items, NoticeStatus, strict=True):
        item.status = status
    session.flush()
    session.execute(usecases.moving_items(action).where(NoticeItem.notice_id == notice.notice_id))
    for item, status in zip(items, NoticeStatus, strict=True):
        session.refresh(item)
        assert item.status == NOTICE_MOVES[status].get(action, status)

    for status in NoticeStatus:
        notice.status = status
        session.flush()
        version = notice.version
        session.execute(usecases.moving_notices(action).where(Notice.run_id == run_id))
        session.refresh(notice)
        assert notice.status == NOTICE_MOVES[status].get(action, status)
        assert notice.version == version + (action in NOTICE_MOVES[status])


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
        run = business.simulate(procedure_id, _after(9))

    assert run["items_looked_at"] == 2000
    assert sum(one.notices for one in run["letters"]) == 200
    assert sum(one.items for one in run["skips"]) == 1000
    assert len(statements) < 20


def _fill(business: Any, *, accounts: int, items_each: int) -> str:
    """Accounts with items of which every other one is late, under a procedure of their own."""
    session: Session = business.session
    account_ids = [new_id("acc") for _ in range(accounts)]
    procedure_id = business.own_procedure(account_ids[0], 5, 20)
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
