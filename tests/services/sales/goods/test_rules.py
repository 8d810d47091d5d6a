"""Which shipments have their goods, where there are not enough for all."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sales.goods.rules import Need, Short, Stock, Wanted, out_of_stock, share_out


def amounts(**many: int) -> dict[str, Decimal]:
    return {key: Decimal(value) for key, value in many.items()}


def need(had: dict[str, Decimal] | None = None, **many: int) -> Need:
    return Need(amounts(**many), had or {})


def stock(reserved: dict[str, int], **free: int) -> Stock:
    return Stock(amounts(**free), amounts(**reserved), {"a": "tea", "b": "tea", "c": "service"})


@pytest.mark.parametrize(
    ("needs", "secured", "reserved", "free", "kept", "short"),
    [
        ([need(a=5)], {}, {}, 5, {"a": 5}, {}),
        ([need(a=5)], {}, {}, 4, {"a": 0}, {0: "a"}),
        ([need(a=3), need(a=3), need(a=2)], {}, {}, 5, {"a": 5}, {1: "a"}),
        ([need(a=3), need(b=3), need(b=2)], {}, {}, 5, {"a": 3, "b": 2}, {1: "b"}),
        ([need(a=3, b=3)], {}, {}, 5, {"a": 0, "b": 0}, {0: "b"}),
        ([need(a=5)], {"a": 3}, {"a": 3}, 4, {"a": 3}, {0: "a"}),
        ([need(a=5)], {"a": 3}, {"a": 3}, 5, {"a": 8}, {}),
        ([need(amounts(a=3), a=5)], {"a": 3}, {"a": 3}, 2, {"a": 5}, {}),
        ([need(amounts(a=3), a=5)], {"a": 3}, {"a": 3}, 1, {"a": 3}, {0: "a"}),
        ([need(amounts(a=3), a=1)], {"a": 3}, {"a": 3}, 0, {"a": 1}, {}),
        ([need(amounts(a=3), a=3)], {"a": 3}, {"a": 2}, 0, {"a": 3}, {0: "a"}),
        (
            [need(amounts(a=2, b=1), a=2)],
            {"a": 2, "b": 1},
            {"a": 2, "b": 1},
            0,
            {"a": 2, "b": 0},
            {},
        ),
        ([need(c=99)], {}, {}, 0, {"c": 99}, {}),
        ([need(a=8)], {}, {"a": 10}, 0, {"a": 8}, {}),
        ([need(a=8), need(a=2), need(a=1)], {}, {"a": 10}, 0, {"a": 10}, {2: "a"}),
    ],
    ids=[
        "enough",
        "too few",
        "the second is left out",
        "two lines of one product",
        "two lines of one shipment",
        "beside what is secured",
        "beside what is secured, enough",
        "more of what is secured",
        "not more of it",
        "less of it",
        "lost by a count",
        "a line left behind",
        "no stock is kept",
        "reserved at the confirmation",
        "reserved at the confirmation, in parts",
    ],
)
def test_who_comes_first_has_all_or_nothing_more(
    needs: list[Need],
    secured: dict[str, int],
    reserved: dict[str, int],
    free: int,
    kept: dict[str, int],
    short: dict[int, str],
) -> None:
    shares = share_out(needs, amounts(**secured), stock(reserved, tea=free))
    assert shares.kept == amounts(**kept)
    assert {place: one.line_id for place, one in shares.short.items()} == short


@given(
    needs=st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 9)), max_size=6),
    secured=st.integers(0, 9),
    free=st.integers(0, 40),
)
def test_no_more_is_shared_out_than_there_is(
    needs: list[tuple[str, int]], secured: int, free: int
) -> None:
    shares = share_out(
        [need(**{line: many}) for line, many in needs],
        amounts(a=secured),
        stock({"a": secured}, tea=free),
    )
    met = sum(many for place, (_, many) in enumerate(needs) if place not in shares.short)
    kept = amounts(a=secured, b=0) | shares.kept
    assert kept["a"] + kept["b"] == secured + met
    assert met <= free


def test_the_refusal_says_what_is_wanted_and_what_there_is() -> None:
    line = Wanted("orl_1", "acc_1", "ord_1", "prd_1", "CHAIR", None, Decimal(1))
    refused = out_of_stock(line, Short("orl_1", Decimal("5.000"), Decimal(2)))
    assert "Shipments want 5 of CHAIR for line orl_1, and no more than 2 can be had" in str(refused)


def test_what_leaves_at_once_is_not_reserved() -> None:
    """Of a, 3 leave and 2 stay in another shipment; of b all leaves; of c some was picked less."""
    needs = [
        Need(amounts(a=3), {}, leaves=True),
        Need(amounts(b=4), {}, leaves=True),
        Need(amounts(c=9), amounts(c=10)),
        Need(amounts(b=99), {}, leaves=True),
    ]
    shares = share_out(needs, amounts(a=2, c=10), stock({"a": 2}, tea=8))
    assert {*shares.short} == {3}
    assert shares.find_staying(needs) == amounts(a=5, c=9)


def test_what_is_picked_less_is_given_up() -> None:
    needs = [Need(amounts(a=2), amounts(a=2, b=1))]
    shares = share_out(needs, amounts(a=2, b=1), stock({"a": 2, "b": 1}, tea=0))
    assert shares.find_staying(needs) == amounts(a=2, b=0)
