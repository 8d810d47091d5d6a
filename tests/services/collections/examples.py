"""An open item as rules see it, to be told what is different about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from services.collections.dunning.rules import OpenItem

_ITEM = OpenItem(
    item_id="itm_1",
    account_id="acc_1",
    procedure_id="dpr_1",
    currency="EUR",
    invoice_number="R-1",
    is_cost=False,
    position=1,
    issued_on=date(2026, 2, 1),
    due_date=date(2026, 3, 1),
    amount=100,
    balance=100,
    disputed=0,
    in_flight=0,
    unapplied=0,
    is_account_known=True,
    is_in_collections=False,
    last_level=None,
    last_sent_on=None,
    hold_until=None,
    days_frozen=0,
)


def open_item(**differently: Any) -> OpenItem:
    """An item of 100 due on 1 March 2026 that nothing happened to."""
    return replace(_ITEM, **differently)
