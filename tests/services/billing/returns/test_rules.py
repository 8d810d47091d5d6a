"""What came back is credited of what billed it, the newest first, and no more than is billed."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.refusals import Conflict, NotKnownYet
from services.billing.returns.rules import (
    BilledLine,
    Returned,
    WaitingLine,
    require_shipped,
    settle,
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
