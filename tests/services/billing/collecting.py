"""The other side, played from its contract: what collections tells of fees and write-offs."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from chassis.events import Event
from kernel.ids import new_id
from services.billing.adjustments import usecases as adjustments
from services.billing.adjustments.models import Adjustment
from services.billing.adjustments.subscriptions import WriteOffApproved as OurWriteOffApproved
from services.billing.fees import usecases as fees
from services.billing.fees.subscriptions import FEE
from services.billing.invoices.models import Invoice
from services.collections.fees.events import FeeAssessed
from services.collections.write_offs.events import WriteOffApproved


class Collecting:
    """Part of the books: what collections tells, and what is given up."""

    session: Session
    today: date

    @property
    def moment(self) -> dict[str, Any]:
        raise NotImplementedError

    def told_of_fee(self, event: type[Event], account_id: str, **facts: Any) -> dict[str, Any]:
        """What we take of an event of collections' about a fee, as it would announce it."""
        told = event.example | {"account_id": account_id, "item_ids": []}
        told |= {f"{event.name.removeprefix('fee_')}_on": self.today.isoformat()} | facts
        assert event().validate(told) == {}
        [ours] = [one for one in FEE if one.name == event.name]
        return dict(ours().load(told))

    def hear_of_fees(self, *told: dict[str, Any]) -> None:
        """Hear of fees, all at once."""
        fees.keep_fees(self.session, told, **self.moment)

    def assess(self, account_id: str, amount: int = 1500, **facts: Any) -> str:
        """Hear that a fee was assessed; its id."""
        fee_id = str(facts.setdefault("fee_id", new_id("fee")))
        self.hear_of_fees(self.told_of_fee(FeeAssessed, account_id, amount=amount, **facts))
        return fee_id

    def write_off(self, account_id: str, *lines: tuple[str, int], **facts: Any) -> str:
        """Hear that so much of items was given up; the write-off's id."""
        write_off_id = str(facts.setdefault("write_off_id", new_id("wof")))
        told = WriteOffApproved.example | {
            "account_id": account_id,
            "items": [{"item_id": item_id, "amount": amount} for item_id, amount in lines],
            "approved_on": self.today.isoformat(),
        }
        assert WriteOffApproved().validate(told | facts) == {}
        ours = OurWriteOffApproved().load(told | facts)
        adjustments.book_write_offs(self.session, [ours], **self.moment)
        return write_off_id

    def settle_item(self, item_id: str) -> Adjustment:
        return adjustments.settle_item(
            self.session, item_id=item_id, reason="a trifle", **self.moment
        )

    def settle_invoice(self, invoice: Invoice) -> Adjustment:
        return adjustments.settle_invoice(
            self.session, invoice_id=invoice.invoice_id, reason="a trifle", **self.moment
        )

    def reverse_adjustment(self, adjustment_id: str, *, on: date | None = None) -> Adjustment:
        return adjustments.reverse_adjustment(
            self.session,
            adjustment_id=adjustment_id,
            reversed_on=on,
            reason="a mistake",
            **self.moment,
        )
