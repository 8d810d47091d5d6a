"""Ownership passes on with a date, a reason and a history, and never lapses."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from chassis.doors.sessions import open_session
from kernel.callers import Caller
from kernel.refusals import Conflict, Invalid, NotFound
from services.accounts.ownership.models import OwnershipPeriod

pytestmark = pytest.mark.server


def periods(office, account_id: str) -> list[tuple[str, str, str | None]]:
    page = office.do("list_owners", account_id=account_id)
    return [(one["staff_id"], one["since_on"], one["until_on"]) for one in page["items"]]


def test_the_first_owner_begins_with_the_account(office) -> None:
    account = office.account()
    assert periods(office, account["account_id"]) == [(account["owner_id"], "2026-01-05", None)]


def test_a_change_ends_one_owners_time_where_the_next_begins(office) -> None:
    account, ben = office.account(), office.staff(name="Ben")["staff_id"]
    office.pass_days(10)
    changed = office.do(
        "change_owner",
        account_id=account["account_id"],
        owner_id=ben,
        since_on="2026-01-12",
        reason="Regions were redrawn.",
    )
    assert (changed["owner_id"], changed["owner_since_on"]) == (ben, "2026-01-12")
    assert periods(office, account["account_id"]) == [
        (account["owner_id"], "2026-01-05", "2026-01-12"),
        (ben, "2026-01-12", None),
    ]


def test_a_change_of_owner_is_announced_with_the_version_after_it(office) -> None:
    account, ben = office.account(), office.staff(name="Ben")["staff_id"]
    office.announced()
    office.do("change_owner", account_id=account["account_id"], owner_id=ben, reason="Why not.")
    [(event, data, _)] = office.session.info["announced"]
    assert event.name == "owner_changed"
    assert data["owner_id"] == ben
    assert data["version"] == account["version"] + 1


@pytest.mark.parametrize(
    ("since_on", "code"),
    [("2026-01-04", "owner_since_too_early"), ("2026-01-08", "owner_since_in_future")],
)
def test_a_day_outside_the_present_owners_time_is_refused(office, since_on: str, code: str) -> None:
    account, ben = office.account(), office.staff(name="Ben")["staff_id"]
    office.pass_days(2)
    with pytest.raises(Invalid) as refusal:
        office.do(
            "change_owner",
            account_id=account["account_id"],
            owner_id=ben,
            since_on=since_on,
            reason="Why not.",
        )
    assert refusal.value.code == code


def test_the_owner_is_not_their_own_successor(office) -> None:
    account = office.account()
    with pytest.raises(Conflict, match="owns the account already"):
        office.do(
            "change_owner",
            account_id=account["account_id"],
            owner_id=account["owner_id"],
            reason="Why not.",
        )


def test_a_book_is_handed_over_whole(office) -> None:
    ada, ben = office.staff()["staff_id"], office.staff(name="Ben")["staff_id"]
    accounts = [office.account(owner_id=ada, name=f"Client {n}") for n in range(3)]
    others = office.account(name="Somebody else's")
    office.announced()
    answer = office.do("hand_over_book", staff_id=ada, owner_id=ben, reason="Leaves.")
    assert answer == {"handed_over": 3, "has_more": False}
    assert office.announced() == ["owner_changed"] * 3
    for account in accounts:
        assert periods(office, account["account_id"])[-1] == (ben, "2026-01-05", None)
    assert office.do("get_account", account_id=others["account_id"]) == others


def test_an_empty_book_is_handed_over_and_an_unknown_persons_is_not(office) -> None:
    ada, ben = office.staff()["staff_id"], office.staff(name="Ben")["staff_id"]
    answer = office.do("hand_over_book", staff_id=ada, owner_id=ben, reason="Leaves.")
    assert answer == {"handed_over": 0, "has_more": False}
    with pytest.raises(NotFound):
        office.do(
            "hand_over_book",
            staff_id="stf_01jd3v4q6ye8z9t5k2m7n0p1xw",
            owner_id=ben,
            reason="Leaves.",
        )


def test_a_book_over_the_limit_is_handed_over_in_parts(office, monkeypatch) -> None:
    monkeypatch.setattr("services.accounts.accounts.usecases.HAND_OVER_MAX", 2)
    ada, ben = office.staff()["staff_id"], office.staff(name="Ben")["staff_id"]
    for number in range(3):
        office.account(owner_id=ada, name=f"Client {number}")
    hand_over = {"staff_id": ada, "owner_id": ben, "reason": "Leaves."}
    assert office.do("hand_over_book", **hand_over) == {"handed_over": 2, "has_more": True}
    assert office.do("hand_over_book", **hand_over) == {"handed_over": 1, "has_more": False}


def test_the_database_refuses_a_second_present_owner(office) -> None:
    account = office.account()
    second = OwnershipPeriod(
        account_id=account["account_id"],
        staff_id=account["owner_id"],
        since_on=office.clock.today(),
        changed_by="intruder",
        changed_at=office.clock.now(),
    )
    with (
        pytest.raises(IntegrityError, match="uq_ownership_period_present"),
        office.session.begin_nested(),
    ):
        office.session.add(second)


def test_accounts_one_may_not_see_keep_their_owner_from_leaving(engine, office_of) -> None:
    narrow = Caller("narrow", frozenset({"*"}), accounts=frozenset())
    with open_session(engine, narrow) as session:
        office = office_of(session)
        owner_id = office.account()["owner_id"]
        assert session.scalar(select(func.count(OwnershipPeriod.position))) == 0
        with pytest.raises(Conflict) as refusal:
            office.do("leave_staff", staff_id=owner_id)
        assert refusal.value.code == "staff_owns_accounts"
