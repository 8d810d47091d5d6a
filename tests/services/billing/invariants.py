"""What holds of an account's books after every act, looked at from the rows alone."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import func, select

from services.billing.adjustments.models import Adjustment
from services.billing.allocations.models import Allocation
from services.billing.billables.models import Billable
from services.billing.credits.models import CreditNote, CreditNoteRate
from services.billing.disputes.models import Dispute
from services.billing.disputes.queries import list_disputes
from services.billing.invoices.models import Invoice, InvoiceRate
from services.billing.items.models import Item
from services.billing.ledger.models import JournalEntry
from services.billing.ledger.rules import LedgerAccount
from services.billing.payments.models import Payment
from services.billing.refunds.models import Refund
from services.billing.reschedules.models import DueChange
from services.billing.reversals.models import PaymentReversal
from services.billing.tax_report.queries import report_tax
from services.billing.taxes.rules import TAXING, TaxCode

Story = Any  # of acts: has `books`, `session`, `account`, and `of(model)`, the account's rows


def check_documents(story: Story) -> None:
    """All of a payment, a credit note, an item and an invoice is accounted for."""
    allocated: Counter[str | None] = Counter()
    written_off: Counter[str] = Counter()
    for each in story.of(Allocation):
        for identity in (each.item_id, each.payment_id, each.credit_note_id, each.adjustment_id):
            allocated[identity] += each.amount
        if each.source == "write_off":
            written_off[each.item_id] += each.amount
    overpaid: Counter[str | None] = Counter()
    for adjustment in story.of(Adjustment):
        stands = 0 if adjustment.is_reversed else adjustment.amount
        overpaid[adjustment.payment_id] += stands
        if adjustment.payment_id is None:
            assert allocated[adjustment.adjustment_id] == stands
    for payment in story.of(Payment):
        used = allocated[payment.payment_id]
        assert used == payment.allocated
        assert payment.overpaid == overpaid[payment.payment_id]
        parts = [used, payment.unapplied, payment.refunded, payment.reversed, payment.overpaid]
        assert sum(parts) == payment.amount
        assert min(parts) >= 0
    for note in story.of(CreditNote):
        stands = 0 if note.is_void else note.total
        assert allocated[note.credit_note_id] + note.unapplied + note.refunded == stands
    items = story.of(Item)
    for item in items:
        used = allocated[item.item_id]
        assert 0 <= used <= item.amount
        assert item.balance == (0 if item.is_void else item.amount - used)
        assert item.written_off == written_off[item.item_id]
        assert not (item.is_void and used)
    for invoice in story.of(Invoice):
        own = [item for item in items if item.invoice_id == invoice.invoice_id]
        assert invoice.balance == sum(item.balance for item in own)
        assert invoice.total == sum(item.amount for item in own)
        credited = [note for note in story.of(CreditNote) if note.invoice_id == invoice.invoice_id]
        assert invoice.credited == sum(note.total for note in credited if not note.is_void)
        assert invoice.written_off == sum(item.written_off for item in own)


def check_billables(story: Story) -> None:
    """What is billed of anything is what lines of invoices that stand say, and is billed whole or not."""
    billed: Counter[str | None] = Counter()
    for invoice in story.of(Invoice):
        if invoice.billing_run_id and not invoice.is_void:
            billed.update(line.billable_id for line in invoice.lines)
    for each in story.of(Billable):
        assert each.billed == (each.quantity if billed[each.billable_id] else 0)
        assert billed[each.billable_id] <= 1


def check_disputes(story: Story) -> None:
    """All that was demanded and contested is accounted for, and no more is kept from being asked than is
    owed; what was upheld was credited once."""
    credited = Counter(note.dispute_id for note in story.of(CreditNote) if note.dispute_id)
    assert all(count == 1 for count in credited.values())
    disputed = {dispute.item_id for dispute in story.of(Dispute)}
    for item in story.of(Item):
        assert item.askable + item.disputed + item.in_flight == item.balance
        if item.item_id not in disputed:
            continue
        listed = list_disputes(story.session, item_id=item.item_id, limit=100, after=None)["items"]
        assert item.disputed_total == sum(one["contested"] for one in listed)
        assert item.disputed == sum(one["remaining"] for one in listed)
        for one in listed:
            parts = [one[name] for name in ("remaining", "settled", "credited", "released")]
            assert sum(parts) == one["amount"]
            assert min(parts) >= 0


def check_what_is_owed(story: Story) -> None:
    """The client owes what was invoiced and paid out, less what was received, credited and given up:
    whatever was undone, and in which order."""
    invoiced = sum(each.total - each.reclaimed for each in story.of(Invoice) if not each.is_void)
    paid_out = sum(each.amount for each in story.of(Refund))
    received = sum(each.amount for each in story.of(Payment))
    taken_back = sum(each.amount for each in story.of(PaymentReversal))
    credited = sum(each.total for each in story.of(CreditNote) if not each.is_void)
    given_up = sum(
        each.amount if each.payment_id is None else -each.amount
        for each in story.of(Adjustment)
        if not each.is_reversed
    )
    open_, unapplied = story.books.balance(story.account)
    assert open_ - unapplied == invoiced + paid_out - (received - taken_back) - credited - given_up


def check_history(story: Story) -> None:
    """On no past day was an item paid twice, or more of a payment or credit note used than there was:
    figured here from the documents alone."""
    allocations, refunds = story.of(Allocation), story.of(Refund)
    for payment in story.of(Payment):
        payment_id = payment.payment_id
        changes = [(payment.value_date, payment.amount)]
        changes += [
            (each.reversed_on, -each.amount)
            for each in story.of(PaymentReversal)
            if each.payment_id == payment_id
        ]
        for each in story.of(Adjustment):
            if each.payment_id == payment_id:
                changes.append((each.adjusted_on, -each.amount))
                if each.is_reversed:
                    changes.append((each.reversed_on, each.amount))
        own = {each.refund_id for each in refunds if each.payment_id == payment_id}
        for claim in story.of(Invoice):
            if claim.refund_id in own:
                changes.append((claim.issued_on, claim.reclaimed))
                if claim.voided_on is not None:
                    changes.append((claim.voided_on, -claim.reclaimed))
        changes += uses(allocations, refunds, "payment_id", payment_id)
        require_within(changes, payment.amount)
    for note in story.of(CreditNote):
        changes = uses(allocations, refunds, "credit_note_id", note.credit_note_id)
        changes.append((note.issued_on, note.total))
        if note.voided_on is not None:
            changes.append((note.voided_on, -note.total))
        require_within(changes, note.total)
    for item in story.of(Item):
        changes = [(a.effective_on, a.amount) for a in allocations if a.item_id == item.item_id]
        assert all(day >= item.issued_on for day, _ in changes)
        require_within(changes, item.amount + sum(each.old_amount for each in story.of(DueChange)))
        free = [(day, -amount) for day, amount in changes] + demanded(story, item)
        require_within(free, sum(abs(amount) for _, amount in free))


def demanded(story: Story, item: Item) -> list[tuple[date, int]]:
    """What was demanded with an item at first, and how much more or less from which day on."""
    later = [
        (each.changed_on, each.new_amount - each.old_amount)
        for each in story.of(DueChange)
        if each.item_id == item.item_id
    ]
    return [(item.issued_on, item.amount - sum(amount for _, amount in later)), *later]


def uses(allocations, refunds, key: str, identity: str) -> list[tuple[date, int]]:
    """What of a payment or credit note was set against items or given back, by day."""
    allocated = [(a.effective_on, -a.amount) for a in allocations if getattr(a, key) == identity]
    return allocated + [(r.refunded_on, -r.amount) for r in refunds if getattr(r, key) == identity]


def require_within(changes: list[tuple[date, int]], most: int) -> None:
    """Adding up the changes day by day, the sum is never below nothing or above the most."""
    total = 0
    for _, same_day in groupby(sorted(changes), key=lambda change: change[0]):
        total += sum(amount for _, amount in same_day)
        assert 0 <= total <= most


def check_tax(story: Story) -> None:
    """The tax report has the ledger's tax, of all days and of those up to any; and every document is
    what its rates come to, each of which keeps to what its code demands."""
    for day in (story.books.today, story.books.today - timedelta(days=1 + story.acts * 7 % 31)):
        booked = select(func.sum(JournalEntry.amount)).where(
            JournalEntry.ledger_account == LedgerAccount.TAX,
            JournalEntry.effective_on.between(date(2025, 1, 1), day),
        )
        days = {"first_day": date(2025, 1, 1), "last_day": day, "currency": None, "known_at": None}
        reported = report_tax(story.session, **days, now=story.books.now)["rates"]
        assert sum(rate["tax"] for rate in reported) == -(story.session.scalar(booked) or 0)
    for model, rate_of, key in (
        (Invoice, InvoiceRate, "invoice_id"),
        (CreditNote, CreditNoteRate, "credit_note_id"),
    ):
        left = {getattr(each, key): (each.net, each.tax) for each in story.of(model)}
        own = select(rate_of).join(model, getattr(model, key) == getattr(rate_of, key))
        for rate in story.session.scalars(own.where(model.account_id == story.account)):
            net, tax = left[getattr(rate, key)]
            left[getattr(rate, key)] = (net - rate.net, tax - rate.tax)
            assert rate.tax == 0 or rate.tax_code in TAXING
            assert (rate.exemption_reason is not None) == (rate.tax_code == TaxCode.EXEMPT)
        assert set(left.values()) <= {(0, 0)}


def check_ageing(story: Story) -> None:
    """Ageing is what the balances say now, and on any past day what the documents add up to; so are the
    statement and the open items of the account."""
    books = story.books
    open_, unapplied = books.balance(story.account)
    assert books.closing(story.account) == open_ - unapplied
    assert books.owed(story.account) == books.balance(story.account)[0]
    day = books.today - timedelta(days=1 + story.acts * 7 % 31)
    assert books.owed(story.account, as_of=day) == open_at(story, day)


def open_at(story: Story, day: date) -> int:
    """What was open at the end of a day, figured here from the documents alone."""
    voided = {
        invoice.invoice_id
        for invoice in story.of(Invoice)
        if invoice.voided_on is not None and invoice.voided_on <= day
    }
    owed = sum(
        item.amount
        for item in story.of(Item)
        if item.issued_on <= day and item.invoice_id not in voided
    )
    return owed - sum(each.amount for each in story.of(Allocation) if each.effective_on <= day)
