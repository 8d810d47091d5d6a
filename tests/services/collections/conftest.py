"""A small business around collections: what accounts and billing tell it, and its mornings."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from chassis.events import Event
from kernel.ids import new_id
from services.collections import events
from services.collections.accounts.usecases import keep_accounts
from services.collections.contact_dues.usecases import review_all_contacts
from services.collections.credit_holds.usecases import review_all_credit_holds, review_credit_holds
from services.collections.dunning.queries import explain
from services.collections.dunning.usecases import approve_run
from services.collections.intake.usecases import reopen_items, settle_items, take_balances
from services.collections.notices.usecases import send_notice
from services.collections.placements.usecases import propose_placements
from services.collections.planning.usecases import run_dunning_for_day, simulate_run
from services.collections.procedures.usecases import assign_procedure, make_procedure
from services.collections.receivables.usecases import open_items
from tests.typefaces import fonts

__all__ = ["fonts"]


class Business:
    """Tells collections what other services would, and does by hand what the chassis does."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.heard: list[tuple[type[Event], dict[str, Any]]] = []
        self.today = date(2026, 1, 1)

    @property
    def now(self) -> datetime:
        return datetime.combine(self.today, time(6), tzinfo=UTC)

    @property
    def circumstances(self) -> dict[str, Any]:
        return {"today": self.today, "now": self.now, "by": "key_of_ann"}

    def open_account(self, **differently: Any) -> str:
        """An account that gets its letters by post, unless told differently."""
        account_id = new_id("acc")
        facts = {
            "version": 1,
            "number": "A-1001",
            "name": "Brown & Sons",
            "language": "en",
            "email": "accounts@brown.example",
            "preferred_channel": "post",
            "addresses": [],
        }
        keep_accounts(self.session, [{"account_id": account_id, **{**facts, **differently}}])
        return account_id

    def issue(
        self,
        account_id: str,
        *,
        due: date,
        amount: int = 10_000,
        currency: str = "EUR",
        number: str = "R-1",
        issued_on: date | None = None,
    ) -> dict[str, Any]:
        """Billing issues an invoice with one item, thirty days before it is due unless told otherwise."""
        item = {
            "item_id": new_id("itm"),
            "version": 1,
            "invoice_id": new_id("inv"),
            "invoice_number": number,
            "due_date": due,
            "currency": currency,
            "amount": amount,
            "balance": amount,
            "disputed": 0,
            "in_flight": 0,
            "written_off": 0,
            "status": "open",
        }
        open_items(
            self.session,
            [
                {
                    "account_id": account_id,
                    "issued_on": issued_on or due - timedelta(days=30),
                    "items": [item],
                }
            ],
        )
        return {"account_id": account_id, **item}

    def pay(self, item: dict[str, Any], amount: int | None = None) -> None:
        """Billing allocates money to the item: all of it, or a part."""
        item["version"] += 1
        item["balance"] -= item["balance"] if amount is None else amount
        item["status"] = "open" if item["balance"] else "paid"
        self._tell(settle_items, item)

    def bounce(self, item: dict[str, Any]) -> None:
        """The payment comes back."""
        item["version"] += 1
        item["balance"], item["status"] = item["amount"], "open"
        self._tell(reopen_items, item)

    def change(self, item: dict[str, Any], **differently: Any) -> None:
        """Billing says what of the item is disputed, or on its way, or given up."""
        item.update(differently, version=item["version"] + 1)
        self._tell(reopen_items, item)

    def credit(self, account_id: str, unapplied: int, *, version: int = 1) -> None:
        """Billing has money of the account's that is not set against items."""
        take_balances(
            self.session,
            [
                {
                    "account_id": account_id,
                    "currency": "EUR",
                    "version": version,
                    "open": 0,
                    "unapplied": unapplied,
                    "balance": -unapplied,
                }
            ],
            **self.circumstances,
        )

    def morning(self, day: date) -> None:
        """The daily jobs of a day, and the events of our own that follow from them."""
        self.today = day
        run_dunning_for_day(self.session, day=day, now=self.now, by="service")
        self.settle()
        review_all_contacts(self.session, today=day)
        review_all_credit_holds(self.session, today=day, now=self.now)
        propose_placements(self.session, day=day, now=self.now, by="service")
        self.settle()

    def settle(self) -> None:
        """Handle events of our own until there are none, as the chassis would."""
        while announced := self._hear():
            for event, data in announced:
                if event is events.DunningNoticeSent:
                    review_credit_holds(
                        self.session,
                        account_ids=[data["account_id"]],
                        today=self.today,
                        now=self.now,
                    )

    def settle_without_reviews(self) -> None:
        """Send what is to be sent; nobody hears of it yet."""
        while self._hear():
            pass

    def _hear(self) -> list[tuple[type[Event], dict[str, Any]]]:
        announced = [(one[0], one[1]) for one in self.session.info.pop("announced", [])]
        self.heard += announced
        for event, data in announced:
            if event is events.DunningNoticeApproved:
                send_notice(
                    self.session, notice_id=data["notice_id"], today=self.today, now=self.now
                )
        return announced

    def told(self, event: type[Event], account_id: str) -> list[dict[str, Any]]:
        """What was announced of that kind about an account, in order."""
        self.settle()
        return [
            data for kind, data in self.heard if kind is event and data["account_id"] == account_id
        ]

    def levels_sent(self, account_id: str) -> list[int]:
        """The levels of the letters the account got, in order."""
        return [data["level"] for data in self.told(events.DunningNoticeSent, account_id)]

    def own_procedure(self, account_id: str, *delays: int) -> str:
        """A procedure by post for this account alone; its runs wait for approval."""
        letter = {"subject": "{total}", "opening": "Dear {name}", "closing": "Pay {total}"}
        levels = [
            {
                "name": f"After {delay}",
                "delay_days": delay,
                "channel": "post",
                "holds_orders": False,
                "letters": {"en": letter},
            }
            for delay in delays
        ]
        by = {"now": self.now, "by": "key_of_ann"}
        policy = {"levels": levels, "hand_over_days": None, "is_automatic": False}
        made = make_procedure(self.session, name="Own", **policy, **by)
        procedure_id: str = made["procedure_id"]
        assign_procedure(self.session, account_id=account_id, procedure_id=procedure_id, **by)
        return procedure_id

    def simulate(self, procedure_id: str, on: date) -> dict[str, Any]:
        """A run for that day, as things are."""
        self.today = min(self.today, on)
        return simulate_run(
            self.session, run_on=on, procedure_id=procedure_id, **self.circumstances
        )

    def approve(self, run: dict[str, Any], on: date) -> dict[str, Any]:
        """Somebody approves the run on that day."""
        self.today = on
        return approve_run(self.session, run_id=run["run_id"], **self.circumstances)

    def explain(self, item: dict[str, Any], on: date) -> dict[str, Any]:
        """Why the item was dunned on that day, or not."""
        return explain(self.session, item_id=item["item_id"], on=on)

    def _tell(self, use_case: Any, item: dict[str, Any]) -> None:
        snapshot = {key: value for key, value in item.items() if key != "account_id"}
        change = {"account_id": item["account_id"], "items": [snapshot]}
        use_case(self.session, [change], **self.circumstances)


@pytest.fixture
def business(session: Session) -> Business:
    """A business whose rows are gone after the test."""
    return Business(session)
