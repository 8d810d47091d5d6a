"""What others tell of reasons to contact an account, and its owner's list."""

from __future__ import annotations

from typing import Any

DEBT, CALL = ("overdue", "EUR"), ("callback", "cal_1")


def due(office, account, of=DEBT, version: int = 1, **values: Any) -> None:
    """Sales tells a reason."""
    facts = {
        "reason": of[0],
        "about": of[1],
        "currency": None,
        "amount": None,
        "since": "2026-01-05",
    }
    facts |= {"account_id": account["account_id"], "sentence": f"It is about {of[1]}."}
    office.hear("sales", "contact_due", version=version, **facts | values)


def settled(office, account, of=DEBT, version: int = 2) -> None:
    """The reason has gone."""
    facts = {"account_id": account["account_id"], "reason": of[0], "about": of[1]}
    office.hear("sales", "contact_settled", version=version, currency=None, **facts)
    office.session.expire_all()


def worklist(office, account, **values: Any) -> dict[str, Any]:
    """The list of the account's owner."""
    office.session.expire_all()
    return dict(office.do("get_worklist", staff_id=account["owner_id"], **values))
