"""Tests of what all kinds of files print."""

from __future__ import annotations

import lzma
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from ops.replay.__main__ import FORMATS, read_options
from ops.replay.formats import compare, count, find_format, list_broken
from ops.replay.rows import UnusableFile
from tests.ops.replay.retail.made_up import HEADER


def test_figures_stand_side_by_side_and_one_that_differs_is_told() -> None:
    console = Console(file=StringIO(), width=80)
    file = {"cases": {"in all": 2, "open": 1}}
    assert compare(file, {"cases": {"in all": 2, "open": 1}}, console)
    assert not compare(file, {"cases": {"in all": 2, "lost": 1}}, console)
    printed = console.file.getvalue()  # type: ignore[attr-defined]
    lines = [line.split() for line in printed.splitlines()]
    assert ["in", "all", "2", "2", "equal"] in lines
    assert ["open", "1", "-", "differs"] in lines
    assert ["lost", "-", "1", "differs"] in lines


def test_broken_rows_are_counted_and_each_is_told() -> None:
    console = Console(file=StringIO(), width=80)
    list_broken("left out", [f"line {line}" for line in range(23)], console)
    printed = console.file.getvalue()  # type: ignore[attr-defined]
    assert printed.splitlines() == ["23 rows left out:", *(f"  line {line}" for line in range(23))]


INVOICES = "Note,DueDate,InvoiceDate,invoiceNumber,InvoiceAmount,customerID"


@pytest.mark.parametrize(("header", "kind"), [(HEADER, "retail"), (INVOICES, "invoices")])
def test_the_kind_of_a_file_is_found_by_its_columns(tmp_path: Path, header: str, kind: str) -> None:
    plain, packed = tmp_path / "some.csv", tmp_path / "packed"
    plain.write_text(f"{header}\n1")
    packed.write_bytes(lzma.compress(header.encode()))
    assert find_format(plain, FORMATS) == find_format(packed, FORMATS) == kind
    assert read_options([str(plain), "--api", "x", "--key", "y"]).format == kind


@pytest.mark.parametrize("header", ["", HEADER.replace("Country", "Land"), '"'])
def test_a_file_of_no_kind_is_refused_with_the_columns_of_each(
    tmp_path: Path, header: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "some.csv"
    path.write_text(header)
    wanted = f"retail: {HEADER.replace(',', ', ')}"
    with pytest.raises(UnusableFile, match=f"has to name the columns of .*{wanted}"):
        find_format(path, FORMATS)
    with pytest.raises(SystemExit):
        read_options([str(path), "--api", "x", "--key", "y"])
    assert wanted in capsys.readouterr().err


def test_what_has_no_name_is_counted_as_none() -> None:
    assert count(["b", "", "a", "b"]) == {"a": 1, "b": 2, "none": 1}
