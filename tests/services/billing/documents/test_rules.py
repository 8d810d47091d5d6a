"""Claims about who may have copies, how many, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from kernel.refusals import Conflict, Invalid
from services.billing.documents.rules import (
    MOVES,
    CopyAction,
    CopyState,
    Recipient,
    choose_recipient,
    move_copy,
    require_copies_left,
    require_e_invoice,
    require_issued,
)
from tests.services.tables import claim_moves


@dataclass
class _Contact:
    contact_id: str
    name: str
    email: str | None


ANN = _Contact("con_ann", "Ann", "Ann@brown.example")
BOB = _Contact("con_bob", "Bob", "bob@brown.example")
OWN = "office@brown.example"


def _choose(
    *people: _Contact,
    contact_id: str | None = None,
    email: str | None = None,
    own: str | None = OWN,
) -> Recipient:
    return choose_recipient(
        people, account_name="Brown", account_email=own, contact_id=contact_id, email=email
    )


@pytest.mark.parametrize(
    ("contact_id", "email", "chosen"),
    [
        (None, None, Recipient("Ann", "Ann@brown.example", "con_ann")),
        ("con_bob", None, Recipient("Bob", "bob@brown.example", "con_bob")),
        (None, "ANN@brown.example", Recipient("Ann", "Ann@brown.example", "con_ann")),
        (None, OWN, Recipient("Brown", OWN, None)),
    ],
)
def test_who_is_named_gets_it_else_the_first_who_may(
    contact_id: str | None, email: str | None, chosen: Recipient
) -> None:
    assert _choose(ANN, BOB, contact_id=contact_id, email=email) == chosen


def test_without_contacts_it_goes_to_the_account() -> None:
    assert _choose() == Recipient("Brown", OWN, None)


@pytest.mark.parametrize(
    ("contact_id", "email", "field"),
    [
        ("con_eve", None, "contact_id"),
        (None, "eve@other.example", "email"),
        ("con_bob", "ann@brown.example", "contact_id"),
    ],
)
def test_nobody_else_gets_it_and_those_who_may_are_named(
    contact_id: str | None, email: str | None, field: str
) -> None:
    with pytest.raises(Invalid, match=r"Those who may have it: Ann@brown.example") as refused:
        _choose(ANN, BOB, contact_id=contact_id, email=email)
    assert [one["field"] for one in refused.value.errors] == [field]


def test_where_nobody_may_have_it_what_to_do_is_said() -> None:
    with pytest.raises(Invalid, match="invoice_recipients"):
        _choose(own=None)


@pytest.mark.parametrize(("asked", "is_refused"), [(0, False), (9, False), (10, True), (11, True)])
def test_so_many_go_out_in_a_day_and_no_more(asked: int, is_refused: bool) -> None:
    if not is_refused:
        require_copies_left(asked, most=10)
        return
    with pytest.raises(Conflict, match="tomorrow"):
        require_copies_left(asked, most=10)


def test_a_draft_has_no_document() -> None:
    require_issued(is_issued=True, name="1")
    with pytest.raises(Conflict, match="issue it first"):
        require_issued(is_issued=False, name="inv_1")


def test_what_an_e_invoice_lacked_is_said() -> None:
    require_e_invoice([])
    with pytest.raises(Conflict, match=r"It lacked: An IBAN. A tax id."):
        require_e_invoice(["An IBAN.", "A tax id."])


def test_a_copy_is_sent_or_refused_once() -> None:
    leads_to = {
        (CopyState.ASKED, CopyAction.SEND): CopyState.SENT,
        (CopyState.ASKED, CopyAction.REFUSE): CopyState.REFUSED,
    }
    claim_moves(move_copy, (CopyState, CopyAction), leads_to, "copy_over")
    assert MOVES.keys() == {*CopyState}
