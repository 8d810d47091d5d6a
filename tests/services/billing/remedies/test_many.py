"""Remedies that wait together are credited as if one came after the other, in as many statements as
two."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.ids import new_id
from kernel.refusals import NotKnownYet
from services.accounts.remedies.events import RemedyGranted
from services.billing.reconciliation.queries import reconcile
from services.billing.remedies.subscriptions import RemedyGranted as OurRemedyGranted
from services.billing.remedies.usecases import answer_remedies
from tests.services.billing.conftest import Books
from tests.services.billing.together import Owed, open_owed
from tests.services.client import Client

pytestmark = pytest.mark.server

Row = dict[str, Any]
NAMES = [new_id("rem") for _ in range(7)]
CLOSED, MISSING = 2, new_id("inv")


class Granting(NamedTuple):
    """Who grants remedies of what a firm is owed."""

    owed: Owed

    @property
    def books(self) -> Books:
        return self.owed.books

    def of(self, invoice: int | None, amount: int, **facts: Any) -> Row:
        """What is heard of a remedy: of an invoice, by a sum or a line's price, or of none."""
        told = {"kind": "goodwill", "is_by_lines": False, "lines": [], "amount": amount}
        told |= {"remedy_id": new_id("rem"), "currency": "EUR", "invoice_id": None}
        if invoice is None:
            told["account_id"] = self.owed.firm.accounts[0]
        else:
            found = self.owed.invoices[invoice]
            whose = found.for_account_id or found.account_id
            told |= {"account_id": whose, "invoice_id": found.invoice_id}
        return OurRemedyGranted().load(RemedyGranted.example | told | facts)

    def answer(self, *granted: Row) -> None:
        answer_remedies(self.books.session, granted, **self.books.moment)

    def codes(self, *granted: Row) -> dict[str, str]:
        """How remedies are answered when they are told at once."""
        self.books.session.info["announced"] = []
        self.answer(*granted)
        credited = {one["remedy_id"]: "" for one in self.books.announced("CreditNoteIssued")}
        refused = self.books.announced("RemedyRefused")
        return credited | {one["remedy_id"]: one["code"] for one in refused}


@pytest.fixture
def granting(books: Books) -> Granting:
    return Granting(open_owed(books))


BY_LINES = {"is_by_lines": True, "lines": [{"position": 1, "quantity": "1", "unit_price": 700}]}
DRAWN = st.tuples(
    st.sampled_from([None, None, 0, 0, 1, 2, 4, 5, 6, 7, 8]),
    st.sampled_from([0, 100, 700, 7000, 12000, 15350]),
    st.integers(0, 6),
    st.sampled_from([{}] * 5 + [BY_LINES, {"currency": "USD"}, {"kind": "return"}]),
)


def test_remedies_at_once_are_answered_as_one_after_the_other(granting: Granting) -> None:
    @settings(max_examples=20, deadline=None)
    @given(st.lists(DRAWN, min_size=3, max_size=10))
    def check(drawn: list[tuple[int | None, int, int, Row]]) -> None:
        whose: dict[int, int | None] = {}
        asked = [
            granting.of(whose.setdefault(name, invoice), amount, remedy_id=NAMES[name], **facts)
            for invoice, amount, name, facts in drawn
        ]
        at_once, one_by_one = granting.owed.both(granting.answer, asked)
        assert at_once == one_by_one

    check()


def test_each_has_what_those_before_it_left_and_one_that_is_refused_takes_nothing(
    granting: Granting,
) -> None:
    """Of 153.50 gross: 100.00, then 60.00, then 53.50, then the last cent."""
    owed = granting.owed
    closed = {"account_id": owed.firm.accounts[CLOSED]}
    asked = [
        *(granting.of(2, amount) for amount in (10000, 6000, 5350, 1)),
        granting.of(2, 100, invoice_id=MISSING),
        granting.of(2, 100, account_id=owed.firm.accounts[CLOSED]),
        granting.of(None, 100, **closed),
        granting.of(8, 100),
        granting.of(None, 100),
    ]
    assert list(granting.codes(*asked).values()) == [
        "",
        "",
        "",
        "",
        "credit_exceeds_invoice",
        "credit_exceeds_invoice",
        "invoice_not_found",
        "other_account",
        "account_closed",
    ]
    reasons = [one["reason"] for one in granting.books.announced("RemedyRefused")]
    assert f"There is no invoice {MISSING}." in reasons
    granting.books.check_constraints()
    assert reconcile(granting.books.session)["differences"] == []


def test_statements_do_not_grow_with_the_remedies(granting: Granting) -> None:
    def count(*invoices: int | None) -> int:
        asked = [granting.of(invoice, 10) for invoice in invoices]
        asked[-1] = granting.of(invoices[-1], 10, invoice_id=MISSING)
        return granting.owed.firm.count(lambda: granting.answer(*asked))

    assert count(None, 3, 4) == count(*[None, 1, 3, 5] * 10) <= 36


def known(client: Client) -> str:
    account_id = new_id("acc")
    facts = {"version": 1, "number": "A-1", "status": "active", "net_days": 30}
    client.hear("keep_accounts", event="account_activated", account_id=account_id, **facts)
    return account_id


def told(account_id: str) -> tuple[str, Row]:
    facts = {"kind": "goodwill", "is_by_lines": False, "lines": [], "invoice_id": None}
    said = RemedyGranted.example | facts | {"remedy_id": new_id("rem"), "account_id": account_id}
    return "remedy_granted", said


def test_those_that_wait_are_credited_together_each_once(client: Client) -> None:
    first, second = told(known(client)), told(known(client))
    client.tell_all("accounts", first, second, first)
    named = [one["remedy_id"] for one in client.announced("credit_note_issued")]
    assert named == [first[1]["remedy_id"], second[1]["remedy_id"]]


def test_among_others_none_is_refused_whose_account_may_come_later(client: Client) -> None:
    some = [told(known(client)), told(new_id("acc"))]
    with client.undoing(), pytest.raises(NotKnownYet):
        client.tell_all("accounts", *some)
    assert client.announced("remedy_refused") == []
