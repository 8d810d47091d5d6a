"""A firm with a tree of people, and an account of theirs that was billed and complains."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from kernel.callers import Caller
from kernel.ids import new_id
from kernel.refusals import Refusal
from services.billing.events import InvoiceIssued

CAUSE = "cau_00000000000000000000000002"
ORDER_LINES = [None, "orl_01jd3v4q6ye8z9t5k2m7n0p1xa", None]  # by place; the second was typed in
LINES = [("Lamp", "5", 1400), ("Table", "1", 9900)]


class Desk:
    """What people at work do about one account's cases."""

    def __init__(self, office: Any) -> None:
        self.office = office
        self.people: dict[str, str] = {}
        office.moment = datetime(2026, 6, 15, 10, tzinfo=UTC)
        above = None
        for name, role in [
            ("vera", "vice_president"),
            ("dora", "director"),
            ("lea", "lead"),
            ("ada", "account_manager"),
            ("alf", "assistant"),
        ]:
            person = office.staff(name=name.capitalize(), role=role, reports_to_id=above)
            above = self.people[name] = person["staff_id"]
        self.account_id = office.account(owner_id=self.people["ada"])["account_id"]

    @contextmanager
    def acting(self, who: str, *scopes: str) -> Iterator[None]:
        """Be one of the people; anybody else is a system's key."""
        before, staff_id = self.office.caller, self.people.get(who)
        held = frozenset({"*", *scopes})
        self.office.caller = Caller(staff_id or f"key_{who}", held, None, staff_id)
        yield
        self.office.caller = before

    def do(self, who: str, endpoint: str, *scopes: str, **values: Any) -> Any:
        with self.acting(who, *scopes):
            return self.office.do(endpoint, **values)

    def refusal(self, who: str, endpoint: str, **values: Any) -> Refusal:
        with pytest.raises(Refusal) as refused:
            self.do(who, endpoint, **values)
        return refused.value

    def case(self, **diagnosis: Any) -> str:
        """A complaint whose cause is known."""
        case = self.office.do(
            "open_case",
            account_id=self.account_id,
            kind="complaint",
            subject="Broken lamps.",
            is_not_similar=True,
        )
        case_id = str(case["case_id"])
        self.office.do("acknowledge_case", case_id=case_id, problem="Two came broken.")
        self.office.do("diagnose_case", case_id=case_id, case_cause_id=CAUSE, **diagnosis)
        return case_id

    def status(self, case_id: str) -> str:
        return str(self.office.do("get_case", case_id=case_id)["status"])

    def bill(self, *lines: tuple[str, str, int], **facts: Any) -> str:
        """Have billing tell of an invoice, today's if not said otherwise; its id."""
        billed = [_line(place, *line) for place, line in enumerate(lines or LINES, start=1)]
        net = sum(line["net"] for line in billed)
        invoice = {"invoice_id": new_id("inv"), "number": "RE-1", "currency": "EUR"}
        invoice |= {"issued_on": str(self.office.clock.today()), "net": net, "total": net}
        invoice |= {"order_id": new_id("ord"), "lines": billed, "account_id": self.account_id}
        invoice = InvoiceIssued.example | {"items": []} | invoice
        self.office.hear("billing", "invoice_issued", **invoice | facts)
        return str((invoice | facts)["invoice_id"])

    def give(self, who: str, case_id: str, minor: int = 4000, *scopes: str, **facts: Any) -> Any:
        """A remedy by a sum, unless lines are given."""
        amount = None if "lines" in facts else {"amount": minor, "currency": "EUR"}
        sent = {"case_id": case_id, "kind": "credit", "amount": amount, "reason": "Broken."}
        return self.do(who, "give_remedy", *scopes, **sent | facts)

    def events(self, prefix: str = "remedy_") -> list[dict[str, Any]]:
        """What was announced since this was last asked, of one kind, with its name."""
        announced = self.office.session.info.pop("announced", [])
        return [
            {"event": event.name, **data}
            for event, data, _ in announced
            if event.name.startswith(prefix)
        ]


def _line(place: int, description: str, quantity: str, unit_price: int) -> dict[str, Any]:
    return {
        "position": place,
        "description": description,
        "quantity": quantity,
        "unit_price": unit_price,
        "net": round(float(quantity) * unit_price),
        "tax_percent": "0.00",
        "order_line_id": ORDER_LINES[place],
    }


@pytest.fixture
def desk(office: Any) -> Desk:
    return Desk(office)


@pytest.fixture
def desk_of() -> Callable[[Any], Desk]:
    """For tests that make their own office."""
    return Desk
