"""What billing tells of how things are, to one listener that does not know them so."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Currency, Day, Flag, Id, Minor, Whole
from services.billing.credits.events import CreditNoteIssued
from services.billing.events import (
    ACCOUNT,
    ITEM,
    LINE,
    BalanceChanged,
    BilledLine,
    ItemSnapshot,
)


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


class InvoiceIntroduced(AccountEvent):
    """An issued invoice, for one listener that does not know it so. All but `is_void` is fixed."""

    for_account_id = Id("acc", required=True, allow_none=True)
    invoice_id = Id("inv", required=True)
    number = fields.String(required=True)
    currency = Currency(required=True)
    issued_on = Day(required=True)
    net = Minor(required=True)
    total = Minor(required=True)
    order_id = Id("ord", required=True, allow_none=True)
    is_void = Flag(required=True, metadata={"description": "Whether it was cancelled."})
    lines = fields.List(fields.Nested(BilledLine), required=True)

    key = ("invoice_id",)
    compared = ("is_void",)
    says = "Invoice {number}, {total}."
    example: ClassVar[dict[str, Any]] = {
        **ACCOUNT,
        "for_account_id": None,
        "invoice_id": "inv_01jd3v4q6ye8z9t5k2m7n0p1xa",
        "number": "2026-000123",
        "currency": "EUR",
        "issued_on": "2026-03-03",
        "net": 10000,
        "total": 11900,
        "order_id": "ord_01jd3v4q6ye8z9t5k2m7n0p1xf",
        "is_void": False,
        "lines": [LINE],
    }


class CreditNoteIntroduced(CreditNoteIssued):
    """A credit note, for one listener that does not know it so. All but `is_void` is fixed."""

    is_void = Flag(required=True, metadata={"description": "Whether it was issued in error."})

    key = ("credit_note_id",)
    compared = ("net", "is_void")
    says = "Credit note {number}, {total}."
    example: ClassVar = CreditNoteIssued.example | {"is_void": False}
