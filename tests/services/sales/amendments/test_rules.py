"""What of an agreed order may be changed, and what was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Refusal
from services.sales.amendments.rules import (
    change_quantities,
    find_changes,
    find_renamed,
    require_changes,
    require_each_once,
    require_not_coming_back,
    require_price_open,
    require_promisable,
    require_something_left,
)
from services.sales.orders.rules import Quantities

NONE = Decimal(0)
TODAY = date(2026, 3, 2)


@dataclass
class Line:
    quantities: Quantities
    sku: str = "CHAIR"
    returns_line_id: str | None = None


def line(text: str, **facts: Any) -> Line:
    """ "5/2/1" is 5 ordered, 2 shipped, 1 cancelled; "-2/0/0/1" 2 that come back, of which 1 has."""
    return Line(Quantities(*map(Decimal, text.split("/"))), **facts)


def refused(work: Callable[..., Any], *values: Any, **options: Any) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        work(*values, **options)
    return refusal.value


@pytest.mark.parametrize(
    ("was", "planned", "changes", "open_"),
    [
        ("5/0/0", "0", {}, "5"),
        ("5/0/0", "0", {"quantity": "7"}, "7"),
        ("5/3/0", "0", {"quantity": "3"}, "0"),
        ("5/3/1", "0", {"quantity": "4"}, "0"),
        ("5/3/0", "1", {"quantity": "4"}, "1"),
        ("5/3/0", "0", {"is_cancelled": True}, "0"),
        ("5/0/0", "0", {"is_cancelled": False}, "5"),
        ("-3/0/0/1", "0", {"quantity": "-1"}, "0"),
        ("-3/0/0/1", "0", {"quantity": "-4"}, "-3"),
        ("-3/0/0/1", "0", {"is_cancelled": True}, "0"),
    ],
)
def test_a_quantity_is_as_amended_down_to_what_went(
    was: str, planned: str, changes: dict[str, Any], open_: str
) -> None:
    told = {
        **changes,
        **({"quantity": Decimal(changes["quantity"])} if "quantity" in changes else {}),
    }
    after = change_quantities(line(was), told, planned=Decimal(planned), field="f")
    assert after.open == Decimal(open_)


@pytest.mark.parametrize(
    ("was", "planned", "quantity", "least", "said"),
    [
        ("5/3/0", "0", "2.999", "3", "3 left the house"),
        ("5/3/1", "0", "3", "4", "3 left the house, 1 were cancelled"),
        ("5/3/0", "1", "3", "4", "3 left the house, 1 are in shipments"),
        ("-3/0/0/2", "0", "-1", "-2", "2 came back"),
    ],
)
def test_no_less_is_agreed_than_what_went(
    was: str, planned: str, quantity: str, least: str, said: str
) -> None:
    told = {"quantity": Decimal(quantity)}
    refusal = refused(change_quantities, line(was), told, planned=Decimal(planned), field="f")
    assert (refusal.code, refusal.facts["least"]) == ("below_shipped", least)
    assert said in refusal.detail


@pytest.mark.parametrize(
    ("was", "planned", "changes", "code"),
    [
        ("5/0/0", "0", {"quantity": Decimal(-5)}, "other_direction"),
        ("5/0/0", "0", {"quantity": Decimal(4), "is_cancelled": True}, "invalid_fields"),
        ("5/2/0", "1", {"is_cancelled": True}, "below_shipped"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    was: str, planned: str, changes: dict[str, Any], code: str
) -> None:
    refusal = refused(change_quantities, line(was), changes, planned=Decimal(planned), field="f")
    assert refusal.code == code
    assert [one["field"].split("/")[0] for one in refusal.errors] == ["f"]


QUANTITIES = st.decimals("0.001", "1000", places=3)


@given(QUANTITIES, QUANTITIES, QUANTITIES, QUANTITIES)
def test_an_amended_line_never_has_less_than_went(
    ordered: Decimal, shipped: Decimal, planned: Decimal, wanted: Decimal
) -> None:
    before = Quantities(ordered, min(shipped, ordered))
    planned = min(planned, before.open)
    try:
        after = change_quantities(Line(before), {"quantity": wanted}, planned=planned, field="f")
    except Refusal:
        assert wanted < before.shipped + planned
    else:
        assert after.ordered == wanted
        assert after.open >= planned
        assert after.shipped == before.shipped


@pytest.mark.parametrize(
    ("was", "sold_by", "changes", "code"),
    [
        ("5/0/0", None, {"unit_price": 1}, None),
        ("5/2/0", None, {"note": "Blue."}, None),
        ("5/2/0", None, {"unit_price": 1}, "line_begun"),
        ("-5/0/0/1", None, {"discount_percent": NONE}, "line_begun"),
        ("-5/0/0", "orl_1", {"unit_price": 1}, "price_of_sale"),
    ],
)
def test_what_went_keeps_its_price(
    was: str, sold_by: str | None, changes: dict[str, Any], code: str | None
) -> None:
    agreed = line(was, returns_line_id=sold_by)
    if code is None:
        require_price_open(agreed, changes, field="f")
    else:
        assert refused(require_price_open, agreed, changes, field="f").code == code


@pytest.mark.parametrize(
    ("was", "day", "code"),
    [
        ("5/2/0", 2, None),
        ("5/2/0", 1, "promised_in_past"),
        ("5/5/0", 3, "nothing_open"),
        ("-5/0/0", 3, "nothing_open"),
    ],
)
def test_what_is_still_to_go_is_promised_for_another_day(
    was: str, day: int, code: str | None
) -> None:
    told = {"promised_on": date(2026, 3, day)}
    quantities = line(was).quantities
    if code is None:
        require_promisable(quantities, told, today=TODAY, field="f")
    else:
        refusal = refused(require_promisable, quantities, told, today=TODAY, field="f")
        assert refusal.code == code


def facts(**values: str | None) -> dict[str, str | None]:
    usual = {"quantity": "5", "cancelled": "0", "unit_price": "100", "discount_percent": "0"}
    return {**usual, "promised_on": None, "note": None, **values}


def test_the_difference_is_what_is_otherwise_and_all_of_what_is_new() -> None:
    before = {"a": facts(), "b": facts()}
    after = {"a": facts(), "b": facts(quantity="6", promised_on="2026-03-09"), "c": facts(note="x")}
    changes = find_changes(before, after, skus={"a": "A", "b": "B", "c": "C"})
    assert [(one["sku"], one["field"], one["before"], one["after"]) for one in changes] == [
        ("B", "quantity", "5", "6"),
        ("B", "promised_on", None, "2026-03-09"),
        ("C", "quantity", None, "5"),
        ("C", "unit_price", None, "100"),
        ("C", "note", None, "x"),
    ]
    assert find_renamed("PO-1", "PO-1") == []
    assert find_renamed(None, "PO-1")[0]["after"] == "PO-1"


def test_an_amendment_changes_something_and_leaves_something() -> None:
    assert refused(require_changes, [], number="SO-1").code == "nothing_amended"
    gone = [Quantities(Decimal(5), cancelled=Decimal(5))]
    assert refused(require_something_left, gone, number="SO-1").code == "nothing_left"
    require_something_left([*gone, Quantities(Decimal(1), shipped=Decimal(1))], number="SO-1")
    assert refused(require_each_once, ["a", "b", "a"]).code == "invalid_fields"


@pytest.mark.parametrize(
    ("opened", "changes", "is_refused"),
    [
        (None, {"quantity": Decimal(-3)}, False),
        (("RT-1", True), {"quantity": Decimal(-3)}, True),
        (("RT-1", True), {"quantity": Decimal(-1)}, True),
        (("RT-1", False), {"quantity": Decimal(-1)}, True),
        (("RT-1", True), {"quantity": Decimal(-2), "note": "Ring."}, False),
        (("RT-1", True), {"is_cancelled": True}, True),
        (("RT-1", False), {"is_cancelled": True}, False),
        (("RT-1", True), {"note": "Ring."}, False),
    ],
)
def test_what_comes_back_by_a_return_is_changed_there(
    opened: tuple[str, bool] | None, changes: dict[str, Any], is_refused: bool
) -> None:
    back = line("-2/0/0")
    if not is_refused:
        require_not_coming_back(back, changes, opened, field="change_lines/0")
        return
    refusal = refused(require_not_coming_back, back, changes, opened, field="change_lines/0")
    assert refusal.code == "return_opened"
    assert "return RT-1" in refusal.detail
