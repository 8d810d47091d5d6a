"""What became of a contested amount, part by part, and what of it may be credited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kernel.money import Money
from kernel.refusals import Conflict

REASON_MAX = 500  # characters, of a credit note


@dataclass(frozen=True, slots=True)
class Parts:
    """What a contested amount is made of, always adding up to it: what is contested and owed still; what
    of that was settled meanwhile, paid, credited otherwise or written off; what was credited as upheld;
    and what may be asked for again."""

    remaining: int
    settled: int
    credited: int
    released: int


def divide(amount: int, *, contested: int, earlier: int, disputed: int, credited: int) -> Parts:
    """The parts of a dispute's amount. Of an item of which `disputed` is still both contested and owed,
    the disputes before this one contest `earlier`; `credited` is the credit note that names it."""
    contested = min(contested, amount)
    remaining = min(contested, max(0, disputed - earlier))
    credited = min(credited, amount - contested)
    return Parts(remaining, contested - remaining, credited, amount - contested - credited)


def require_within_dispute(upheld: int, *, amount: int, currency: str) -> None:
    """No more is upheld than was contested."""
    if upheld > amount:
        raise Conflict(
            "more_than_disputed",
            f"{Money(amount, currency)} was disputed; {Money(upheld, currency)} cannot be upheld of it. "
            "Uphold no more than that, and credit the rest by hand.",
        )


def in_turns(decided: Iterable[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """Decisions that are answered together, each account's in their order: of one dispute a decision
    meets what became of that before it."""
    turns: list[list[Mapping[str, Any]]] = []
    turn: defaultdict[str, int] = defaultdict(int)
    named: dict[str, int] = {}
    for one in decided:
        account_id, dispute_id = one["account_id"], one["dispute_id"]
        if named.get(dispute_id) == turn[account_id]:
            turn[account_id] += 1
        named[dispute_id] = turn[account_id]
        if len(turns) <= turn[account_id]:
            turns.append([])
        turns[turn[account_id]].append(one)
    return turns


def describe(decided: Mapping[str, Any], *, invoice_id: str) -> dict[str, Any]:
    """The credit note of what was upheld, as one of a batch: of the item's invoice, against that item
    first."""
    on_invoice = {
        "invoice_id": invoice_id,
        "item_id": decided["item_id"],
        "amount": decided["upheld"],
        "lines": None,
        "rates": None,
        "issued_on": None,
        "reason": f"Dispute upheld: {decided['reason']}"[:REASON_MAX],
        "dispute_id": decided["dispute_id"],
        **dict.fromkeys(("remedy_id", "return_id", "return_part")),
    }
    return {"on_invoice": on_invoice, "free": None}
