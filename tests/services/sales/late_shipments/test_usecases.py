"""What is promised for soon and not picked is noted, once, until the client was told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from kernel.refusals import Refusal
from services.sales.late_shipments import queries, usecases
from services.sales.late_shipments.models import LateShipment
from services.sales.shipments.rules import Step
from tests.services.sales.dispatches.test_usecases import Yard, counted
from tests.services.sales.promises.test_usecases import move, promised

pytestmark = pytest.mark.server
PROMISED = date(2026, 3, 10)  # a Tuesday
BEFORE = date(2026, 3, 9)


@pytest.fixture
def yard(shop: Any) -> Yard:
    return Yard(shop)


def note(yard: Yard, day: date = BEFORE) -> None:
    usecases.note_late_shipments(yard.session, day=day, now=yard.shop.now)


def review(yard: Yard, *orders: Any) -> None:
    review_of(yard, [order.order_id for order in orders])


def review_of(yard: Yard, ids: list[str]) -> None:
    usecases.review_late_shipments(
        yard.session, order_ids=ids, today=yard.shop.today, now=yard.shop.now
    )


def tell(yard: Yard, late: LateShipment) -> LateShipment:
    return usecases.tell_late_shipment(
        yard.session,
        late_shipment_id=late.late_shipment_id,
        note="Monday will do.",
        now=yard.shop.now,
        by="kim",
    )


def late(yard: Yard, order: Any) -> list[LateShipment]:
    yard.session.flush()
    found = select(LateShipment).where(LateShipment.order_id == order.order_id)
    by = (LateShipment.promised_on, LateShipment.quantity)
    return [*yard.session.scalars(found.order_by(*by).execution_options(populate_existing=True))]


def reasons(yard: Yard, order: Any) -> list[tuple[str, int]]:
    return [
        (event.name, data["version"])
        for event, data, _ in yard.session.info["announced"]
        if event.name in ("contact_due", "contact_settled")
        and data["account_id"] == order.account_id
    ]


@pytest.mark.parametrize(
    ("day", "lead_days", "is_late"),
    [
        (date(2026, 3, 8), None, False),  # Sunday: Monday is the next business day
        (BEFORE, None, True),
        (date(2026, 3, 20), None, True),
        (date(2026, 3, 6), 2, True),  # Friday, two business days before
        (BEFORE, 0, False),
        (PROMISED, 0, True),
    ],
)
def test_a_line_that_is_not_picked_so_many_business_days_before_is_late(
    yard: Yard, day: date, lead_days: int | None, is_late: bool
) -> None:
    order = promised(yard, "20")
    if lead_days is not None:
        usecases.set_promise_settings(
            yard.session, lead_days=lead_days, now=yard.shop.now, by="kim"
        )
    note(yard, day)
    assert len(late(yard, order)) == is_late


def test_the_account_manager_is_told_how_much_of_what_and_why(yard: Yard) -> None:
    order = promised(yard, "20")
    yard.shop.hold(order.account_id)
    note(yard)
    told = {
        event.name: data
        for event, data, _ in yard.session.info["announced"]
        if data["account_id"] == order.account_id
    }
    [line] = order.lines
    sentence = (
        f"20 of {line.sku} Chair of order {order.number} are promised for 2026-03-10 and not picked: "
        "account A-1 is on credit hold (level 3 reminder)."
    )
    due = told["contact_due"]
    assert (due["reason"], due["sentence"], due["since"]) == (
        "shipment_late",
        sentence,
        "2026-03-09",
    )
    assert told["shipment_late"]["quantity"] == "20"
    assert due["about"] == told["shipment_late"]["late_shipment_id"]


def test_noting_it_again_or_after_missed_days_makes_it_no_later(yard: Yard) -> None:
    order = promised(yard, "20")
    for day in (BEFORE, BEFORE, PROMISED, date(2026, 3, 16)):
        note(yard, day)
    assert len(late(yard, order)) == 1
    assert reasons(yard, order) == [("contact_due", 1)]


@pytest.mark.parametrize("trouble", ["picked", "draft", "no promise", "cancelled"])
def test_what_is_picked_or_not_promised_is_not_late(yard: Yard, trouble: str) -> None:
    order = promised(yard, "20")
    if trouble == "picked":
        yard.move(yard.draft(order), Step.ASSIGN, Step.PICK)
    elif trouble == "cancelled":
        yard.shop.cancel(order)
    elif trouble == "draft":
        account_id = yard.shop.open_account()
        line = yard.shop.line(yard.shop.offer(), "1", promised_on=PROMISED)
        order = yard.shop.draft(account_id, line)
    else:
        order = yard.order("20")
    note(yard)
    assert late(yard, order) == []


def test_of_what_is_picked_in_part_the_rest_is_late(yard: Yard) -> None:
    order = promised(yard, "20")
    yard.move(yard.draft(order, "15"), Step.ASSIGN, Step.PICK)
    yard.move(yard.draft(order, "5"), Step.ASSIGN)
    note(yard)
    [one] = late(yard, order)
    assert (one.quantity, one.reason) == (5, "its goods are reserved and not picked")


def test_once_the_client_was_told_nobody_is_to_contact_them(yard: Yard) -> None:
    order = promised(yard, "20")
    note(yard)
    [one] = late(yard, order)
    tell(yard, one)
    assert (one.status, one.note, one.told_by) == ("told", "Monday will do.", "kim")
    assert reasons(yard, order) == [("contact_due", 1), ("contact_settled", 2)]
    with pytest.raises(Refusal) as refused:
        tell(yard, one)
    assert refused.value.code == "late_shipment_told"


@pytest.mark.parametrize("is_told", [False, True])
@pytest.mark.parametrize("end", ["shipped", "moved", "cancelled"])
def test_what_has_left_or_moved_or_is_cancelled_is_not_late_any_more(
    yard: Yard, end: str, is_told: bool
) -> None:
    order = promised(yard, "20")
    note(yard)
    [one] = late(yard, order)
    if is_told:
        tell(yard, one)
    if end == "shipped":
        yard.send(order)
    elif end == "moved":
        move(yard, order, date(2026, 3, 20))
    else:
        yard.shop.cancel(order)
    for _ in range(2):
        review(yard, order)
    [one] = late(yard, order)
    assert (one.status, one.ended_at) == (end, yard.shop.now)
    assert reasons(yard, order) == [("contact_due", 1), ("contact_settled", 2)]


def test_what_is_promised_for_another_day_may_be_late_again(yard: Yard) -> None:
    order = promised(yard, "20")
    note(yard)
    move(yard, order, date(2026, 3, 20))
    review(yard, order)
    note(yard, date(2026, 3, 19))
    assert [(one.status, one.promised_on) for one in late(yard, order)] == [
        ("moved", PROMISED),
        ("due", date(2026, 3, 20)),
    ]


def test_of_what_has_left_in_part_the_rest_is_told_anew(yard: Yard) -> None:
    order = promised(yard, "20")
    note(yard)
    yard.send(order, "12")
    for _ in range(2):
        review(yard, order)
    [one] = late(yard, order)
    assert (one.status, one.quantity) == ("due", 8)
    assert one.sentence.startswith("8 of ")
    assert reasons(yard, order) == [("contact_due", 1), ("contact_due", 2)]


def test_the_statements_do_not_grow_with_what_is_late(yard: Yard) -> None:
    def statements(count: int) -> tuple[int, int]:
        orders = [promised(yard, "5", "2") for _ in range(count)]
        yard.session.flush()
        yard.session.expire_all()
        with counted(yard.session) as noted:
            note(yard)
        for order in orders:
            yard.send(order, "3")
        ids = [order.order_id for order in orders]
        yard.session.expire_all()
        with counted(yard.session) as reviewed:
            review_of(yard, ids)
        assert sum(len(late(yard, order)) for order in orders) == 2 * count
        return len(noted), len(reviewed)

    small, large = statements(2), statements(50)
    assert small == large
    assert large[0] <= 5


def test_late_shipments_are_listed_with_what_was_promised_first_first(yard: Yard) -> None:
    order = promised(yard, "20")
    other = yard.shop.line(yard.shop.offer(), "1", promised_on=date(2026, 3, 4))
    second = yard.shop.confirm(yard.shop.draft(order.account_id, other))
    note(yard)
    page = queries.list_late_shipments(
        yard.session,
        account_id=order.account_id,
        status="due",
        is_standing=True,
        limit=1,
        after=None,
    )
    assert [one.order_id for one in page["items"]] == [second.order_id]
    assert page["has_more"]
