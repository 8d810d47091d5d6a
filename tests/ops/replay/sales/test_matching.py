"""Tests of which sale goods that come back are of."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.replay.sales.matching import Credit, match_credits
from ops.replay.sales.records import Shop, survey_shop
from tests.ops.replay.retail.made_up import line, write

Told = tuple[str, list[tuple[int, int]]]


def matched(folder: Path, *rows: str) -> tuple[Shop, list[Credit]]:
    path = write(folder / "some.csv", rows)
    shop = survey_shop(path, currency="GBP", until=None, leave=lambda _: None)
    return shop, [*match_credits(path, shop, currency="GBP")]


def told(credited: list[Credit]) -> list[Told]:
    """What each is called, and of which place how many pieces come back."""
    return [(one.name, [(back.position, back.quantity) for back in one.lines]) for one in credited]


OTHER = "22423,CAKESTAND"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(
            [line("1"), line("2", quantity=2), line("C3", quantity=-1)],
            [("C3/2", [(1, 1)])],
            id="the latest",
        ),
        pytest.param(
            [line("1"), line("2", quantity=2), line("C3", quantity=-5)],
            [("C3/2", [(1, 2)]), ("C3/1", [(1, 3)])],
            id="the rest is of the one before",
        ),
        pytest.param(
            [line("1", quantity=3), line("C2", quantity=-5)],
            [("C2/1", [(1, 3)]), ("C2", [(0, 2)])],
            id="what no line has had is of none",
        ),
        pytest.param([line("C1", quantity=-1), line("2")], [("C1", [(0, 1)])], id="no later one"),
        pytest.param(
            [line("1"), line("C2", quantity=-1, customer="9")],
            [("C2", [(0, 1)])],
            id="none of another customer",
        ),
        pytest.param(
            [line("1"), line("C2", quantity=-1, article=OTHER)],
            [("C2", [(0, 1)])],
            id="none of another product",
        ),
        pytest.param(
            [line("1"), line("2", price="2.54"), line("C3", quantity=-1)],
            [("C3/1", [(1, 1)])],
            id="none that was sold for less",
        ),
        pytest.param(
            [line("1"), line("C2", quantity=-1, price="1"), line("C3", quantity=-6)],
            [("C2/1", [(1, 1)]), ("C3/1", [(1, 5)]), ("C3", [(0, 1)])],
            id="what is back does not come again",
        ),
        pytest.param(
            [line("1", article=OTHER), line("1", quantity=2), line("1"), line("C2", quantity=-7)],
            [("C2/1", [(3, 6), (2, 1)])],
            id="two lines of one document by their places",
        ),
        pytest.param(
            [line("1"), line("C2", quantity=-1), line("C2", quantity=-2)],
            [("C2/1", [(1, 1)]), ("C2/1/2", [(1, 2)])],
            id="one line twice is two returns",
        ),
        pytest.param(
            [line("1"), line("1", price="0"), line("1", quantity=9), line("C2", quantity=-1)],
            [("C2/1", [(2, 1)])],
            id="what is left out has no place",
        ),
    ],
)
def test_goods_are_of_the_latest_earlier_line_that_still_has_pieces(
    tmp_path: Path, rows: list[str], expected: list[Told]
) -> None:
    _, credited = matched(tmp_path, *rows)
    assert told(credited) == expected


@pytest.mark.parametrize(("price", "is_less"), [("2.55", False), ("2.54", True)])
def test_what_is_credited_for_less_than_it_was_sold_for_says_so(
    tmp_path: Path, price: str, is_less: bool
) -> None:
    _, [credit] = matched(tmp_path, line("1"), line("C2", quantity=-1, price=price))
    assert [back.is_for_less for back in credit.lines] == [is_less]


ROW = st.tuples(st.booleans(), st.integers(1, 9), st.sampled_from(["1", "2"]), st.integers(0, 3))


@given(st.lists(ROW, min_size=1, max_size=20))
def test_every_piece_comes_back_once_and_none_more_than_it_was_sold(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[bool, int, str, int]]
) -> None:
    lines = [
        line(
            f"C{number}" if is_back else f"{number}",
            quantity=-many if is_back else many,
            price=price,
        )
        for number, (is_back, many, price, _) in enumerate(rows, start=10)
    ]
    _, credited = matched(tmp_path_factory.mktemp("shop"), *lines)
    back = [one for credit in credited for one in credit.lines]
    assert sum(one.quantity for one in back) == sum(many for is_back, many, _, _ in rows if is_back)
    sold = {str(number): row for number, row in enumerate(rows, start=10) if not row[0]}
    for number, (_, many, price, _) in sold.items():
        mine = [one for one in back if one.number == number]
        assert sum(one.quantity for one in mine) <= many
        assert all(float(one.sale.price) <= float(price) for one in mine)
        assert all(one.sale.line > int(number) - 8 for one in mine), "it was sold before"
    assert len({credit.name for credit in credited}) == len(credited)
