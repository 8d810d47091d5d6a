"""Plans statement runs in an office and lets them go on."""

from __future__ import annotations

from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from kernel.ids import new_id
from services.billing.addressees.usecases import keep_contacts
from services.billing.documents import usecases as documents
from services.billing.statement_runs import events, queries, usecases
from services.billing.statement_runs.models import RunStatement
from stationery.mail.messages import Mail
from tests.services.billing.offices import Office

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)


class Stating:
    """Runs over the accounts that this office has opened; mail that leaves is kept here."""

    def __init__(self, books: Any, monkeypatch: Any) -> None:
        self.office, self.books, self.session = Office(books), books, books.session
        self.accounts = [self.office.account_id]
        self.mail: list[EmailMessage] = []
        monkeypatch.setattr(documents, "send_mail", self._take)

    def _take(self, mail: Mail) -> None:
        self.mail.append(message_from_bytes(mail.content, policy=policy.default))

    def open(self, *, email: str | None = "own@client.example", **facts: Any) -> str:
        """An account that is told of, with an address of its own."""
        told = {
            name: facts.pop(name) for name in ("addresses", "preferred_channel") if name in facts
        }
        account_id: str = self.books.open_account(**facts)
        self.office.tell(account_id=account_id, email=email, **told)
        self.accounts.append(account_id)
        return account_id

    def add_contact(self, account_id: str, email: str) -> None:
        contact = {"contact_id": new_id("con"), "account_id": account_id, "version": 1}
        contact |= {"name": "Pat", "email": email, "roles": ["payer"]}
        keep_contacts(self.session, [contact | {"valid_from": None, "valid_to": None}])

    def plan(self, **facts: Any) -> str:
        """Plan a run of March over the office's accounts; its id."""
        asked: dict[str, Any] = {"first_day": FIRST, "last_day": LAST, "which": "active"}
        asked |= {"accounts": self.accounts, "currency": None, "statement_day": None}
        run = usecases.plan_run(
            self.session, **asked | {"is_again": False} | facts, **self.books.moment
        )
        return str(run["statement_run_id"])

    def go_on(self, run_id: str) -> int:
        """Let a run go through what it does by itself; in how many steps."""
        steps = 0
        while self.status(run_id) == "running":
            moment = {"today": self.books.today, "now": self.books.now}
            usecases.go_on(self.session, statement_run_id=run_id, **moment)
            steps += 1
        return steps

    def send(self) -> None:
        """Send all that was asked to be sent, each twice, as a message may come twice."""
        for told in self.told(events.StatementAsked):
            named = {name: told[name] for name in ("statement_run_id", "account_id", "currency")}
            for _ in range(2):
                usecases.send_statement(self.session, **named, now=self.books.now)

    def run(self, run_id: str) -> dict[str, Any]:
        return queries.get_run(self.session, statement_run_id=run_id)

    def status(self, run_id: str) -> str:
        return str(self.run(run_id)["status"])

    def statements(self, run_id: str) -> dict[str, RunStatement]:
        """A run's statements by account."""
        page = {"status": None, "limit": 500, "after": None}
        found = queries.list_statements(self.session, statement_run_id=run_id, **page)
        return {one.account_id: one for one in found["items"]}

    def standing(self, run_id: str) -> dict[str, tuple[str, str | None]]:
        return {key: (one.status, one.reason) for key, one in self.statements(run_id).items()}

    def told(self, event: Any) -> list[dict[str, Any]]:
        return [one[1] for one in self.session.info.get("announced", []) if one[0] is event]

    def decide(self, act: Any, run_id: str, account_id: str, **facts: Any) -> RunStatement:
        named = {"statement_run_id": run_id, "account_id": account_id, "currency": "EUR"}
        moment = {"now": self.books.now, "by": self.books.by}
        one: RunStatement = act(self.session, **named, reason="Looked.", **facts, **moment)
        return one
