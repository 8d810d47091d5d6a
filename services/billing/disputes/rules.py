"""What became of a contested amount, part by part, and what of it may be credited."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.money import Money
from kernel.refusals import Conflict


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
