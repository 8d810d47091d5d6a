"""Staff: unique addresses, lines without circles, and nobody leaves with accounts in hand."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.refusals import Conflict, Invalid, NotFound, VersionMismatch
from services.accounts.events import STAFF

pytestmark = pytest.mark.server


def test_an_address_belongs_to_one_person(office) -> None:
    first = office.staff(email="Ada@steward.example")
    with pytest.raises(Conflict, match="Ada Manager") as refusal:
        office.staff(email="ada@STEWARD.example")
    assert refusal.value.code == "duplicate_email"
    assert refusal.value.facts["staff_id"] == first["staff_id"]


def test_an_edit_changes_what_was_sent_and_nothing_else(office) -> None:
    before = office.staff()
    after = office.do("edit_staff", staff_id=before["staff_id"], role="lead")
    assert after == before | {"role": "lead", "version": before["version"] + 1}


def test_one_keeps_ones_own_address_on_an_edit(office) -> None:
    ada = office.staff(email="ada@steward.example")
    again = office.do("edit_staff", staff_id=ada["staff_id"], email="ADA@steward.example")
    assert again["email"] == "ada@steward.example"


def announced(office) -> list[tuple[str, dict[str, Any]]]:
    told = office.session.info.pop("announced", [])
    return [(event.name, data) for event, data, _ in told]


def test_what_happens_to_a_person_is_announced_with_the_whole_of_them(office) -> None:
    lead = office.staff(name="Lea Lead", role="lead")
    ada = office.staff(reports_to_id=lead["staff_id"])
    snapshot = {name: ada[name] for name in STAFF}
    announced(office)
    office.do("edit_staff", staff_id=ada["staff_id"], reports_to_id=None, name="Ada Ross")
    office.do("leave_staff", staff_id=ada["staff_id"])
    office.do("return_staff", staff_id=ada["staff_id"])
    changed = snapshot | {"reports_to_id": None, "name": "Ada Ross", "version": 2}
    assert announced(office) == [
        ("staff_changed", changed),
        ("staff_left", changed | {"version": 3, "is_active": False}),
        ("staff_returned", changed | {"version": 4}),
    ]
    assert snapshot == STAFF | {
        "staff_id": ada["staff_id"],
        "reports_to_id": lead["staff_id"],
        "name": "Ada Manager",
    }


def test_who_is_taken_on_is_announced_and_an_edit_that_changes_nothing_is_not(office) -> None:
    ada = office.staff()
    assert announced(office) == [("staff_added", {name: ada[name] for name in STAFF})]
    assert office.do("edit_staff", staff_id=ada["staff_id"], name=ada["name"]) == ada
    assert announced(office) == []


def test_a_reporting_circle_is_refused(office) -> None:
    lead = office.staff(role="lead")
    manager = office.staff(reports_to_id=lead["staff_id"])
    assistant = office.staff(reports_to_id=manager["staff_id"], role="assistant")
    with pytest.raises(Conflict) as refusal:
        office.do("edit_staff", staff_id=lead["staff_id"], reports_to_id=assistant["staff_id"])
    assert refusal.value.code == "reporting_circle"


def test_people_are_listed_by_role_superior_and_whether_they_work_here(office) -> None:
    lead = office.staff(role="lead")
    manager = office.staff(reports_to_id=lead["staff_id"])
    gone = office.staff(reports_to_id=lead["staff_id"], role="assistant")
    office.do("leave_staff", staff_id=gone["staff_id"])

    def ids(**filters: Any) -> set[str]:
        return {one["staff_id"] for one in office.do("list_staff", **filters)["items"]}

    below = {"reports_to_id": lead["staff_id"]}
    assert ids(**below) == {manager["staff_id"], gone["staff_id"]}
    assert ids(**below, is_active=True) == {manager["staff_id"]}
    assert ids(**below, is_active=False) == {gone["staff_id"]}
    assert ids(**below, role="assistant") == {gone["staff_id"]}


def test_nobody_leaves_while_they_own_accounts(office) -> None:
    ada, ben = office.staff(), office.staff(name="Ben")
    office.account(owner_id=ada["staff_id"])
    with pytest.raises(Conflict, match="owns 1 account; hand it over first") as refusal:
        office.do("leave_staff", staff_id=ada["staff_id"])
    assert refusal.value.code == "staff_owns_accounts"
    office.do(
        "hand_over_book", staff_id=ada["staff_id"], owner_id=ben["staff_id"], reason="Leaves."
    )
    assert office.do("leave_staff", staff_id=ada["staff_id"])["left_on"] == "2026-01-05"


def test_nobody_leaves_while_others_report_to_them(office) -> None:
    lead = office.staff(role="lead")
    office.staff(reports_to_id=lead["staff_id"])
    with pytest.raises(Conflict) as refusal:
        office.do("leave_staff", staff_id=lead["staff_id"])
    assert refusal.value.code == "staff_has_reports"


def test_who_left_is_given_neither_accounts_nor_reports_until_they_return(office) -> None:
    gone = office.staff()["staff_id"]
    office.do("leave_staff", staff_id=gone)
    with pytest.raises(Conflict, match="left on 2026-01-05"):
        office.account(owner_id=gone)
    with pytest.raises(Conflict, match="left on 2026-01-05"):
        office.staff(reports_to_id=gone)
    assert office.do("return_staff", staff_id=gone)["is_active"] is True
    assert office.account(owner_id=gone)["owner_id"] == gone


def test_who_returns_reports_to_somebody_who_works_here(office) -> None:
    una, lea = office.staff(name="Una", role="lead"), office.staff(name="Lea", role="lead")
    yan = office.staff(name="Yan", reports_to_id=una["staff_id"])["staff_id"]
    for gone in (yan, una["staff_id"]):
        office.do("leave_staff", staff_id=gone)
    with pytest.raises(Conflict, match="Una, to whom Yan reported, left on 2026-01-05") as refusal:
        office.do("return_staff", staff_id=yan)
    assert refusal.value.code == "superior_left"
    office.do("edit_staff", staff_id=yan, reports_to_id=lea["staff_id"])
    assert office.do("return_staff", staff_id=yan)["is_active"] is True


def test_leaving_is_not_announced_for_the_future(office) -> None:
    with pytest.raises(Invalid):
        office.do("leave_staff", staff_id=office.staff()["staff_id"], left_on="2026-01-06")


def test_a_change_on_an_old_version_is_refused(office) -> None:
    ada = office.staff()
    office.do("edit_staff", staff_id=ada["staff_id"], name="Ada Lead")
    office.session.info["if_match"] = {ada["staff_id"]: ada["version"]}
    with pytest.raises(VersionMismatch):
        office.do("edit_staff", staff_id=ada["staff_id"], name="Ada Director")


def test_an_unknown_person_is_not_found(office) -> None:
    with pytest.raises(NotFound):
        office.do("get_staff", staff_id="stf_01jd3v4q6ye8z9t5k2m7n0p1xw")
