"""Tests of what a shop's file says of its months before any system has seen it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from ops.replay.monthly.figures import expect
from ops.replay.monthly.matching import Credit, Matching
from ops.replay.monthly.records import (
    Due,
    Shop,
    last_of_month,
    read_waiting,
    survey_months,
)
from ops.replay.retail.records import Left, Reason
from ops.replay.rows import UnusableFile
from tests.ops.replay.retail.made_up import line, write

DATA = Path(os.environ.get("STEWARD_DATA", Path(__file__).parents[4] / "../shared/data"))
PUBLISHED = DATA / "retail/online_retail_2010_2011.csv.xz"
DECEMBER, JANUARY = date(2010, 12, 31), date(2011, 1, 31)


def go_through(path: Path) -> tuple[Shop, list[Left], Sequence[Credit]]:
    left: list[Left] = []
    shop = survey_months(path, currency="GBP", leave=left.append)
    matching = Matching(shop)
    for one in read_waiting(path, currency="GBP"):
        if not isinstance(one, Left):
            (matching.take_back if one.is_credit else matching.sell)(one)
    return shop, left, [*matching.credits.values()]


def read(folder: Path, *rows: str) -> tuple[Shop, list[Left], Sequence[Credit]]:
    return go_through(write(folder / "some.csv", rows))


def january(number: str, **facts: object) -> str:
    return line(number, **{"day": "2011-01-10 09:00:00", **facts})  # type: ignore[arg-type]


def test_what_a_client_buys_is_billed_at_the_end_of_the_month_of_its_document(
    tmp_path: Path,
) -> None:
    rows = [line("1"), line("2"), line("2", day="2011-01-01 00:00:10"), january("3", customer="9")]
    shop, left, _ = read(tmp_path, *rows)
    assert shop.due == {("17850", DECEMBER): Due(3, 4590), ("9", JANUARY): Due(1, 1530)}
    assert (shop.months, left) == ([DECEMBER, JANUARY], [])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (line(price="0.001", quantity=1), Reason.NO_AMOUNT),
        (line(quantity=-1), Reason.OTHER_WAY),
        (line("C1", quantity=1), Reason.OTHER_WAY),
        (line(price="0"), Reason.PRICE_ZERO),
        (line(customer=""), Reason.NO_CUSTOMER),
    ],
)
def test_what_cannot_wait_for_a_bill_is_left_out_with_its_reason(
    tmp_path: Path, row: str, reason: Reason
) -> None:
    shop, [left], _ = read(tmp_path, line(), row)
    assert (left.line, left.reason, shop.found.lines) == (3, reason, 1)


def test_a_file_of_which_nothing_is_billed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match="no line can be billed"):
        read(tmp_path, line("C1", quantity=-1))


def said(notes: Sequence[Credit]) -> list[tuple[object, ...]]:
    """What each takes back: of which bill, how many of which of its lines that say the same, what of
    none, and what that comes to."""
    return [
        (
            one.number,
            one.month and one.month.month,
            [(place[0].quantity, place[1], taken) for place, taken in one.of_bill.items()],
            [quantity for _, quantity in one.of_none],
            one.amount,
        )
        for one in notes
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([january("C9", quantity=-2)], [("C9", 12, [(6, 0, 2)], [], 510)]),
        ([january("C9", quantity=-2, price="2.50")], [("C9", None, [], [2], 500)]),
        ([january("C9", quantity=-2, customer="9")], [("C9", None, [], [2], 510)]),
        ([january("C9", quantity=-2, article="1,X")], [("C9", None, [], [2], 510)]),
        (
            [january("C9", quantity=-8)],
            [("C9", 12, [(6, 0, 6)], [], 1530), ("C9", None, [], [2], 510)],
        ),
        (  # the latest first, each piece once
            [january("3", quantity=5), january("C9", quantity=-7), january("C9", quantity=-4)],
            [("C9", 1, [(5, 0, 5)], [], 1275), ("C9", 12, [(6, 0, 6)], [], 1530)],
        ),
        (  # of those that say the same
            [line("2"), january("C8", quantity=-7), january("C9", quantity=-1)],
            [("C8", 12, [(6, 1, 6), (6, 0, 1)], [], 1785), ("C9", 12, [(6, 0, 1)], [], 255)],
        ),
        (  # what is sold later is not what comes back
            [january("C9", quantity=-7), january("3")],
            [("C9", 12, [(6, 0, 6)], [], 1530), ("C9", None, [], [1], 255)],
        ),
        (  # a price with parts of a minor unit is of no bill's line
            [line("2", price="0.125"), january("C9", quantity=-3, price="0.125")],
            [("C9", None, [], [3], 38)],
        ),
    ],
)
def test_what_comes_back_is_of_the_latest_line_at_its_price_that_has_pieces_left(
    tmp_path: Path, rows: list[str], expected: list[tuple[object, ...]]
) -> None:
    shop, _, notes = read(tmp_path, line("1"), *rows)
    assert said(notes) == expected
    credited = -sum(one.amount for one in shop.found.headings.values() if one.is_credit)
    assert sum(one.amount for one in notes) == credited, "as much as the file says"


def test_a_credit_note_is_of_no_earlier_day_than_the_bill_that_it_lowers(tmp_path: Path) -> None:
    _, _, notes = read(tmp_path, line("1"), line("C2", quantity=-1), january("C3", quantity=-1))
    assert [one.issued_on for one in notes] == [DECEMBER, date(2011, 1, 10)]


def test_the_last_day_of_a_month() -> None:
    assert last_of_month(date(2012, 2, 1)) == date(2012, 2, 29)


@pytest.mark.skipif(not PUBLISHED.exists(), reason=f"{PUBLISHED.name} is not on this machine")
def test_the_published_file_comes_to_the_same_by_month_as_by_shipment() -> None:
    shop, left, notes = go_through(PUBLISHED)
    figures, nets = expect(shop, notes, currency="GBP")
    assert figures["documents"] == {
        "invoices": "13,054",
        "invoiced": "8,911,407.90 GBP",
        "credit notes": "4,397",
        "credited": "-611,342.09 GBP",
    }
    assert figures["lines"] == {"on invoices": "397,880"}
    assert figures["by client"] == {"clients": "4,371", "in all": "8,300,065.81 GBP"}
    assert sum(nets.by_client.values()) == 830006581
    assert Counter(one.reason for one in left) == {
        Reason.NO_SALE: 3,
        Reason.NO_CUSTOMER: 135077,
        Reason.PRICE_ZERO: 40,
        Reason.NO_AMOUNT: 4,
    }
