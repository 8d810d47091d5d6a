"""What can be sent of an order, and on which day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Conflict, Invalid, Refusal
from services.sales.orders.rules import Quantities
from services.sales.shipments.rules import (
    MOVES,
    SEND,
    Room,
    ShipmentState,
    Step,
    day_of_delivery,
    day_of_leaving,
    day_of_shipping,
    move,
    quantities_picked,
    quantities_to_send,
    require_room,
    require_target,
    rests_after,
    room_of,
    stamps,
)
from services.sales.tolerances.rules import Tolerance

OPEN = {"a": Decimal("5"), "b": Decimal("2.5"), "c": Decimal("0.000")}
ROOMS = {line_id: Room(quantity, quantity) for line_id, quantity in OPEN.items()}
TODAY = date(2026, 3, 2)


def test_all_that_is_open_is_sent_unless_said_otherwise() -> None:
    assert quantities_to_send(ROOMS, None, number="SO-1") == {"a": Decimal(5), "b": Decimal("2.5")}


def test_a_part_can_be_sent() -> None:
    wanted = [("b", Decimal("0.5")), ("a", Decimal(5))]
    assert quantities_to_send(ROOMS, wanted, number="SO-1") == dict(wanted)


@pytest.mark.parametrize(
    ("wanted", "kind", "code", "field"),
    [
        ([("a", "5.001")], Conflict, "more_than_open", "lines/0/quantity"),
        ([("a", "1"), ("c", "0.001")], Conflict, "more_than_open", "lines/1/quantity"),
        ([("a", "1"), ("a", "1")], Invalid, "invalid_fields", "lines/1/line_id"),
        ([("x", "1")], Invalid, "invalid_fields", "lines/0/line_id"),
    ],
)
def test_what_is_not_open_is_refused(
    wanted: list[tuple[str, str]], kind: type[Refusal], code: str, field: str
) -> None:
    with pytest.raises(kind) as refused:
        quantities_to_send(
            ROOMS, [(line_id, Decimal(quantity)) for line_id, quantity in wanted], number="SO-1"
        )
    assert (refused.value.code, refused.value.errors[0]["field"]) == (code, field)


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.decimals("0.001", "6", places=3)), max_size=5)
)
def test_never_more_than_open_is_sent(wanted: list[tuple[str, Decimal]]) -> None:
    try:
        sent = quantities_to_send(ROOMS, wanted, number="SO-1")
    except Refusal:
        return
    assert sent == dict(wanted)
    assert all(0 < quantity <= OPEN[line_id] for line_id, quantity in sent.items())


@pytest.mark.parametrize(
    ("given_day", "day"), [(None, TODAY), (TODAY, TODAY), (date(2026, 2, 1), date(2026, 2, 1))]
)
def test_goods_left_on_the_day_given_or_today(given_day: date | None, day: date) -> None:
    assert day_of_shipping(given_day, ordered_on=date(2026, 2, 1), today=TODAY) == day


def test_goods_cannot_have_left_tomorrow() -> None:
    with pytest.raises(Invalid) as refused:
        day_of_shipping(date(2026, 3, 3), ordered_on=TODAY, today=TODAY)
    assert refused.value.code == "shipped_in_future"


def test_goods_do_not_leave_before_the_day_their_order_counts_for() -> None:
    with pytest.raises(Invalid, match="counts for 2026-03-02") as refused:
        day_of_shipping(date(2026, 3, 1), ordered_on=TODAY, today=TODAY)
    assert (refused.value.code, refused.value.errors[0]["field"]) == (
        "shipped_before_ordered",
        "shipped_on",
    )


def test_of_a_line_of_which_nothing_is_open_or_paid_that_is_said() -> None:
    nothing, unpaid = Room(Decimal(0), Decimal(0)), Room(Decimal(0), Decimal(0), Decimal(9))
    with pytest.raises(Refusal, match=r"^Of line a nothing is open that is not in a shipment"):
        require_room(nothing, Decimal(1), line_id="a")
    with pytest.raises(Refusal, match=r"^Of line a nothing is paid for and has not left; 9 more"):
        require_room(unpaid, Decimal(1), line_id="a")


LEADS = {
    ("draft", "assigned"): "assigned",
    ("draft", "cancelled"): "cancelled",
    ("assigned", "picked"): "picked",
    ("assigned", "cancelled"): "cancelled",
    ("picked", "shipped"): "shipped",
    ("picked", "cancelled"): "cancelled",
    ("shipped", "delivered"): "delivered",
}


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("state", ShipmentState)
def test_a_shipment_goes_as_the_table_says_or_not_at_all(state: ShipmentState, step: Step) -> None:
    if (state, step) in LEADS:
        assert move(state, step, number="SH-1") == LEADS[state, step]
        return
    with pytest.raises(Conflict, match=f"SH-1 is {state}; only one that is .* can be {step}") as no:
        move(state, step, number="SH-1")
    assert no.value.code == f"shipment_{state}"


def test_what_is_sent_in_one_step_goes_the_whole_way() -> None:
    state = ShipmentState.DRAFT
    for step in SEND:
        state = MOVES[state][step]
    assert state == ShipmentState.SHIPPED


@pytest.mark.parametrize(
    ("shipped", "planned", "under", "over", "open_", "most"),
    [
        ("0", "0", "1", "1", "40", "40"),
        ("20", "0", "0.95", "1.05", "20", "22"),
        ("20", "18", "0.95", "1.05", "2", "4"),
        ("20", "20", "0.95", "1.05", "0", "2"),
        ("40", "0", "0.95", "1.05", "0", "0"),
        ("42", "0", "0.95", "1.05", "0", "0"),
    ],
)
def test_there_is_room_for_what_is_open_and_in_no_other_shipment_with_what_is_tolerated(
    shipped: str, planned: str, under: str, over: str, open_: str, most: str
) -> None:
    room = room_of(
        Quantities(Decimal(40), Decimal(shipped)),
        planned=Decimal(planned),
        tolerance=Tolerance(Decimal(under), Decimal(over)),
    )
    assert room == Room(Decimal(open_), Decimal(most))


def test_of_40_ordered_43_are_refused_where_42_are_tolerated() -> None:
    rooms = {"a": Room(Decimal(40), Decimal(42))}
    assert quantities_to_send(rooms, [("a", Decimal(42))], number="SO-1") == {"a": Decimal(42)}
    with pytest.raises(Conflict, match=r"only 40 .* still open, 42 with what is tolerated, not 43"):
        quantities_to_send(rooms, [("a", Decimal(43))], number="SO-1")


def test_where_all_is_in_shipments_already_there_is_nothing_to_send() -> None:
    with pytest.raises(Conflict) as refused:
        quantities_to_send({"a": Room(Decimal(0), Decimal(2))}, None, number="SO-1")
    assert refused.value.code == "nothing_to_send"


@pytest.mark.parametrize(
    ("picked", "quantities"),
    [
        (None, {"a": "4", "b": "2"}),
        ([("a", "3")], {"a": "3"}),
        ([("b", "2.5"), ("a", "4")], {"a": "4", "b": "2.5"}),
        ([("a", "6")], "more_than_open"),
        ([("c", "1")], "invalid_fields"),
        ([("a", "1"), ("a", "1")], "invalid_fields"),
    ],
)
def test_what_is_picked_is_what_was_assigned_unless_said_otherwise(
    picked: list[tuple[str, str]] | None, quantities: dict[str, str] | str
) -> None:
    assigned = {"a": Decimal(4), "b": Decimal(2)}
    said = None if picked is None else [(key, Decimal(many)) for key, many in picked]
    try:
        found: object = quantities_picked(assigned, said, ROOMS)
    except Refusal as refused:
        found = refused.code
    expected = (
        quantities
        if isinstance(quantities, str)
        else {key: Decimal(many) for key, many in quantities.items()}
    )
    assert found == expected


def test_what_has_not_left_may_leave_on_any_day() -> None:
    later = date(2026, 4, 1)
    assert day_of_leaving(later, is_sent=False, ordered_on=TODAY, today=TODAY) == later
    assert day_of_leaving(None, is_sent=False, ordered_on=TODAY, today=TODAY) == TODAY
    with pytest.raises(Invalid):
        day_of_leaving(later, is_sent=True, ordered_on=TODAY, today=TODAY)


@pytest.mark.parametrize(
    ("given_day", "found"),
    [
        (None, TODAY),
        (date(2026, 3, 1), date(2026, 3, 1)),
        (date(2026, 3, 3), "delivered_in_future"),
        (date(2026, 2, 28), "delivered_before_shipped"),
    ],
)
def test_goods_arrive_on_the_day_they_left_or_later(
    given_day: date | None, found: date | str
) -> None:
    try:
        day: object = day_of_delivery(given_day, shipped_on=date(2026, 3, 1), today=TODAY)
    except Invalid as refused:
        day = refused.code
    assert day == found


def test_a_new_shipment_says_who_took_its_steps() -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert stamps((Step.ASSIGN,), now=now, by="kim") == {"assigned_at": now, "assigned_by": "kim"}
    assert set(stamps(SEND, now=now, by="kim")) == {
        "assigned_at",
        "assigned_by",
        "picked_at",
        "picked_by",
    }


@pytest.mark.parametrize(
    ("shipped", "planned", "target", "room"),
    [
        (0, 0, None, (9, 9, 0)),
        (0, 0, 6, (6, 6, 3)),
        (6, 0, 6, (0, 0, 3)),
        (6, 0, 9, (3, 3, 0)),
        (0, 4, 6, (2, 2, 3)),
        (8, 0, 6, (0, 0, 1)),
        (0, 0, 20, (9, 9, 0)),
    ],
)
def test_there_is_room_for_what_is_paid_for(
    shipped: int, planned: int, target: int | None, room: tuple[int, int, int]
) -> None:
    found = room_of(
        Quantities(Decimal(9), Decimal(shipped)),
        planned=Decimal(planned),
        target=None if target is None else Decimal(target),
    )
    assert (found.open, found.most, found.unpaid) == room


def test_what_waits_to_be_paid_is_refused_as_such() -> None:
    rooms = {"a": Room(Decimal(2), Decimal(2), Decimal(3)), "b": Room(Decimal(1), Decimal(1))}
    for wanted, code in (([("a", 3)], "not_paid"), ([("b", 2)], "more_than_open")):
        with pytest.raises(Conflict) as refused:
            quantities_to_send(rooms, [(key, Decimal(many)) for key, many in wanted], number="SO-1")
        assert refused.value.code == code
    unpaid = {"a": Room(Decimal(0), Decimal(0), Decimal(3))}
    with pytest.raises(Conflict, match="once the invoice for it is paid"):
        quantities_to_send(unpaid, None, number="SO-1")


@pytest.mark.parametrize(("leaving", "is_allowed"), [(2, True), (3, False)])
def test_no_more_leaves_than_the_target(leaving: int, is_allowed: bool) -> None:
    known = {"leaving": {"a": Decimal(leaving), "b": Decimal(9)}}
    known |= {"shipped": {"a": Decimal(4), "b": Decimal(0)}, "targets": {"a": Decimal(6)}}
    if is_allowed:
        require_target(**known)
        return
    with pytest.raises(Conflict) as refused:
        require_target(**known)
    assert refused.value.facts["paid"] == "2"


@pytest.mark.parametrize(
    ("parts", "at_last", "rests"),
    [
        ([{"a": 5}], {"a": 15, "b": 3}, [{"a": 15, "b": 3}]),
        ([{"a": 5}, {"a": 6, "b": 3}], {"a": 9, "b": 0}, [{"a": 15, "b": 3}, {"a": 9}]),
        # What is short within its tolerance is cancelled with the last of them.
        ([{"a": 10}, {"a": 9}], {"a": 0, "b": 3}, [{"a": 10, "b": 3}, {"b": 3}]),
        ([{"a": 12}, {"a": 9}], {"a": 0, "b": 0}, [{"a": 8, "b": 3}, {}]),
    ],
)
def test_what_is_still_to_come_is_told_part_by_part(
    parts: list[dict[str, int]], at_last: dict[str, int], rests: list[dict[str, int]]
) -> None:
    def exact(one: dict[str, int]) -> dict[str, Decimal]:
        return {key: Decimal(many) for key, many in one.items()}

    found = rests_after(
        exact({"a": 20, "b": 3}), [exact(part) for part in parts], at_last=exact(at_last)
    )
    assert found == [exact(rest) for rest in rests]
