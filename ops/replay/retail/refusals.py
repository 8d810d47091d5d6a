"""The lines that are not taken: each in a file, and counted by reason."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from rich import box
from rich.table import Table

from ops.replay.retail.records import Left, Reason, Sale, Survey
from ops.replay.rows import UnusableFile

COLUMNS = ("line", "reason", "detail", "row")


class Refusals:
    """Takes lines that are left out."""

    def __init__(self, path: Path, file: TextIO) -> None:
        """Take the file to write them to, which is open; its first line names the columns."""
        self.path = path
        self._writer = csv.writer(file, lineterminator="\n")
        self._writer.writerow(COLUMNS)
        self.counts: Counter[Reason] = Counter()

    def leave(self, left: Left) -> None:
        """Note one: its number in the file, why, and the line itself."""
        self.counts[left.reason] += 1
        self._writer.writerow([left.line, left.reason, left.detail, left.row])


class LeftOut:
    """Takes lines that the system refuses, and notes each once, whatever it is refused with."""

    def __init__(self, leave: Callable[[Left], object]) -> None:
        """Take who is told of each."""
        self._leave = leave
        self._noted: set[int] = set()
        self.customers: Mapping[str, str] = {}
        """Those who have no account, and why."""

    def note(self, sales: Iterable[Sale], detail: str) -> None:
        """Leave lines out."""
        for sale in sales:
            if sale.line not in self._noted:
                self._noted.add(sale.line)
                self._leave(Left(sale.line, Reason.REFUSED, sale.row, detail))

    def has_account(self, sales: Sequence[Sale]) -> bool:
        """Whether the customer of these has one; else they are left out."""
        detail = self.customers.get(sales[0].customer)
        if detail is not None:
            self.note(sales, f"account: {detail}")
        return detail is None


@contextmanager
def write_refusals(path: Path) -> Iterator[Refusals]:
    """Write the lines that are not taken to a file, in place of what it held.

    Raises:
        UnusableFile: it cannot be written.
    """
    try:
        file = path.open("w", newline="", encoding="utf-8")
    except OSError as error:
        raise UnusableFile(
            f"{path}: {error.strerror}. Name another for what is not taken: --refused FILE."
        ) from error
    with file:
        yield Refusals(path, file)


def tabulate_lines(found: Survey, refusals: Refusals, *, taken: str) -> Table:
    """What became of the lines: those that were taken and those that were not are all."""
    counts = refusals.counts
    table = Table("lines", "", box=box.SIMPLE_HEAD)
    table.columns[1].justify = "right"
    table.add_row(taken, f"{found.lines - counts[Reason.REFUSED]:,}")
    for reason in Reason:
        if counts[reason]:
            table.add_row(reason, f"{counts[reason]:,}")
    left_out = counts.total() - counts[Reason.REFUSED]
    table.add_row("in the file", f"{found.lines + left_out:,}", style="bold")
    return table
