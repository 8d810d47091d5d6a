"""What is contested, taken back and given back, on the books of tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from kernel.ids import new_id
from services.billing.adjustments.models import Adjustment
from services.billing.credits.models import CreditNote
from services.billing.disputes import usecases as disputes
from services.billing.invoices.models import Invoice
from services.billing.items.models import Item
from services.billing.overpayments import usecases as overpayments
from services.billing.payments.models import Payment
from services.billing.refunds import usecases as refunds
from services.billing.reversals import usecases as reversals


class TakingBack:
    """Part of the books: disputes, reversals and refunds."""

    session: Session
    today: date

    @property
    def moment(self) -> dict[str, Any]:
        raise NotImplementedError

    def dispute(self, item: Item, contested: int = 0, **facts: Any) -> dict[str, Any]:
        """Hear what collections says of a dispute about an item; what it said."""
        told = {
            "account_id": item.account_id,
            "dispute_id": new_id("dsp"),
            "version": 1,
            "item_id": item.item_id,
            "currency": item.currency,
            "amount": contested,
            "contested": contested,
            "upheld": 0,
            "status": "opened",
            "reason": "Two of the lamps came broken.",
        } | facts
        disputes.take_disputes(self.session, [told], **self.moment)
        return told

    def reverse(
        self, payment: Payment, amount: int | None = None, *, on: date | None = None
    ) -> Payment:
        return reversals.reverse_payment(
            self.session,
            payment_id=payment.payment_id,
            amount=amount,
            reversed_on=on,
            reason="bounced",
            **self.moment,
        )

    def charge_back(
        self, payment: Payment, amount: int | None = None, *, fee: int | None = None
    ) -> Any:
        return reversals.charge_back_payment(
            self.session,
            payment_id=payment.payment_id,
            amount=amount,
            fee=fee,
            charged_back_on=None,
            reason="disputed with the bank",
            **self.moment,
        )

    def write_off_overpayment(self, payment: Payment, amount: int | None = None) -> Adjustment:
        return overpayments.write_off_overpayment(
            self.session,
            payment_id=payment.payment_id,
            amount=amount,
            reason="not worth sending back",
            **self.moment,
        )

    def reverse_overpayment(self, adjustment_id: str, *, on: date | None = None) -> Adjustment:
        return overpayments.reverse_overpayment(
            self.session,
            adjustment_id=adjustment_id,
            reversed_on=on,
            reason="they want it",
            **self.moment,
        )

    def reinstate(self, reversal_id: str, *, on: date | None = None) -> Payment:
        return reversals.reinstate_payment(
            self.session,
            reversal_id=reversal_id,
            reversed_on=on,
            reason="cleared after all",
            **self.moment,
        )

    def reverse_refund(self, refund_id: str, *, on: date | None = None) -> Any:
        return reversals.reverse_refund(
            self.session,
            refund_id=refund_id,
            reversed_on=on,
            reason="never sent",
            **self.moment,
        )

    def reverse_allocation(self, allocation_id: str, *, on: date | None = None) -> Any:
        return reversals.reverse_allocation(
            self.session, allocation_id=allocation_id, reversed_on=on, **self.moment
        )

    def refund(self, payment: Payment, amount: int, *, on: date | None = None) -> Any:
        return refunds.refund_payment(
            self.session,
            payment_id=payment.payment_id,
            amount=amount,
            credit=None,
            refunded_on=on,
            reason="overpaid",
            **self.moment,
        )

    def refund_and_credit(
        self, payment: Payment, invoice: Invoice, refunded: int | None = None, **credit: Any
    ) -> Any:
        """Give money back and credit what it had paid, as `credit` says, in one step."""
        ways = {"amount": None, "lines": None, "rates": None, "remedy_id": None, "return_id": None}
        ways["return_part"] = 1
        return refunds.refund_payment(
            self.session,
            payment_id=payment.payment_id,
            amount=refunded,
            credit={"invoice_id": invoice.invoice_id, **ways, **credit},
            refunded_on=None,
            reason="returned",
            **self.moment,
        )

    def refund_allocation(self, allocation_id: str, amount: int | None = None) -> Any:
        return refunds.refund_allocation(
            self.session,
            allocation_id=allocation_id,
            amount=amount,
            refunded_on=None,
            reason="paid twice",
            **self.moment,
        )

    def refund_credit_note(self, note: CreditNote, amount: int) -> Any:
        return refunds.refund_credit_note(
            self.session,
            credit_note_id=note.credit_note_id,
            amount=amount,
            refunded_on=None,
            reason="goodwill",
            **self.moment,
        )
