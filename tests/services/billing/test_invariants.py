"""Whatever is done in whatever order, the invariants of the books hold at every commit."""

import random
from datetime import date, datetime, timedelta
from itertools import groupby

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from kernel.refusals import Refusal
from services.billing.allocations.models import Allocation
from services.billing.credits.models import CreditNote
from services.billing.invoices.models import Invoice
from services.billing.items.models import Item
from services.billing.payments.models import Payment
from services.billing.reconciliation.queries import reconcile
from services.billing.refunds.models import Refund

pytestmark = pytest.mark.server

ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *["bill", "bill_late", "pay", "pay_late", "pay_late", "pay_instructed", "allocate"],
                *["allocate", "allocate_instructed", "reverse", "reverse_allocation", "refund"],
                *["reverse_allocation", "refund_allocation", "credit", "credit_freely"],
                *["refund_credit_note", "void", "wait", "wait", "wait"],
            ]
        ),
        st.integers(1, 500),
        st.integers(0, 2**32),
    ),
    min_size=5,
    max_size=50,
)


class Story:
    """One account's books, in which a thing is done and may be refused."""

    def __init__(self, books) -> None:
        self.books = books
        self.account = books.open_account()

    def act(self, name: str, amount: int, seed: int) -> None:
        choose = random.Random(seed).choice
        try:
            with self.books.session.begin_nested():
                getattr(self, name)(amount, choose)
        except Refusal:
            pass
        except IndexError:
            pass  # nothing there yet to do it to

    def of(self, model):
        found = select(model).where(model.account_id == self.account)
        return self.books.session.scalars(found.order_by(*model.__mapper__.primary_key)).all()

    def past(self, choose) -> date:
        return self.books.today - timedelta(days=choose(range(0, 30)))

    def wait(self, amount, choose):
        self.books.wait(amount % 8)

    def bill(self, amount, choose):
        halves = [
            {"percent": share, "amount": None, "net_days": days, "due_date": None}
            for share, days in ((40, 10), (60, 40))
        ]
        self.books.bill(self.account, amount // 3 + 3, instalments=choose([None, halves]))

    def bill_late(self, amount, choose):
        self.books.bill(self.account, amount // 3 + 3, issued_on=self.past(choose))

    def pay(self, amount, choose):
        self.books.pay(self.account, amount)

    def pay_late(self, amount, choose):
        self.books.pay(self.account, amount, value_date=self.past(choose))

    def pay_instructed(self, amount, choose):
        item = choose(self.of(Item))
        instruction = {"item_id": item.item_id, "invoice_id": None, "amount": amount // 2 or 1}
        self.books.pay(self.account, amount, instruction=[instruction])

    def allocate(self, amount, choose):
        self.books.allocate(choose(self.of(Payment)))

    def allocate_instructed(self, amount, choose):
        item = choose([item for item in self.of(Item) if item.balance])
        payment = choose([each for each in self.of(Payment) if each.unapplied])
        share = min(item.balance, payment.unapplied)
        self.books.allocate(payment, {"item_id": item.item_id, "invoice_id": None, "amount": share})

    def reverse(self, amount, choose):
        self.books.reverse(choose(self.of(Payment)), on=choose([None, self.past(choose)]))

    def reverse_allocation(self, amount, choose):
        allocation = choose(self.of(Allocation))
        self.books.reverse_allocation(
            allocation.allocation_id, on=choose([None, self.past(choose)])
        )

    def refund(self, amount, choose):
        payment = choose(self.of(Payment))
        self.books.refund(payment, amount, on=choose([None, self.past(choose)]))

    def refund_allocation(self, amount, choose):
        allocation = choose(self.of(Allocation))
        self.books.refund_allocation(allocation.allocation_id, choose([None, amount]))

    def credit(self, amount, choose):
        self.books.credit(choose(self.of(Invoice)), choose([None, amount]))

    def credit_freely(self, amount, choose):
        self.books.credit_freely(self.account, amount)

    def refund_credit_note(self, amount, choose):
        self.books.refund_credit_note(choose(self.of(CreditNote)), amount)

    def void(self, amount, choose):
        self.books.void(choose(self.of(Invoice)))


def check_invariants(story: Story) -> None:
    books, session = story.books, story.books.session
    books.check_constraints()
    session.expire_all()
    allocated = {
        column.key: dict(
            session.execute(
                select(column, func.sum(Allocation.amount))
                .where(Allocation.account_id == story.account, column.is_not(None))
                .group_by(column)
            ).all()
        )
        for column in (Allocation.item_id, Allocation.payment_id, Allocation.credit_note_id)
    }
    for payment in story.of(Payment):
        used = allocated["payment_id"].get(payment.payment_id, 0)
        is_money = payment.reversed_on is None
        assert used + payment.unapplied + payment.refunded == (payment.amount if is_money else 0)
        assert payment.unapplied >= 0 or not is_money
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
    assert reconcile(session)["differences"] == []
    check_what_is_owed(story)
    check_history(story)
    check_ageing(story)


def check_what_is_owed(story: Story) -> None:
    """The client owes what was invoiced and paid out, less what was received and credited: whatever was
    undone, and in which order."""
    invoiced = sum(each.total for each in story.of(Invoice) if each.status != "void")
    received = sum(each.amount for each in story.of(Payment) if each.reversed_on is None)
    paid_out = sum(each.amount for each in story.of(Refund))
    credited = sum(each.total for each in story.of(CreditNote))
    open_, unapplied = story.books.balance(story.account)
    assert open_ - unapplied == invoiced + paid_out - received - credited


def check_history(story: Story) -> None:
    """On no past day was an item paid twice, or more of a payment or credit note used than there was:
    figured here from the documents alone."""
    allocations, refunds = story.of(Allocation), story.of(Refund)
    used = [("item_id", each.item_id, each.effective_on, each.amount) for each in allocations]
    for model, key in ((Payment, "payment_id"), (CreditNote, "credit_note_id")):
        for each in story.of(model):
            identity = getattr(each, key)
            day, amount = (
                (each.value_date, each.amount) if model is Payment else (each.issued_on, each.total)
            )
            changes = [(day, amount)]
            if model is Payment and each.reversed_on is not None:
                changes.append((each.reversed_on, -amount))
            changes += [
                (a.effective_on, -a.amount) for a in allocations if getattr(a, key) == identity
            ]
            changes += [(r.refunded_on, -r.amount) for r in refunds if getattr(r, key) == identity]
            was_money = getattr(each, "reversed_on", None) is None
            require_within(changes, 0 if was_money else -each.refunded, amount)
    for item in story.of(Item):
        changes = [(day, amount) for _, identity, day, amount in used if identity == item.item_id]
        assert all(day >= item.issued_on for day, _ in changes)
        require_within(changes, 0, item.amount)


def require_within(changes: list[tuple[date, int]], least: int, most: int) -> None:
    """Adding up the changes day by day, the sum is never out of bounds."""
    total = 0
    for _, same_day in groupby(sorted(changes), key=lambda change: change[0]):
        total += sum(amount for _, amount in same_day)
        assert least <= total <= most


def check_ageing(story: Story) -> None:
    """Ageing is what the balances say now, and on any past day what the documents add up to."""
    books = story.books
    assert books.owed(story.account) == books.balance(story.account)[0]
    for days in (1, 7, 30):
        day = books.today - timedelta(days=days)
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


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=ACTS)
def test_the_books_are_true_after_every_act(books, acts):
    story = Story(books)
    asked: dict[tuple[date, datetime], int] = {}
    for name, amount, seed in acts:
        story.act(name, amount, seed)
        if name == "wait":
            check_invariants(story)
            moment = books.now - timedelta(seconds=1)
            for day in (books.today - timedelta(days=5), books.today + timedelta(days=90)):
                asked[day, moment] = books.owed(story.account, as_of=day, known_at=moment)
    check_invariants(story)
    for (day, moment), answer in asked.items():
        assert books.owed(story.account, as_of=day, known_at=moment) == answer
