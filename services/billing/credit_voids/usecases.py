"""Make credit notes void that were issued in error."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from sqlalchemy.orm import Session

from chassis.outbox import announce
from services.billing.advances.usecases import credit_no_more
from services.billing.allocations.queries import find_standing
from services.billing.allocations.usecases import reverse_allocations
from services.billing.billables.usecases import give_back_credited
from services.billing.credits import events, rules
from services.billing.credits.models import CreditNote
from services.billing.credits.usecases import lock_credit_note, mark_void
from services.billing.items.rules import BalanceChange
from services.billing.items.usecases import change_balances
from services.billing.ledger.usecases import post_journals
from services.billing.settling.usecases import give_discounts_again

_TOLD = (
    *(
        "account_id",
        "for_account_id",
        "credit_note_id",
        "number",
        "invoice_id",
        "order_id",
        "currency",
    ),
    *("net", "tax", "total", "taken_back", "issued_on", "remedy_id", "return_id", "dispute_id"),
    *("return_part", "lines", "voided_on"),
)


def void_credit_note(
    session: Session, *, credit_note_id: str, reason: str, today: date, now: datetime, by: str
) -> CreditNote:
    """Make a credit note void: its allocations are reversed, and what it credited of an invoice is left
    to credit again. Refused where some of it was paid out."""
    note = lock_credit_note(session, credit_note_id=credit_note_id)
    rules.require_voidable(
        number=note.number, is_void=note.is_void, refunded=note.refunded, waived=note.waived
    )
    change = BalanceChange(open=note.total - note.unapplied, unapplied=-note.unapplied)
    allocations = find_standing(session, credit_note_id=credit_note_id)
    journals = reverse_allocations(
        session,
        fund=note,
        allocations=allocations,
        reversed_on=today,
        now=now,
        by=by,
    )
    mark_void(session, note, voided_on=today, reason=reason, now=now, by=by)
    names = {"credit_note_id": credit_note_id, "account_id": note.account_id}
    give_back_credited(session, credit_note_id=credit_note_id, today=today)
    credit_no_more(session, **names, order_id=note.order_id, now=now)
    told = {name: getattr(note, name) for name in _TOLD}
    announce(session, events.CreditNoteVoided, **told, reason=reason)
    journal = rules.void_journal(
        **names, currency=note.currency, voided_on=today, net=note.net, tax=note.tax
    )
    post_journals(session, journals=[*journals, journal], now=now)
    change_balances(session, changes={(note.account_id, note.currency): change})
    opened: Counter[str] = Counter()
    for each in allocations:
        opened[each.item_id] += each.amount
    give_discounts_again(session, opened=opened, given_on=today, now=now, by=by)
    return note
