"""Credit what came back, or say why it cannot be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.bulk import insert_new_rows, refusal_of
from chassis.outbox import announce
from kernel.refusals import Refusal
from services.billing.billables.rules import BillableKind
from services.billing.billables.usecases import add_billables, cancel_billables
from services.billing.crediting.rules import RESTOCKING_FEE
from services.billing.credits.usecases import credit_invoice
from services.billing.items.usecases import lock_balances
from services.billing.returns import events, queries, rules
from services.billing.returns.models import AcceptedReturn, ReturnedLine
from services.billing.shipments.queries import sum_shipped


def answer_return(
    session: Session,
    *,
    account_id: str,
    return_id: str,
    number: str,
    order_id: str,
    currency: str,
    lines: Sequence[Mapping[str, Any]],
    today: date,
    now: datetime,
    by: str,
) -> None:
    """Credit what was billed of goods that came back, by a credit note for each invoice, and have what
    was not billed no more; or refuse it with a reason. Once, whatever is repeated: a credit note that
    somebody issued for it before is the answer."""
    order_line_ids = {line["order_line_id"] for line in lines}
    billed: dict[str, Any] = {"currency": currency, "order_line_ids": order_line_ids}
    owed_by = {account_id, *queries.find_payers_of_lines(session, **billed)}
    lock_balances(session, keys={(each, currency) for each in owed_by})
    if queries.is_answered(session, return_id=return_id, account_id=account_id):
        return
    returned = [rules.Returned(**line) for line in lines]
    grounds = {"reason": f"Return {number}", "return_id": return_id}
    names = {"account_id": account_id, "order_id": order_id}
    moment: dict[str, Any] = {"today": today, "now": now, "by": by}
    answer: dict[str, Any] = {"account_id": account_id, "return_id": return_id}

    def settle() -> None:
        answer.update(_settle(session, returned, names, currency=currency, **grounds, **moment))

    refusal = refusal_of(session, settle)
    _keep(session, returned, refusal, **answer, order_id=order_id, now=now)


def _settle(
    session: Session,
    returned: Sequence[rules.Returned],
    names: Mapping[str, str],
    *,
    currency: str,
    **grounds: Any,
) -> dict[str, Any]:
    """Settle what came back; what is said of it."""
    account_id = names["account_id"]
    order_line_ids = [one.order_line_id for one in returned]
    wanted: dict[str, Any] = {"account_id": account_id, "order_line_ids": order_line_ids}
    shipped = sum_shipped(session, **wanted)
    quantities = {order_line_id: one.quantity for order_line_id, one in shipped.items()}
    rules.require_shipped(returned, shipped=quantities)
    settlement = rules.settle(
        [one for one in returned if not shipped[one.order_line_id].is_free],
        queries.find_waiting_lines(session, **wanted, currency=currency),
        queries.find_billed_lines(session, **wanted, currency=currency),
    )
    cancel_billables(session, settlement.cancelled)
    _charge_fees(session, settlement, {**names, "currency": currency}, **grounds)
    notes = [
        credit_invoice(
            session,
            invoice_id=invoice_id,
            amount=None,
            lines=lines,
            rates=None,
            issued_on=None,
            remedy_id=None,
            **grounds,
        )
        for invoice_id, lines in settlement.credits.items()
    ]
    return {
        "credit_note_ids": [note.credit_note_id for note in notes],
        "credited": _listed(settlement.credited),
        "not_billed": _listed(settlement.not_billed),
    }


def _charge_fees(
    session: Session,
    settlement: rules.Settlement,
    names: Mapping[str, str],
    *,
    return_id: str,
    today: date,
    now: datetime,
    by: str,
    **_: Any,
) -> None:
    """Have what is kept back of goods that are not billed any more billed instead of them."""
    rows = [
        {
            **names,
            "key": f"{return_id}:{line.billable_id}",
            "kind": BillableKind.SHIPMENT,
            "description": f"{RESTOCKING_FEE}: {line.description}",
            "quantity": 1,
            "unit_price": kept_back,
            **line.tax,
            "bill_on": today,
        }
        for line, kept_back in settlement.fees
    ]
    add_billables(session, rows, now=now, by=by)


def _listed(quantities: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"order_line_id": order_line_id, "quantity": quantity}
        for order_line_id, quantity in quantities.items()
    ]


def _keep(
    session: Session,
    returned: Sequence[rules.Returned],
    refusal: Refusal | None,
    *,
    account_id: str,
    return_id: str,
    order_id: str,
    now: datetime,
    **settled: Any,
) -> None:
    """Keep what came back, and say what became of it."""
    names = {"account_id": account_id, "return_id": return_id}
    code, reason = (None, None) if refusal is None else (refusal.code, refusal.detail)
    session.add(
        AcceptedReturn(**names, order_id=order_id, code=code, reason=reason, answered_at=now)
    )
    session.flush()
    rows = [
        {"return_id": return_id, "order_line_id": one.order_line_id, "quantity": one.quantity}
        for one in returned
    ]
    insert_new_rows(session, ReturnedLine, rows)
    if refusal is None:
        announce(session, events.ReturnSettled, **names, **settled)
    else:
        announce(session, events.ReturnRefused, **names, code=code, reason=reason)
