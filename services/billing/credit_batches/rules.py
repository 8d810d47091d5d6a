"""What each of a batch of credit notes is to be."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from kernel.refusals import Invalid, NotFound, Refusal
from services.billing.credits.rules import Grounds


def require_one_way(row: Mapping[str, Any]) -> None:
    """A credit note is on an invoice, or free."""
    if (row["on_invoice"] is None) == (row["free"] is None):
        raise Invalid(
            "invoice_or_free",
            "Give either on_invoice, with the invoice that it lowers, or free, with its account.",
        )


def invoice_not_found(invoice_id: str) -> NotFound:
    """As where a credit note comes alone."""
    return NotFound("invoice_not_found", f"There is no invoice {invoice_id}.", field="invoice_id")


def is_alone(row: Mapping[str, Any] | Refusal, *, discounted: Collection[str]) -> bool:
    """Whether a credit note is written by itself: on an invoice of which something was discounted."""
    if isinstance(row, Refusal) or row["on_invoice"] is None or row["free"] is not None:
        return False
    return row["on_invoice"]["invoice_id"] in discounted


def divide(
    rows: Sequence[Mapping[str, Any] | Refusal], *, discounted: Collection[str]
) -> list[list[Any]]:
    """Runs of credit notes that are written together, and those that are alone, in their order."""
    runs: list[list[Any]] = []
    for row in rows:
        alone = is_alone(row, discounted=discounted)
        if not runs or alone or is_alone(runs[-1][0], discounted=discounted):
            runs.append([])
        runs[-1].append(row)
    return runs


def placed(refusal: Refusal, row: Mapping[str, Any]) -> Refusal:
    """The refusal of a credit note, naming fields where they are in a batch."""
    part = "free" if row["on_invoice"] is None else "on_invoice"
    refusal.errors = [{**one, "field": f"{part}/{one['field']}"} for one in refusal.errors]
    return refusal


def grounds_of(row: Mapping[str, Any]) -> Grounds:
    """Why a credit note is issued."""
    said = row["on_invoice"] or row["free"]
    names = ("reason", "remedy_id", "return_id", "return_part")
    dispute_id = said.get("dispute_id")  # nobody names one by hand
    return Grounds(**{name: said[name] for name in names}, dispute_id=dispute_id)
