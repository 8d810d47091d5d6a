"""What a person says of goods as the moves that it means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from kernel.refusals import Conflict, Invalid, Refusal
from services.sales.stock.rules import MoveKind, NewMove

RECEIPTS_MAX = 1000
PLANS_MAX = 100


class PlannedKind(StrEnum):
    """What can be planned by hand."""

    RECEIPT = "receipt"
    SHIPMENT = "shipment"
    RETURN = "return"
    SCRAP = "scrap"


INWARD = frozenset({PlannedKind.RECEIPT, PlannedKind.RETURN})


class Kept(Protocol):
    """What is asked of a product."""

    @property
    def product_id(self) -> str: ...
    @property
    def sku(self) -> str: ...
    @property
    def is_stocked(self) -> bool: ...
    @property
    def pack_size(self) -> Decimal: ...


def require_stocked(product: Kept) -> None:
    """Refuse (`product_not_stocked`) to move what is not kept in stock."""
    if not product.is_stocked:
        raise Conflict(
            "product_not_stocked",
            f"Product {product.sku} is not kept in stock; edit it so (is_stocked), then move it.",
            field="product_id",
        )


def product_not_found(said: Mapping[str, Any]) -> Invalid:
    """The refusal of a product that there is not."""
    name = "product_id" if said.get("product_id") else "sku"
    detail = f"There is no product {said[name]}; GET /v1/products?search= finds what there is."
    return Invalid("product_not_found", detail, field=name)


def quantity_of(said: Mapping[str, Any], product: Kept) -> Decimal:
    """How many units are meant: as said, or so many packs. Refused where that is more than can move."""
    quantity: Decimal | None = said["quantity"]
    if quantity is not None:
        return quantity
    units: Decimal = said["packs"] * product.pack_size
    if units > 10**9 or units != units.quantize(Decimal("0.001")):
        raise Invalid(
            "packs_not_movable",
            f"{said['packs']} packs of {product.pack_size.normalize():f} are {units.normalize():f} "
            "units; at most 1000000000 with three decimals move at once.",
            field="packs",
        )
    return units


def receipt(said: Mapping[str, Any], product: Kept, *, today: date, move_key: str) -> NewMove:
    """The move by which goods come in. One that says what its `reference` is moves once for the
    product."""
    reference = said["reference"]
    return NewMove(
        product_id=product.product_id,
        quantity=quantity_of(said, product),
        kind=MoveKind.RECEIPT,
        moved_on=said["moved_on"] or today,
        key=f"receipt:{product.product_id}:{reference}" if reference else move_key,
        place_id=said["place_id"],
        lot=said["lot"],
        unit_cost=said["unit_cost"],
        currency=said["currency"],
        note=said["note"],
    )


class Known(Protocol):
    """What was received before."""

    @property
    def quantity(self) -> Decimal: ...
    @property
    def place_id(self) -> str | None: ...
    @property
    def lot(self) -> str | None: ...


def require_same(move: NewMove, known: Known) -> None:
    """Refuse (`reference_used`) other goods under the reference of some that were received before, which
    would be lost; what is left out is as it was."""
    same = {
        "quantity": move.quantity == known.quantity,
        "place_id": move.place_id in {None, known.place_id},
        "lot": move.lot in {None, known.lot},
    }
    differs = [name for name, is_same in same.items() if not is_same]
    if differs:
        raise Conflict(
            "reference_used",
            "The product was received under this reference before, in another "
            f"{differs[0].removesuffix('_id')}. Send it as it was, or give what else came a reference "
            "of its own.",
            field=differs[0],
        )


def scrap(said: Mapping[str, Any], product: Kept, *, today: date, move_key: str) -> NewMove:
    """The move by which goods are thrown away."""
    return NewMove(
        product_id=product.product_id,
        quantity=-quantity_of(said, product),
        kind=MoveKind.SCRAP,
        moved_on=said["moved_on"] or today,
        key=move_key,
        place_id=said["place_id"],
        lot=said["lot"],
        note=said["reason"],
    )


def transfer(
    said: Mapping[str, Any], product: Kept, *, today: date, transfer_id: str
) -> list[NewMove]:
    """The two moves by which goods go from one place to another."""
    quantity = quantity_of(said, product)
    sides = {"out": (-quantity, said["from_place_id"]), "in": (quantity, said["to_place_id"])}
    return [
        NewMove(
            product_id=product.product_id,
            quantity=part,
            kind=MoveKind.TRANSFER,
            moved_on=said["moved_on"] or today,
            key=f"{transfer_id}:{side}",
            about=transfer_id,
            place_id=place_id,
            lot=said["lot"],
            note=said["note"],
        )
        for side, (part, place_id) in sides.items()
    ]


def plan(said: Mapping[str, Any], product: Kept, *, move_key: str) -> NewMove:
    """A move that is to come."""
    kind = PlannedKind(said["kind"])
    quantity = quantity_of(said, product)
    return NewMove(
        product_id=product.product_id,
        quantity=quantity if kind in INWARD else -quantity,
        kind=MoveKind(kind),
        moved_on=said["planned_on"],
        key=move_key,
        place_id=said["place_id"],
        lot=said["lot"],
        unit_cost=said["unit_cost"],
        currency=said["currency"],
        note=said["note"],
    )


@contextmanager
def named_at(place: str) -> Iterator[None]:
    """What is refused inside names its fields as those of what stands at `place` in the request."""
    try:
        yield
    except Refusal as refusal:
        refusal.errors = [{**one, "field": f"{place}/{one['field']}"} for one in refusal.errors]
        raise


def require_costed_receipt(kind: str, *, unit_cost: int | None) -> None:
    """Refuse (`cost_of_outgoing`) a cost of what goes out: that goes at the average."""
    if unit_cost is not None and PlannedKind(kind) not in INWARD:
        raise Invalid(
            "cost_of_outgoing",
            "What goes out is worth the average cost; leave unit_cost out.",
            field="unit_cost",
        )


def require_another_place(from_place_id: str | None, to_place_id: str | None) -> None:
    """Refuse (`same_place`) to transfer goods to where they are."""
    if from_place_id == to_place_id:
        raise Invalid(
            "same_place",
            "Goods are transferred from one place to another; leave one of them out for the one store "
            "without a place.",
            field="to_place_id",
        )


def require_by_hand(move_id: str, *, about: str | None) -> None:
    """Refuse (`move_of_another`) to move by hand what something else planned."""
    if about is not None:
        raise Conflict(
            "move_of_another",
            f"Move {move_id} belongs to {about}, which finishes or cancels it.",
            about=about,
        )
