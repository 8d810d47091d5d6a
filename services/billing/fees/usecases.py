"""Demand fees, and forgive them, as collections tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from chassis.bulk import Rows, keep_newest, refuse_one
from chassis.outbox import announce
from kernel.ids import new_ids
from kernel.refusals import Refusal
from services.billing.accounts.models import Account
from services.billing.accounts.rules import account_not_found, require_billable
from services.billing.accounts.usecases import lock_accounts_to_bill
from services.billing.credits.usecases import forgive_document
from services.billing.fees import events, rules
from services.billing.fees.models import Fee
from services.billing.fees.queries import find_fees
from services.billing.fees.rules import Act
from services.billing.invoices.models import Invoice
from services.billing.invoices.usecases import lock_invoice
from services.billing.issuing.rules import NewInvoice
from services.billing.issuing.usecases import raise_balances, store_new, to_snapshots
from services.billing.items.models import Item
from services.billing.items.queries import find_items
from services.billing.items.rules import AccountCurrency, require_room
from services.billing.items.usecases import lock_balances

_NAMES = [column.key for column in inspect(Fee).columns if column.key != "invoice_id"]


def keep_fees(session: Session, told: Rows, *, today: date, now: datetime, by: str) -> None:
    """Keep what was told of fees, in whatever order it comes, and do what follows from the newest."""
    accounts = lock_accounts_to_bill(session, account_ids={one["account_id"] for one in told})
    rows = [{name: one.get(name) for name in _NAMES} for one in told]
    news = find_fees(session, fee_ids=[row.fee_id for row in keep_newest(session, Fee, rows)])
    acts = [(fee, act) for fee in news if (act := rules.act_on(fee.state, fee.told))]
    if not acts:
        return
    held = lock_balances(session, keys={(fee.account_id, fee.currency) for fee, _ in acts})
    owed = {key: each.open for key, each in held.items()}
    wanted = [fee for fee, act in acts if act is Act.DEMAND]
    _demand(session, wanted, accounts, owed, today=today, now=now, by=by)
    for fee, act in acts:
        if act is Act.FORGIVE:
            _forgive(session, fee, today=today, now=now, by=by)
    session.flush()


def post_fees(session: Session, *, new: Sequence[NewInvoice], now: datetime, by: str) -> None:
    """Issue documents that demand fees, and announce each."""
    issued = store_new(session, new=new, now=now, by=by)
    balances = raise_balances(session, issued, field="amount")
    for document, (facts, items) in zip(new, issued, strict=True):
        announce(
            session,
            events.FeePosted,
            **_told_of(document, facts),
            items=to_snapshots(items),
            account_balance=balances[document.balance],
        )


def _demand(
    session: Session,
    fees: Sequence[Fee],
    accounts: Mapping[str, Account],
    owed: dict[AccountCurrency, int],
    *,
    today: date,
    now: datetime,
    by: str,
) -> None:
    """Issue a document for each fee, or announce why not, in a fixed number of statements."""
    item_ids = {item_id for fee in fees for item_id in fee.item_ids}
    about = {one.item_id: one for one in find_items(session, item_ids=[*item_ids], invoice_ids=[])}
    invoice_ids = iter(new_ids("inv", len(fees)))

    def fix(fee: Fee) -> NewInvoice:
        return _fix(next(invoice_ids), fee, accounts, about, owed, today)

    fixed = [(fee, _try(session, fee, fix)) for fee in fees]
    new = {fee.fee_id: made for fee, made in fixed if made is not None}
    if new:
        post_fees(session, new=[*new.values()], now=now, by=by)
    for fee in fees:
        fee.invoice_id = new[fee.fee_id].invoice_id if fee.fee_id in new else None


def _try(session: Session, fee: Fee, fix: Callable[[Fee], NewInvoice]) -> NewInvoice | None:
    try:
        return fix(fee)
    except Refusal as refusal:
        refused = refuse_one(session, refusal)
        facts = {"account_id": fee.account_id, "fee_id": fee.fee_id}
        announce(session, events.FeeRefused, **facts, code=refused.code, reason=refused.detail)
        return None


def _fix(
    invoice_id: str,
    fee: Fee,
    accounts: Mapping[str, Account],
    about: Mapping[str, Item],
    owed: dict[AccountCurrency, int],
    today: date,
) -> NewInvoice:
    account = accounts.get(fee.account_id)
    if account is None:
        raise account_not_found(fee.account_id)
    require_billable(number=account.number, status=account.status)
    known = [about[item_id] for item_id in fee.item_ids if item_id in about]
    rules.require_about(known, account_id=fee.account_id, currency=fee.currency)
    same = "fee_id notice_id account_id kind currency amount told_on".split()
    document = rules.fee_document(
        invoice_id=invoice_id, today=today, **{name: getattr(fee, name) for name in same}
    )
    total = owed[document.balance] + fee.amount
    require_room(total, currency=fee.currency, field="amount")
    owed[document.balance] = total
    return document


def _told_of(document: NewInvoice, facts: Mapping[str, Any]) -> dict[str, Any]:
    same = "account_id kind invoice_id number version currency issued_on total".split()
    return {
        "fee_id": document.demand.fee_id,
        "notice_id": document.demand.notice_id,
        **{name: facts[name] for name in same},
    }


def _forgive(session: Session, fee: Fee, *, today: date, now: datetime, by: str) -> None:
    """Credit all that is left of the document that demands a fee."""
    assert fee.invoice_id is not None
    invoice: Invoice = lock_invoice(session, invoice_id=fee.invoice_id)
    assert invoice.issued_on is not None
    assert fee.reason is not None, "whoever waives says why"
    day = rules.choose_day(fee.told_on, today=today, earliest=invoice.issued_on)
    forgive_document(session, invoice, reason=fee.reason, issued_on=day, now=now, by=by)
    fee.invoice_id = None
