"""Whatever is done in whatever order, the invariants of the books hold after every act, and a question
about the past has the same answer for ever."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.money import split
from kernel.refusals import Refusal
from services.billing.adjustments.models import Adjustment
from services.billing.allocations.models import Allocation
from services.billing.credits.models import CreditNote
from services.billing.disputes.models import Dispute
from services.billing.fees.models import Fee
from services.billing.invoices.models import Invoice
from services.billing.items.models import Item
from services.billing.payments.models import Payment
from services.billing.policies.rules import AllocationPolicy
from services.billing.reconciliation.queries import reconcile
from services.billing.refunds.models import Refund
from services.billing.reversals.models import PaymentReversal
from services.billing.tolerances.usecases import set_tolerance
from services.billing.unapplied.usecases import apply_credit
from services.collections.fees.events import FeeReinstated, FeeWaived
from tests.services.billing.billing_runs.conftest import Runs
from tests.services.billing.conftest import Books
from tests.services.billing.giving_back import GivingBack, Nothing
from tests.services.billing.invariants import (
    check_ageing,
    check_billables,
    check_disputes,
    check_documents,
    check_history,
    check_tax,
    check_what_is_owed,
)
from tests.services.billing.ordering import Ordering
from tests.services.billing.test_taxes import round_by

pytestmark = pytest.mark.server

AMOUNT = st.integers(1, 1000)
PICK = st.integers(0, 10**6)  # which of those that it can be done to
DAY = st.sampled_from([None, None, None, None, 0, 1, 9, 30])  # today, or so many days ago
HALVES = [
    {"percent": share, "amount": None, "net_days": days, "due_date": None}
    for share, days in ((40, 10), (60, 40))
]


class Undoing(GivingBack, Ordering, RuleBasedStateMachine):
    """One account's books: money comes, is set against invoices, taken back, given back, and all of it is
    undone again. What is refused changes nothing.

    One rule draws all acts: of rules of their own hypothesis leaves out half in each story, and what
    takes four of them would hardly ever come. Each act uses what it needs of the draws."""

    def __init__(self, engine) -> None:
        super().__init__()
        self.connection = engine.connect()
        self.transaction = self.connection.begin()
        self.session = Session(self.connection, expire_on_commit=False)
        self.books = Books(self.session)
        self.account = self.books.open_account()
        self.asked: dict[tuple[date, datetime], dict[str, tuple[int, int]]] = {}
        self.acts = self.versions = 0
        self.rows: dict[type, list] = {}  # read since the last act; without any it is to be checked

    def teardown(self) -> None:
        self.session.close()
        self.transaction.rollback()
        self.connection.close()

    def of(self, model):
        if model not in self.rows:
            found = select(model).where(model.account_id == self.account)
            ordered = found.order_by(*model.__mapper__.primary_key)
            self.rows[model] = self.session.scalars(ordered).all()
        return self.rows[model]

    def pick(self, model, which, is_meant=lambda _: True):
        found = [each for each in self.of(model) if is_meant(each)]
        if not found:
            raise Nothing
        return found[which % len(found)]

    def pick_unapplied(self, model, which):
        return self.pick(model, which, lambda each: each.unapplied)

    def pick_owed(self, which):
        return self.pick(Item, which, lambda each: each.balance)

    def pick_standing(self, model, which):
        """The id of one that takes nothing back and was not taken back."""
        taken_back = {each.reverses_id for each in self.of(model)}
        [key] = model.__mapper__.primary_key
        found = self.pick(
            model,
            which,
            lambda each: each.reverses_id is None and getattr(each, key.name) not in taken_back,
        )
        return getattr(found, key.name)

    def attempt(self, act, *values):
        try:
            with self.session.begin_nested():
                act(self, *values)
        except (Refusal, Nothing):
            return
        self.rows.clear()
        self.acts += 1

    def agree(self, which, amount, day):
        """From now on money pays otherwise what nobody says it is for."""
        policies = list(AllocationPolicy)
        self.books.agree(self.account, allocation_policy=policies[which % len(policies)])

    def tolerate(self, which, amount, day):
        """From now on so little is not asked for."""
        set_tolerance(
            self.session,
            currency="EUR",
            amount=amount // 4,
            percent=Decimal(which % 40),
            reason="Bank charges.",
            now=self.books.now,
            by=self.books.by,
        )

    def wait(self, which, amount, day):
        """Some days pass, and it is noted what was owed until then."""
        self.books.wait(1 + which % 8)
        moment = self.books.now - timedelta(seconds=1)
        as_of = self.books.today + timedelta(days=-5 if which % 2 else 90)
        self.asked[as_of, moment] = self.books.aged(self.account, as_of=as_of, known_at=moment)

    def bill(self, which, amount, day):
        terms = {"instalments": HALVES} if which % 2 else {"net_days": 30}
        if which % 3:
            terms |= {"discount_percent": Decimal(10 * (which % 3)), "discount_days": 14}
        lines = self.lines(which // 2, amount + 2)
        self.books.bill(self.account, lines=lines, issued_on=day, **terms)

    def lines(self, which, amount):
        """Lines that come to at least an amount, taxed in some way or other."""
        line = self.books.line
        free = {"tax_code": "exempt", "exemption_reason": "By law"}
        taxed = [
            [line(amount)],
            [line(amount, tax="19"), line(amount, **free), line(3, tax_code="reverse_charge")],
            [line(amount, tax="7", tax_code="reduced", quantity="2"), line(amount // 2, tax="7")],
            [line(amount, tax="19", quantity="3"), line(amount, tax="19", quantity="-1")],
        ]
        return taxed[which % len(taxed)]

    def round_otherwise(self, which, amount, day):
        """The company has its tax rounded the other way, or as it did."""
        self.versions += 1
        round_by(self.books, ("document", "line")[which % 2], version=self.versions)

    def bill_by_run(self, which, amount, day):
        """Something is charged, or taken off, and a run bills what comes to more than nothing."""
        runs = Runs(self.books)
        runs.charge(self.account, amount, quantity="-1" if which % 4 == 0 else "1")
        runs.approve(runs.plan(ratio_max=10**6))

    def raise_invoice(self, which, amount, day):
        invoice = self.pick(Invoice, which, lambda each: not each.reclaimed)
        self.books.raise_invoice(invoice, *self.lines(which, amount + 2))

    def pay(self, which, amount, day):
        self.books.pay(self.account, amount, value_date=day)

    def pay_instructed(self, which, amount, day):
        item = self.pick_owed(which)
        line = {"item_id": item.item_id, "invoice_id": None, "amount": min(amount, item.balance)}
        self.books.pay(self.account, amount + which % 100, instruction=[line])

    def allocate(self, which, amount, day):
        self.pick_owed(which)
        self.books.allocate(self.pick_unapplied(Payment, which))

    def allocate_instructed(self, which, amount, day):
        item, payment = self.pick_owed(amount), self.pick_unapplied(Payment, which)
        share = min(amount, item.balance, payment.unapplied)
        line = {"item_id": item.item_id, "invoice_id": None, "amount": share}
        self.books.allocate(payment, line)

    def credit(self, which, amount, day):
        invoice = self.pick(Invoice, which, lambda each: each.credited < each.total)
        left = invoice.total - invoice.credited
        self.books.credit(invoice, amount if amount < left else None)

    def credit_line(self, which, amount, day):
        """A part of an invoice's line, or its price lowered."""
        invoice = self.pick(Invoice, which, lambda each: each.credited < each.total)
        quantity, price = ("0.5", None) if which % 2 else (None, amount)
        self.books.credit_lines(invoice, (1, quantity, price))

    def credit_freely(self, which, amount, day):
        self.books.credit_freely(self.account, amount, tax=("0", "19")[which % 2])

    def void_credit(self, which, amount, day):
        self.books.void_credit(self.pick(CreditNote, which, lambda each: not each.is_void))

    def allocate_credit(self, which, amount, day):
        self.pick_owed(which)
        self.books.allocate_credit(self.pick_unapplied(CreditNote, which))

    def dispute(self, which, amount, day):
        self.books.dispute(self.pick_owed(which), amount)

    def decide(self, which, amount, day):
        """What is contested of a dispute changes, or some of it is upheld; or it is told again."""
        known = self.pick(Dispute, which)
        told = {name: getattr(known, name) for name in ("dispute_id", "amount", "version")}
        told["version"] += which % 3
        upheld = min(amount, known.amount) if which % 2 else 0
        item = self.session.get_one(Item, known.item_id)
        self.books.dispute(item, 0 if upheld else amount % known.amount, upheld=upheld, **told)

    def void(self, which, amount, day):
        self.books.void(self.pick(Invoice, which, lambda each: each.balance == each.total))

    def apply_credit(self, which, amount, day):
        """Afterwards nothing that is not kept is unapplied beside what may be asked for."""
        apply_credit(self.session, now=self.books.now, by=self.books.by)
        self.session.expire_all()
        self.rows.clear()
        funds = [*self.of(Payment), *self.of(CreditNote)]
        if any(fund.unapplied and not fund.is_kept for fund in funds):
            assert not any(item.askable for item in self.of(Item))

    def assess(self, which, amount, day):
        told = {} if day is None else {"assessed_on": day.isoformat()}
        kind = ("fee", "interest", "letter")[which % 3]
        self.books.assess(self.account, amount, kind=kind, **told)

    def waive_or_reinstate(self, which, amount, day):
        fee = self.pick(Fee, which)
        event = FeeReinstated if fee.told == "waived" else FeeWaived
        facts = {"fee_id": fee.fee_id, "version": fee.version + 1, "amount": fee.amount}
        told = self.books.told_of_fee(event, self.account, kind=fee.kind, **facts)
        self.books.hear_of_fees(told)

    def write_off(self, which, amount, day):
        lines = [(self.pick_owed(each).item_id, amount) for each in (which, which // 7)]
        told = {} if day is None else {"approved_on": day.isoformat()}
        self.books.write_off(self.account, *lines, **told)

    def settle(self, which, amount, day):
        item = self.pick_owed(which)
        if which % 2:
            self.books.settle_item(item.item_id)
        else:
            self.books.settle_invoice(self.session.get_one(Invoice, item.invoice_id))

    def reverse_adjustment(self, which, amount, day):
        adjustment = self.pick(Adjustment, which, lambda each: not each.is_reversed)
        if adjustment.payment_id is None:
            self.books.reverse_adjustment(adjustment.adjustment_id, on=day)
        else:
            self.books.reverse_overpayment(adjustment.adjustment_id, on=day)

    def write_off_overpayment(self, which, amount, day):
        payment = self.pick_unapplied(Payment, which)
        self.books.write_off_overpayment(payment, min(amount, payment.unapplied))

    def reverse_payment(self, which, amount, day):
        payment = self.pick(Payment, which, lambda each: each.reversed < each.amount)
        left = payment.amount - payment.reversed
        self.books.reverse(payment, amount if amount < left else None, on=day)

    def reverse_allocation(self, which, amount, day):
        self.books.reverse_allocation(self.pick_standing(Allocation, which), on=day)

    def reverse_refund(self, which, amount, day):
        self.books.reverse_refund(self.pick_standing(Refund, which), on=day)

    def reinstate_payment(self, which, amount, day):
        self.books.reinstate(self.pick_standing(PaymentReversal, which), on=day)

    def reschedule(self, which, amount, day):
        """What is open of an invoice is owed in one to three parts, on days before and after today."""
        invoice = self.pick(Invoice, which, lambda each: each.balance)
        count = min(1 + which % 3, invoice.balance)
        shares = split(invoice.balance, [1 + amount % 5, 3, 2][:count])
        first = max(self.books.today + timedelta(days=which % 40 - 10), invoice.issued_on)
        days = (first + timedelta(days=index * (amount % 20)) for index in range(count))
        parts = [part for part in zip(shares, days, strict=True) if part[0]]
        self.books.reschedule(invoice, *parts)

    @initialize(acts=st.sampled_from([0, 7, 6, 7, 5, 7, 3]), bounced=st.sampled_from([700, 600]))
    def begin(self, acts, bounced):
        """A payment bounces after some of it was given back, and is made good: as far as it comes. What
        undoes that in turn takes more acts than are drawn in this order by chance."""
        story = (
            (Undoing.bill, 400),
            (Undoing.pay, 700),
            (Undoing.wait, 0),
            (Undoing.refund, 200),
            (Undoing.reverse_payment, bounced),
            (Undoing.wait, 0),
            (Undoing.pay, 600),
        )
        for act, cents in story[:acts]:
            self.attempt(act, 0, cents, None)

    @rule(
        act=st.sampled_from(
            [
                reinstate_payment,
                reverse_payment,
                GivingBack.refund,
                reverse_refund,
                reverse_allocation,
                GivingBack.refund_allocation,
                GivingBack.refund_credit_note,
                GivingBack.refund_and_credit,
                GivingBack.charge_back,
                void,
                dispute,
                decide,
                bill,
                bill_by_run,
                raise_invoice,
                pay,
                pay_instructed,
                allocate,
                allocate_instructed,
                reschedule,
                credit,
                credit_line,
                credit_freely,
                *Ordering.ACTS,
                GivingBack.credit_at_once,
                allocate_credit,
                void_credit,
                apply_credit,
                round_otherwise,
                assess,
                waive_or_reinstate,
                write_off,
                settle,
                reverse_adjustment,
                write_off_overpayment,
                agree,
                tolerate,
                wait,
            ]
        ),
        which=PICK,
        amount=AMOUNT,
        days_ago=DAY,
    )
    def do(self, act, which, amount, days_ago):
        day = None if days_ago is None else self.books.today - timedelta(days=days_ago)
        self.attempt(act, which, amount, day)

    @invariant()
    def the_books_are_true(self):
        if self.rows:
            return
        self.books.check_constraints()
        self.session.expire_all()
        check_documents(self)
        check_billables(self)
        check_disputes(self)
        check_what_is_owed(self)
        check_history(self)
        check_ageing(self)
        check_tax(self)
        self.check_ordered()
        assert reconcile(self.session)["differences"] == []
        for (day, moment), answer in self.asked.items():
            assert self.books.aged(self.account, as_of=day, known_at=moment) == answer


def test_the_books_are_true_after_every_act(engine):
    run_state_machine_as_test(
        lambda: Undoing(engine),
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
