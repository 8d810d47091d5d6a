"""What came back is credited of what billed it, the newest first, and no more than is billed."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.refusals import Conflict, NotKnownYet
from services.billing.returns.rules import (
    BilledLine,
    Goods,
    LineKey,
    Returned,
    WaitingLine,
    accept,
    add_up,
    require_shipped,
    settle,
    within_reach,
)

LINE = "orl_1"


def returned(quantity, kept_back=0, *, line=LINE) -> Returned:
    return Returned(line, Decimal(quantity), kept_back)


def billed(invoice_id, left, *, position=1, line=LINE) -> BilledLine:
    return BilledLine(line, invoice_id, position, Decimal(left))


def credited_of(came, bills):
    return {
        invoice_id: [(line["position"], str(line["quantity"]), line["kept_back"]) for line in lines]
        for invoice_id, lines in settle(came, [], bills).credits.items()
    }


@pytest.mark.parametrize(
    ("came", "bills", "credited"),
    [
        ([returned(2, 216)], [billed("inv_1", 8)], {"inv_1": [(1, "2", 216)]}),
        (
            [returned(5, 100)],
            [billed("inv_2", 2), billed("inv_1", 0), billed("inv_0", 4)],
            {"inv_2": [(1, "2", 40)], "inv_0": [(1, "3", 60)]},
        ),
        (
            [returned(1), returned("0.5", 3, line="orl_2")],
            [billed("inv_1", 8), billed("inv_1", 1, position=2, line="orl_2")],
            {"inv_1": [(1, "1", 0), (2, "0.5", 3)]},
        ),
    ],
)
def test_the_newest_invoice_is_credited_first_and_what_is_kept_back_is_shared(
    came, bills, credited
):
    assert credited_of(came, bills) == credited


def test_what_is_not_billed_yet_comes_first_and_its_share_is_charged_instead():
    waiting = [WaitingLine(LINE, "bil_1", "Tea", {}, Decimal(3))]
    settlement = settle([returned(4, 80)], waiting, [billed("inv_1", 5)])
    assert settlement.cancelled == {"bil_1": 3}
    assert settlement.fees == [(waiting[0], 60)]
    assert settlement.credits["inv_1"][0]["kept_back"] == 20
    assert (settlement.credited, settlement.not_billed) == ({LINE: 1}, {LINE: 3})


def test_more_than_is_billed_and_not_credited_is_refused_with_what_is_left():
    with pytest.raises(
        Conflict, match=r"3 is billed and not credited, and 3\.5 came back"
    ) as refused:
        settle([returned("3.5")], [], [billed("inv_1", 2), billed("inv_0", 1)])
    assert refused.value.code == "return_exceeds_billed"


def test_more_than_was_shipped_is_waited_for():
    shipped = {LINE: Decimal(2)}
    require_shipped([returned(2)], shipped=shipped)
    for came in (returned(3), returned(1, line="orl_2")):
        with pytest.raises(NotKnownYet) as refused:
            require_shipped([came], shipped=shipped)
        assert refused.value.code == "return_exceeds_shipped"


@settings(max_examples=30)
@given(
    lefts=st.lists(st.integers(0, 5), min_size=1, max_size=4),
    kept_back=st.integers(0, 999),
    data=st.data(),
)
def test_the_parts_come_to_what_came_back_and_to_what_is_kept_back(lefts, kept_back, data):
    bills = [billed(f"inv_{place}", left) for place, left in enumerate(lefts)]
    if sum(lefts) == 0:
        return
    quantity = data.draw(st.integers(1, sum(lefts)))
    parts = [
        line
        for lines in settle([returned(quantity, kept_back)], [], bills).credits.values()
        for line in lines
    ]
    assert sum(part["quantity"] for part in parts) == quantity
    assert sum(part["kept_back"] for part in parts) == kept_back


def test_a_return_leaves_less_to_the_next_of_what_waits_and_of_what_is_billed():
    key, other = (LineKey("acc_1", "EUR", line) for line in (LINE, "orl_2"))
    goods = Goods(
        {key: [WaitingLine(LINE, "bil_1", "Tea", {}, Decimal(3))]},
        {key: [billed("inv_1", 5)], other: [billed("inv_1", 1, position=2, line="orl_2")]},
    )
    goods.take(key, settle([returned(4)], *goods.of([key])))
    lowered = Returned(LINE, Decimal(1), 0, lowered_by=7)
    goods.take(key, settle([lowered], *goods.of([key])))
    assert [one.left for one in goods.waiting[key]] == [0]
    assert [[one.left for one in goods.billed[each]] for each in (key, other)] == [[4], [1]]


@pytest.mark.parametrize(("quantity", "reached"), [(1, "b"), (2, "b"), ("2.5", "bd"), (99, "bde")])
def test_of_what_billed_it_only_so_much_is_looked_at_as_comes_back(quantity, reached):
    lines = [
        billed(name, left) for name, left in [("a", 0), ("b", 2), ("c", 0), ("d", 1), ("e", 4)]
    ]
    found = within_reach(lines, Decimal(quantity))
    assert "".join(line.invoice_id for line in found) == reached


def test_each_invoice_has_its_credit_note_and_what_nobody_had_ordered_one_without():
    unsold = {"description": "Lamp", "unit_price": 900, "tax_percent": Decimal(20)}
    line = {"order_line_id": LINE, "quantity": Decimal(1), "kept_back": 0, "lowered_by": None}
    told = {"account_id": "acc_1", "return_id": "ret_1", "part": 2, "number": "RT-1"}
    told |= {"order_id": "ord_1", "currency": "EUR"}
    accepted = accept(told | {"lines": [line | {"unsold": None}, line | {"unsold": unsold}]})
    rows = accepted.credit_notes({"inv_2": [{"position": 1}]}, {"inv_1": [{"net": 5}]})
    said = [row["on_invoice"] or row["free"] for row in rows]
    assert [one.get("invoice_id", one.get("account_id")) for one in said] == [
        *("inv_2", "inv_1", "acc_1")
    ]
    assert {(one["reason"], one["return_id"], one["return_part"]) for one in said} == {
        ("Return RT-1", "ret_1", 2)
    }
    assert accept(told | {"lines": [line | {"unsold": None}]}).free is None


def test_an_order_line_that_is_named_twice_comes_back_with_all_that_is_said_of_it():
    lowered = Returned(LINE, Decimal(1), 0, lowered_by=7)
    unsold = Returned(LINE, Decimal(1), 0, unsold={"unit_price": 900})
    lines = [returned(2, 30), lowered, unsold, returned(3, 12), unsold, lowered]
    assert add_up(lines) == [
        returned(5, 42),
        lowered._replace(quantity=Decimal(2)),
        unsold,
        unsold,
    ]
    waiting = [WaitingLine(LINE, "bil_1", "Tea", {}, Decimal(5))]
    settlement = settle(add_up([returned(2, 30), returned(3, 12)]), waiting, [])
    assert (settlement.cancelled, settlement.fees) == ({"bil_1": 5}, [(waiting[0], 42)])
