"""What an account's state allows in billing."""

from __future__ import annotations

from collections.abc import Mapping

from kernel.refusals import Conflict, NotKnownYet

CLOSING = "closing"
CLOSED = "closed"

# What to do to bill an account that is not billed, by its status.
_INSTEAD: Mapping[str, str] = {
    CLOSING: "Have the closing withdrawn first.",
    CLOSED: "Reopen it first.",
}


def account_not_found(account_id: str) -> NotKnownYet:
    """No event has told of the account, or not yet."""
    return NotKnownYet(
        "account_not_found",
        f"There is no account {account_id}; open it first, or correct the id.",
        field="account_id",
    )


def payer_not_found(payer_id: str | None, *, number: str) -> NotKnownYet:
    """Who pays for an account is not known, or not to the caller."""
    return NotKnownYet(
        "payer_not_found",
        f"What account {number} is billed {payer_id} pays, of whom nothing is known here, or not to you. "
        "Have somebody bill it who looks after the payer, or let the account pay for itself.",
        field="account_id",
    )


def require_still_payer(*, name: str, is_payer: bool) -> None:
    """A draft is issued to whom it was written (`payer_changed`)."""
    if not is_payer:
        raise Conflict(
            "payer_changed",
            f"Somebody else pays by now what {name} demands. Delete the draft and write it anew.",
        )


def require_billable(*, number: str, status: str) -> None:
    """An account that is closed, or that we may have agreed to close, gets no new invoices and no free
    credit (`account_closed`, `account_closing`); what it owes and pays is still kept."""
    if status in _INSTEAD:
        raise Conflict(
            f"account_{status}",
            f"Account {number} is {status}; it gets no new invoices or credit. {_INSTEAD[status]}",
            number=number,
        )


def require_decided(*, number: str, status: str) -> None:
    """What was shipped is billed when it is decided whether the account is closed (`account_closing`),
    and is tried again until then; sales objects as long as it is not billed."""
    if status == CLOSING:
        raise NotKnownYet(
            "account_closing",
            f"Account {number} is closing; its shipments are invoiced once that is decided.",
            number=number,
        )
