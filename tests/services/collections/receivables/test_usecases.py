"""Claims about the copy of open items, against a database."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.ids import new_id
from services.billing.fees import events as billing
from services.collections.receivables.models import Receivable
from services.collections.receivables.queries import list_receivables
from services.collections.receivables.usecases import hand_over, keep_items, open_items
from services.collections.subscriptions import FeePosted

pytestmark = pytest.mark.server


def _snapshot(item: int, version: int) -> dict[str, Any]:
    return {
        "item_id": f"itm_{item}",
        "version": version,
        "invoice_id": "inv_1",
        "invoice_number": "R-1",
        "kind": "invoice",
        "due_date": date(2026, 1, 31),
        "currency": "EUR",
        "amount": 1000,
        "balance": 1000 - 100 * version,
        "disputed": 0,
        "in_flight": 0,
        "written_off": 0,
        "status": "open",
    }


@st.composite
def _deliveries(draw: st.DrawFn) -> tuple[dict[int, int], list[list[tuple[int, int]]]]:
    """The last version of each item, and events of several snapshots: all versions, some of them
    more than once, in any order."""
    last = draw(st.dictionaries(st.integers(1, 3), st.integers(1, 5), min_size=1))
    every = [(item, version) for item, top in last.items() for version in range(1, top + 1)]
    again = draw(st.lists(st.sampled_from(every), max_size=5))
    order = draw(st.permutations(every + again))
    cuts = draw(st.integers(1, 3))
    return last, [order[start : start + cuts] for start in range(0, len(order), cuts)]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_deliveries())
def test_any_order_and_repetition_of_snapshots_gives_the_same_receivables(
    session: Session, deliveries: tuple[dict[int, int], list[list[tuple[int, int]]]]
) -> None:
    last, events = deliveries
    account_id = new_id("acc")
    for event in events:
        items = [_snapshot(item, version) for item, version in event]
        items = [{**item, "item_id": account_id + item["item_id"]} for item in items]
        keep_items(session, [{"account_id": account_id, "items": items}])

    rows = session.execute(
        select(Receivable.item_id, Receivable.version, Receivable.balance).where(
            Receivable.account_id == account_id
        )
    )
    assert {tuple(row) for row in rows} == {
        (f"{account_id}itm_{item}", version, 1000 - 100 * version) for item, version in last.items()
    }


def test_what_is_known_already_is_no_news(session: Session) -> None:
    account_id = new_id("acc")
    snapshot = {**_snapshot(1, 2), "item_id": new_id("itm")}

    assert keep_items(session, [{"account_id": account_id, "items": [snapshot]}])
    assert not keep_items(session, [{"account_id": account_id, "items": [snapshot]}])
    older = {**snapshot, "version": 1}
    assert not keep_items(session, [{"account_id": account_id, "items": [older]}])


def test_a_newer_snapshot_does_not_change_who_speaks_to_the_client(session: Session) -> None:
    item_id = new_id("itm")
    snapshot = {**_snapshot(1, 1), "item_id": item_id}
    keep_items(session, [{"account_id": new_id("acc"), "items": [snapshot]}])
    hand_over(session, item_ids=[item_id])
    keep_items(session, [{"account_id": new_id("acc"), "items": [{**snapshot, "version": 2}]}])

    is_in_collections = select(Receivable.is_in_collections).where(Receivable.item_id == item_id)
    assert session.scalar(is_in_collections) is True


def _listed(session: Session, account_id: str) -> list[str]:
    listed, after = [], None
    while True:
        page = list_receivables(session, account_id=account_id, status=None, limit=2, after=after)
        listed += [item.invoice_number for item in page["items"]]
        after = page["next_after"]
        if after is None:
            return listed


DAY = date(2026, 1, 1)


@pytest.mark.parametrize(
    "in_order",
    [
        [("R-2", DAY, DAY), ("R-1", DAY + timedelta(days=1), DAY)],
        [("R-2", DAY, DAY), ("R-1", DAY, DAY + timedelta(days=1))],
        [("R-9", DAY, DAY), ("R-10", DAY, DAY), ("R-100", DAY, DAY)],
        [("B-7", DAY, DAY), ("G-3", DAY, DAY)],
        [("R-9", DAY, None), ("R-10", DAY, None), ("R-1", DAY, DAY)],
    ],
    ids=["due date", "day of issue", "number", "letters", "from before the day of issue was kept"],
)
def test_items_are_listed_in_the_order_of_their_documents(
    session: Session, in_order: list[tuple[str, date, date | None]]
) -> None:
    account_id = new_id("acc")
    for number, due, issued_on in reversed(in_order):
        item = _snapshot(1, 1) | {"item_id": new_id("itm"), "invoice_number": number}
        item["due_date"] = due
        if issued_on is None:
            keep_items(session, [{"account_id": account_id, "items": [item]}])
        else:
            open_items(
                session, [{"account_id": account_id, "issued_on": issued_on, "items": [item]}]
            )

    assert _listed(session, account_id) == [number for number, _, _ in in_order]


def test_of_equal_due_days_an_invoice_stands_before_what_lateness_costs(session: Session) -> None:
    account_id = new_id("acc")
    posted = FeePosted().load(billing.FeePosted.example | {"account_id": account_id})
    day = posted["issued_on"]
    owed = _snapshot(1, 1) | {"item_id": new_id("itm"), "invoice_number": "ZZ-1", "due_date": day}
    issued = {"account_id": account_id, "issued_on": day, "items": [owed]}
    open_items(session, [posted, issued])

    assert _listed(session, account_id) == ["ZZ-1", "FEE-2026-000001"]


def test_instalments_due_on_one_day_stand_as_the_invoice_has_them(session: Session) -> None:
    account_id = new_id("acc")
    item_ids = sorted((new_id("itm") for _ in range(3)), reverse=True)
    items = [{**_snapshot(1, 1), "item_id": item_id} for item_id in item_ids]
    open_items(session, [{"account_id": account_id, "issued_on": DAY, "items": items}])

    page = list_receivables(session, account_id=account_id, status=None, limit=9, after=None)
    assert [item.item_id for item in page["items"]] == item_ids


def test_an_item_gets_its_place_from_the_invoice_in_whatever_order_news_of_it_come(
    session: Session,
) -> None:
    account_id, item_id = new_id("acc"), new_id("itm")
    first, second = ({**_snapshot(1, version), "item_id": item_id} for version in (1, 2))
    keep_items(session, [{"account_id": account_id, "items": [second]}])
    open_items(session, [{"account_id": account_id, "issued_on": DAY, "items": [first]}])
    keep_items(session, [{"account_id": account_id, "items": [{**second, "version": 3}]}])

    row = session.get_one(Receivable, item_id)
    assert (row.version, row.issued_on, row.position) == (3, DAY, 1)
