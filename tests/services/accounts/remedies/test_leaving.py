"""What waits for the decision of somebody who leaves waits for the next who could decide."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.event import listen, remove

from tests.services.accounts.remedies.conftest import Desk

pytestmark = pytest.mark.server

ABOVE_LEAD = 50001


def leave(desk: Desk, who: str, *, below: str, above: str | None) -> None:
    """Somebody leaves, and who reported to them reports to another first."""
    superior = None if above is None else desk.people[above]
    desk.office.do("edit_staff", staff_id=desk.people[below], reports_to_id=superior)
    desk.office.do("leave_staff", staff_id=desk.people[who])


def reason(desk: Desk, remedy: dict[str, Any]) -> dict[str, Any]:
    """Why its account should be contacted, as it was told last."""
    announced = desk.office.session.info["announced"]
    told = [data for event, data, _ in announced if event.name == "contact_due"]
    found: dict[str, Any] = [one for one in told if one["about"] == remedy["remedy_id"]][-1]
    return found


def test_the_next_who_could_decide_is_told_of_it(desk: Desk) -> None:
    remedy = desk.give("ada", desk.case(), ABOVE_LEAD)
    assert remedy["approver_id"] == desk.people["dora"]
    leave(desk, "dora", below="lea", above="vera")
    found = desk.office.do("get_remedy", remedy_id=remedy["remedy_id"])
    assert (found["status"], found["approver_id"]) == ("waiting_for_approval", desk.people["vera"])
    told = reason(desk, remedy)
    assert (told["to_staff_id"], told["since"]) == (desk.people["vera"], "2026-06-15")
    assert told["sentence"].endswith("; Vera decides.")
    desk.office.hear_itself()
    for who, kinds in (("vera", ["remedy_approval"]), ("dora", [])):
        items = desk.office.do("get_worklist", staff_id=desk.people[who])["items"]
        assert [one["kind"] for item in items for one in item["reasons"]] == kinds
    approved = desk.do("vera", "approve_remedy", remedy_id=remedy["remedy_id"])
    assert approved["status"] == "granted"


def test_where_nobody_above_may_it_waits_and_says_so(desk: Desk) -> None:
    remedy = desk.give("ada", desk.case(), 500001)
    leave(desk, "vera", below="dora", above=None)
    assert desk.office.do("get_remedy", remedy_id=remedy["remedy_id"])["approver_id"] is None
    told = reason(desk, remedy)
    assert told["to_staff_id"] is None
    assert told["sentence"].endswith("; nobody above may grant so much: raise an authority.")


def test_what_was_decided_stays_whose_it_was(desk: Desk) -> None:
    remedy = desk.give("ada", desk.case(), ABOVE_LEAD)
    desk.do("dora", "approve_remedy", remedy_id=remedy["remedy_id"])
    leave(desk, "dora", below="lea", above="vera")
    found = desk.office.do("get_remedy", remedy_id=remedy["remedy_id"])
    assert (found["approver_id"], found["approved_by"]) == (desk.people["dora"],) * 2


@pytest.mark.parametrize("who", ["ada", "import"])
def test_many_are_passed_on_in_as_many_statements_as_two(
    desk_of: Any, office: Any, who: str
) -> None:
    counts = []
    for many in (2, 12):
        desk = desk_of(office)
        for _ in range(many):
            desk.give(who, desk.case(), ABOVE_LEAD)
        office.do("edit_staff", staff_id=desk.people["lea"], reports_to_id=desk.people["vera"])
        office.session.expire_all()
        asked: list[str] = []

        def hear(*given: Any, asked: list[str] = asked) -> None:
            asked.append(given[2])

        connection = office.session.connection()
        listen(connection, "before_cursor_execute", hear)
        office.do("leave_staff", staff_id=desk.people["dora"])
        remove(connection, "before_cursor_execute", hear)
        counts.append(len(asked))
    assert counts[0] == counts[1]
