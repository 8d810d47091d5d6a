"""Where a count may go, how far off a line is, and who may approve that."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Conflict, Forbidden, Invalid, Refusal
from services.sales.count_settings.rules import Tolerances
from services.sales.counts import rules
from services.sales.counts.rules import Action, Books, CountStatus, judge, next_status

FIVE_PERCENT_AND_60 = Tolerances(Decimal(5), {"EUR": 6000})
STATES = {
    "open": {"add": "open", "enter": "open", "finish": "counted", "cancel": "cancelled"},
    "counted": {
        "recount": "open",
        "approve": "approved",
        "post": "posted",
        "cancel": "cancelled",
    },
    "approved": {
        "recount": "open",
        "approve": "approved",
        "post": "posted",
        "cancel": "cancelled",
    },
    "posted": {},
    "cancelled": {},
}
quantities = st.decimals(0, 1000, places=3)


@pytest.mark.parametrize("action", Action, ids=lambda action: action.name.lower())
@pytest.mark.parametrize("status", CountStatus)
def test_a_count_goes_where_its_table_says_or_says_what_is_possible(
    status: CountStatus, action: Action
) -> None:
    leads_to = STATES[status].get(action.name.lower())
    if leads_to:
        assert next_status(status, action, number="CT-1") == leads_to
        return
    with pytest.raises(Conflict, match="cannot be ") as refused:
        next_status(status, action, number="CT-1")
    assert refused.value.code == "count_state"


def books(
    on_hand: str, unit_cost: str = "0", *, moved: str = "0", currency: str | None = "EUR"
) -> Books:
    return Books(Decimal(on_hand), Decimal(moved), Decimal(unit_cost), currency)


@pytest.mark.parametrize(
    ("counted", "said", "variance", "share", "ratio", "cost", "cost_ratio", "is_beyond"),
    [
        ("19", books("20", "1800"), "-1", "-0.05", "1", -1800, "0.3", False),
        ("12", books("16", "3000"), "-4", "-0.25", "5", -12000, "2", True),
        ("20", books("20", "1800"), "0", "0", "0", 0, "0", False),
        ("19", books("20", "6000"), "-1", "-0.05", "1", -6000, "1", False),
        ("19", books("20", "6001"), "-1", "-0.05", "1", -6001, "1.0002", True),
        ("18.999", books("20", "0"), "-1.001", "-0.0501", "1.001", 0, "0", True),
        ("21", books("20", "1800"), "1", "0.05", "1", 1800, "0.3", False),
        ("0", books("0", "1800"), "0", "0", "0", 0, "0", False),
        ("3", books("0", "1800"), "3", None, None, 5400, "0.9", True),
        ("3", books("0", "0"), "3", None, None, 0, "0", True),
        ("99", books("100", "1", currency="USD"), "-1", "-0.01", "0.2", -1, None, True),
        ("99", books("100", currency=None), "-1", "-0.01", "0.2", 0, "0", False),
        ("19", books("25", "1800", moved="6"), "0", "0", "0", 0, "0", False),
        ("19", books("17", "1800", moved="-3"), "-1", "-0.0588", "1.1765", -1800, "0.3", True),
        ("0.5", books("1", "3"), "-0.5", "-0.5", "10", -2, "0.0003", True),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else "",
)
def test_a_line_says_how_far_off_it_is_and_against_which_tolerance(
    counted: str,
    said: Books,
    variance: str,
    share: str | None,
    ratio: str | None,
    cost: int,
    cost_ratio: str | None,
    is_beyond: bool,
) -> None:
    judged = judge(Decimal(counted), said, FIVE_PERCENT_AND_60)
    wanted = [Decimal(one) if one is not None else None for one in (share, ratio, cost_ratio)]
    shown = [judged.variance_share, judged.quantity_ratio, judged.cost_ratio]
    assert (judged.variance, judged.variance_cost) == (Decimal(variance), cost)
    assert shown == wanted
    assert judged.is_beyond is is_beyond


def test_without_tolerance_whatever_is_off_is_beyond() -> None:
    none = Tolerances(Decimal(0), {})
    assert judge(Decimal(19), books("20"), none).is_beyond
    assert judge(Decimal(19), books("20"), none).quantity_ratio is None
    assert not judge(Decimal(20), books("20"), none).is_beyond


@given(counted=quantities, on_hand=quantities, moved=st.decimals(-50, 50, places=3))
def test_what_is_moved_makes_on_hand_what_was_counted_and_moved_since(
    counted: Decimal, on_hand: Decimal, moved: Decimal
) -> None:
    said = Books(on_hand, moved, Decimal(100), "EUR")
    judged = judge(counted, said, FIVE_PERCENT_AND_60)
    assert on_hand + judged.variance == counted + moved


@given(counted=quantities, on_hand=quantities, cost=st.integers(0, 10**6))
def test_a_ratio_above_1_or_none_is_beyond_and_all_else_is_not(
    counted: Decimal, on_hand: Decimal, cost: int
) -> None:
    judged = judge(counted, Books(on_hand, Decimal(0), Decimal(cost), "EUR"), FIVE_PERCENT_AND_60)
    ratios = (judged.quantity_ratio, judged.cost_ratio)
    is_above = any(ratio is None or ratio > 1 for ratio in ratios)
    assert judged.is_beyond or not is_above  # one that is shown as 1 may be a little more


@pytest.mark.parametrize("status", CountStatus)
@pytest.mark.parametrize("is_blind", [True, False])
def test_only_an_open_blind_count_hides_what_is_expected(
    *, status: CountStatus, is_blind: bool
) -> None:
    assert rules.may_show(is_blind=is_blind, status=status) is not (is_blind and status == "open")


def named(sku: str, place: int = 0) -> rules.Named:
    return rules.Named(f"lines/{place}/sku", sku)


def test_each_product_that_is_refused_is_named_by_its_place() -> None:
    with pytest.raises(Invalid) as refused:
        rules.require_once([named("TEA", place) for place in range(3)])
    assert [one["field"] for one in refused.value.errors] == ["lines/1/sku", "lines/2/sku"]
    assert refused.value.detail == "TEA: name each product once."
    many = [named(f"P-{place:02}", place) for place in range(12)]
    with pytest.raises(Conflict, match="P-09 and 2 more: not in count CT-1; add it") as missing:
        rules.require_in_count(many, number="CT-1")
    assert [one["field"] for one in missing.value.errors] == [one.field for one in many]
    assert missing.value.errors[11]["detail"].startswith("P-11: not in count CT-1; add it")


def test_what_a_count_can_be_instead_is_said_in_a_sentence() -> None:
    with pytest.raises(Conflict) as refused:
        next_status(CountStatus.OPEN, Action.RECOUNT, number="CT-1")
    assert refused.value.detail == (
        "Count CT-1 is open, so it cannot be recounted; it can be given more products, given quantities, "
        "finished or cancelled."
    )
    with pytest.raises(Conflict, match=r"is posted, so it cannot be cancelled; open another\.$"):
        next_status(CountStatus.POSTED, Action.CANCEL, number="CT-1")


REFUSED: list[tuple[Callable[[], None], type[Refusal], str, str]] = [
    (
        lambda: rules.require_stocked([named("ADVICE")]),
        Conflict,
        "not_stocked",
        "^ADVICE: not kept in stock.*is_stocked",
    ),
    (lambda: rules.require_line_count(0), Conflict, "nothing_to_count", "name products"),
    (lambda: rules.require_line_count(201), Conflict, "too_many_lines", "200 at the most"),
    (
        lambda: rules.require_once([named("TEA", 0), named("LAMP", 1), named("TEA", 2)]),
        Invalid,
        "named_twice",
        "^TEA: name each product once",
    ),
    (
        lambda: rules.require_new([named("TEA")], number="CT-1"),
        Conflict,
        "in_the_count",
        "enter its",
    ),
    (
        lambda: rules.require_in_count([named("TEA")], number="CT-1"),
        Conflict,
        "not_in_the_count",
        "not in count CT-1; add it",
    ),
    (
        lambda: rules.require_all_counted(["TEA"], number="CT-1"),
        Conflict,
        "lines_not_counted",
        "enter a quantity",
    ),
    (
        lambda: rules.require_something_beyond([], number="CT-1"),
        Conflict,
        "approval_not_needed",
        "post it",
    ),
    (
        lambda: rules.require_another_person("kim", counters={"kim", "lee"}),
        Forbidden,
        "approver_counted",
        "somebody approve it who has not",
    ),
    (
        lambda: rules.require_approved([f"P-{n:02}" for n in range(12)], number="CT-1"),
        Conflict,
        "approval_missing",
        "P-09 and 2 more: beyond",
    ),
]


@pytest.mark.parametrize(("require", "kind", "code", "says"), REFUSED, ids=[r[2] for r in REFUSED])
def test_what_a_count_cannot_do_is_refused_with_what_is_possible(
    require: Callable[[], None], kind: type[Refusal], code: str, says: str
) -> None:
    with pytest.raises(kind, match=says) as refused:
        require()
    assert refused.value.code == code


def test_what_a_count_can_do_is_not_refused() -> None:
    rules.require_stocked([])
    rules.require_line_count(200)
    rules.require_once([named("TEA"), named("LAMP")])
    rules.require_new([], number="CT-1")
    rules.require_in_count([], number="CT-1")
    rules.require_all_counted([], number="CT-1")
    rules.require_something_beyond(["TEA"], number="CT-1")
    rules.require_another_person("ada", counters={"kim"})
    rules.require_approved([], number="CT-1")
