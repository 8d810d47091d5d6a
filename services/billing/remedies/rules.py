"""What of a remedy is credited how, and which are not ours to credit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kernel.refusals import Conflict

CREDITED = {"credit": "Credit", "goodwill": "Goodwill"}
"""The kinds of remedy that billing carries out, and what a credit note calls them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """A remedy as accounts granted it. `amount` is in minor units, net where it is by lines, else with
    tax."""

    account_id: str
    remedy_id: str
    kind: str
    currency: str
    amount: int
    is_by_lines: bool
    invoice_id: str | None
    lines: Sequence[Mapping[str, Any]]
    cause: str | None

    @property
    def reason(self) -> str:
        """What stands on the credit note."""
        return f"{CREDITED[self.kind]}: {self.cause}" if self.cause else CREDITED[self.kind]

    @property
    def how(self) -> dict[str, Any]:
        """By which amount or lines its invoice is lowered."""
        if self.is_by_lines:
            return {"amount": None, "lines": self.lines}
        return {"amount": self.amount, "lines": None}

    @property
    def free_line(self) -> dict[str, Any]:
        """The line of a credit note without an invoice: what is given for no supply corrects no tax."""
        return {
            "description": self.reason,
            "quantity": Decimal(1),
            "unit_price": self.amount,
            "tax_percent": Decimal(0),
        }


def require_same(
    remedy: Granted, *, name: str, account_ids: Collection[str | None], currency: str
) -> None:
    """The invoice of a remedy is the account's, which pays it or for which it is (`account_ids`), and in
    the remedy's currency."""
    if remedy.account_id not in account_ids:
        raise Conflict(
            "other_account", f"Invoice {name} is another account's; name one of this account's."
        )
    if currency != remedy.currency:
        raise Conflict(
            "other_currency",
            f"Invoice {name} is in {currency}; a remedy of it cannot be in {remedy.currency}.",
        )
