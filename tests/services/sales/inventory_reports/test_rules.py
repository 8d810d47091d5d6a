"""What a report says of a product, of which month it may be made, and what its hash is of."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Conflict
from services.sales.counts.rules import LastCount
from services.sales.inventory_reports import rules
from services.sales.inventory_reports.rules import Figures, Worth

FEBRUARY, MARCH, APRIL = date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)
TEA = {
    "product_id": "prd_tea",
    "place_id": None,
    "place": None,
    "sku": "TEA",
    "name": "Tea",
    "unit": "case",
    "currency": "EUR",
}
quantities = st.decimals(-1000, 1000, places=3)


def a_line(figures: Figures, **facts: Any) -> dict[str, Any]:
    worth = Worth(Decimal(100), 180000)
    count = LastCount(Decimal(19), date(2026, 3, 31), "kim", "CT-100001")
    return rules.freeze(figures, worth=worth, count=count, **TEA | facts)


def test_a_line_says_what_there_should_be_what_there_is_and_what_that_is_worth() -> None:
    figures = Figures(
        opening=Decimal(14), receipts=Decimal(6), variance=Decimal(-1), variance_value=-1800
    )
    line = a_line(figures)
    assert (line["should_be"], line["variance"], line["on_hand"]) == (20, -1, 19)
    assert (line["value"], line["variance_value"], line["currency"]) == (34200, -1800, "EUR")
    assert (line["last_counted"], line["last_counted_by"]) == (19, "kim")


def test_a_product_without_worth_and_count_is_worth_nothing_and_was_never_counted() -> None:
    line = rules.freeze(Figures(opening=Decimal(3)), worth=None, count=None, **TEA)
    assert (line["value"], line["unit_cost"], line["last_counted"]) == (0, 0, None)


@pytest.mark.parametrize(
    ("on_hand", "worth", "value", "unit_cost"),
    [
        ("19", Worth(Decimal(19), 34200), 34200, "1800"),
        ("2", Worth(Decimal(2), 667), 667, "333.5"),
        ("1", Worth(Decimal(3), 1000), 333, "333.333333"),
        ("1", Worth(Decimal(2), 667), 334, "333.5"),
        ("5", Worth(Decimal(0), 0), 0, "0"),
        ("-1", Worth(Decimal(-1), -10), 0, "0"),
    ],
)
def test_what_is_on_hand_is_worth_its_part_of_what_all_of_the_product_was_worth(
    on_hand: str, worth: Worth, value: int, unit_cost: str
) -> None:
    line = rules.freeze(Figures(opening=Decimal(on_hand)), worth=worth, count=None, **TEA)
    assert (line["value"], line["unit_cost"]) == (value, Decimal(unit_cost))


@given(
    opening=quantities,
    moved=st.tuples(*[quantities] * 5),
    variance=quantities,
    corrections=st.dictionaries(st.sampled_from([None, FEBRUARY]), quantities),
)
def test_the_opening_and_all_that_moved_come_to_the_closing(
    opening: Decimal,
    moved: tuple[Decimal, ...],
    variance: Decimal,
    corrections: dict[date | None, Decimal],
) -> None:
    by_kind = dict(zip(rules.MOVED, moved, strict=True))
    figures = Figures(opening=opening, variance=variance, corrections=corrections, **by_kind)
    line = a_line(figures)
    parts = [line[name] for name in ("opening", *rules.MOVED, "corrections", "variance")]
    assert line["on_hand"] == sum(parts)
    assert line["corrections"] == sum((one["quantity"] for one in line["corrected"]), Decimal(0))


def test_corrections_stand_in_lines_of_their_own_and_text_is_no_formula() -> None:
    figures = Figures(opening=Decimal(14), corrections={None: Decimal(2), FEBRUARY: Decimal(-3)})
    line = a_line(figures, name="=1+1")
    rows = list(csv.DictReader(io.StringIO(rules.write_csv([line], month=MARCH))))
    kinds = [(row["line"], row["month"], row["corrections"], row["name"]) for row in rows]
    assert kinds == [
        ("stock", "2026-03", "-1", "'=1+1"),
        ("correction", "before", "2", "'=1+1"),
        ("correction", "2026-02", "-3", "'=1+1"),
    ]
    assert (rows[0]["opening"], rows[0]["on_hand"], rows[0]["unit_cost"]) == ("14", "13", "1800")


def test_the_hash_is_of_what_is_written_and_of_nothing_else() -> None:
    lines = [a_line(Figures(opening=Decimal("14.500")))]
    same = [a_line(Figures(opening=Decimal("14.5")))]
    other = [a_line(Figures(opening=Decimal("14.501")))]
    texts = [rules.write_csv(one, month=MARCH) for one in (lines, same, other)]
    hashes = [rules.hash_of(text) for text in texts]
    assert hashes[0] == hashes[1] != hashes[2]
    assert rules.hash_of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_lines_stand_by_place_and_sku_and_are_summed_by_currency() -> None:
    sold = Figures(opening=Decimal(2))
    lines = rules.in_order(
        [
            a_line(sold, place="B", sku="A"),
            a_line(sold, place="A", sku="C"),
            a_line(sold, place=None, sku="D"),
            a_line(sold, place="A", sku="B"),
        ]
    )
    assert [(line["position"], line["sku"]) for line in lines] == [
        (1, "D"),
        (2, "B"),
        (3, "C"),
        (4, "A"),
    ]
    assert rules.sum_values(lines) == [{"currency": "EUR", "value": 14400, "variance_value": 0}]


@pytest.mark.parametrize(
    ("last", "months"),
    [
        (None, [MARCH]),
        (date(2026, 1, 1), [FEBRUARY, MARCH]),
        (FEBRUARY, [MARCH]),
        (MARCH, []),
        (APRIL, []),
    ],
)
def test_the_months_after_the_last_report_are_missing(
    last: date | None, months: list[date]
) -> None:
    assert rules.missing_months(last=last, until=MARCH) == months


def adjacent(month: date, *, is_beginning_open: bool = True) -> None:
    rules.require_adjacent(month, first=MARCH, last=APRIL, is_beginning_open=is_beginning_open)


REFUSED: list[tuple[Callable[[], None], str, str]] = [
    (
        lambda: rules.require_over(MARCH, today=date(2026, 3, 31)),
        "month_not_over",
        "from 2026-04-01 on, and that of 2026-02 now",
    ),
    (lambda: rules.require_new(MARCH, report_id="ivr_1"), "report_made", "ivr_1.*next one"),
    (
        lambda: adjacent(date(2026, 6, 1)),
        "month_out_of_turn",
        "make that of 2026-05 or of 2026-02 first",
    ),
    (
        lambda: adjacent(FEBRUARY, is_beginning_open=False),
        "month_out_of_turn",
        "make that of 2026-05 first",
    ),
    (lambda: rules.require_stock(0, month=MARCH), "nothing_in_stock", "of a later month"),
    (lambda: rules.require_fits_on_paper(501), "too_long_for_paper", "take lines.csv"),
]


@pytest.mark.parametrize(("require", "code", "says"), REFUSED, ids=[str(n) for n in range(6)])
def test_a_report_that_cannot_be_is_refused_with_what_is_possible(
    require: Callable[[], None], code: str, says: str
) -> None:
    with pytest.raises(Conflict, match=says) as refused:
        require()
    assert refused.value.code == code


def test_a_report_that_can_be_is_not_refused() -> None:
    rules.require_over(MARCH, today=APRIL)
    rules.require_new(MARCH, report_id=None)
    adjacent(FEBRUARY)
    adjacent(date(2026, 5, 1), is_beginning_open=False)
    rules.require_adjacent(MARCH, first=None, last=None, is_beginning_open=True)
    rules.require_stock(1, month=MARCH)
    rules.require_fits_on_paper(500)
