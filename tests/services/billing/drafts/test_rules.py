"""What a draft bills after somebody edited it, or goods of it came back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Conflict, Invalid
from services.billing.drafts.rules import edit, lower, require_made_by_run
from services.billing.invoices.models import InvoiceLine
from services.billing.pricing.rules import Priced
from services.billing.taxes.rules import Rounding

ASKED = ("position", "description", "quantity", "unit_price", "tax_percent", "tax_code")
NEW = {"description": "Help", "quantity": Decimal(1), "unit_price": 500, "tax_percent": Decimal(7)}


def line(position: int, quantity: str, unit_price: int, **facts: Any) -> InvoiceLine:
    said = {"description": "Chair", "tax_percent": Decimal(19), "tax_code": "standard"}
    said |= {"billable_id": f"bil_{position}", "order_line_id": f"orl_{position}"}
    return InvoiceLine(
        position=position, quantity=Decimal(quantity), unit_price=unit_price, **said | facts
    )


LINES = [line(1, "10", 2000), line(2, "-1", 500), line(3, "1", 100, billable_id=None)]


def asked(**facts: Any) -> dict[str, Any]:
    return dict.fromkeys((*ASKED, "exemption_reason")) | facts


def edited(*lines: dict[str, Any]) -> Priced:
    return edit(LINES, [asked(**one) for one in lines], rounding=Rounding.DOCUMENT)


def said(priced: Priced) -> list[tuple[Any, ...]]:
    lines = [each._asdict() for each in priced.lines]
    return [(one["billable_id"], one["quantity"], one["net"]) for one in lines]


def test_lines_stay_as_they_are_are_changed_or_are_new_in_the_order_given() -> None:
    priced = edited(NEW, {"position": 1, "quantity": Decimal(6)}, {"position": 2})
    assert said(priced) == [(None, 1, 500), ("bil_1", 6, 12000), ("bil_2", -1, -500)]
    assert [(rate.tax_percent, rate.net, rate.tax) for rate in priced.rates] == [
        (7, 500, 35),
        (19, 11500, 2185),
    ]
    [_, changed, _] = [each._asdict() for each in priced.lines]
    assert (changed["order_line_id"], changed["description"]) == ("orl_1", "Chair")


def test_price_text_and_tax_of_a_line_may_be_others() -> None:
    change = {"unit_price": 1900, "description": "Oak chair", "tax_percent": Decimal(0)}
    [one] = [each._asdict() for each in edited({"position": 1, **change}).lines]
    assert (one["net"], one["description"], one["tax_code"]) == (19000, "Oak chair", "zero")
    exempt = {"tax_percent": Decimal(0), "tax_code": "exempt", "exemption_reason": "By law."}
    [one] = [each._asdict() for each in edited({"position": 1, **exempt}).lines]
    assert (one["tax_code"], one["exemption_reason"]) == ("exempt", "By law.")


@pytest.mark.parametrize(
    ("lines", "code", "field"),
    [
        ([{"position": 4}], "position_unknown", "lines/0/position"),
        ([{"position": 1}, {"position": 1}], "position_unknown", "lines/1/position"),
        ([{"description": "Help"}], "line_incomplete", "lines/0/quantity"),
        ([{"position": 1, "quantity": Decimal("10.001")}], "quantity_not_waiting", None),
        ([{"position": 1, "quantity": Decimal(-1)}], "quantity_not_waiting", None),
        ([{"position": 2, "quantity": Decimal(-2)}], "quantity_not_waiting", None),
        ([{"position": 2, "quantity": Decimal(1)}], "quantity_not_waiting", None),
    ],
)
def test_a_line_that_is_not_possible_is_refused(
    lines: list[dict[str, Any]], code: str, field: str | None
) -> None:
    with pytest.raises(Invalid) as refused:
        edited(*lines)
    assert refused.value.code == code
    assert refused.value.errors[0]["field"] == (field or "lines/0/quantity")


def test_a_line_that_bills_nothing_that_waits_may_be_of_any_quantity() -> None:
    assert said(edited({"position": 3, "quantity": Decimal(50)})) == [(None, 50, 5000)]


def test_only_drafts_of_runs_are_edited() -> None:
    require_made_by_run("brn_1", name="inv_1")
    with pytest.raises(Conflict, match="Delete it and write it anew"):
        require_made_by_run(None, name="inv_1")


@given(st.decimals(0, 10, places=3))
def test_what_is_taken_of_a_draft_is_not_on_it_any_more(taken: Decimal) -> None:
    priced = lower(LINES, {1: taken}, rounding=Rounding.DOCUMENT)
    left = {each._asdict()["billable_id"]: each._asdict()["quantity"] for each in priced.lines}
    assert left.get("bil_1", 0) == 10 - taken
    assert (left["bil_2"], left[None]) == (-1, 1)
