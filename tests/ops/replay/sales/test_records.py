"""Tests of what a shop's file says as sales before any system has seen it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from ops.replay.retail.records import Left, Reason
from ops.replay.rows import UnusableFile, read_lines
from ops.replay.sales.figures import Sold, list_differing, tabulate
from ops.replay.sales.records import Shop, is_goods, sku_of, survey_shop
from tests.ops.replay.retail.made_up import line, write
from tests.ops.replay.retail.test_records import PUBLISHED

DAY = date(2011, 1, 31)
LINES = 60_000  # all of December and half of January


def go_through(
    folder: Path, *rows: str, until: date | None = None
) -> tuple[Shop, list[tuple[int, Reason]]]:
    left: list[Left] = []
    path = write(folder / "some.csv", rows)
    shop = survey_shop(path, currency="GBP", until=until, leave=left.append)
    return shop, [(one.line, one.reason) for one in left]


@pytest.mark.parametrize(
    ("code", "goods"),
    [
        ("85123A", True),
        ("22423", True),
        ("15056BL", True),
        ("POST", False),
        ("DOT", False),
        ("M", False),
        ("D", False),
        ("C2", False),
        ("PADS", False),
        ("CRUK", False),
        ("BANK CHARGES", False),
    ],
)
def test_what_begins_with_five_digits_is_goods(code: str, goods: bool) -> None:
    assert is_goods(code) is goods


def test_a_code_is_a_sku_without_spaces() -> None:
    assert (sku_of("85123A"), sku_of("BANK CHARGES")) == ("85123A", "BANK-CHARGES")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (line(quantity=-1), Reason.OTHER_WAY),
        (line("C1", quantity=1), Reason.OTHER_WAY),
        (line(price="0.125"), Reason.PRICE_PARTS),  # 6 come to 75, not to 78
        (line("C1", quantity=-6, price="0.125"), Reason.PRICE_PARTS),
        (line(customer=""), Reason.NO_CUSTOMER),
        (line(price="0"), Reason.PRICE_ZERO),
    ],
)
def test_what_cannot_be_sold_is_left_out_with_its_reason(
    tmp_path: Path, row: str, reason: Reason
) -> None:
    shop, left = go_through(tmp_path, line("9"), row)
    assert left == [(3, reason)]
    assert [*shop.found.headings] == ["9"]


@pytest.mark.parametrize(
    ("row", "price"), [(line(quantity=1, price="0.001"), 0), (line(quantity=1, price="0.125"), 13)]
)
def test_a_price_with_parts_is_rounded_where_it_comes_to_the_same(
    tmp_path: Path, row: str, price: int
) -> None:
    shop, left = go_through(tmp_path, row)
    assert (left, [one.price for one in shop.articles.values()]) == ([], [price])


def test_the_figures_follow_from_the_file_alone(tmp_path: Path) -> None:
    shop, _ = go_through(
        tmp_path,
        line("1"),
        line("1", article="POST,POSTAGE", quantity=1, price="18"),
        line("2", customer="9", quantity=2, day="2011-01-31 10:00:00"),
        line("C3", customer="9", quantity=-1, price="2.00", day="2011-02-01 10:00:00"),
    )
    assert {sku: tuple(one) for sku, one in shop.tally.products.items()} == {
        "85123A": (8, 2040, 1, 200),
        "POST": (1, 1800, 0, 0),
    }
    assert {name: tuple(one) for name, one in shop.tally.clients.items()} == {
        "17850": (7, 3330, 0, 0),
        "9": (2, 510, 1, 200),
    }
    assert tabulate(shop.tally, on_hand=1, currency="GBP") == {
        "shipped, net": {
            "2010-12": "33.30 GBP",
            "2011-01": "5.10 GBP",
            "2011-02": "0.00 GBP",
            "in all": "38.40 GBP",
        },
        "credited, net": {
            "2010-12": "0.00 GBP",
            "2011-01": "0.00 GBP",
            "2011-02": "-2.00 GBP",
            "in all": "-2.00 GBP",
        },
        "revenue": {
            "2010-12": "33.30 GBP",
            "2011-01": "5.10 GBP",
            "2011-02": "-2.00 GBP",
            "in all": "36.40 GBP",
        },
        "pieces": {"shipped": "9", "returned": "1", "on hand": "1"},
        "by product": {"products": "2", "in all": "9 out, 1 back, 36.40 GBP"},
        "by client": {"clients": "2", "in all": "9 out, 1 back, 36.40 GBP"},
    }
    assert shop.tally.on_hand == -7


def test_goods_come_in_by_month_as_many_as_the_whole_file_sells_in_it(tmp_path: Path) -> None:
    rows = [
        line("1"),
        line("2", day="2011-01-30 10:00:00", quantity=2),
        line("2", article="POST,POSTAGE", day="2011-01-30 10:00:00"),
        line("3", day="2011-01-31 10:00:00", quantity=3),
        line("4", day="2011-02-01 10:00:00", quantity=4),
    ]
    shop, _ = go_through(tmp_path, *rows, until=date(2011, 1, 30))
    assert [*shop.found.headings] == ["1", "2"]
    assert [(one.sku, one.month, one.quantity, one.line) for one in shop.receipts()] == [
        ("85123A", date(2010, 12, 1), 6, 2),
        ("85123A", date(2011, 1, 1), 5, 3),
    ]
    with pytest.raises(UnusableFile, match="no line can be played"):
        go_through(tmp_path, *rows, until=date(2010, 11, 30))


def test_products_that_differ_are_told_the_first_ones() -> None:
    file = {f"P{n:02}": Sold(1, 100) for n in range(25)}
    assert list_differing("products", file, file, currency="GBP") == {}
    [(title, told)] = list_differing("products", file, {}, currency="GBP").items()
    assert (title, len(told), told["P00"]) == (
        "products: 25 differ",
        20,
        "1 out, 0 back, 1.00 GBP",
    )
    assert list_differing("products", {}, file, currency="GBP")[title]["P00"] == "-"


@pytest.mark.skipif(not PUBLISHED.exists(), reason=f"{PUBLISHED.name} is not on this machine")
def test_the_figures_that_follow_from_the_first_lines_of_the_published_file(tmp_path: Path) -> None:
    """A ninth of it; what stands in all its lines is held in tests/ops/replay/retail."""
    first = tmp_path / "first.csv"
    first.write_text("".join(islice(read_lines(PUBLISHED), 1 + LINES)), newline="")
    left: Counter[Reason] = Counter()
    shop = survey_shop(
        first, currency="GBP", until=None, leave=lambda one: left.update([one.reason])
    )
    figures: Any = tabulate(shop.tally, on_hand=0, currency="GBP")
    assert figures["shipped, net"]["in all"] == "858,891.45 GBP"
    assert figures["credited, net"]["in all"] == "-26,422.63 GBP"
    assert figures["revenue"]["2010-12"] == "554,604.02 GBP"
    assert figures["pieces"] == {"shipped": "468,164", "returned": "18,142", "on hand": "0"}
    assert (figures["by product"]["products"], figures["by client"]["clients"]) == (
        "2,567",
        "1,165",
    )
    assert left == {Reason.NO_CUSTOMER: 21951, Reason.PRICE_ZERO: 6}
    assert shop.found.lines + left.total() == LINES
