"""When what was shipped is billed, and as what it waits until then."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from services.billing.accounts.rules import CLOSED
from services.billing.billables.rules import BillableKind
from services.billing.pricing.rules import Priced
from services.billing.routines.rules import Bills

BILLED_ON_ORDER = "order"  # and so not with its shipments


def is_billed_later(
    *, bills: str, is_billed_apart: bool, statuses: Collection[str], ahead: int
) -> bool:
    """Whether a shipment waits for the account's monthly bill: not where its order is billed apart, or
    something of it (minor units) is billed ahead, which its own invoice takes off; nor where the account
    or its payer is closed (`statuses`), for which nothing else is sent."""
    is_whole = not is_billed_apart and ahead <= 0
    return bills == Bills.MONTHLY and is_whole and CLOSED not in statuses


def to_bill(shipment_id: str, goods: Priced, bill_on: date) -> Iterator[dict[str, Any]]:
    """What of a shipment's lines is to be billed from a day on; what was given away is not."""
    for position, line in enumerate(goods.lines, start=1):
        what = line._asdict()
        del what["net"]
        if what["unit_price"]:
            of_it = {"key": f"{shipment_id}:{position}", "kind": BillableKind.SHIPMENT}
            yield {**of_it, **what, "bill_on": bill_on}
