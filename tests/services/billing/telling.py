"""Statements to be drawn and read: a month of one account."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from services.billing.document_facts.rules import Correspondents
from services.billing.items.rules import ItemKind
from services.billing.ledger.rules import JournalKind
from services.billing.statements.rules import AccountPart, Move, OpenItem, StatementFacts
from tests.services.billing.papers import ACCOUNT, BUYER, SELLER

MARCH = (date(2026, 3, 1), date(2026, 3, 31))
MOVES = (
    Move(JournalKind.INVOICE_ISSUED, date(2026, 3, 2), 119_000, "2026-000123"),
    Move(JournalKind.PAYMENT_RECEIVED, date(2026, 3, 9), -60_000, "Order 4711 from February"),
    Move(JournalKind.INVOICE_ISSUED, date(2026, 3, 12), 1_500, "FEE-2026-000001", ItemKind.FEE),
    Move(JournalKind.CREDIT_NOTE_ISSUED, date(2026, 3, 16), -11_900, "CN-2026-000007"),
    Move(JournalKind.ALLOCATION_MADE, date(2026, 3, 16), -100, "2026-000123"),
    Move(JournalKind.PAYMENT_REVERSED, date(2026, 3, 20), 60_000),
    Move(JournalKind.MONEY_REFUNDED, date(2026, 3, 27), 2_500),
)
OPEN = (
    OpenItem("2026-000101", date(2026, 1, 20), date(2026, 2, 19), 50_000),
    OpenItem("2026-000123", date(2026, 3, 2), date(2026, 4, 1), 107_000),
    OpenItem("FEE-2026-000001", date(2026, 3, 12), date(2026, 3, 12), 1_500),
)


def parties(**differently: Any) -> Correspondents:
    """We write to a client in Bremen."""
    usual = Correspondents(
        language="en", seller=SELLER, buyer=BUYER, account=ACCOUNT, logo_file_id=None
    )
    return replace(usual, **differently)


def statement(**differently: Any) -> StatementFacts:
    """500.00 owed on 1 March, 1,610.00 on the 31st."""
    part = AccountPart(account_id="acc_1", name=None, opening=50_000, moves=MOVES)
    first_day, last_day = MARCH
    usual = StatementFacts(
        currency="EUR",
        first_day=first_day,
        last_day=last_day,
        parts=(part,),
        open_items=OPEN,
    )
    return replace(usual, **differently)
