"""Keep what of advances is ahead no longer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from chassis.bulk import insert_rows
from kernel.ids import new_ids
from services.billing.accounts.usecases import Billed, lock_all_billed
from services.billing.advances.models import AdvanceUse
from services.billing.advances.queries import (
    find_advances,
    find_payers_ahead,
    find_taken_back,
    find_taken_off,
    find_unbilled,
)
from services.billing.advances.rules import AccountOrder, Part, take_off
from services.billing.items.usecases import lock_balances


def lock_orders(session: Session, *, orders: Collection[AccountOrder]) -> dict[str, Billed]:
    """Lock who is billed for accounts' orders, and the balances of all those and of who was billed ahead
    for them; who is billed, by the account. Accounts without a copy are left out."""
    billed = lock_all_billed(session, account_ids={each.account_id for each in orders})
    payers = {each.account.account_id: each.account.payer_id for each in billed.values()}
    owed = {
        (account_id, each.currency)
        for each in orders
        for account_id in (each.account_id, payers.get(each.account_id))
        if account_id is not None
    }
    lock_balances(session, keys=owed | find_payers_ahead(session, orders=orders))
    return billed


def record_parts(
    session: Session,
    *,
    parts: Sequence[Part],
    account_id: str,
    invoice_id: str | None = None,
    credit_note_id: str | None = None,
    now: datetime,
) -> None:
    """Record what was taken of advances by an invoice or a credit note."""
    by = {"account_id": account_id, "invoice_id": invoice_id, "credit_note_id": credit_note_id}
    record_uses(session, uses=[(by, parts)], now=now)


def record_uses(
    session: Session,
    *,
    uses: Iterable[tuple[Mapping[str, str | None], Sequence[Part]]],
    now: datetime,
) -> None:
    """Record what was taken of advances by many, each named by account, invoice and credit note."""
    taken = [{**by, **part._asdict(), "recorded_at": now} for by, parts in uses for part in parts]
    use_ids = new_ids("use", len(taken))
    rows = [{"use_id": use_id, **each} for use_id, each in zip(use_ids, taken, strict=True)]
    insert_rows(session, AdvanceUse, rows)


def give_back(session: Session, *, invoice_id: str, account_id: str, now: datetime) -> None:
    """What was taken off an invoice that is void now is ahead again."""
    parts = _negated(find_taken_off(session, invoice_id=invoice_id))
    record_parts(session, parts=parts, account_id=account_id, invoice_id=invoice_id, now=now)


def credit_no_more(
    session: Session, *, credit_note_id: str, account_id: str, order_id: str | None, now: datetime
) -> None:
    """What a credit note that is void now took back of an order's advances is ahead again, as far as what
    was shipped is billed."""
    parts = _negated(find_taken_back(session, credit_note_id=credit_note_id))
    by: dict[str, str] = {"account_id": account_id, "credit_note_id": credit_note_id}
    record_parts(session, parts=parts, **by, now=now)
    orders = {part.advance_id: order_id for part in parts if order_id is not None}
    bill_again(session, orders=orders, now=now)


def _negated(parts: Sequence[Part]) -> list[Part]:
    return [part._replace(net=-part.net, tax=-part.tax) for part in parts]


def bill_again(session: Session, *, orders: Mapping[str, str], now: datetime) -> None:
    """Invoices were issued for orders, whose ids are given by theirs: what of the orders' shipments has
    no live invoice they bill first, and only the rest of them is ahead."""
    unbilled = find_unbilled(session, order_ids=set(orders.values())) if orders else []
    uses = [
        (
            {
                "account_id": advance.account_id,
                "invoice_id": shipment.invoice_id,
                "credit_note_id": None,
            },
            take_off(shipment.left, [advance]),
        )
        for advance in (find_advances(session, invoice_ids=orders) if unbilled else ())
        for shipment in unbilled
        if (shipment.order_id, shipment.currency) == (advance.order_id, advance.currency)
    ]
    record_uses(session, uses=uses, now=now)
