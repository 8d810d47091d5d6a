"""Many shipments at once are billed as if one came after the other, in as many statements as two."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.ids import new_id
from kernel.refusals import NotKnownYet
from services.billing.reconciliation.queries import reconcile
from tests.services.billing.conftest import Books, line
from tests.services.billing.together import AHEAD, Firm, open_firm

pytestmark = pytest.mark.server


@pytest.fixture
def firm(books: Books) -> Firm:
    return open_firm(books)


LINES = st.lists(
    st.builds(
        lambda price, quantity, tax, order_line_id: (
            line(price, quantity=quantity, tax=tax) | {"order_line_id": order_line_id}
        ),
        st.sampled_from([777, 2500, 333, 0]),
        st.sampled_from(["1", "2.5", "0.333"]),
        st.sampled_from(["0", "7", "19"]),
        st.sampled_from([None, "orl_01jd3v4q6ye8z9t5k2m7n0p1xg"]),
    ),
    min_size=1,
    max_size=3,
)
ORDERS = st.sampled_from([5, 6, 7, 8] * 3 + [*range(11)])
FACTS = st.fixed_dictionaries(
    {
        "bills_on": st.sampled_from(["shipment"] * 6 + ["order"]),
        "is_billed_apart": st.sampled_from([False, False, False, True]),
        "client_order_number": st.sampled_from([None, "PO 45"]),
        "order_number": st.sampled_from([None, "SO-100001"]),
        "shipment": st.integers(0, 14),
    }
)
SHIPMENTS = st.lists(st.tuples(ORDERS, LINES | st.just([]), FACTS), min_size=4, max_size=12)
NAMES = [new_id("shp") for _ in range(15)]


def test_many_are_billed_as_if_one_came_after_the_other(firm: Firm) -> None:
    @settings(max_examples=30, deadline=None)
    @given(SHIPMENTS)
    def check(asked: list[tuple[int, list[dict[str, Any]], dict[str, Any]]]) -> None:
        shipments = [
            firm.send(order, *lines, **{**facts, "shipment_id": NAMES[facts["shipment"]]})
            for order, lines, facts in asked
        ]
        for shipment in shipments:
            del shipment["shipment"]

        def bill_each() -> None:
            for shipment in shipments:
                firm.bill([shipment])

        assert firm.undone(lambda: firm.bill(shipments)) == firm.undone(bill_each)

    check()


@pytest.mark.parametrize("order", [5, 7])
def test_the_second_shipment_of_an_order_has_what_the_first_left_of_what_was_billed_ahead(
    firm: Firm, order: int
) -> None:
    goods = line(2000, tax="19")
    firm.bill([firm.send(order, goods), firm.send(order, goods), firm.send(0, goods)])
    *_, first, second, third = firm.books.announced("InvoiceIssued")
    assert [one["taken_off"] for one in (first, second, third)] == [2380, AHEAD - 2380, 0]
    assert {one["account_id"] for one in (first, second)} == {firm.accounts[0]}
    firm.books.check_constraints()


def test_of_a_month_what_is_left_ahead_decides_for_each_of_a_group(firm: Firm) -> None:
    goods = line(2000, tax="19")
    firm.books.session.info["announced"] = []
    firm.bill([firm.send(6, goods), firm.send(6, goods), firm.send(6, goods)])
    totals = [one["total"] for one in firm.books.announced("InvoiceIssued")]
    assert totals == [0, 2 * 2380 - AHEAD]
    assert firm.state()["billable AS t"].count("'key'") == 1


def test_what_comes_twice_at_once_is_billed_once(firm: Firm) -> None:
    sent = firm.send(0, line(100))
    firm.books.session.info["announced"] = []
    firm.bill([sent, firm.send(0, line(70)), {**sent, "lines": [line(999)]}])
    assert [one["total"] for one in firm.books.announced("InvoiceIssued")] == [100, 70]
    assert firm.books.balance(firm.accounts[0])[0] == 170 + 2 * AHEAD
    assert reconcile(firm.books.session)["differences"] == []


def test_numbers_are_in_the_order_of_the_shipments(firm: Firm) -> None:
    sent = [firm.send(order, line(100)) for order in (8, 3, 0, 3, 10, 0)]
    firm.books.session.info["announced"] = []
    firm.bill(sent)
    told = firm.books.announced("InvoiceIssued")
    assert [one["shipment_id"] for one in told] == [one["shipment_id"] for one in sent]
    numbers = [one["number"] for one in told]
    assert numbers == sorted(numbers)


def test_none_of_a_group_is_billed_while_an_account_of_it_is_not_heard_of(firm: Firm) -> None:
    stranger = firm.books.sent(new_id("acc"), new_id("ord"), line(100))
    firm.books.session.info["announced"] = []
    with pytest.raises(NotKnownYet):
        firm.bill([firm.send(0, line(100)), stranger])
    assert firm.books.announced_names() == []


def test_statements_do_not_grow_with_the_shipments(firm: Firm) -> None:
    def count(*orders: int) -> int:
        goods = [line(2000, tax="19")] * 3
        shipments = [firm.send(order, *goods) for order in orders]
        return firm.count(lambda: firm.bill(shipments))

    assert count(5, 1) == count(*range(11), *range(11), *[0, 1, 3, 4, 5, 8] * 3) <= 20
