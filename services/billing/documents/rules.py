"""What becomes of documents and of their copies: who may have one, and how many. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from kernel.refusals import Conflict, Invalid

COPIES_PER_DAY = 10
NO_INVOICE = "Receipts and statements are no invoices: there is no e-invoice of them."


class CopyState(StrEnum):
    """Where a copy is."""

    ASKED = "asked"
    SENT = "sent"
    REFUSED = "refused"


class CopyAction(StrEnum):
    """What becomes of a copy: our mail server took it, or never will."""

    SEND = "send"
    REFUSE = "refuse"


MOVES: Mapping[CopyState, Mapping[CopyAction, CopyState]] = {
    CopyState.ASKED: {CopyAction.SEND: CopyState.SENT, CopyAction.REFUSE: CopyState.REFUSED},
    CopyState.SENT: {},
    CopyState.REFUSED: {},
}


def move_copy(status: str, action: CopyAction) -> CopyState:
    """Where the action leads; Conflict (`copy_over`) where the copy is sent or refused already."""
    found = MOVES[CopyState(status)].get(action)
    if found is None:
        raise Conflict("copy_over", f"The copy is {status} already; ask for another one.")
    return found


class Person(Protocol):
    """Somebody who may have the account's documents."""

    @property
    def contact_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str | None: ...


class Recipient(NamedTuple):
    """To whom a copy goes."""

    name: str
    email: str
    contact_id: str | None


def choose_recipient(
    people: Sequence[Person],
    *,
    account_name: str,
    account_email: str | None,
    contact_id: str | None,
    email: str | None,
) -> Recipient:
    """The contact or address that is named, if it is one that may have the document: a contact who gets
    the account's invoices, or the account's own address. Where none is named, the first of them. Refused
    with those that may have it."""
    allowed = [Recipient(one.name, one.email, one.contact_id) for one in people if one.email]
    if account_email:
        allowed.append(Recipient(account_name, account_email, None))
    for one in allowed:
        is_meant = contact_id is None or one.contact_id == contact_id
        if is_meant and (email is None or one.email.casefold() == email.casefold()):
            return one
    raise _not_allowed(allowed, field="contact_id" if contact_id else "email")


def _not_allowed(allowed: Sequence[Recipient], *, field: str) -> Invalid:
    those = ", ".join(dict.fromkeys(one.email for one in allowed))
    remedy = (
        f"Those who may have it: {those}."
        if those
        else "Give a contact a role in the account's invoice_recipients and an e-mail address first."
    )
    return Invalid(
        "recipient_not_allowed",
        f"Copies go to contacts who get the account's invoices, and to its own address. {remedy}",
        field=field,
    )


def require_copies_left(asked_today: int, *, most: int) -> None:
    """An account's copies of one day are limited (`copies_limit`)."""
    if asked_today >= most:
        copies = "1 copy was" if asked_today == 1 else f"{asked_today} copies were"
        raise Conflict(
            "copies_limit",
            f"{copies} asked for today, which is the most that go out to one account in a day; ask "
            "again tomorrow, or download the document.",
        )


def require_issued(*, is_issued: bool, name: str) -> None:
    """A draft is nothing yet (`invoice_not_issued`)."""
    if not is_issued:
        raise Conflict("invoice_not_issued", f"Invoice {name} is a draft; issue it first.")


def require_e_invoice(lacks: Sequence[str]) -> None:
    """There is an e-invoice of a document where nothing was lacking when it was made (`no_e_invoice`)."""
    if lacks:
        raise Conflict(
            "no_e_invoice", f"There is no e-invoice of this document. It lacked: {' '.join(lacks)}"
        )
