"""Returns that wait together are credited as if one came after the other, in as many statements as
two."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.ids import new_id
from kernel.refusals import NotKnownYet
from services.billing.reconciliation.queries import reconcile
from services.billing.returns.subscriptions import ReturnAccepted as OurReturnAccepted
from services.billing.returns.usecases import credit_returns
from services.sales.returns.events import ReturnAccepted
from tests.services.billing.billing_runs.conftest import Runs
from tests.services.billing.conftest import Books, line
from tests.services.billing.together import Firm, agree_discount, open_firm
from tests.services.client import Client

pytestmark = pytest.mark.server

Row = dict[str, Any]
NAMES = [new_id("ret") for _ in range(7)]
UNSOLD = {"description": "Old lamp", "unit_price": 1000, "tax_percent": "19"}
DRAFTED, EARLY = 4, 11  # orders of which something is on drafts, and something was paid early


class Sold(NamedTuple):
    """A firm whose orders were shipped in two parts of two lines each, at two rates: billed with the
    shipment, or waiting for the month's bill, on a draft of it, less what was billed ahead, paid
    early."""

    firm: Firm
    lines: list[tuple[str, str]]

    @property
    def books(self) -> Books:
        return self.firm.books

    def send(self, *orders: int) -> None:
        for order in orders:
            chairs, lamps = self.lines[order]
            goods = [
                line(1999, tax="19", quantity="4") | {"order_line_id": chairs},
                line(333, tax="7", quantity="2.5") | {"order_line_id": lamps},
            ]
            self.firm.bill([self.firm.send(order, *goods)])

    def back(self, order: int, *quantities: Any, **facts: Any) -> Row:
        """What is heard of a return: how much of each line, or what else is said of it."""
        account_id, order_id = self.firm.orders[order]
        came = [
            {"lowered_by": None, "unsold": None, "kept_back": 0, "line_id": line_id}
            | (said if isinstance(said, dict) else {"quantity": str(said)})
            for line_id, said in zip(self.lines[order], quantities, strict=False)
            if said
        ]
        told: Row = {"account_id": account_id, "order_id": order_id, "lines": came}
        told |= {"return_id": new_id("ret"), "number": "RT-1"}
        return OurReturnAccepted().load(ReturnAccepted.example | told | facts)

    def credit(self, *accepted: Row) -> None:
        credit_returns(self.books.session, accepted, **self.books.moment)

    def both(self, asked: list[Row]) -> tuple[Any, Any]:
        """What the books say when all is told at once, and when one after the other."""
        return self.firm.undone(lambda: self.credit(*asked)), self.firm.undone(
            lambda: [self.credit(one) for one in asked]
        )

    def codes(self, *accepted: Row) -> list[str]:
        """How each is answered when they are told at once: settled, or why not."""
        self.books.session.info["announced"] = []
        self.credit(*accepted)
        told = self.books.announced("ReturnSettled", "ReturnRefused")
        assert [one["return_id"] for one in told] == [one["return_id"] for one in accepted]
        return [one.get("code", "settled") for one in told]


@pytest.fixture
def sold(books: Books) -> Sold:
    firm = open_firm(books)
    early = books.open_account(number="A-9")
    firm = firm._replace(
        accounts=[*firm.accounts, early], orders=[*firm.orders, (early, books.order(early))]
    )
    agree_discount(books, early)
    sold = Sold(firm, [(new_id("orl"), new_id("orl")) for _ in firm.orders])
    shipped = [0, 1, 2, 3, 4, 5, 6, 7, 8, EARLY]
    sold.send(*shipped)
    books.pay(early, 10203)
    runs = Runs(books)
    runs.charged |= {firm.accounts[4]}
    runs.draft()
    books.wait(1)
    sold.send(*shipped)
    books.pay(firm.accounts[0], 20000)
    return sold


QUANTITY = st.sampled_from([0, 1, 2, "0.5", 3, 5])
SAID = st.one_of(
    *[QUANTITY] * 5,
    st.builds(lambda kept: {"quantity": "2", "kept_back": kept}, st.sampled_from([100, 999, 9999])),
    st.just({"quantity": "1", "lowered_by": 200}),
    st.just({"quantity": "2", "unsold": UNSOLD, "kept_back": 150}),
)
ORDERS = st.sampled_from([0, 1, 3, 5, 5, 6, 7, 8, 0, 2, DRAFTED, 9, EARLY])
BACK = st.tuples(
    ORDERS, SAID, SAID, st.integers(0, 6), st.integers(1, 2), st.sampled_from(["EUR"] * 7 + ["USD"])
)


def test_returns_at_once_are_answered_as_one_after_the_other(sold: Sold) -> None:
    @settings(max_examples=20, deadline=None)
    @given(st.lists(BACK, min_size=3, max_size=10))
    def check(drawn: list[tuple[int, Any, Any, int, int, str]]) -> None:
        asked = [
            sold.back(order, first, second, return_id=NAMES[name], part=part, currency=currency)
            for order, first, second, name, part, currency in drawn
            if first or second
        ]
        at_once, one_by_one = sold.both(asked)
        assert at_once == one_by_one

    check()


def test_each_has_what_those_before_it_left_and_one_that_is_refused_takes_nothing(
    sold: Sold,
) -> None:
    """Of 8 billed by two invoices: 5, then 4 of them, then 3 with too much kept back of the last of
    them, then 3."""
    too_much = {"quantity": "3", "kept_back": 9999}
    asked = [sold.back(0, said) for said in (5, 4, too_much, 3, "0.5")]
    assert sold.codes(*asked) == [
        "settled",
        "return_exceeds_billed",
        "kept_back_exceeds_credit",
        "settled",
        "return_exceeds_billed",
    ]
    nets = [one["net"] for one in sold.books.announced("CreditNoteIssued")]
    assert nets == [4 * 1999, 1999, 3 * 1999]
    sold.books.check_constraints()
    assert reconcile(sold.books.session)["differences"] == []


def test_a_return_of_several_credit_notes_is_refused_as_a_whole(sold: Sold) -> None:
    """Of 6 billed by two invoices and a lamp of nobody's order, more is kept back than that is worth."""
    lamp = {"quantity": "1", "unsold": UNSOLD, "kept_back": 1500}
    asked = [sold.back(0, 6, lamp), sold.back(0, 8), sold.back(3, 1)]
    assert sold.codes(*asked) == ["total_out_of_range", "settled", "settled"]
    nets = [one["net"] for one in sold.books.announced("CreditNoteIssued")]
    assert nets == [4 * 1999, 4 * 1999, 1999]
    sold.books.check_constraints()


