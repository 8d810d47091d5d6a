"""Who may help with an account, and what its owner is told of their work."""

from __future__ import annotations

from datetime import date

from kernel.refusals import Conflict, Forbidden


def require_another(*, owner_id: str, staff_id: str, name: str) -> None:
    """Refuse a helper who owns the account."""
    if staff_id == owner_id:
        detail = f"{name} owns the account and sees it anyway; name somebody else."
        raise Conflict("helper_owns_account", detail, field="staff_id")


def require_not_own_work(*, staff_id: str | None, helper_id: str) -> None:
    """Refuse whoever would look at their own work."""
    if staff_id == helper_id:
        detail = "Who did the work does not look at it; the owner of the account does."
        raise Forbidden("own_work", detail)


def look_sentence(*, name: str, count: int, since: date) -> str:
    """What the owner reads of a helper's work that nobody has looked at."""
    things = "1 thing" if count == 1 else f"{count} things"
    return f"{name}, who helps here, recorded {things} since {since}; look at the timeline and confirm."
