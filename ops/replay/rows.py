"""Files with a header and a record a row, read so that a broken row breaks only itself."""

import csv
import lzma
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Generic, TextIO, TypeVar

Row = Mapping[str, str]
PACKED = b"\xfd7zXZ\0"
One = TypeVar("One")


class UnusableFile(ValueError):
    """The file as a whole cannot be played; the text says why."""


class BrokenRow(ValueError):
    """A row that cannot be played; the text names the column and says why."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A line of a file that was left out, and why; the file is named where there are several."""

    line: int
    reason: str
    file: str = ""

    def __str__(self) -> str:
        return f"{self.file} line {self.line}: {self.reason}".lstrip()


@dataclass(frozen=True)
class Read(Generic[One]):
    """What the rows of a file say, and those that say nothing that can be played."""

    rows: Sequence[One]
    broken: Sequence[Broken]


def read_lines(path: Path) -> Iterator[str]:
    """The lines of a file with their ends, as a stream; a file that is packed by xz is unpacked. What is
    not UTF-8 in it is U+FFFD.

    Raises:
        UnusableFile: it cannot be opened, or unpacked to its end.
    """
    try:
        with path.open("rb") as file:
            is_packed = file.read(len(PACKED)) == PACKED
        opener: Callable[..., TextIO] = lzma.open if is_packed else open
        with opener(path, "rt", encoding="utf-8-sig", errors="replace", newline="") as lines:
            yield from lines
    except OSError as error:
        raise UnusableFile(f"{path}: {error.strerror}.") from error
    except (EOFError, lzma.LZMAError) as error:
        raise UnusableFile(f"{path}: it is packed by xz, and broken: {error}.") from error


def read_header(path: Path, lines: Iterator[str], required: Sequence[str]) -> Sequence[str]:
    """The names of the columns, from the first of a file's lines.

    Raises:
        UnusableFile: it lacks a column.
    """
    try:
        columns = split_line(next(lines, ""))
    except BrokenRow:
        columns = []
    if missing := [name for name in required if name not in columns]:
        raise UnusableFile(f"{path}: the first line lacks the columns {', '.join(missing)}.")
    return columns


def split_line(text: str) -> list[str]:
    """The values of a line that is a record by itself."""
    try:
        return [value.strip() for value in next(csv.reader([text], strict=True), [])]
    except csv.Error as error:
        raise BrokenRow(str(error)) from error


def name_values(record: Sequence[str], columns: Sequence[str]) -> Row:
    """The values of a record by column."""
    if len(record) != len(columns):
        raise BrokenRow(f"it has {len(record)} values, the first line {len(columns)}")
    row = dict(zip(columns, record, strict=True))
    if "\ufffd" in "".join(record):
        unreadable = [name for name, value in row.items() if "\ufffd" in value]
        raise BrokenRow(f"{', '.join(unreadable)} is not UTF-8")
    return row


def read_rows(
    path: Path, *, required: Sequence[str], key: str, read: Callable[[int, Row], One]
) -> Read[One]:
    """Read a file of which values may go over several lines. `read` makes one of a line's number and its
    values by column, or raises BrokenRow; of two rows with the same `key` the second is broken.

    Raises:
        UnusableFile: it cannot be opened, or lacks a column.
    """
    records = _records(list(read_lines(path)))
    _, header = next(records, (1, []))
    columns = [] if isinstance(header, BrokenRow) else header
    if missing := [name for name in required if name not in columns]:
        raise UnusableFile(f"{path}: the first line lacks the columns {', '.join(missing)}.")
    rows: list[One] = []
    broken: list[Broken] = []
    seen: dict[str, int] = {}
    for line, record in records:
        try:
            if isinstance(record, BrokenRow):
                raise record
            row = name_values(record, columns)
            if row[key] in seen:
                raise BrokenRow(f"{key} {row[key]} stands in line {seen[row[key]]} already")
            rows.append(read(line, row))
            seen[row[key]] = line
        except BrokenRow as reason:
            broken.append(Broken(line, f"{reason}.", path.name))
    return Read(rows, broken)


def require(row: Row, *columns: str) -> None:
    """That none of these is empty."""
    if empty := [name for name in columns if not row[name]]:
        raise BrokenRow(f"{', '.join(empty)} is empty")


def read_choice(row: Row, column: str, choices: Mapping[str, One]) -> One:
    """What a value stands for."""
    if row[column] not in choices:
        known = ", ".join(choices)
        raise BrokenRow(f"{column} {row[column]!r} is none that is known: {known}")
    return choices[row[column]]


def read_iso_day(row: Row, column: str) -> date:
    """A day as year-month-day."""
    try:
        return date.fromisoformat(row[column])
    except ValueError:
        raise BrokenRow(f"{column} {row[column]!r} is no day as year-month-day") from None


def _records(lines: Sequence[str]) -> Iterator[tuple[int, list[str] | BrokenRow]]:
    """Each record with the number of its first line; one that cannot be understood ends with that line,
    so that a stray quote swallows no other."""
    at, columns = 0, 0
    while at < len(lines):
        reader = csv.reader(map(lines.__getitem__, range(at, len(lines))), strict=True)
        try:
            values = [value.strip() for value in next(reader)]
        except csv.Error as error:
            yield at + 1, BrokenRow(str(error))
            at += 1
            continue
        columns = columns or len(values)
        taken = reader.line_num
        if len(values) != columns:
            taken = _until_next(lines[at : at + taken], columns)
        if values not in ([], [""]):
            yield at + 1, values
        at += taken


def _until_next(lines: Sequence[str], columns: int) -> int:
    """How many lines of a record that has too few values or too many are before one that is whole."""
    for count, line in enumerate(lines[1:], start=1):
        if len(next(csv.reader([line]), [])) == columns:
            return count
    return len(lines)
