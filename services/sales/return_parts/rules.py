"""How much arrives, what becomes of it, and how that moves the stock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from kernel.refusals import Conflict, Invalid, NotFound
from services.sales.returns.rules import shown
from services.sales.stock.rules import MoveKind, NewMove


class Fate(NamedTuple):
    """What becomes of what arrived of a line."""

    restocked: Decimal
    scrapped: Decimal
    rejected: Decimal

    @property
    def total(self) -> Decimal:
        return self.restocked + self.scrapped + self.rejected


NOTHING = Fate(Decimal(0), Decimal(0), Decimal(0))


def choose_received(
    asked: Sequence[Mapping[str, Any]] | None, *, outstanding: Mapping[str, Decimal], number: str
) -> dict[str, Decimal]:
    """How much has come of which line: what is said, else all that is waited for. Refused: a line that is
    not of the return or named twice (`invalid_fields`), and more than is waited for
    (`more_than_asked`)."""
    if asked is None:
        rest = {line_id: quantity for line_id, quantity in outstanding.items() if quantity}
        if not rest:
            raise Conflict("nothing_outstanding", f"All of return {number} has come; inspect it.")
        return rest
    chosen: dict[str, Decimal] = {}
    for index, one in enumerate(asked):
        line_id, quantity = one["line_id"], one["quantity"]
        _require_line(line_id, index, lines=outstanding, chosen=chosen, number=number)
        if quantity > outstanding[line_id]:
            raise Conflict(
                "more_than_asked",
                f"Of line {line_id} of return {number}, {shown(outstanding[line_id])} is waited for, not "
                f"{shown(quantity)}; receive at most that, and ask for another return of the rest.",
                field=f"lines/{index}/quantity",
                outstanding=shown(outstanding[line_id]),
            )
        chosen[line_id] = quantity
    return chosen


def choose_fates(
    said: Sequence[Mapping[str, Any]], *, received: Mapping[str, Decimal], number: str
) -> dict[str, Fate]:
    """What becomes of each line of a part. Refused: a line that is not of it or named twice
    (`invalid_fields`), and where restocked, scrapped and rejected are not together what was received
    (`inspected_otherwise`)."""
    fates: dict[str, Fate] = {}
    for index, one in enumerate(said):
        line_id = one["line_id"]
        _require_line(line_id, index, lines=received, chosen=fates, number=number)
        fate = Fate(*(one.get(name, Decimal(0)) for name in ("restock", "scrap", "reject")))
        if fate.total != received[line_id]:
            raise _otherwise(line_id, fate, received[line_id], field=f"lines/{index}/restock")
        fates[line_id] = fate
    for line_id, quantity in received.items():
        if line_id not in fates:
            raise _otherwise(line_id, NOTHING, quantity, field="lines")
    return fates


def moves_of(
    lines: Iterable[tuple[str, str, Fate]],
    *,
    return_id: str,
    part: int,
    inspection: int,
    moved_on: date,
    place_id: str | None,
    is_undone: bool = False,
) -> list[NewMove]:
    """How the stock moves by an inspection, or by undoing it: what is restocked comes in, and what is
    scrapped comes in and goes. Of each line its id, its product and what becomes of it. Each inspection
    has keys of its own, and undoing it others."""
    sign = -1 if is_undone else 1
    begin = f"{return_id}:{part}:{inspection}" + (":undone" if is_undone else "")
    moves: list[NewMove] = []
    for line_id, product_id, fate in lines:
        ways = [
            ("restock", MoveKind.RETURN, fate.restocked),
            ("return", MoveKind.RETURN, fate.scrapped),
            ("scrap", MoveKind.SCRAP, -fate.scrapped),
        ]
        moves += [
            NewMove(
                product_id=product_id,
                quantity=sign * quantity,
                kind=kind,
                moved_on=moved_on,
                key=f"{begin}:{line_id}:{way}",
                about=return_id,
                place_id=place_id,
            )
            for way, kind, quantity in ways
            if quantity
        ]
    return moves


def require_part(part: int | None, *, number: str) -> int:
    """The part that is meant; NotFound where there is none such."""
    if part is None:
        raise NotFound(
            "part_not_found",
            f"Return {number} has no such part; read it to see which it has.",
            field="part",
        )
    return part


def require_not_inspected(*, part: int, is_inspected: bool, number: str) -> None:
    """Refuse to inspect what is inspected."""
    if is_inspected:
        raise Conflict(
            "part_inspected",
            f"Part {part} of return {number} is inspected; undo that first, as long as it is not "
            "credited or replaced.",
            field="part",
        )


def require_inspected(*, part: int, is_inspected: bool, number: str) -> None:
    """Refuse to undo what is not inspected."""
    if not is_inspected:
        raise Conflict(
            "part_not_inspected",
            f"Part {part} of return {number} is not inspected yet; inspect it.",
            field="part",
        )


def require_not_answered(answer: str | None, *, part: int, number: str) -> None:
    """Refuse to undo the inspection of what was credited or replaced; says what is possible."""
    if answer is not None:
        raise Conflict(
            "part_answered",
            f"Part {part} of return {number} is answered by a {answer}, and stays as it is inspected. "
            "What was credited wrongly: void the credit note in billing, and credit by another that "
            "names the return and the part; what is on the shelf wrongly is put right by a count.",
            field="part",
        )


def _require_line(
    line_id: str,
    index: int,
    *,
    lines: Mapping[str, Any],
    chosen: Mapping[str, Any],
    number: str,
) -> None:
    if line_id not in lines or line_id in chosen:
        problem = "is named twice" if line_id in chosen else f"is not a line of return {number}"
        error = {"field": f"lines/{index}/line_id", "detail": f"{line_id} {problem}."}
        raise Invalid.fields([error])


def _otherwise(line_id: str, fate: Fate, received: Decimal, *, field: str) -> Invalid:
    return Invalid(
        "inspected_otherwise",
        f"Of line {line_id}, {shown(received)} came, and {shown(fate.total)} is said to be restocked, "
        "scrapped or rejected; say what becomes of all of it.",
        field=field,
    )
