"""The accounts service at work in a test's session: its real entrypoints and schemas, no broker."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from chassis.contract import Consumer, Daily, Due, Endpoint
from chassis.doors.files import files_of
from chassis.doors.transaction import Context, run
from chassis.store.clock import Clock
from chassis.store.due_times import Change
from chassis.wire.envelopes import Envelope
from kernel.callers import Caller
from kernel.ids import new_id
from kernel.refusals import Refusal
from services.accounts import files
from services.accounts.closings.rules import MUST_AGREE
from services.accounts.known.rules import MUST_KNOW
from services.accounts.known.usecases import hear_known
from services.accounts.service import Accounts

SUBJECTS = [cls for cls in Accounts.__mro__ if cls.__module__.endswith(".entrypoints")]


class Office(*SUBJECTS, files_of("accounts", [files.CHECKLIST_DOCUMENT])):  # type: ignore[misc]
    """What a test does with the service: `do` an endpoint, `hear` an event, let days pass."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.caller = Caller("key_office", frozenset({"*"}))
        self.moment = datetime(2026, 1, 5, 9, tzinfo=UTC)  # a Monday
        self.sequences: dict[tuple[str, str], int] = {}
        self.due_times: dict[tuple[str, str], Change] = {}

    @property
    def clock(self) -> Clock:
        return Clock(self.moment)

    def pass_days(self, days: int) -> None:
        """Let days pass, each with its daily jobs and what the service hears of itself by them."""
        for _ in range(days):
            self.moment += timedelta(days=1)
            for method in self._contracts(Daily).values():
                method(self.session, day=self.clock.today())
            self.hear_itself()

    def pass_until(self, moment: datetime) -> None:
        """Let time pass, and what is due meanwhile be done, in order, each at its instant."""
        while due := self._next_due(moment):
            del self.due_times[due.name, due.key]
            [method] = [
                one for one in self._contracts(Due).values() if one.contract.due.name == due.name
            ]
            self.moment = max(self.moment, due.at)
            method(self.session, **method.contract.due().load(due.data))
            self.session.flush()
        self.moment = moment

    def do(self, endpoint: str, **values: Any) -> Any:
        """What the endpoint answers, as it goes out."""
        method = getattr(self, endpoint)
        contract = method.contract
        assert isinstance(contract, Endpoint)
        answer = method(self.session, **contract.accepts().load(values))
        self.session.flush()
        return contract.returns().dump(answer)

    def hear(self, source: str, name: str, /, **facts: Any) -> None:
        """Have every handler of the event handle it."""
        self.deliver(self.envelope(source, name, **facts))

    def deliver(self, event: Envelope) -> None:
        """Have every handler of the event handle it, whether or not they have before."""
        self.event, self.events = event, [event]
        for method in self._contracts(Consumer).values():
            consumer = method.contract
            wanted = consumer.source == event.source and consumer.find(event.name, 1)
            if wanted and consumer.takes_many:
                method(self.session, [wanted().load(event.data)])
            elif wanted:
                method(self.session, **wanted().load(event.data))
        self.session.flush()

    def hear_itself(self) -> None:
        """Have the service hear what it has announced since this was last done, and what comes of it."""
        while announced := self.session.info.pop("announced", []):
            for event, data, _ in announced:
                self.hear("accounts", event.name, **data)
        self.session.expire_all()

    def envelope(self, source: str, name: str, /, **facts: Any) -> Envelope:
        """The next event of the source about the account, or the member of staff."""
        kinds = ("account_id", "staff_id", "hand_over_id", "lead_id")
        about = next(name for name in kinds if name in facts)
        subject = facts[about]
        key = (source, subject)
        self.sequences[key] = self.sequences.get(key, 0) + 1
        return Envelope(
            event_id=new_id("evt"),
            source=source,
            name=name,
            event_version=1,
            subject=subject,
            sequence=self.sequences[key],
            occurred_at=self.moment,
            data=facts,
        )

    def staff(self, **values: Any) -> dict[str, Any]:
        """Somebody who works here."""
        return self.do(
            "add_staff",
            **{
                "name": "Ada Manager",
                "email": f"{new_id('mail')}@steward.example",
                "role": "account_manager",
            }
            | values,
        )

    def account(self, **values: Any) -> dict[str, Any]:
        """A prospect with a believable profile, which all that must know it do."""
        profile = {
            "name": "Acme Trading Ltd",
            "country": "GB",
            "currency": "GBP",
            "language": "en",
            "time_zone": "Europe/London",
            "net_days": 30,
            "credit_limit": 500_000,
            "email": "hello@acme.example",
        }
        if "owner_id" not in values:
            values["owner_id"] = self.staff()["staff_id"]
        account: dict[str, Any] = self.do("open_account", **profile | values)
        facts = [{"account_id": account["account_id"], "account_version": account["version"]}]
        for service in MUST_KNOW:
            hear_known(self.session, facts, service=service, now=self.moment)
        return account

    def onboarding_account(self, **values: Any) -> dict[str, Any]:
        """An account whose onboarding has begun."""
        return self.do("begin_onboarding", account_id=self.account(**values)["account_id"])

    def active_account(self, **values: Any) -> dict[str, Any]:
        """An account with everything in place."""
        account = self.onboarding_account(**values)
        self.settle_checklist(account["account_id"])
        return self.do("activate_account", account_id=account["account_id"])

    def scan(self, account_id: str) -> str:
        """The id of a finished file of the account."""
        content = b"%PDF-1.7"
        file_id = self.begin_scan(account_id, size=len(content))
        self.do(
            "put_file_part", file_id=file_id, number=1, content=base64.b64encode(content).decode()
        )
        self.do("finish_file", file_id=file_id, sha256=hashlib.sha256(content).hexdigest())
        return file_id

    def begin_scan(self, account_id: str, *, size: int = 8) -> str:
        """The id of a file of the account that is still to be sent."""
        begun = self.do(
            "begin_file",
            kind="checklist_document",
            account_id=account_id,
            name="scan.pdf",
            media_type="application/pdf",
            size=size,
        )
        return str(begun["file_id"])

    def answer(self, account: dict[str, Any], service: str, objection: str | None = None) -> None:
        """Have a service agree or object to the closing that began with this version of the account."""
        facts = {"account_id": account["account_id"], "account_version": account["version"]}
        if objection is None:
            self.hear(service, "account_closing_agreed", **facts, reason="Nothing is open.")
        else:
            facts |= {"code": "balance_open", "reason": objection}
            self.hear(service, "account_closing_objected", **facts)

    def close(self, account_id: str, reason: str = "Moved abroad.") -> dict[str, Any]:
        """Close an account with everybody's agreement."""
        closing = self.do("close_account", account_id=account_id, reason=reason)
        for service in MUST_AGREE:
            self.answer(closing, service)
        return self.do("get_account", account_id=account_id)

    def owe(
        self,
        account_id: str,
        open_: int,
        *,
        version: int,
        unapplied: int = 0,
        currency: str = "GBP",
    ) -> None:
        """Have billing say what an account owes, in minor units."""
        self.hear(
            "billing",
            "balance_changed",
            account_id=account_id,
            currency=currency,
            version=version,
            open=open_,
            unapplied=unapplied,
            balance=open_ - unapplied,
        )
        self.hear_itself()

    def settle_checklist(self, account_id: str) -> None:
        """Complete every item."""
        for item in self.do("list_checklist_items", account_id=account_id)["items"]:
            self.do(
                "complete_checklist_item",
                checklist_item_id=item["checklist_item_id"],
                expires_on="2030-12-31",
            )

    def announced(self) -> list[str]:
        """The names of the events announced since this was last asked."""
        return [event.name for event, *_ in self.session.info.pop("announced", [])]

    def _next_due(self, moment: datetime) -> Any:
        for change in self.session.info.pop("due", []):
            self.due_times.pop((change.name, change.key), None)
            if change.at is not None:
                self.due_times[change.name, change.key] = change
        due = [change for change in self.due_times.values() if change.at <= moment]
        return min(due, key=lambda change: change.at, default=None)

    def _contracts(self, kind: type) -> dict[str, Callable[..., Any]]:
        methods = {name: getattr(self, name) for name in dir(type(self)) if name != "clock"}
        return {
            name: method
            for name, method in methods.items()
            if isinstance(getattr(method, "contract", None), kind)
        }


@pytest.fixture
def at_once(engine: Engine, office_of, monkeypatch) -> Callable[..., list[Any]]:
    """Do things at the same time, each in its own transaction as the chassis runs it; the answers or
    the refusals' codes."""
    monkeypatch.setattr(
        "chassis.doors.transaction.read_clock", lambda _: Clock(datetime(2026, 1, 5, 9, tzinfo=UTC))
    )

    def do(work: Callable[[Any], Any]) -> Any:
        try:
            return run(engine, lambda session, _clock: work(office_of(session)), Context())
        except Refusal as refusal:
            return refusal.code

    def at_once(*works: Callable[[Any], Any]) -> list[Any]:
        with ThreadPoolExecutor(len(works)) as threads:
            return list(threads.map(do, works))

    return at_once


@pytest.fixture
def office_of() -> type[Office]:
    """For tests that make their own session."""
    return Office


@pytest.fixture
def office(session: Session) -> Office:
    """The service on this test's database."""
    return Office(session)
