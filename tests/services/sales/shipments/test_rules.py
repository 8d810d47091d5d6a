"""What can be sent of an order, and on which day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Conflict, Invalid, Refusal
from services.sales.shipments.rules import day_of_shipping, quantities_to_send

OPEN = {"a": Decimal("5"), "b": Decimal("2.5"), "c": Decimal("0.000")}
TODAY = date(2026, 3, 2)


def test_all_that_is_open_is_sent_unless_said_otherwise() -> None:
    assert quantities_to_send(OPEN, None) == {"a": Decimal(5), "b": Decimal("2.5")}


def test_a_part_can_be_sent() -> None:
    wanted = [("b", Decimal("0.5")), ("a", Decimal(5))]
    assert quantities_to_send(OPEN, wanted) == dict(wanted)


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
        quantities_to_send(OPEN, [(line_id, Decimal(quantity)) for line_id, quantity in wanted])
    assert (refused.value.code, refused.value.errors[0]["field"]) == (code, field)


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.decimals("0.001", "6", places=3)), max_size=5)
)
def test_never_more_than_open_is_sent(wanted: list[tuple[str, Decimal]]) -> None:
    try:
        sent = quantities_to_send(OPEN, wanted)
    except Refusal:
        return
    assert sent == dict(wanted)
    assert all(0 < quantity <= OPEN[line_id] for line_id, quantity in sent.items())


@pytest.mark.parametrize(
    ("given_day", "day"), [(None, TODAY), (TODAY, TODAY), (date(2026, 2, 1), date(2026, 2, 1))]
)
def test_goods_left_on_the_day_given_or_today(given_day: date | None, day: date) -> None:
    assert day_of_shipping(given_day, today=TODAY) == day


def test_goods_cannot_have_left_tomorrow() -> None:
    with pytest.raises(Invalid) as refused:
        day_of_shipping(date(2026, 3, 3), today=TODAY)
    assert refused.value.code == "shipped_in_future"
