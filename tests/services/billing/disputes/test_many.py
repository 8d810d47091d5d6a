"""Decisions that wait together are credited as if one came after the other, in as many statements as
two."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.ids import new_id
from services.billing.disputes.usecases import take_disputes
from services.billing.reconciliation.queries import reconcile
from tests.services.billing.conftest import Books
from tests.services.billing.together import Owed, open_owed

pytestmark = pytest.mark.server

Row = dict[str, Any]
NAMES = [new_id("dsp") for _ in range(7)]


class Deciding(NamedTuple):
    """Who decides disputes about what a firm is owed."""

    owed: Owed

    @property
    def books(self) -> Books:
        return self.owed.books

    def of(self, invoice: int, upheld: int, **facts: Any) -> Row:
        """What is heard of a decision about the last item of an invoice."""
        item = max(self.owed.invoices[invoice].items, key=lambda one: one.position)
        told = {"account_id": item.account_id, "item_id": item.item_id, "currency": "EUR"}
        told |= {"dispute_id": new_id("dsp"), "version": 2, "amount": 9000, "contested": 0}
        return told | {"upheld": upheld, "status": "upheld", "reason": "Broken."} | facts

    def take(self, *told: Row) -> None:
        take_disputes(self.books.session, told, **self.books.moment)

    def codes(self, *told: Row) -> dict[str, str]:
        """How decisions are answered when they are told at once."""
        self.books.session.info["announced"] = []
        self.take(*told)
        credited = {one["dispute_id"]: "" for one in self.books.announced("CreditNoteIssued")}
        refused = self.books.announced("DisputeCreditRefused")
        return credited | {one["dispute_id"]: one["code"] for one in refused}


@pytest.fixture
def deciding(books: Books) -> Deciding:
    return Deciding(open_owed(books))


DRAWN = st.tuples(
    st.sampled_from([0, 0, 1, 2, 4, 5, 6, 7, 8]),
    st.sampled_from([0, 100, 700, 7000, 8999, 9000, 9001]),
    st.integers(0, 6),
    st.integers(1, 2),
    st.sampled_from([0, 0, 0, 300]),
)


def test_decisions_at_once_are_answered_as_one_after_the_other(deciding: Deciding) -> None:
    """In the order of accounts and versions, as they are answered."""

    @settings(max_examples=20, deadline=None)
    @given(st.lists(DRAWN, min_size=3, max_size=10))
    def check(drawn: list[tuple[int, int, int, int, int]]) -> None:
        whose: dict[int, int] = {}
        told: dict[tuple[int, int], Row] = {}
        for invoice, upheld, name, version, contested in drawn:
            facts = {"dispute_id": NAMES[name], "version": version, "contested": contested}
            one = deciding.of(whose.setdefault(name, invoice), upheld, **facts)
            told.setdefault((name, version), one)
        asked = sorted(told.values(), key=lambda one: (one["account_id"], one["version"]))
        at_once, one_by_one = deciding.owed.both(deciding.take, asked)
        if len({one["dispute_id"] for one in asked}) == len(asked):
            assert at_once == one_by_one
        for what in ("item AS t", "dispute AS t"):  # which note has which number may differ
            assert at_once[what] == one_by_one[what]

    check()


def test_each_has_what_those_before_it_left_and_one_that_is_refused_takes_nothing(
    deciding: Deciding,
) -> None:
    """Of 153.50 gross: 90.00, then 80.00, then 63.50, then the last cent; and of one 2.00, then 3.00."""
    names = sorted(new_id("dsp") for _ in range(6))
    asked = [
        deciding.of(2, upheld, dispute_id=name, version=version)
        for version, (name, upheld) in enumerate(zip(names, [9000, 8000, 6350, 1], strict=False), 2)
    ]
    asked.append(deciding.of(4, 9001, dispute_id=names[4]))
    asked += [deciding.of(4, 200 + 100 * n, dispute_id=names[5], version=3 + n) for n in range(2)]
    assert deciding.codes(*asked, *asked) == dict(
        zip(
            names,
            [
                "",
                "credit_exceeds_invoice",
                "",
                "credit_exceeds_invoice",
                "more_than_disputed",
                "dispute_credited",
            ],
            strict=True,
        )
    )
    totals = [one["total"] for one in deciding.books.announced("CreditNoteIssued")]
    assert sorted(totals) == [200, 6350, 9000]
    deciding.books.check_constraints()
    assert reconcile(deciding.books.session)["differences"] == []


def test_what_is_upheld_is_set_against_its_own_item_first_and_a_discount_is_turned_round(
    deciding: Deciding,
) -> None:
    asked = [deciding.of(invoice, 2000) for invoice in (2, 3)] + [deciding.of(8, 9000)]
    assert set(deciding.codes(*asked).values()) == {""}
    deciding.books.session.expire_all()
    owed = deciding.owed.invoices
    assert [[item.balance for item in owed[each].items] for each in (2, 3)] == [[7675, 5675]] * 2
    assert deciding.books.announced("AdjustmentReversed", "AdjustmentMade") != []
    assert reconcile(deciding.books.session)["differences"] == []


def test_statements_do_not_grow_with_the_decisions(deciding: Deciding) -> None:
    def count(*invoices: int) -> int:
        """Every other is refused."""
        asked = [
            deciding.of(invoice, 10 + 8991 * (place % 2)) for place, invoice in enumerate(invoices)
        ]
        return deciding.owed.firm.count(lambda: deciding.take(*asked))

    assert count(3, 4, 1) == count(*[0, 1, 3, 5] * 10) <= 40
