"""Tests of reading files: a broken row breaks only itself, and every row is taken or reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops.replay.rows import (
    BrokenRow,
    Row,
    UnusableFile,
    read_choice,
    read_iso_day,
    read_rows,
    require,
)

HEADER = "id,day,text"


def take(line: int, row: Row) -> tuple[int, str]:
    require(row, "id")
    return line, row["text"]


def read(folder: Path, content: str | bytes) -> tuple[list[tuple[int, str]], list[str]]:
    path = folder / "some.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = read_rows(path, required=("id", "text"), key="id", read=take)
    return list(found.rows), [str(one) for one in found.broken]


@pytest.mark.parametrize(
    ("rows", "taken", "reported"),
    [
        ('1,,"two\nlines"\n2,,x', [(2, "two\nlines"), (4, "x")], []),
        ('1,,"say ""no"""', [(2, 'say "no"')], []),
        ("1,,a\r\n2,,b\r\n", [(2, "a"), (3, "b")], []),
        ("1,,a\n\n  \n2,,b", [(2, "a"), (5, "b")], []),
        (",,\n2,,b", [(3, "b")], ["line 2: id is empty."]),
        ("1,a\n2,,b", [(3, "b")], ["line 2: it has 2 values, the first line 3."]),
        ("1,,a,b,c\n2,,b", [(3, "b")], ["line 2: it has 5 values, the first line 3."]),
        ("1,,a\n1,,b\n2,,c", [(2, "a"), (4, "c")], ["line 3: id 1 stands in line 2 already."]),
        ('1,,"a\n2,,b\n3,,c', [(3, "b"), (4, "c")], ["line 2: unexpected end of data."]),
        ('1,,"a\n2,,"b"\n3,,c', [(3, "b"), (4, "c")], ["line 2: ',' expected after '\"'."]),
        ('1,"a\n2,,b\n3,,"\n4,,c', [(3, "b"), (5, "c")], ["line 2: it has 2", "line 4: unexp"]),
        ('1,,"a\nb",c\n2,,b', [(4, "b")], ["line 2: it has 4 values, the first line 3."]),
        ("1,,a\n2,cut", [(2, "a")], ["line 3: it has 2 values, the first line 3."]),
    ],
)
def test_a_broken_row_is_reported_with_its_line_and_swallows_no_other(
    tmp_path: Path, rows: str, taken: list[tuple[int, str]], reported: list[str]
) -> None:
    found, broken = read(tmp_path, f"{HEADER}\n{rows}")
    assert found == taken
    assert len(broken) == len(reported)
    for one, begin in zip(broken, reported, strict=True):
        assert one.startswith(f"some.csv {begin}")


def test_the_second_of_two_is_taken_where_the_first_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "some.csv"
    path.write_text(f"{HEADER}\n1,soon,a\n1,2012-02-29,b\n")

    def take(line: int, row: Row) -> int:
        read_iso_day(row, "day")
        return line

    found = read_rows(path, required=("id",), key="id", read=take)
    assert found.rows == [3]
    [broken] = found.broken
    assert str(broken) == "some.csv line 2: day 'soon' is no day as year-month-day."


def test_what_is_no_text_is_reported_by_its_column(tmp_path: Path) -> None:
    taken, broken = read(tmp_path, f"{HEADER}\n".encode() + b"1,,\xff\n2,,b\n")
    assert (taken, broken) == ([(3, "b")], ["some.csv line 2: text is not UTF-8."])


@pytest.mark.parametrize(
    ("content", "reason"),
    [("", "lacks the columns id, text"), ("id,day\n1,x", "lacks the columns text"), ('"id', "id")],
)
def test_a_file_without_its_columns_is_refused(tmp_path: Path, content: str, reason: str) -> None:
    with pytest.raises(UnusableFile, match=reason):
        read(tmp_path, content)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match="No such file"):
        read_rows(tmp_path / "absent.csv", required=(), key="id", read=take)


def test_an_unknown_choice_names_those_that_are_known() -> None:
    with pytest.raises(BrokenRow, match="text 'No way' is none that is known: Yes, No"):
        read_choice({"text": "No way"}, "text", {"Yes": True, "No": False})
