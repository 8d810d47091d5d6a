"""States, quantities and days of returns."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Conflict, Invalid
from services.sales.returns import rules
from services.sales.returns.rules import Action, Quantities, ReturnStatus, WaitsFor
from tests.services.sales.returning import code_of

TODAY = date(2026, 3, 2)
UNDER_WAY = "received undone credited replaced settled unsettled closed refused"
# What may be done with a return, by status; all else is refused.
ALLOWED = {
    "requested": "authorised declined expired",
    "authorised": "sent received replaced declined expired",
    "in_transit": "received closed refused",
    "received": f"{UNDER_WAY} inspected",
    "inspected": UNDER_WAY,
    "credited": "settled unsettled",
    "refused": "undone",
    "replaced": "",
    "declined": "",
    "expired": "",
}
WORDS = {"undone": Action.UNDO, "unsettled": Action.UNSETTLE}


@pytest.mark.parametrize("status", list(ReturnStatus))
@pytest.mark.parametrize("action", list(Action))
def test_every_action_in_every_state_is_possible_or_refused_with_a_sentence(
    status: ReturnStatus, action: Action
) -> None:
    allowed = {WORDS.get(word) or Action(word) for word in ALLOWED[status].split()}
    found = code_of(lambda: rules.require_move(action, status=status, number="RT-1"))
    assert found == (None if action in allowed else f"return_{status}")


def quantities(**amounts: int) -> Quantities:
    return Quantities(**{name: Decimal(many) for name, many in amounts.items()})


@pytest.mark.parametrize(
    ("amounts", "status", "waits"),
    [
        ({}, "in_transit", "goods"),
        ({"received": 2}, "received", "inspection"),
        ({"received": 2, "restocked": 2}, "inspected", "answer"),
        ({"received": 2, "restocked": 2, "answered": 2}, "inspected", "billing"),
        ({"received": 2, "restocked": 2, "answered": 2, "credited": 2}, "inspected", "goods"),
        ({"received": 3, "restocked": 2, "rejected": 1}, "inspected", "answer"),
        (
            {"received": 3, "restocked": 2, "rejected": 1, "answered": 2, "credited": 2},
            "credited",
            None,
        ),
        ({"received": 3, "scrapped": 3, "answered": 3, "replaced": 3}, "replaced", None),
        ({"received": 3, "rejected": 3}, "refused", None),
        ({"dropped": 3}, "refused", None),
        ({"dropped": 1, "received": 2, "rejected": 2}, "refused", None),
    ],
)
def test_the_status_follows_from_the_quantities(
    amounts: dict[str, int], status: str, waits: str | None
) -> None:
    lines = [quantities(asked=3, **amounts)]
    found = rules.status_of(lines, before=ReturnStatus.IN_TRANSIT)
    assert (found, rules.waits_for(found, lines, problem=None)) == (status, waits)
    if waits == "billing":
        assert rules.waits_for(found, lines, problem="No.") == WaitsFor.CREDIT_BY_HAND


def test_two_of_three_that_have_come_are_partly_returned() -> None:
    assert rules.is_partly_returned([quantities(asked=3, received=2)])
    assert not rules.is_partly_returned([quantities(asked=3, received=3)])
    assert not rules.is_partly_returned([quantities(asked=3)])


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "dropped",
                    "received",
                    "restocked",
                    "scrapped",
                    "rejected",
                    "answered",
                    "credited",
                    "replaced",
                ]
            ),
            st.integers(-3, 3),
        ),
        max_size=20,
    )
)
def test_whatever_is_added_the_quantities_add_up_or_it_is_not_possible(
    steps: list[tuple[str, int]],
) -> None:
    line = quantities(asked=5)
    for name, many in steps:
        try:
            line = line.add(**{name: Decimal(many)})
        except AssertionError:
            continue
        assert line.received + line.dropped + line.outstanding == line.asked
        assert line.accepted + line.rejected + line.to_inspect == line.received
        assert line.credited + line.replaced <= line.answered <= line.accepted


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([("orl_1", 3)], None),
        ([("orl_1", 4)], "more_than_shipped"),
        ([("orl_2", 1)], "more_than_shipped"),
        ([("orl_3", 1)], "line_not_returnable"),
        ([("orl_1", 1), ("orl_1", 1)], "line_not_returnable"),
    ],
)
def test_no_more_is_asked_than_was_shipped_less_returned(
    lines: list[tuple[str, int]], code: str | None
) -> None:
    asked = [{"line_id": line_id, "quantity": Decimal(many)} for line_id, many in lines]
    returnable = {"orl_1": Decimal(3), "orl_2": Decimal(0)}
    choose = partial(rules.choose_lines, asked, returnable=returnable, number="SO-1")
    assert code_of(choose) == code


def test_what_is_waited_for_until_when_is_said_or_counted() -> None:
    assert rules.choose_expiry(None, today=TODAY, days=30) == date(2026, 4, 1)
    assert rules.choose_expiry(TODAY, today=TODAY, days=30) == TODAY
    with pytest.raises(Invalid, match="give 2026-03-02 or a later day"):
        rules.choose_expiry(date(2026, 3, 1), today=TODAY, days=30)
    assert rules.require_not_to_come(None, today=TODAY, field="sent_on") == TODAY
    with pytest.raises(Invalid, match="yet to come"):
        rules.require_not_to_come(date(2026, 3, 3), today=TODAY, field="sent_on")


def test_of_a_line_of_which_nothing_can_come_back_that_is_said() -> None:
    with pytest.raises(Conflict, match=r"^Nothing of that line was shipped and is not") as refused:
        rules.require_returnable(Decimal(2), left=Decimal(0))
    assert refused.value.facts["left"] == "0"


def on(day: int, many: str) -> rules.Passed:
    return rules.Passed(date(2026, 3, day), Decimal(many))


@pytest.mark.parametrize(
    ("passed", "quantity", "day"),
    [
        ([on(2, "8")], "3", 2),
        ([on(2, "5"), on(9, "3")], "5", 2),
        ([on(2, "5"), on(9, "3")], "6", 9),
        ([on(9, "3"), on(2, "5")], "8", 9),
        ([on(2, "5"), on(9, "3"), on(12, "-5")], "3", 2),
        ([on(2, "5"), on(9, "5"), on(12, "-5")], "5", 2),
        ([on(2, "5"), on(5, "-5"), on(9, "5")], "5", 9),
        ([on(2, "5"), on(2, "-4"), on(9, "5")], "1", 2),
        ([on(2, "5")], "6", None),
        ([], "1", None),
    ],
)
def test_what_comes_back_was_with_the_client_from_then_on(
    passed: list[rules.Passed], quantity: str, day: int | None
) -> None:
    expected = None if day is None else date(2026, 3, day)
    assert rules.first_day_back(passed, Decimal(quantity)) == expected


@pytest.mark.parametrize(
    ("day", "sent_on", "says"),
    [
        (
            3,
            None,
            "Not all of these goods had left before 2026-03-04; they came back on that day or later, not "
            "on 2026-03-03.",
        ),
        (4, None, None),
        (
            4,
            5,
            "The client sent these goods on 2026-03-05; they came on that day or later, not on "
            "2026-03-04.",
        ),
        (5, 5, None),
    ],
)
def test_goods_do_not_come_back_before_they_left_or_were_sent(
    day: int, sent_on: int | None, says: str | None
) -> None:
    passed = {"a": [on(2, "8")], "b": [on(4, "1")]}
    came = {"a": Decimal(3), "b": Decimal(1), "unsold": Decimal(1)}
    sent = None if sent_on is None else date(2026, 3, sent_on)
    expected = nullcontext() if says is None else pytest.raises(Invalid, match=says)
    with expected as refused:
        rules.require_gone(date(2026, 3, day), came, passed, sent_on=sent, field="received_on")
    if refused is not None:
        assert [one["field"] for one in refused.value.errors] == ["received_on"]
