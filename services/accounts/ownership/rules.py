"""How an account passes from one owner to the next without a gap or an overlap."""

from __future__ import annotations

from datetime import date

from kernel.refusals import Conflict, Invalid


def require_succession(
    *, owner_id: str, since_on: date, new_owner_id: str, new_since_on: date, today: date
) -> None:
    """Refuse a successor who is the owner already, or whose time would begin before the present
    owner's or in the future. The present owner's time ends where the successor's begins: a period
    holds from its first day to the day before its last, and one of no days at all is a change that
    was changed again the same day."""
    if new_owner_id == owner_id:
        raise Conflict("same_owner", "That person owns the account already.", field="owner_id")
    if new_since_on < since_on:
        raise Invalid(
            "owner_since_too_early",
            f"The present owner began on {since_on}; name that day or a later one.",
            field="since_on",
        )
    if new_since_on > today:
        raise Invalid(
            "owner_since_in_future",
            f"A change of owner takes effect at once or in retrospect; name {today} or earlier.",
            field="since_on",
        )


def say_owns(name: str, accounts: int) -> str:
    """Why somebody who owns accounts cannot leave."""
    what, which = ("1 account", "it") if accounts == 1 else (f"{accounts} accounts", "them")
    return f"{name} owns {what}; hand {which} over first."


def say_reports(name: str, reports: int) -> str:
    """Why somebody to whom others report cannot leave."""
    who = "1 person reports" if reports == 1 else f"{reports} people report"
    return f"{who} to {name}; say first that they report to somebody else."
