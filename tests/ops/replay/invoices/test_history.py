"""Tests of what a recorded history says before any system has seen it."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from ops.replay.invoices.expected import expect
from ops.replay.invoices.history import History, read_history
from ops.replay.rows import UnusableFile

HEADER = "customerID,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,SettledDate,Note"
GOOD = "C-1,0000000001,1/31/2012,3/1/2012,55.94,2/15/2012,x"
DATA = Path(os.environ.get("STEWARD_DATA", Path(__file__).parents[4] / "../shared/data"))
RECEIVABLES = DATA / "receivables/accounts-receivable.csv"


def read(folder: Path, *rows: str, header: str = HEADER, currency: str = "USD") -> History:
    path = folder / "history.csv"
    path.write_text("\n".join([header, *rows]))
    return read_history(path, currency=currency)


def test_a_row_keeps_its_number_as_it_is_and_its_amount_to_the_cent(tmp_path: Path) -> None:
    [invoice] = read(tmp_path, GOOD).invoices
    assert invoice.number == "0000000001"
    assert (invoice.amount, invoice.issued_on) == (5594, date(2012, 1, 31))
    assert (invoice.due_date, invoice.settled_on) == (date(2012, 3, 1), date(2012, 2, 15))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("C-1,2,13/1/2012,3/1/2012,5.00,,", "InvoiceDate '13/1/2012' is no day"),
        ("C-1,2,2/30/2012,3/1/2012,5.00,,", "InvoiceDate '2/30/2012' is no day"),
        ("C-1,2,1/1/2012,soon,5.00,,", "DueDate 'soon' is no day"),
        ("C-1,2,1/1/2012,2/1/2012,5.00,never,", "SettledDate 'never' is no day"),
        ("C-1,2,1/1/2012,2/1/2012,5.001,,", "InvoiceAmount '5.001' is no amount"),
        ("C-1,2,1/1/2012,2/1/2012,-5.00,,", "InvoiceAmount '-5.00' is no amount"),
        ("C-1,2,1/1/2012,2/1/2012,0.00,,", "InvoiceAmount '0.00' is no amount"),
        ('C-1,2,1/1/2012,2/1/2012,"1,000.00",,', "InvoiceAmount '1,000.00' is no amount"),
        ("C-1,2,1/1/2012,2/1/2012,1.2.3,,", "InvoiceAmount '1.2.3' is no amount"),
        ("C-1,2,1/1/2012,2/1/2012,NaN,,", "InvoiceAmount 'NaN' is no amount"),
        ("C-1,2,1/1/2012,12/1/2011,5.00,,", "DueDate 2011-12-01 is before InvoiceDate"),
        ("C-1,2,1/1/2012,2/1/2012,5.00,12/31/2011,", "SettledDate 2011-12-31 is before"),
        ("C-1,0000000001,1/1/2012,2/1/2012,5.00,,", "0000000001 stands in line 2 already"),
        (",,1/1/2012,2/1/2012,5.00,,", "customerID, invoiceNumber is empty"),
        ("C-1,2,1/1/2012,2/1/2012", "it has 4 values, the first line 7"),
        ("C-1,2,1/1/2012,2/1/2012,5.00,,x,y", "it has 8 values, the first line 7"),
        ('C-1,2,1/1/2012,2/1/2012,5.00,,"x', "unexpected end of data"),
    ],
)
def test_a_broken_row_is_reported_with_its_line_and_stops_no_other(
    tmp_path: Path, row: str, reason: str
) -> None:
    history = read(tmp_path, GOOD, row, "C-2,3,2/1/2012,3/2/2012,1.00,,")
    assert [invoice.number for invoice in history.invoices] == ["0000000001", "3"]
    [broken] = history.broken
    assert broken.line == 3
    assert reason in broken.reason


def test_a_row_that_is_no_text_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    path.write_bytes(f"{HEADER}\n{GOOD}\n".encode() + b"C-1,2,1/1/2012,2/1/2012,5.00,,\xff\n")
    assert [str(one) for one in read_history(path, currency="USD").broken] == [
        "line 3: it is not UTF-8."
    ]


def test_amounts_have_the_decimals_of_the_currency(tmp_path: Path) -> None:
    history = read(
        tmp_path, GOOD, "C-2,3,2/1/2012,3/2/2012,120,2/15/2012,", header=HEADER, currency="JPY"
    )
    assert [invoice.amount for invoice in history.invoices] == [120]
    assert "no amount above 0 in JPY" in history.broken[0].reason


@pytest.mark.parametrize(
    ("header", "rows", "reason"),
    [
        (HEADER.replace("DueDate,", ""), [], "lacks the columns DueDate"),
        ("", [], "lacks the columns customerID, invoiceNumber"),
        (HEADER, ["x"], "no row can be played"),
    ],
)
def test_a_file_that_is_no_history_is_refused(
    tmp_path: Path, header: str, rows: list[str], reason: str
) -> None:
    with pytest.raises(UnusableFile, match=reason):
        read(tmp_path, *rows, header=header)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match="No such file"):
        read_history(tmp_path / "absent.csv", currency="USD")


def test_an_invoice_without_settled_date_is_never_paid(tmp_path: Path) -> None:
    header = "invoiceNumber,customerID,InvoiceAmount,DueDate,InvoiceDate"
    history = read(tmp_path, "7,C-1,5.00,2/1/2012,1/1/2012", header=header)
    assert history.invoices[0].is_open(date(2099, 1, 1))


@pytest.mark.skipif(not RECEIVABLES.exists(), reason=f"{RECEIVABLES.name} is not on this machine")
@pytest.mark.parametrize(
    ("day", "open_", "current", "overdue", "customers"),
    [
        (date(2012, 6, 30), (98, 550409), (83, 459436), (15, 90973), 55),
        (date(2012, 12, 31), (99, 572506), (86, 493632), (13, 78874), 61),
        (date(2013, 6, 30), (84, 511985), (72, 428429), (12, 83556), 52),
    ],
)
def test_the_published_figures_follow_from_the_file(
    day: date,
    open_: tuple[int, int],
    current: tuple[int, int],
    overdue: tuple[int, int],
    customers: int,
) -> None:
    history = read_history(RECEIVABLES, currency="USD")
    figures = expect(history, day, ageing_at=[day], delays={1: 5, 2: 20, 3: 40})
    [ageing] = figures.ageing
    assert (ageing.total.items, ageing.total.amount) == open_
    assert (ageing.buckets["current"].items, ageing.buckets["current"].amount) == current
    assert (ageing.buckets["1-30"].items, ageing.buckets["1-30"].amount) == overdue
    assert ageing.customers == customers
    if day == date(2012, 6, 30):
        assert figures.reminded == {1: 152, 2: 22, 3: 0}
        assert (figures.collected.items, figures.collected.amount) == (513, 3123605)
