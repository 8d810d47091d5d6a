"""The complaint before Easter: what happens at other times of day than in the morning.

It comes on the Thursday at half past three and is to be answered within four hours of ours; between
them lie Good Friday, a weekend and Easter Monday. So it is due on the Tuesday at half past eleven.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

from dev.demo import complaints
from dev.demo.desk import Desk, Thing
from dev.demo.occasions import EASTER
from ops.client import Refused

RECEIVED_AT = datetime(2025, 4, 17, 13, 30, tzinfo=UTC)
WARNED_AT = datetime(2025, 4, 22, 8, 30, tzinfo=UTC)
ANSWERED_AT = datetime(2025, 4, 22, 9, 5, tzinfo=UTC)

Moment = tuple[datetime, Callable[[Desk], None]]


def list_moments(day: date) -> Iterator[Moment]:
    """What happens on a day after the morning, and when."""
    return (moment for moment in _MOMENTS if moment[0].date() == day)


def _complain(desk: Desk) -> None:
    """A client of the standard tier complains by phone; its colleague, who rings as well, is told that it
    is known."""
    item = _choose_item(desk)
    by = desk.name_of(desk.client.get(f"/v1/accounts/{item['account_id']}")["owner_id"])
    complaints.open_complaint(desk, item, EASTER[0], by=by)
    try:
        complaints.open_complaint(desk, item, "Crushed cups in our delivery!", by=by)
    except Refused as refusal:
        if refusal.code != "similar_case":
            raise
        [similar] = refusal.problem["cases"]
        note = {"note": "Their second cook rang about it, too."}
        desk.do(f"/v1/cases/{similar['case_id']}/notes", note, by=by)


def _answer(desk: Desk) -> None:
    """It stands on the list since half past ten, and is answered."""
    case = find_case(desk.client.list("/v1/cases", kind="complaint"))
    complaints.answer(desk, case, by=desk.name_of(case["owner_id"]))


def find_case(cases: Iterator[Thing]) -> Thing:
    """The complaint of this story."""
    return next(case for case in cases if case["subject"] == EASTER[0])


def _choose_item(desk: Desk) -> Thing:
    """The newest invoice on which nothing is paid, of an account in Germany of the standard tier."""
    accounts = {
        one["account_id"]: one["number"]
        for one in desk.client.list("/v1/accounts", tier="standard", country="DE")
        if one["status"] == "active"
    }
    items = desk.client.list("/v1/items", status="open")
    untouched = [one for one in items if one["balance"] == one["amount"]]
    return max(
        (one for one in untouched if one["account_id"] in accounts),
        key=lambda one: (one["issued_on"], accounts[one["account_id"]]),
    )


_MOMENTS: tuple[Moment, ...] = (
    (RECEIVED_AT, _complain),
    (WARNED_AT, lambda _: None),
    (ANSWERED_AT, _answer),
)