def test_what_stands_on_a_draft_waits_again_for_each_and_what_was_discounted_is_turned_round(
    sold: Sold,
) -> None:
    asked = [sold.back(order, 5) for order in (DRAFTED, EARLY, 0, DRAFTED, EARLY)]
    assert sold.codes(*asked) == ["settled", "settled", "settled", *["return_exceeds_billed"] * 2]
    sold.books.check_constraints()
    assert reconcile(sold.books.session)["differences"] == []


def test_numbers_and_answers_are_in_the_order_of_the_returns(sold: Sold) -> None:
    asked = [sold.back(order, 1) for order in (8, 3, EARLY, 0, 0)]
    assert sold.codes(*asked) == ["settled"] * 5
    notes = sold.books.announced("CreditNoteIssued")
    assert [note["number"] for note in notes] == sorted(note["number"] for note in notes)
    named = [one["credit_note_ids"] for one in sold.books.announced("ReturnSettled")]
    assert [note["credit_note_id"] for note in notes] == [each for ids in named for each in ids]


def test_what_is_told_twice_at_once_is_credited_once(sold: Sold) -> None:
    told = sold.back(0, 1)
    sold.books.session.info["announced"] = []
    sold.credit(told, sold.back(0, 2), told)
    assert [one["net"] for one in sold.books.announced("CreditNoteIssued")] == [1999, 2 * 1999]


def test_statements_do_not_grow_with_the_returns(sold: Sold) -> None:
    def count(*orders: int) -> int:
        asked = [sold.back(order, "0.5", "0.125") for order in orders]
        return sold.firm.count(lambda: sold.credit(*asked))

    assert count(5, 8) == count(*[0, 3, 5, 7, 8] * 8) <= 36


def shipped(client: Client) -> tuple[tuple[str, Row], tuple[str, Row]]:
    """An account that billing knows; what is told of a shipment to it, and of a return of that."""
    account_id, line_id = new_id("acc"), new_id("orl")
    known = {"version": 1, "number": "A-1", "status": "active", "net_days": 30}
    client.hear("keep_accounts", event="account_activated", account_id=account_id, **known)
    names = {"account_id": account_id, "order_id": new_id("ord"), "currency": "EUR"}
    chairs = {"description": "Chair", "quantity": "2", "unit_price": 3600, "tax_percent": "0"}
    sent = {**names, "shipment_id": new_id("shp"), "lines": [chairs | {"line_id": line_id}]}
    came = ReturnAccepted.example["lines"][0] | {
        "line_id": line_id,
        "quantity": "1",
        "kept_back": 0,
    }
    back = ReturnAccepted.example | names | {"return_id": new_id("ret"), "lines": [came]}
    return ("shipment_sent", sent), ("return_accepted", back)


def test_a_return_that_is_told_beside_its_shipment_is_credited(client: Client) -> None:
    sent, back = shipped(client)
    client.tell_all("sales", back, sent)
    assert [one["total"] for one in client.announced("credit_note_issued")] == [3600]


def test_among_others_none_is_refused_whose_shipment_may_come_later(client: Client) -> None:
    told = [shipped(client)[1] for _ in range(2)]
    with client.undoing(), pytest.raises(NotKnownYet):
        client.tell_all("sales", *told)
    assert client.announced("return_refused") == []
