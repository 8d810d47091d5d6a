"""The lines that are not taken: each in a file, and counted by reason."""

import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from ops.replay.retail.records import Left, Reason
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
