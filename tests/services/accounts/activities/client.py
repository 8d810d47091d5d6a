"""An account with two people, and what is done with it, for the tests of activities."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2026, 1, 5, 9, tzinfo=UTC)  # the office's Monday
DAY = timedelta(days=1)


class Client:
    """An account with two people, and what is done with it."""

    def __init__(self, office: Any) -> None:
        self.office = office
        self.owner_id = office.staff()["staff_id"]
        self.account_id = office.account(owner_id=self.owner_id)["account_id"]
        self.contact_ids = [
            office.do(
                "add_contact",
                account_id=self.account_id,
                name=name,
                roles=[],
                email=f"{name}@a.example",
            )["contact_id"]
            for name in ("ben", "eve")
        ]
        office.announced()

    def plan(self, **facts: Any) -> dict[str, Any]:
        visit = {"kind": "visit", "at": at(1), "subject": "Annual review", "minutes": 60}
        return self.office.do("plan_activity", account_id=self.account_id, **visit | facts)

    def log(self, **facts: Any) -> dict[str, Any]:
        call = {"kind": "call", "outcome": "reached", "minutes": 12}
        return self.office.do("log_activity", account_id=self.account_id, **call | facts)

    def hold(self, activity: dict[str, Any], **facts: Any) -> dict[str, Any]:
        said = {"outcome": "reached", "minutes": 45}
        return self.office.do("hold_activity", activity_id=activity["activity_id"], **said | facts)

    def do(self, verb: str, activity: dict[str, Any], **facts: Any) -> dict[str, Any]:
        return self.office.do(f"{verb}_activity", activity_id=activity["activity_id"], **facts)

    def get(self, activity: dict[str, Any]) -> dict[str, Any]:
        return self.office.do("get_activity", activity_id=activity["activity_id"])

    def reasons(self) -> list[str]:
        """Why the account is on its owner's worklist, in sentences."""
        while self.office.session.info.get("announced"):
            self.office.hear_itself()
        items = self.office.do("get_worklist", staff_id=self.owner_id)["items"]
        return [reason["sentence"] for item in items for reason in item["reasons"]]


def at(days: int, hour: int = 10) -> str:
    return (START + days * DAY).replace(hour=hour).isoformat()
