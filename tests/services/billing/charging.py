"""What tests of charges begin with: charges that are added, changed, recorded and billed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from chassis.due import DueTime
from chassis.events import Event
from kernel.ids import new_id
from kernel.money import round_half_up
from services.billing.billables import usecases as billables
from services.billing.billables.models import Billable
from services.billing.charges import usecases
from services.billing.charges.models import Charge
from services.billing.dues import ChargesDue
from services.billing.new_charges.usecases import add_charge
from services.billing.recording import usecases as recording
from services.billing.resting.subscriptions import SUSPENSION
from services.billing.resting.usecases import end_charges, rest_charges
from services.collections.suspension.events import ServiceResumed, ServiceSuspended
from tests.services.billing.conftest import Books

MONTHLY = {"unit": "month", "anchor": "calendar", "timing": "advance"}
ASKED: dict[str, Any] = {
    "external_id": None,
    "kind": "recurring",
    "description": "Hosting",
    "currency": "EUR",
    "unit_price": 29900,
    "quantity": None,
    "tax_percent": Decimal(19),
    "tax_code": None,
    "exemption_reason": None,
    "client_order_number": None,
    "order_id": None,
    "end_on": None,
    "unit": None,
    "every": None,
    "anchor": None,
    "timing": None,
}


def day(text: str) -> date:
    """A day of 2026, as month and day."""
    return date.fromisoformat(f"2026-{text}")


class Charging:
    """Charges of one account, on the day of the books."""

    def __init__(self, books: Books, account_id: str) -> None:
        self.books, self.session, self.account_id = books, books.session, account_id

    def on(self, text: str) -> None:
        """It becomes this day."""
        self.books.today = day(text)

    def add(self, start: str | None = None, **facts: Any) -> str:
        """Add a charge that starts today, or on another day: monthly from the first, in advance, 299.00,
        unless said otherwise; its id."""
        said = ASKED | ({} if "kind" in facts else MONTHLY) | facts
        said["start_on"] = self.books.today if start is None else day(start)
        charge = add_charge(self.session, account_id=self.account_id, **said, **self.books.moment)
        return charge.charge_id

    def act(self, name: str, charge_id: str, on: str | None = None, **facts: Any) -> Charge:
        """Change, pause, resume or end a charge from today, or another day, on."""
        when = {"end_on" if name == "end" else "from_on": None if on is None else day(on)}
        if name == "change":
            facts = {"quantity": None} | facts
        charge: Charge = getattr(usecases, f"{name}_charge")(
            self.session,
            charge_id=charge_id,
            reason="asked",
            **when,
            **facts,
            **self.books.moment,
        )
        return charge

    def charge(self, charge_id: str) -> Charge:
        return self.session.get_one(Charge, charge_id, populate_existing=True)

    def told(self, event: type[Event], **facts: Any) -> dict[str, Any]:
        """What we take of what collections announces of a suspension."""
        said = event.example | {"account_id": self.account_id} | facts
        assert event().validate(said) == {}
        [ours] = [one for one in SUSPENSION if one.name == event.name]
        return dict(ours().load(said))

    def block(self, first: str, **facts: Any) -> dict[str, Any]:
        """Hear that the account has no service from a day on; what was told."""
        said = {"suspension_id": new_id("sus"), "suspended_on": str(day(first))} | facts
        told = self.told(ServiceSuspended, **said)
        self.hear(told)
        return told

    def freed(self, told: dict[str, Any], on: str) -> dict[str, Any]:
        """What is told when it has it again."""
        same = {"suspension_id": told["suspension_id"], "suspended_on": str(told["suspended_on"])}
        return self.told(ServiceResumed, **same, version=2, resumed_on=str(day(on)))

    def hear(self, *told: dict[str, Any]) -> None:
        rest_charges(self.session, told, **self.books.moment)

    def closed(self, *, version: int) -> None:
        """Hear that the account is closed."""
        told = {"account_id": self.account_id, "version": version}
        end_charges(self.session, **told, **self.books.moment)

    def record(self) -> int:
        """What happens in the morning; how many groups it took."""
        recording.begin_recording(self.session, day=self.books.today, now=self.books.now)
        count = 0
        while self.perform_due(ChargesDue):
            count += 1
        return count

    def perform_due(self, due: type[DueTime]) -> bool:
        """Perform what is due, if anything is."""
        changes = self.session.info.pop("due", [])
        for change in changes:
            assert change.name == due.name
            values = due().load(change.data)
            recording.record_some(self.session, **values, now=self.books.now, by=self.books.by)
        return bool(changes)

    def billables(self, charge_id: str) -> list[Billable]:
        """What is or was to be billed of a charge, and is not cancelled."""
        found = self.session.scalars(
            select(Billable)
            .where(Billable.charge_id == charge_id, Billable.cancelled != Billable.quantity)
            .order_by(Billable.service_from, Billable.quantity)
            .execution_options(populate_existing=True)
        )
        return [*found]

    def pending(self, charge_id: str) -> list[tuple[str, str, int]]:
        """The days of what is to be billed, and what it comes to."""
        return days_of(one for one in self.billables(charge_id) if one.pending)

    def bill(self, charge_id: str) -> list[tuple[str, str, int]]:
        """Bill what is pending; what that was."""
        pending = [one for one in self.billables(charge_id) if one.pending]
        lines = [{"billable_id": one.billable_id, "quantity": one.pending} for one in pending]
        found = days_of(pending)
        billables.bill(self.session, lines)
        return found


def days_of(billables: Iterable[Billable]) -> list[tuple[str, str, int]]:
    return [
        (
            f"{one.service_from:%m-%d}",
            f"{one.service_until:%m-%d}",
            round_half_up(one.quantity * one.unit_price)[0],
        )
        for one in billables
    ]
