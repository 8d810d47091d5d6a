"""Whatever is done in whatever order, the invariants of the books hold after every act, and a question
about the past has the same answer for ever."""

from datetime import date, datetime, timedelta
from itertools import groupby

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.refusals import Refusal
from services.billing.allocations.models import Allocation
from services.billing.credits.models import CreditNote
from services.billing.invoices.models import Invoice
from services.billing.items.models import Item
from services.billing.payments.models import Payment
from services.billing.reconciliation.queries import reconcile
from services.billing.refunds.models import Refund
from services.billing.reversals.models import PaymentReversal

pytestmark = pytest.mark.server

AMOUNT = st.integers(1, 500)
PART = st.one_of(st.none(), AMOUNT)
PICK = st.integers(0, 10**6)  # which of those that are there
PAST = st.integers(0, 30)  # days ago
DAY = st.one_of(st.none(), PAST)
HALVES = [
    {"percent": share, "amount": None, "net_days": days, "due_date": None}
    for share, days in ((40, 10), (60, 40))
]


class Nothing(Exception):
    """There is nothing yet that it could be done to."""


class Undoing(RuleBasedStateMachine):
    """One account's books: money comes, is set against invoices, taken back, given back, and all of it is
    undone again. What is refused changes nothing."""

    def __init__(self, engine, make_books) -> None:
        super().__init__()
        self.connection = engine.connect()
        self.transaction = self.connection.begin()
        self.session = Session(self.connection, expire_on_commit=False)
        self.books = make_books(self.session)
        self.account = self.books.open_account()
        self.asked: dict[tuple[date, datetime], int] = {}

    def teardown(self) -> None:
        self.session.close()
        self.transaction.rollback()
        self.connection.close()

    def of(self, model):
        found = select(model).where(model.account_id == self.account)
        return self.session.scalars(found.order_by(*model.__mapper__.primary_key)).all()

    def pick(self, model, which, is_meant=lambda _: True):
        found = [each for each in self.of(model) if is_meant(each)]
        if not found:
            raise Nothing
        return found[which % len(found)]

    def day(self, days_ago):
        return None if days_ago is None else self.books.today - timedelta(days=days_ago)

    def attempt(self, act):
        try:
            with self.session.begin_nested():
                act()
        except (Refusal, Nothing):
            pass

    @rule(days=st.integers(1, 8))
    def wait(self, days):
        self.books.wait(days)
        moment = self.books.now - timedelta(seconds=1)
        for day in (self.books.today - timedelta(days=5), self.books.today + timedelta(days=90)):
            self.asked[day, moment] = self.books.owed(self.account, as_of=day, known_at=moment)

    @rule(amount=AMOUNT, days_ago=DAY, instalments=st.sampled_from([None, HALVES]))
    def bill(self, amount, days_ago, instalments):
        self.books.bill(
            self.account, amount + 2, issued_on=self.day(days_ago), instalments=instalments
        )

    @rule(amount=AMOUNT, days_ago=DAY)
    def pay(self, amount, days_ago):
        self.books.pay(self.account, amount, value_date=self.day(days_ago))

    @rule(amount=AMOUNT, which=PICK)
    def pay_instructed(self, amount, which):
        def act():
            item = self.pick(Item, which)
            line = {"item_id": item.item_id, "invoice_id": None, "amount": amount // 2 or 1}
            self.books.pay(self.account, amount, instruction=[line])

        self.attempt(act)

    @rule(which=PICK)
    def allocate(self, which):
        self.attempt(lambda: self.books.allocate(self.pick(Payment, which)))

    @rule(which=PICK, item=PICK)
    def allocate_instructed(self, which, item):
        def act():
            owed = self.pick(Item, item, lambda each: each.balance)
            payment = self.pick(Payment, which, lambda each: each.unapplied)
            share = min(owed.balance, payment.unapplied)
            line = {"item_id": owed.item_id, "invoice_id": None, "amount": share}
            self.books.allocate(payment, line)

        self.attempt(act)

    @rule(which=PICK, days_ago=DAY)
    def reverse_allocation(self, which, days_ago):
        self.attempt(
            lambda: self.books.reverse_allocation(
                self.pick(Allocation, which).allocation_id, on=self.day(days_ago)
            )
        )

    @rule(which=PICK, amount=PART, days_ago=DAY)
    def reverse_payment(self, which, amount, days_ago):
        self.attempt(
            lambda: self.books.reverse(self.pick(Payment, which), amount, on=self.day(days_ago))
        )

    @rule(which=PICK, days_ago=DAY)
    def reinstate_payment(self, which, days_ago):
        self.attempt(
            lambda: self.books.reinstate(
                self.pick(PaymentReversal, which).reversal_id, on=self.day(days_ago)
            )
        )

    @rule(which=PICK, amount=AMOUNT, days_ago=DAY)
    def refund(self, which, amount, days_ago):
        def act():
            payment = self.pick(Payment, which, lambda each: each.unapplied)
            self.books.refund(payment, min(amount, payment.unapplied), on=self.day(days_ago))

        self.attempt(act)

    @rule(which=PICK, amount=PART)
    def refund_allocation(self, which, amount):
        self.attempt(
            lambda: self.books.refund_allocation(self.pick(Allocation, which).allocation_id, amount)
        )

    @rule(which=PICK, days_ago=DAY)
    def reverse_refund(self, which, days_ago):
        self.attempt(
            lambda: self.books.reverse_refund(
                self.pick(Refund, which).refund_id, on=self.day(days_ago)
            )
        )

    @rule(which=PICK, amount=PART)
    def credit(self, which, amount):
        self.attempt(lambda: self.books.credit(self.pick(Invoice, which), amount))

    @rule(amount=AMOUNT)
    def credit_freely(self, amount):
        self.books.credit_freely(self.account, amount)

    @rule(which=PICK)
    def allocate_credit(self, which):
        self.attempt(lambda: self.books.allocate_credit(self.pick(CreditNote, which)))

    @rule(which=PICK, amount=AMOUNT)
    def refund_credit_note(self, which, amount):
        self.attempt(lambda: self.books.refund_credit_note(self.pick(CreditNote, which), amount))

    @rule(which=PICK)
    def void(self, which):
        self.attempt(lambda: self.books.void(self.pick(Invoice, which)))

    @invariant()
    def the_books_are_true(self):
        self.books.check_constraints()
        self.session.expire_all()
        check_documents(self)
        check_what_is_owed(self)
        check_history(self)
        check_ageing(self)
        assert reconcile(self.session)["differences"] == []
        for (day, moment), answer in self.asked.items():
            assert self.books.owed(self.account, as_of=day, known_at=moment) == answer


def check_documents(story: Undoing) -> None:
    """All of a payment, a credit note, an item and an invoice is accounted for."""
    allocated = {
        column.key: dict(
            story.session.execute(
                select(column, func.sum(Allocation.amount))
                .where(Allocation.account_id == story.account, column.is_not(None))
                .group_by(column)
            ).all()
        )
        for column in (Allocation.item_id, Allocation.payment_id, Allocation.credit_note_id)
    }
    for payment in story.of(Payment):
        used = allocated["payment_id"].get(payment.payment_id, 0)
        assert used == payment.allocated
        assert used + payment.unapplied + payment.refunded + payment.reversed == payment.amount
        assert min(used, payment.unapplied, payment.refunded, payment.reversed) >= 0
    for note in story.of(CreditNote):
        used = allocated["credit_note_id"].get(note.credit_note_id, 0)
        assert used + note.unapplied + note.refunded == note.total
    items = story.of(Item)
    for item in items:
        used = allocated["item_id"].get(item.item_id, 0)
        assert 0 <= used <= item.amount
        assert item.balance == (0 if item.is_void else item.amount - used)
        assert not (item.is_void and used)
    for invoice in story.of(Invoice):
        own = [item for item in items if item.invoice_id == invoice.invoice_id]
        assert invoice.balance == sum(item.balance for item in own)
        assert invoice.total == sum(item.amount for item in own)


def check_what_is_owed(story: Undoing) -> None:
    """The client owes what was invoiced and paid out, less what was received and credited: whatever was
    undone, and in which order."""
    invoiced = sum(each.net + each.tax for each in story.of(Invoice) if each.voided_on is None)
    paid_out = sum(each.amount for each in story.of(Refund))
    received = sum(each.amount for each in story.of(Payment))
    taken_back = sum(each.amount for each in story.of(PaymentReversal))
    credited = sum(each.total for each in story.of(CreditNote))
    open_, unapplied = story.books.balance(story.account)
    assert open_ - unapplied == invoiced + paid_out - (received - taken_back) - credited


def check_history(story: Undoing) -> None:
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
        require_within([(note.issued_on, note.total), *changes], note.total)
    for item in story.of(Item):
        changes = [(a.effective_on, a.amount) for a in allocations if a.item_id == item.item_id]
        assert all(day >= item.issued_on for day, _ in changes)
        require_within(changes, item.amount)


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


def check_ageing(story: Undoing) -> None:
    """Ageing is what the balances say now, and on any past day what the documents add up to."""
    books = story.books
    assert books.owed(story.account) == books.balance(story.account)[0]
    for days in (1, 7, 30):
        day = books.today - timedelta(days=days)
        assert books.owed(story.account, as_of=day) == open_at(story, day)


def open_at(story: Undoing, day: date) -> int:
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


def test_the_books_are_true_after_every_act(engine, make_books):
    run_state_machine_as_test(
        lambda: Undoing(engine, make_books),
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
