"""Tests of what a shop's file says before any system has seen it."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from ops.replay.retail.expected import expect
from ops.replay.retail.records import (
    Document,
    Left,
    Reason,
    Sale,
    Survey,
    bill,
    list_customers,
    read_documents,
    read_sales,
    survey,
)
from ops.replay.rows import UnusableFile
from tests.ops.replay.retail.made_up import HEADER, line, write

DATA = Path(os.environ.get("STEWARD_DATA", Path(__file__).parents[4] / "../shared/data"))
PUBLISHED = DATA / "retail/online_retail_2010_2011.csv.xz"


def read(folder: Path, *rows: str, currency: str = "GBP") -> list[Sale | Left]:
    return list(read_sales(write(folder / "some.csv.xz", rows), currency=currency))


def sale(folder: Path, row: str, currency: str = "GBP") -> Sale:
    [one] = read(folder, row, currency=currency)
    assert isinstance(one, Sale)
    return one


def go_through(folder: Path, *rows: str) -> tuple[Survey, list[Document]]:
    path = write(folder / "some.csv", rows)
    found = survey(path, currency="GBP", leave=lambda _: None)
    return found, list(read_documents(path, found, currency="GBP"))


@pytest.mark.parametrize("name", ["some.csv", "some.csv.xz"])
def test_a_line_says_what_was_sold_to_whom_whether_the_file_is_packed_or_not(
    tmp_path: Path, name: str
) -> None:
    [one] = read_sales(write(tmp_path / name, [line()]), currency="GBP")
    assert isinstance(one, Sale)
    assert (one.line, one.number, one.customer, one.country) == (2, "536365", "17850", "GB")
    assert (one.issued_on, one.description) == (date(2010, 12, 1), "85123A LIGHT HOLDER")
    assert (one.quantity, one.amount) == (6, 1530)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("536365,85123A,LIGHT HOLDER,6", Reason.UNREADABLE),
        (line(article='85123A,"LIGHT'), Reason.UNREADABLE),
        (line(article="85123A,LIGHT,HOLDER"), Reason.UNREADABLE),
        (line("A563185", customer=""), Reason.NO_SALE),
        (line("", customer=""), Reason.NO_SALE),
        (line(customer="", price="0"), Reason.NO_CUSTOMER),
        (line(price="soon"), Reason.NO_PRICE),
        (line(price="1e3"), Reason.NO_PRICE),
        (line(price=""), Reason.NO_PRICE),
        (line(price="0.000"), Reason.PRICE_ZERO),
        (line(price="-0.01"), Reason.PRICE_NEGATIVE),
        (line(quantity="0"), Reason.NO_QUANTITY),
        (line(quantity="1.5"), Reason.NO_QUANTITY),
        (line(day="12/1/2010 08:26"), Reason.NO_DAY),
        (line(day="2010-02-30"), Reason.NO_DAY),
        (line(country="Mars"), Reason.NO_COUNTRY),
        (line(customer="17851"), Reason.OTHER_CUSTOMER),
    ],
)
def test_a_line_that_cannot_be_billed_is_left_out_with_its_reason_and_swallows_no_other(
    tmp_path: Path, row: str, reason: Reason
) -> None:
    before, left, after = read(tmp_path, line(), row, line())
    assert isinstance(left, Left)
    assert (left.line, left.reason, left.row) == (3, reason, row)
    assert isinstance(before, Sale) and isinstance(after, Sale)


def test_what_is_no_text_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "some.csv"
    row = line(article="85123A,LIGHT\udcff")
    path.write_bytes(f"{HEADER}\n{row}\n".encode(errors="surrogateescape"))
    [left] = read_sales(path, currency="GBP")
    assert isinstance(left, Left)
    assert (left.reason, left.detail) == (Reason.UNREADABLE, "Description is not UTF-8.")


@pytest.mark.parametrize(
    ("row", "currency", "quantity", "unit_price", "more"),
    [
        (line(), "GBP", "6", 255, ""),
        (line(quantity=-2), "GBP", "-2", 255, ""),
        (line(price="2.550"), "GBP", "6", 255, ""),
        (line("C536365", quantity=-6), "GBP", "6", 255, ""),
        (line("C536365", quantity=6), "GBP", "-6", 255, ""),
        (line(price="0.125"), "GBP", "1", 75, ", 6 at 0.125"),
        (line(quantity=3, price="0.125"), "GBP", "1", 38, ", 3 at 0.125"),  # 37.5
        (line(quantity=-3, price="0.125"), "GBP", "-1", 38, ", -3 at 0.125"),
        (line("C536365", quantity=-3, price="0.125"), "GBP", "1", 38, ", 3 at 0.125"),
        (line(quantity=1, price="0.001"), "GBP", "1", 0, ", 1 at 0.001"),
        (line(price="0.125"), "KWD", "6", 125, ""),
        (line(price="2.55"), "JPY", "1", 15, ", 6 at 2.55"),  # 15.3
    ],
)
def test_a_line_is_billed_by_quantity_and_price_or_as_one_piece_of_its_rounded_amount(
    tmp_path: Path, row: str, currency: str, quantity: str, unit_price: int, more: str
) -> None:
    one = sale(tmp_path, row, currency)
    assert bill(one) == {
        "description": f"85123A LIGHT HOLDER{more}",
        "quantity": quantity,
        "unit_price": unit_price,
        "tax_percent": "0.00",
    }
    assert abs(one.amount) == abs(int(quantity)) * unit_price


def test_lines_of_one_number_are_one_document_wherever_they_stand(tmp_path: Path) -> None:
    found, documents = go_through(
        tmp_path,
        line("1"),
        line("2", customer="9", country="EIRE"),
        line("1", day="2010-12-02 00:01:00", price="0.001"),
        line("2", customer="9", country="RSA", price="0"),
        line("C3", customer="9", country="RSA", quantity=-1),
        "",
        line("1", price="1"),
    )
    assert [(one.heading.number, len(one.sales)) for one in documents] == [
        ("2", 1),
        ("C3", 1),
        ("1", 3),
    ]
    assert documents[-1].heading.issued_on == date(2010, 12, 1), "the day of its first line"
    assert [one.amount for one in found.headings.values()] == [1530 + 1 + 600, 1530, -255]
    assert found.lines == 5
    customers = list_customers(found.headings.values())
    assert {name: one.country for name, one in customers.items()} == {"17850": "GB", "9": "IE"}


def test_every_line_is_billed_or_left_out(tmp_path: Path) -> None:
    left: list[Left] = []
    rows = [line("1"), line("A2"), line("3", price="0"), line("3"), "?", "", line("3", price="-1")]
    found = survey(write(tmp_path / "some.csv", rows), currency="GBP", leave=left.append)
    assert (found.lines, [one.line for one in left]) == (2, [3, 4, 6, 8])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (HEADER.replace("UnitPrice,", "").encode(), "lacks the columns UnitPrice"),
        (b"", "lacks the columns InvoiceNo, StockCode"),
        (f"{HEADER}\n{line(price=0)}".encode(), "no line can be billed"),
        (b"\xfd7zXZ\0\0", "it is packed by xz, and broken"),
        (b"\xfd7zXZ\0?!" * 9, "it is packed by xz, and broken"),
    ],
)
def test_a_file_that_is_no_shops_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "some.csv"
    path.write_bytes(content)
    with pytest.raises(UnusableFile, match=reason):
        survey(path, currency="GBP", leave=lambda _: None)


def test_what_the_documents_come_to_follows_from_the_file(tmp_path: Path) -> None:
    found, _ = go_through(
        tmp_path,
        line("1"),
        line("2", day="2011-01-31 10:00:00"),
        line("C3", quantity=-1, day="2011-01-31 10:00:00"),
    )
    assert expect(found, currency="GBP") == {
        "documents": {
            "invoices": "2",
            "invoiced": "30.60 GBP",
            "credit notes": "1",
            "credited": "-2.55 GBP",
        },
        "billed less credited": {
            "2010-12": "15.30 GBP",
            "2011-01": "12.75 GBP",
            "in all": "28.05 GBP",
        },
        "books": {"agree with themselves": "yes"},
    }


@pytest.mark.skipif(not PUBLISHED.exists(), reason=f"{PUBLISHED.name} is not on this machine")
def test_the_figures_that_follow_from_the_published_file() -> None:
    left: Counter[Reason] = Counter()
    found = survey(PUBLISHED, currency="GBP", leave=lambda one: left.update([one.reason]))
    assert expect(found, currency="GBP")["documents"] == {
        "invoices": "18,532",
        "invoiced": "8,911,407.90 GBP",
        "credit notes": "3,654",
        "credited": "-611,342.09 GBP",
    }
    assert left == {Reason.NO_SALE: 3, Reason.NO_CUSTOMER: 135077, Reason.PRICE_ZERO: 40}
    assert found.lines + left.total() == 541909
