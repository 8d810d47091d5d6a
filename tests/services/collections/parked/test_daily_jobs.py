"""Claims about the daily jobs: one account, or one procedure, that nothing can be decided about stops no
other. Against a database, in which one account is not as it should be."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text, update

from kernel.calendar import FIRST_DAY
from services.collections import events
from services.collections.contact_dues.usecases import review_all_contacts
from services.collections.credit_holds.usecases import review_all_credit_holds
from services.collections.dunning import queries
from services.collections.dunning.models import Notice, Run
from services.collections.dunning.rules import Reason
from services.collections.parked.queries import list_parked_accounts
from services.collections.placements.usecases import propose_placements
from services.collections.planning.usecases import run_dunning_for_day
from services.collections.procedures.usecases import assign_procedure
from services.collections.receivables.models import Receivable
from services.collections.runs.rules import RunStatus

pytestmark = pytest.mark.server

DUE = date(2026, 1, 31)
TOO_MUCH = 9 * 10**18  # two of them are more than the database's largest number


def _after(days: int) -> date:
    return DUE + timedelta(days=days)


def _parked(business: Any, **filters: Any) -> list[tuple[str, date, str, str]]:
    wanted = {"account_id": None, "job": None, "day": None, **filters}
    page = list_parked_accounts(business.session, **wanted, limit=50, after=None)
    return [(one.job, one.day, one.account_id, one.reason) for one in page["items"]]


def _spoil(business: Any, items: Iterable[dict[str, Any]], **differently: Any) -> None:
    ids = [item["item_id"] for item in items]
    statement = update(Receivable).where(Receivable.item_id.in_(ids)).values(**differently)
    business.session.execute(statement)


@pytest.mark.parametrize("due", [date.max, FIRST_DAY], ids=str)
def test_an_item_of_the_first_or_the_last_day_stops_nobodys_letter(
    business: Any, due: date
) -> None:
    odd, other = business.open_account(), business.open_account()
    procedure_id = business.own_procedure(odd, 5, 3650)  # without a courtesy
    assign_procedure(
        business.session, account_id=other, procedure_id=procedure_id, now=business.now, by="ann"
    )
    item = business.issue(odd, due=due)
    business.issue(other, due=DUE)
    run = business.approve(business.simulate(procedure_id, _after(5)), _after(5))
    business.morning(_after(6))

    assert business.levels_sent(other) == [1]
    assert business.levels_sent(odd) == ([1] if due == FIRST_DAY else [])
    assert business.explain(item, _after(5))["run_id"] == run["run_id"]
    assert _parked(business, account_id=odd) == []


@pytest.fixture
def unclear(business: Any) -> tuple[str, str, dict[str, Any]]:
    """A procedure whose second level was spoilt, after an account got its first letter; and its item."""
    account_id = business.open_account()
    procedure_id: str = business.own_procedure(account_id, 5, 20)
    item = business.issue(account_id, due=DUE)
    business.approve(business.simulate(procedure_id, _after(5)), _after(5))
    business.settle()
    business.session.execute(
        text(
            "UPDATE dunning_procedure_version SET is_automatic = true,"
            " levels = jsonb_set(levels, '{1,delay_days}', 'null') WHERE procedure_id = :id"
        ),
        {"id": procedure_id},
    )
    business.session.expire_all()
    return account_id, procedure_id, item


def _join(business: Any, procedure_id: str) -> str:
    """Another account with that procedure, to which its first letter is due."""
    account_id: str = business.open_account()
    assign_procedure(
        business.session,
        account_id=account_id,
        procedure_id=procedure_id,
        now=business.now,
        by="key_of_ann",
    )
    business.issue(account_id, due=_after(10))
    return account_id


def test_a_run_parks_an_account_it_cannot_decide_about_and_all_others_get_their_letters(
    business: Any, unclear: tuple[str, str, dict[str, Any]]
) -> None:
    account_id, procedure_id, item = unclear
    other = _join(business, procedure_id)
    business.morning(_after(20))

    assert business.levels_sent(other) == [1]
    assert business.levels_sent(account_id) == [1]
    explained = business.explain(item, _after(20))
    assert (explained["outcome"], explained["reason"]) == ("skipped", Reason.NOT_DECIDED)
    assert "TypeError" in explained["sentence"]
    run = queries.get_run(business.session, run_id=explained["run_id"])
    assert (run["status"], run["closed_at"]) == (RunStatus.COMPLETED_WITH_PARKED, business.now)
    assert [(one.reason, one.items) for one in run["skips"]] == [(Reason.NOT_DECIDED, 1)]
    [skip] = queries.list_run_skips(
        business.session, run_id=run["run_id"], reason=Reason.NOT_DECIDED, limit=5, after=None
    )["items"]
    assert (skip.account_id, skip.item_ids) == (account_id, [item["item_id"]])
    [(job, day, parked, reason)] = _parked(business, job="run_dunning", account_id=account_id)
    assert (job, day, parked) == ("run_dunning", _after(20), account_id)
    assert reason.startswith("TypeError: ")


def test_a_run_that_can_decide_about_nobody_is_completed_with_parked_at_once(
    business: Any, unclear: tuple[str, str, dict[str, Any]]
) -> None:
    _, procedure_id, item = unclear
    run = business.simulate(procedure_id, _after(20))
    assert run["status"] == RunStatus.PREVIEWED

    assert business.approve(run, _after(20))["status"] == RunStatus.COMPLETED_WITH_PARKED
    assert business.explain(item, _after(20))["reason"] == Reason.NOT_DECIDED


def test_an_account_that_was_parked_is_decided_about_again_on_the_next_day(
    business: Any, unclear: tuple[str, str, dict[str, Any]]
) -> None:
    account_id, procedure_id, _ = unclear
    business.morning(_after(20))
    business.session.execute(
        text(
            "UPDATE dunning_procedure_version"
            " SET levels = jsonb_set(levels, '{1,delay_days}', '20') WHERE procedure_id = :id"
        ),
        {"id": procedure_id},
    )
    business.session.expire_all()
    business.morning(_after(21))

    assert business.levels_sent(account_id) == [1, 2]
    assert [day for _, day, _, _ in _parked(business, account_id=account_id)] == [_after(20)]


def test_a_letter_the_database_does_not_take_stops_no_other(business: Any) -> None:
    odd, other = business.open_account(), business.open_account()
    items = [business.issue(odd, due=DUE) for _ in range(2)]
    business.issue(other, due=DUE)
    _spoil(business, items, amount=TOO_MUCH, balance=TOO_MUCH)
    business.morning(_after(5))

    assert business.levels_sent(other) == [1]
    assert business.levels_sent(odd) == []
    jobs = {job: reason for job, _, _, reason in _parked(business, account_id=odd)}
    assert set(jobs) == {"run_dunning", "review_contacts"}
    assert all("out of range" in reason for reason in jobs.values())
    assert business.told(events.ContactDue, other)


def test_a_procedure_that_cannot_be_read_stops_no_other(business: Any) -> None:
    odd, other = business.open_account(), business.open_account()
    procedure_id = business.own_procedure(odd, 5)
    item = business.issue(odd, due=DUE)
    business.issue(other, due=DUE)
    business.session.execute(
        text("UPDATE dunning_procedure_version SET levels = '[{}]' WHERE procedure_id = :id"),
        {"id": procedure_id},
    )
    business.session.expire_all()
    business.morning(_after(5))

    assert business.levels_sent(other) == [1]
    [run] = business.session.query(Run).where(Run.procedure_id == procedure_id)
    assert (run.status, run.closed_at) == (RunStatus.CANCELLED, business.now)
    assert run.reason.startswith("The run could not be made: TypeError: ")
    assert business.session.query(Notice).where(Notice.run_id == run.run_id).count() == 0
    assert business.explain(item, _after(5))["outcome"] == "not_looked_at"


def test_a_contact_that_cannot_be_told_of_stops_no_other(business: Any) -> None:
    odd, other = business.open_account(), business.open_account()
    items = [business.issue(odd, due=DUE) for _ in range(2)]
    business.issue(other, due=DUE)
    _spoil(business, items, amount=TOO_MUCH, balance=TOO_MUCH)
    business.today = _after(1)
    review_all_contacts(business.session, today=_after(1))

    assert len(business.told(events.ContactDue, other)) == 1
    assert business.told(events.ContactDue, odd) == []
    assert [job for job, *_ in _parked(business, account_id=odd)] == ["review_contacts"]


def test_a_credit_hold_that_cannot_be_placed_stops_no_other(business: Any) -> None:
    odd, other = business.open_account(), business.open_account()
    items = [business.issue(account_id, due=DUE) for account_id in (odd, other)]
    for days in (5, 20):
        business.morning(_after(days))
    business.today = _after(40)
    run_dunning_for_day(business.session, day=_after(40), now=business.now, by="service")
    business.settle_without_reviews()
    _spoil(business, items[:1], currency="XXX")  # which has no decimals, as it is no currency
    business.session.expire_all()
    review_all_credit_holds(business.session, today=_after(40), now=business.now)

    assert len(business.told(events.CreditHoldPlaced, other)) == 1
    assert business.told(events.CreditHoldPlaced, odd) == []
    assert [job for job, *_ in _parked(business, account_id=odd)] == ["review_credit_holds"]


@pytest.mark.parametrize("spoilt", ["the amount", "the procedure"])
def test_a_placement_that_cannot_be_proposed_stops_no_other(business: Any, spoilt: str) -> None:
    odd, other = business.open_account(), business.open_account()
    items = [business.issue(odd, due=DUE) for _ in range(2)]
    business.issue(other, due=DUE)
    for days in (5, 20, 40):
        business.morning(_after(days))
    if spoilt == "the amount":
        _spoil(business, items, amount=TOO_MUCH, balance=TOO_MUCH)
    else:
        procedure_id = business.own_procedure(odd, 5)
        business.session.execute(
            text(
                "UPDATE dunning_procedure_version SET levels = '[{}]', hand_over_days = 60"
                " WHERE procedure_id = :id"
            ),
            {"id": procedure_id},
        )
    business.session.expire_all()
    business.today = _after(60)
    propose_placements(business.session, day=_after(60), now=business.now, by="service")

    assert len(business.told(events.PlacementChanged, other)) == 1
    assert business.told(events.PlacementChanged, odd) == []
    [(job, day, _, reason)] = _parked(business, account_id=odd)
    assert (job, day) == ("propose_placements", _after(60))
    assert ("out of range" if spoilt == "the amount" else "TypeError: ") in reason
    assert _parked(business, account_id=other) == []


def test_a_run_that_cannot_be_closed_keeps_no_other_from_it(business: Any) -> None:
    runs = []
    for _ in range(2):
        account_id = business.open_account()
        procedure_id = business.own_procedure(account_id, 5)
        business.issue(account_id, due=DUE)
        runs.append(business.approve(business.simulate(procedure_id, _after(5)), _after(5)))
    odd, other = (run["run_id"] for run in runs)  # their letters are on their way
    business.session.execute(
        text(
            "CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'not this one' USING ERRCODE = 'data_exception'; END $$;"
            "CREATE TRIGGER refuse BEFORE UPDATE ON dunning_run FOR EACH ROW"
            f" WHEN (NEW.run_id = '{odd}') EXECUTE FUNCTION pg_temp.refuse()"
        )
    )
    business.today = _after(7)
    run_dunning_for_day(business.session, day=_after(7), now=business.now, by="service")

    found = business.session.query(Run).where(Run.run_id.in_([odd, other]))
    assert {run.run_id: run.status for run in found} == {
        odd: RunStatus.APPROVED,
        other: RunStatus.COMPLETED_WITH_PARKED,
    }
