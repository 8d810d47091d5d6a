"""What billing tells of how things are, to one listener that does not know them so."""

from __future__ import annotations

from typing import ClassVar

from chassis.events import AccountEvent
from chassis.fields import Day, Whole
from services.billing.events import ACCOUNT, ITEM, BalanceChanged, ItemSnapshot


class BalanceIntroduced(BalanceChanged):
    """What an account owes in one currency, for one listener that does not know it so."""

    key = ("account_id", "currency")
    says = "Balance is {balance}."
    example: ClassVar = BalanceChanged.example


class ItemIntroduced(ItemSnapshot, AccountEvent):
    """An item as it is, with its place among others, for one listener that does not know it so."""

    issued_on = Day(required=True)
    position = Whole(required=True, metadata={"description": "Among its invoice's instalments."})

    key = ("item_id",)
    says = "{balance} of invoice {invoice_number} is open."
    example: ClassVar = {**ACCOUNT, **ITEM, "issued_on": "2026-02-28", "position": 1}
