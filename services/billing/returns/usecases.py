"""Credit what came back, or say why it cannot be."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.bulk import insert_new_rows, refusal_of
from chassis.outbox import announce
from kernel.refusals import Refusal
from services.billing.advances.queries import find_payers_ahead
from services.billing.advances.rules import AccountOrder
from services.billing.billables.rules import BillableKind
from services.billing.billables.usecases import add_billables, cancel_billables
from services.billing.crediting.rules import RESTOCKING_FEE
from services.billing.credits.models import CreditNote
from services.billing.credits.queries import find_creditable
from services.billing.credits.usecases import credit_account, credit_invoice
from services.billing.drafts.usecases import take_off_drafts
from services.billing.invoices.queries import find_invoices
from services.billing.items.usecases import lock_balances
from services.billing.returns import events, queries, rules
from services.billing.returns.models import AcceptedReturn, ReturnedLine
from services.billing.shipments.queries import sum_shipped
from services.billing.taxes.rules import TaxRate


def answer_return(
    session: Session,
    *,
    account_id: str,
    return_id: str,
    part: int,
    number: str,
    order_id: str,
    currency: str,
    lines: Sequence[Mapping[str, Any]],
    today: date,
    now: datetime,
    by: str,
) -> None:
    """Credit what was billed of goods that came back, by a credit note for each invoice, and have what
    was not billed no more; or refuse it with a reason. Each part of it once, whatever is repeated: a
    credit note that somebody issued for it before is the answer."""
    order_line_ids = {line["order_line_id"] for line in lines}
    billed: dict[str, Any] = {"currency": currency, "order_line_ids": order_line_ids}
    ahead = find_payers_ahead(session, orders=[AccountOrder(order_id, account_id, currency)])
    owed_by = {account_id, *queries.find_payers_of_lines(session, **billed)}
    lock_balances(session, keys={(each, currency) for each in owed_by} | ahead)
    if queries.is_answered(session, return_id=return_id, part=part, account_id=account_id):
        return
    returned = [rules.Returned(**line) for line in lines]
    grounds = {"reason": f"Return {number}", "return_id": return_id, "return_part": part}
    names = {"account_id": account_id, "order_id": order_id}
    moment: dict[str, Any] = {"today": today, "now": now, "by": by}
    answer: dict[str, Any] = {"account_id": account_id, "return_id": return_id, "part": part}

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
    sold = [one for one in returned if one.unsold is None]
    order_line_ids = [one.order_line_id for one in sold]
    wanted: dict[str, Any] = {"account_id": account_id, "order_line_ids": order_line_ids}
    shipped = sum_shipped(session, **wanted)
    quantities = {order_line_id: one.quantity for order_line_id, one in shipped.items()}
    rules.require_shipped(sold, shipped=quantities)
    paid_for = [one for one in sold if not shipped[one.order_line_id].is_free]
    settlement = rules.settle(
        paid_for,
        _find_waiting(session, paid_for, **wanted, currency=currency, **grounds),
        queries.find_billed_lines(session, **wanted, currency=currency),
    )
    cancel_billables(session, settlement.cancelled)
    _charge_fees(session, settlement, {**names, "currency": currency}, **grounds)
    lines, rates = _share_with_advances(session, settlement.credits)
    ways = [(one, lines[one], None) for one in lines] + [(one, None, rates[one]) for one in rates]
    notes = [
        credit_invoice(
            session,
            invoice_id=invoice_id,
            amount=None,
            lines=by_lines,
            rates=by_rates,
            issued_on=None,
            remedy_id=None,
            **grounds,
        )
        for invoice_id, by_lines, by_rates in ways
    ]
    notes += _credit_unsold(session, returned, account_id, currency=currency, **grounds)
    return {
        "credit_note_ids": [note.credit_note_id for note in notes],
        "credited": _listed(settlement.credited),
        "not_billed": _listed(settlement.not_billed),
    }


def _find_waiting(
    session: Session,
    returned: Sequence[rules.Returned],
    *,
    account_id: str,
    currency: str,
    order_line_ids: Sequence[str],
    now: datetime,
    by: str,
    **_: Any,
) -> list[rules.WaitingLine]:
    """What waits to be billed of what came back; what is on drafts of it waits again, as nobody has that
    yet."""
    wanted = {"account_id": account_id, "currency": currency}
    asked: dict[str, Any] = {**wanted, "order_line_ids": order_line_ids}
    waiting = queries.find_waiting_lines(session, **asked)
    lacking = rules.lacking(returned, waiting)
    if lacking:
        take_off_drafts(session, **wanted, wanted=lacking, now=now, by=by)
        waiting = queries.find_waiting_lines(session, **asked)
    return waiting


def _share_with_advances(
    session: Session, asked: Mapping[str, list[dict[str, Any]]]
) -> tuple[dict[str, list[dict[str, Any]]], dict[str, list[dict[str, Any]]]]:
    """What is credited of invoices by lines, and of what was billed ahead of them by net amounts."""
    by_lines = {invoice_id: [*lines] for invoice_id, lines in asked.items()}
    taken_off = queries.find_taken_off(session, invoice_ids=list(asked)) if asked else {}
    creditable = find_creditable(session, find_invoices(session, invoice_ids=list(taken_off)))
    nets: defaultdict[str, Counter[TaxRate]] = defaultdict(Counter)
    for invoice_id, off in taken_off.items():
        found = rules.share_with_advances(creditable[invoice_id], asked[invoice_id], off)
        by_lines[invoice_id] += found[0]
        for (advance_id, rate), net in found[1].items():
            nets[advance_id][rate] += net
    return by_lines, {
        advance_id: [{**rate._asdict(), "net": net} for rate, net in of_it.items()]
        for advance_id, of_it in nets.items()
    }


def _credit_unsold(
    session: Session, returned: Sequence[rules.Returned], account_id: str, **grounds: Any
) -> list[CreditNote]:
    """Credit goods that no order of ours had sold before, by a credit note that names no invoice."""
    lines = rules.unsold_lines(returned)
    if not lines:
        return []
    none: dict[str, Any] = {"order_id": None, "issued_on": None, "remedy_id": None}
    return [credit_account(session, account_id=account_id, lines=lines, **none, **grounds)]


def _charge_fees(
    session: Session,
    settlement: rules.Settlement,
    names: Mapping[str, str],
    *,
    return_id: str,
    return_part: int,
    today: date,
    now: datetime,
    by: str,
    **_: Any,
) -> None:
    """Have what is kept back of goods that are not billed any more billed instead of them."""
    rows = [
        {
            **names,
            "key": f"{return_id}:{line.billable_id}"
            + (f":{return_part}" if return_part > 1 else ""),
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
    part: int,
    order_id: str,
    now: datetime,
    **settled: Any,
) -> None:
    """Keep what came back, and say what became of it."""
    of_it = {"return_id": return_id, "part": part}
    names: dict[str, Any] = {"account_id": account_id, **of_it}
    code, reason = (None, None) if refusal is None else (refusal.code, refusal.detail)
    session.add(
        AcceptedReturn(**names, order_id=order_id, code=code, reason=reason, answered_at=now)
    )
    session.flush()
    rows = [
        {**of_it, "order_line_id": one.order_line_id, "quantity": one.quantity}
        for one in returned
        if one.is_back
    ]
    insert_new_rows(session, ReturnedLine, rows)
    if refusal is None:
        announce(session, events.ReturnSettled, **names, **settled)
    else:
        announce(session, events.ReturnRefused, **names, code=code, reason=reason)
