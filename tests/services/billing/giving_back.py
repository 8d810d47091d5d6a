"""Acts of the stateful test: what is given back, credited, charged back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from services.billing.allocations.models import Allocation
from services.billing.credits.models import CreditNote
from services.billing.invoices.models import Invoice
from services.billing.items.models import Item
from services.billing.payments.models import Payment


class Nothing(Exception):
    """There is nothing yet that it could be done to."""


class GivingBack:
    """Part of the story: has `books`, `session`, `account`, and picks the account's rows."""

    books: Any
    session: Any
    account: str
    pick: Any
    pick_unapplied: Any
    pick_standing: Any

    def refund(self, which, amount, day):
        payment = self.pick_unapplied(Payment, which)
        self.books.refund(payment, min(amount, payment.unapplied), on=day)

    def refund_allocation(self, which, amount, day):
        allocation_id = self.pick_standing(Allocation, which)
        left = self.session.get_one(Allocation, allocation_id).amount
        self.books.refund_allocation(allocation_id, amount if amount < left else None)

    def refund_credit_note(self, which, amount, day):
        note = self.pick_unapplied(CreditNote, which)
        self.books.refund_credit_note(note, min(amount, note.unapplied))

    def refund_and_credit(self, which, amount, day):
        """What a payment paid of an invoice is given back and credited: each item owes what it owed."""
        allocation_id = self.pick_standing(Allocation, which)
        allocation = self.session.get_one(Allocation, allocation_id)
        if allocation.payment_id is None:
            raise Nothing
        payment = self.session.get_one(Payment, allocation.payment_id)
        item = self.session.get_one(Item, allocation.item_id)
        before = self.books.balance(self.account), item.balance
        invoice = self.session.get_one(Invoice, item.invoice_id)
        self.books.refund_and_credit(payment, invoice, min(amount, allocation.amount))
        self.session.expire_all()
        assert (self.books.balance(self.account), item.balance) == before

    def charge_back(self, which, amount, day):
        payment = self.pick(Payment, which, lambda each: each.reversed < each.amount)
        left = payment.amount - payment.reversed
        fee = amount if which % 2 else None
        self.books.charge_back(payment, amount if amount < left else None, fee=fee)

    def credit_at_once(self, which, amount, day):
        """Three credit notes, two of them on one invoice, of which each may be refused."""
        invoice = self.pick(Invoice, which, lambda each: each.credited < each.total)
        of_it = {"invoice_id": invoice.invoice_id}
        free = {"account_id": self.account, "lines": [self.books.line(amount)]}
        half = {"position": 1, "quantity": Decimal("0.5"), "unit_price": None}
        self.books.credit_batch(of_it | {"lines": [half]}, free, of_it | {"amount": amount})
