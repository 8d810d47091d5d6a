"""What of a remedy is credited how, and which are not ours to credit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from kernel.refusals import Conflict

CREDITED = {"credit": "Credit", "goodwill": "Goodwill"}
"""The kinds of remedy that billing carries out, and what a credit note calls them."""


class Remedy(NamedTuple):
    """A remedy, and whose that is."""

    remedy_id: str
    account_id: str


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

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Granted:
        """A remedy as it is told."""
        return cls(**told)

    @property
    def name(self) -> Remedy:
        return Remedy(self.remedy_id, self.account_id)

    @property
    def credit_note(self) -> dict[str, Any]:
        """What is to be credited, as one of a batch: of its invoice, or freely."""
        why = {"reason": self.reason, "remedy_id": self.remedy_id, "issued_on": None}
        said = {**why, "return_id": None, "return_part": 1}
        if self.invoice_id is not None:
            on_invoice = {"invoice_id": self.invoice_id, "rates": None, **self.how, **said}
            return {"on_invoice": on_invoice, "free": None}
        whose = {"account_id": self.account_id, "currency": self.currency, "order_id": None}
        return {"on_invoice": None, "free": {**whose, "lines": [self.free_line], **said}}

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
