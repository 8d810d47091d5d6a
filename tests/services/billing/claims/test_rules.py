"""What is claimed back of which refund."""

from datetime import date

import pytest

from services.billing.claims.rules import debit_note, spread
from services.billing.issuing.rules import Due


@pytest.mark.parametrize(
    ("amount", "shares"),
    [(0, {}), (40, {"a": 40}), (100, {"a": 60, "c": 40}), (110, {"a": 60, "c": 50})],
)
def test_the_first_refund_is_claimed_back_first(amount, shares):
    assert dict(spread(amount, [("a", 60), ("b", 0), ("c", 50)])) == shares


def test_no_more_is_claimed_back_than_was_refunded():
    with pytest.raises(AssertionError, match="than was refunded"):
        list(spread(111, [("a", 60), ("c", 50)]))


def test_a_debit_note_sells_nothing_and_is_due_at_once():
    day = date(2026, 3, 2)
    note = debit_note(
        invoice_id="inv_1",
        account_id="acc_1",
        currency="EUR",
        amount=100,
        refund_id="rfd_1",
        reversal_id="rev_1",
        issued_on=day,
    )
    assert (note.demand.priced.total, note.demand.total, note.demand.series) == (
        0,
        100,
        "debit_note",
    )
    assert (note.issued_on, note.dues, note.settled_on) == (day, (Due(100, day),), None)
