"""What an owner looked after goes with the account, and whoever leaves leaves nothing behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy.event import listen, remove

from kernel.refusals import Conflict

pytestmark = pytest.mark.server

VISIT = {"kind": "visit", "at": "2026-01-06T10:00:00+00:00", "subject": "Annual review"}
WEEKLY = {"every": 1, "unit": "weeks", "weekday": "tuesday", "time_of_day": "10:00"}


class Firm:
    """Ada's account, which Hal helps with, and Ben, who is to have it next."""

    def __init__(self, office: Any) -> None:
        self.office = office
        self.ada, self.ben, self.hal = (office.staff(name=name)["staff_id"] for name in "ABH")
        self.account_id = self.account()

    def account(self) -> str:
        return str(self.office.account(owner_id=self.ada)["account_id"])

    def case(self, owner_id: str, account_id: str | None = None) -> str:
        sent = {"kind": "complaint", "subject": "Broken lamps.", "is_not_similar": True}
        sent["account_id"] = account_id or self.account_id
        return str(self.office.do("open_case", **sent, owner_id=owner_id)["case_id"])

    def visit(self, owner_id: str, account_id: str | None = None) -> str:
        of = {"account_id": account_id or self.account_id, "owner_id": owner_id}
        return str(self.office.do("plan_activity", **of, **VISIT)["activity_id"])

    def give(self, to: str, account_id: str | None = None) -> None:
        account_id = account_id or self.account_id
        self.office.do("change_owner", account_id=account_id, owner_id=to, reason="Regions.")

    def owner(self, identity: str) -> str:
        kind = {"cas": "case", "act": "activity"}[identity[:3]]
        found = self.office.do(f"get_{kind}", **{f"{kind}_id": identity})
        return str(found["owner_id"])


@contextmanager
def hearing(session: Any, asked: list[str]) -> Iterator[None]:
    """Write down what the database is asked."""
    connection = session.connection()

    def hear(*given: Any) -> None:
        asked.append(given[2])

    listen(connection, "before_cursor_execute", hear)
    yield
    remove(connection, "before_cursor_execute", hear)


@pytest.fixture
def firm(office) -> Firm:
    return Firm(office)


def test_open_cases_and_plans_of_the_owner_go_with_the_account(firm: Firm) -> None:
    things = firm.case(firm.ada), firm.visit(firm.ada)
    firm.give(firm.ben)
    firm.office.hear_itself()
    assert [firm.owner(one) for one in things] == [firm.ben] * 2


def test_what_others_look_after_stays_with_them(firm: Firm) -> None:
    elsewhere = firm.account()
    theirs = firm.case(firm.hal), firm.visit(firm.hal)
    others = firm.case(firm.ada, elsewhere), firm.visit(firm.ada, elsewhere)
    firm.give(firm.ben)
    firm.office.hear_itself()
    assert [firm.owner(one) for one in theirs] == [firm.hal] * 2
    assert [firm.owner(one) for one in others] == [firm.ada] * 2


def test_what_is_over_stays_whose_it_was(firm: Firm) -> None:
    case_id, activity_id = firm.case(firm.ada), firm.visit(firm.ada)
    firm.office.do("withdraw_case", case_id=case_id, note="They found them.")
    firm.office.do("cancel_activity", activity_id=activity_id, reason="They moved.")
    firm.give(firm.ben)
    firm.office.hear_itself()
    assert [firm.owner(one) for one in (case_id, activity_id)] == [firm.ada] * 2


def test_who_passed_it_on_and_when_is_in_the_log_and_told(firm: Firm) -> None:
    case_id, _ = firm.case(firm.ada), firm.visit(firm.ada)
    firm.give(firm.ben)
    firm.office.hear_itself()
    entry = firm.office.do("list_case_states", case_id=case_id)["items"][-1]
    assert (entry["action"], entry["moved_by"]) == ("reassign", "key_office")
    assert entry["note"] == "The account has another owner: Regions."
    told = firm.office.do("get_timeline", account_id=firm.account_id)["items"]
    passed = [one["data"] for one in told if one["name"] == "activity_passed_on"]
    assert [(one["owner_id"], one["passed_by"]) for one in passed] == [(firm.ben, "key_office")]
    assert [one["data"]["owner_id"] for one in told if one["name"] == "case_changed"] == [firm.ben]


