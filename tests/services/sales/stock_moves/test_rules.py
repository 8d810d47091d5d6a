"""What a person says of goods, as moves."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from kernel.ids import new_id
from kernel.refusals import Conflict, Invalid
from services.sales.stock.rules import MoveKind
from services.sales.stock_moves import rules
from services.sales.stock_moves.rules import PlannedKind

TODAY = date(2026, 3, 18)


class Tea(NamedTuple):
    product_id: str = "prd_1"
    sku: str = "TEA"
    is_stocked: bool = True
    pack_size: Decimal = Decimal(2)


def said(**facts: Any) -> dict[str, Any]:
    names = ("quantity", "packs", "moved_on", "place_id", "lot", "unit_cost", "currency", "note")
    told: dict[str, Any] = dict.fromkeys((*names, "reference", "product_id", "sku"))
    return told | facts


@pytest.mark.parametrize(
    ("facts", "units"),
    [
        ({"quantity": Decimal("1.5")}, "1.5"),
        ({"packs": Decimal(2)}, "4"),
        ({"packs": Decimal("0.5")}, "1"),
    ],
)
def test_goods_are_counted_in_units_or_packs(facts: dict[str, Any], units: str) -> None:
    assert rules.quantity_of(said(**facts), Tea()) == Decimal(units)


@pytest.mark.parametrize(("packs", "size"), [("1000000000", "2"), ("0.001", "0.1")])
def test_packs_that_make_no_quantity_are_refused(packs: str, size: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.quantity_of(said(packs=Decimal(packs)), Tea(pack_size=Decimal(size)))
    assert refused.value.code == "packs_not_movable"


def test_a_receipt_comes_in_and_with_a_reference_once() -> None:
    move = rules.receipt(said(quantity=Decimal(5)), Tea(), today=TODAY, move_key="hand:1")
    assert (move.quantity, move.kind, move.moved_on, move.key) == (5, "receipt", TODAY, "hand:1")
    named = said(quantity=Decimal(5), reference="DN 1", moved_on=date(2026, 3, 1))
    move = rules.receipt(named, Tea(), today=TODAY, move_key="hand:1")
    assert (move.key, move.moved_on) == ("receipt:prd_1:DN 1", date(2026, 3, 1))


def test_scrap_goes_out_with_its_reason() -> None:
    broken = said(packs=Decimal(1), reason="Broken.")
    move = rules.scrap(broken, Tea(), today=TODAY, move_key="hand:1")
    assert (move.quantity, move.kind, move.note) == (-2, MoveKind.SCRAP, "Broken.")


def test_a_transfer_is_two_moves_of_one_cause() -> None:
    told = said(quantity=Decimal(3), from_place_id=None, to_place_id="pla_1")
    out, into = rules.transfer(told, Tea(), today=TODAY, transfer_id="trf_1")
    assert [(one.quantity, one.place_id) for one in (out, into)] == [(-3, None), (3, "pla_1")]
    assert [(one.about, one.key) for one in (out, into)] == [
        ("trf_1", "trf_1:out"),
        ("trf_1", "trf_1:in"),
    ]


@pytest.mark.parametrize(
    ("kind", "sign"), [("receipt", 1), ("return", 1), ("shipment", -1), ("scrap", -1)]
)
def test_what_is_planned_comes_in_or_goes_out_as_its_kind_says(kind: str, sign: int) -> None:
    told = said(quantity=Decimal(5), kind=kind, planned_on=date(2026, 3, 25))
    move = rules.plan(told, Tea(), move_key="hand:1")
    assert (move.quantity, move.kind, move.moved_on) == (5 * sign, kind, date(2026, 3, 25))


@pytest.mark.parametrize("kind", PlannedKind)
def test_only_what_comes_in_has_a_cost(kind: PlannedKind) -> None:
    rules.require_costed_receipt(kind, unit_cost=None)
    if kind in rules.INWARD:
        rules.require_costed_receipt(kind, unit_cost=1)
        return
    with pytest.raises(Invalid) as refused:
        rules.require_costed_receipt(kind, unit_cost=1)
    assert refused.value.code == "cost_of_outgoing"


def test_what_cannot_be_moved_by_hand_is_refused() -> None:
    pla, mov = new_id("pla"), new_id("mov")
    rules.require_stocked(Tea())
    rules.require_another_place(pla, None)
    rules.require_by_hand(mov, about=None)
    refusals = [
        (rules.require_stocked, (Tea(is_stocked=False),), {}, "product_not_stocked"),
        (rules.require_another_place, (pla, pla), {}, "same_place"),
        (rules.require_another_place, (None, None), {}, "same_place"),
        (rules.require_by_hand, (mov,), {"about": "shp_1"}, "move_of_another"),
    ]
    for guard, values, named, code in refusals:
        with pytest.raises((Invalid, Conflict)) as refused:
            guard(*values, **named)  # type: ignore[operator]
        assert refused.value.code == code


def test_a_product_that_there_is_not_is_named_as_it_was() -> None:
    assert rules.product_not_found(said(sku="NONE")).errors[0]["field"] == "sku"
    assert rules.product_not_found(said(product_id="prd_1")).errors[0]["field"] == "product_id"
