"""Nothing leaves the lists but done or settled, and the figures of any days say so."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text

from services.accounts import measures
from services.accounts.worklist.models import (
    WorklistItem,
    WorklistOutcome,
    WorklistReason,
    WorklistTally,
)
from services.accounts.workload.queries import get_figures
from tests.services.accounts.worklist.telling import CALL, DEBT, due, settled, worklist

pytestmark = pytest.mark.server


def test_each_day_counts_what_came_and_went_on_it(office) -> None:
    owner_id = office.staff()["staff_id"]
    done, left, rests = (office.account(owner_id=owner_id, name=f"No. {n}") for n in range(3))
    for account in (done, left):
        due(office, account)
    [first, *_] = worklist(office, done)["items"]
    office.do(
        "finish_worklist_item", worklist_item_id=first["worklist_item_id"], outcome="will_pay"
    )
    office.pass_days(1)
    due(office, rests)
    for line in worklist(office, rests)["items"][:1]:
        settled(office, line)
    found = [
        office.do("get_worklist_figures", first_on=day, last_on=day, staff_id=owner_id)
        for day in ("2026-01-05", "2026-01-06")
    ]
    names = ("open_before", "opened", "done", "settled", "open_after")
    assert [tuple(one[name] for name in names) for one in found] == [
        (0, 2, 1, 0, 1),
        (1, 1, 0, 1, 1),
    ]


def test_what_ended_on_an_earlier_day_than_it_came_counts_on_the_day_it_came(office) -> None:
    owner_id = office.staff()["staff_id"]  # of all there would be what other tests leave
    account = office.account(owner_id=owner_id)
    due(office, account)
    settled(office, account)
    moved_west = ZoneInfo("Pacific/Pago_Pago")  # where it was the day before still
    found = [
        get_figures(office.session, first_on=day, last_on=day, staff_id=owner_id, zone=moved_west)
        for day in (date(2026, 1, 4), date(2026, 1, 5), date(2026, 1, 6))
    ]
    assert [(one["opened"], one["settled"], one["open_after"]) for one in found] == [
        (0, 0, 0),
        (1, 1, 0),
        (0, 0, 0),
    ]


def measured(office) -> list[int]:
    """What Prometheus is told: opened, done, settled, open."""
    return list(office.session.execute(text(measures.WORKLIST.statement)).one())


STEPS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(["due", "settle", "finish", "finish one", "snooze", "give away", "a day"]),
    ),
    max_size=14,
)


@given(steps=STEPS)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_leaves_the_lists_but_done_or_settled(office, steps) -> None:
    for table in (WorklistOutcome, WorklistItem, WorklistReason, WorklistTally):
        office.session.execute(delete(table))
    owners = [office.staff()["staff_id"] for _ in range(2)]
    accounts = [office.account(owner_id=owners[0], name=f"Client {n}") for n in range(3)]
    first_on, version = office.clock.today(), 0
    for index, step in steps:
        account = accounts[index]
        account["owner_id"] = office.do("get_account", account_id=account["account_id"])["owner_id"]
        version += 1  # noqa: SIM113
        lines = [
            line
            for line in worklist(office, account)["items"]
            if line["account_id"] == account["account_id"]
        ]
        if step == "due":
            due(
                office, account, (DEBT, CALL)[version % 2], version, since=str(office.clock.today())
            )
        elif step == "settle":
            settled(office, account, (DEBT, CALL)[version % 2], version)
        elif step == "a day":
            office.pass_days(1)
        elif step == "give away":
            other = owners[account["owner_id"] == owners[0]]
            office.do(
                "change_owner", account_id=account["account_id"], owner_id=other, reason="Ill."
            )
        elif lines and step == "snooze":
            tomorrow = office.clock.today().replace(day=office.clock.today().day + 1)
            office.do(
                "snooze_worklist_item",
                worklist_item_id=lines[0]["worklist_item_id"],
                until=str(tomorrow),
            )
        elif lines:
            reason = lines[0]["reasons"][0]
            one = [{"kind": reason["kind"], "about": reason["about"], "outcome": "reached"}]
            said = {"reasons": one} if step == "finish one" else {"outcome": "not_reached"}
            office.do("finish_worklist_item", worklist_item_id=lines[0]["worklist_item_id"], **said)
        days = {"first_on": str(first_on), "last_on": str(office.clock.today())}
        figures = office.do("get_worklist_figures", **days)
        assert figures["open_before"] == 0
        assert figures["opened"] == figures["done"] + figures["settled"] + figures["open_after"]
        assert measured(office) == [
            figures[name] for name in ("opened", "done", "settled", "open_after")
        ]
        by_owner = [office.do("get_worklist_figures", staff_id=one, **days) for one in owners]
        assert figures == {name: sum(one[name] for one in by_owner) for name in figures}
        open_items = office.session.query(WorklistItem).where(WorklistItem.status == "open")
        assert figures["open_after"] == open_items.count()
    before = 0
    for number in range((office.clock.today() - first_on).days + 1):
        day = str(first_on + timedelta(days=number))
        of_day = office.do("get_worklist_figures", first_on=day, last_on=day)
        assert of_day["open_before"] == before, "each day begins as the one before it ended"
        before = of_day["open_after"]
        assert of_day["open_before"] + of_day["opened"] == sum(
            of_day[name] for name in ("done", "settled", "open_after")
        )
    days = {"first_on": str(first_on), "last_on": str(office.clock.today())}
    assert before == office.do("get_worklist_figures", **days)["open_after"]