@pytest.mark.parametrize("places", [(0, 1), (1, 0)])
def test_however_late_it_is_heard_it_goes_to_whoever_owns_the_account_now(
    firm: Firm, places: tuple[int, int]
) -> None:
    of_ada = firm.case(firm.ada)
    firm.office.hear_itself()
    for owner in (firm.ben, firm.hal):
        firm.give(owner)
    told = firm.office.session.info.pop("announced")
    of_ben = firm.case(firm.ben)
    for place in places:
        firm.office.hear("accounts", "owner_changed", **told[place][1])
    assert [firm.owner(one) for one in (of_ada, of_ben)] == [firm.hal] * 2


def test_a_series_of_the_owner_goes_with_the_account(firm: Firm) -> None:
    visits = {"account_id": firm.account_id, "kind": "visit", "subject": "The usual"}
    for owner in (firm.ada, firm.hal):
        firm.office.do("begin_series", **visits, **WEEKLY, owner_id=owner)
    firm.give(firm.ben)
    firm.office.hear_itself()
    found = firm.office.do("list_series", account_id=firm.account_id)["items"]
    assert {one["owner_id"] for one in found} == {firm.ben, firm.hal}


def test_who_is_to_be_called_back_is_on_the_list_of_the_next_owner(firm: Firm) -> None:
    rung = {"phone": "+442079460123", "rung_at": firm.office.moment.isoformat()}
    firm.office.do("record_call", **rung, account_id=firm.account_id)
    firm.give(firm.ben)
    firm.office.hear_itself()
    [item] = firm.office.do("get_worklist", staff_id=firm.ben)["items"]
    assert [reason["kind"] for reason in item["reasons"]] == ["callback"]


def test_many_cases_are_passed_on_in_as_many_statements_as_one(firm: Firm) -> None:
    counts, next_owners = [], iter((firm.ben, firm.hal))
    owner = firm.ada
    for count in (1, 5):
        for _ in range(count):
            firm.case(owner)
            firm.visit(owner)
        firm.office.hear_itself()
        owner = next(next_owners)
        firm.give(owner)
        [(_, facts, _)] = firm.office.session.info.pop("announced")
        asked: list[str] = []
        with hearing(firm.office.session, asked):
            firm.office.hear("accounts", "owner_changed", **facts)
        assert firm.office.announced().count("case_changed") >= count
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_who_leaves_with_accounts_is_refused_and_told_how_many(firm: Firm) -> None:
    firm.account()
    with pytest.raises(Conflict, match="owns 2 accounts; hand them over first") as refused:
        firm.office.do("leave_staff", staff_id=firm.ada)
    assert refused.value.code == "staff_owns_accounts"


def test_what_a_leaver_looked_after_at_others_accounts_goes_to_their_owners(firm: Firm) -> None:
    things = firm.case(firm.hal), firm.visit(firm.hal)
    firm.office.do("leave_staff", staff_id=firm.hal)
    assert [firm.owner(one) for one in things] == [firm.ada] * 2
    entry = firm.office.do("list_case_states", case_id=things[0])["items"][-1]
    assert entry["note"] == "H does not work here any more."


def test_who_leaves_at_once_after_a_hand_over_leaves_nothing_open(firm: Firm) -> None:
    things = firm.case(firm.ada), firm.visit(firm.ada)
    firm.give(firm.ben)  # heard later than they leave
    firm.office.do("leave_staff", staff_id=firm.ada)
    assert [firm.owner(one) for one in things] == [firm.ben] * 2
    firm.office.hear_itself()
    assert [firm.owner(one) for one in things] == [firm.ben] * 2
