"""Helpers and a team look after an account beside its owner, who looks at what helpers record."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from kernel.callers import Caller
from kernel.refusals import Conflict, Forbidden, Refusal

pytestmark = pytest.mark.server


def helper(office: Any, account_id: str, role: str = "assistant", **more: Any) -> dict[str, Any]:
    staff_id = office.staff(role=role, name="Ben Cole")["staff_id"]
    sent = {"account_id": account_id, "staff_id": staff_id, "purpose": "The review."}
    added: dict[str, Any] = office.do("add_helper", **sent | more)
    return added


def read(office: Any, sharing: dict[str, Any]) -> dict[str, Any]:
    items = office.do("list_sharings", account_id=sharing["account_id"])["items"]
    [found] = [one for one in items if one["sharing_id"] == sharing["sharing_id"]]
    return dict(found)


def team(office: Any, name: str) -> str:
    return str(office.do("open_team", name=name)["team_id"])


def test_a_helper_begins_and_ends_by_themselves(office: Any) -> None:
    account_id = office.account()["account_id"]
    one = helper(office, account_id, from_on="2026-01-06", until_on="2026-01-06")
    office.announced()
    for moment, status, announced in (
        (datetime(2026, 1, 6, 4, tzinfo=UTC), "planned", []),
        (datetime(2026, 1, 6, 5, tzinfo=UTC), "standing", ["helper_began"]),
        (datetime(2026, 1, 7, 5, tzinfo=UTC), "ended", ["helper_ended"]),
    ):
        office.pass_until(moment)
        assert read(office, one)["status"] == status
        assert office.announced() == announced


def test_a_helper_is_not_the_owner_and_helps_once_at_a_time(office: Any) -> None:
    account = office.account()
    account_id = account["account_id"]
    with pytest.raises(Conflict) as refused:
        helper(office, account_id, staff_id=account["owner_id"])
    assert refused.value.code == "helper_owns_account"
    one = helper(office, account_id, until_on="2026-01-10")
    with pytest.raises(Conflict) as refused:
        helper(office, account_id, staff_id=one["staff_id"], from_on="2026-01-08")
    assert refused.value.code == "helps_already"
    again = helper(office, account_id, staff_id=one["staff_id"], from_on="2026-01-11")
    assert again["status"] == "planned"


def test_an_account_has_one_team_at_a_time(office: Any) -> None:
    account_id = office.account()["account_id"]
    give = {"account_id": account_id, "purpose": "Too large for one."}
    north, south = team(office, "North"), team(office, "South")
    first = office.do("give_team", team_id=north, **give)
    with pytest.raises(Conflict) as refused:
        office.do("give_team", team_id=north, **give)
    assert refused.value.code == "same_team"
    second = office.do("give_team", team_id=south, **give)
    assert [read(office, one)["status"] for one in (first, second)] == ["ended", "standing"]
    office.do("end_sharing", sharing_id=second["sharing_id"])
    names = [name for name in office.announced() if name.startswith("team_")]
    assert names == ["team_given", "team_taken", "team_given", "team_taken"]
    office.do("close_team", team_id=south)
    with pytest.raises(Conflict) as refused:
        office.do("give_team", team_id=south, **give)
    assert refused.value.code == "team_closed"


@pytest.mark.parametrize(
    ("role", "said", "needs"),
    [
        ("assistant", None, True),
        ("account_manager", None, False),
        ("assistant", False, False),
        ("lead", True, True),
    ],
)
def test_whose_work_is_looked_at_is_said_for_the_role_unless_for_the_one(
    office: Any, role: str, said: bool | None, needs: bool
) -> None:
    account_id = office.account()["account_id"]
    assert helper(office, account_id, role, needs_look=said)["needs_look"] == needs


def test_what_is_said_of_a_role_is_data(office: Any) -> None:
    office.do("set_role_look", role="account_manager", needs_look=True)
    looks = office.do("list_role_looks")["items"]
    assert {one["role"] for one in looks if one["needs_look"]} == {"assistant", "account_manager"}
    assert helper(office, office.account()["account_id"], "account_manager")["needs_look"]


def waive(office: Any, account_id: str, by: str) -> None:
    """Have somebody record something about an account."""
    office.caller = Caller(by, frozenset({"*"}), None, by)
    item = office.do("add_checklist_item", account_id=account_id, name="A check")
    office.do("waive_checklist_item", checklist_item_id=item["checklist_item_id"], reason="No.")
    office.hear_itself()
    office.hear_itself()  # and the reason that it told


def reasons(office: Any, owner_id: str) -> list[str]:
    items = office.do("get_worklist", staff_id=owner_id)["items"]
    return [
        one["sentence"] for item in items for one in item["reasons"] if one["kind"] == "follow_up"
    ]


def test_an_owner_is_asked_to_look_at_what_a_helper_records(office: Any) -> None:
    account = office.onboarding_account()
    account_id = account["account_id"]
    one = helper(office, account_id)
    for count in ("1 thing ", "2 things "):
        waive(office, account_id, one["staff_id"])
        [sentence] = reasons(office, account["owner_id"])
        assert f"Ben Cole, who helps here, recorded {count}since 2026-01-05" in sentence
    with pytest.raises(Forbidden) as refused:
        office.do("look_at_work", sharing_id=one["sharing_id"])
    assert refused.value.code == "own_work"
    office.caller = Caller(account["owner_id"], frozenset({"*"}), None, account["owner_id"])
    for _ in range(2):  # safe to say twice
        looked = office.do("look_at_work", sharing_id=one["sharing_id"])
        assert (looked["to_look_at"], looked["looked_at_by"]) == (0, account["owner_id"])
    office.hear_itself()
    assert reasons(office, account["owner_id"]) == []


@pytest.mark.parametrize("who", ["owner", "free helper", "former helper"])
def test_nobody_looks_at_what_others_record(office: Any, who: str) -> None:
    account = office.onboarding_account()
    account_id = account["account_id"]
    free = helper(office, account_id, "account_manager")
    former = helper(office, account_id)
    office.do("end_sharing", sharing_id=former["sharing_id"])
    people = {"owner": account["owner_id"]}
    people |= {"free helper": free["staff_id"], "former helper": former["staff_id"]}
    waive(office, account_id, people[who])
    assert reasons(office, account["owner_id"]) == []


def test_who_left_helps_with_nothing(office: Any) -> None:
    one = helper(office, office.account()["account_id"])
    office.do("leave_staff", staff_id=one["staff_id"])
    office.hear_itself()
    assert read(office, one)["status"] == "ended"
    with pytest.raises(Refusal):
        office.do("end_sharing", sharing_id=one["sharing_id"])
