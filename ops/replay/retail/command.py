"""The command that bills a shop's order lines."""

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from ops.client import Client
from ops.replay.formats import Format, compare, read_currency
from ops.replay.hand import Hand
from ops.replay.retail.expected import expect
from ops.replay.retail.player import Player
from ops.replay.retail.records import COLUMNS, Reason, Survey, survey
from ops.replay.retail.refusals import Refusals, write_refusals
from ops.replay.retail.reports import read_figures


@dataclass
class Done:
    """What was entered, and how long that took."""

    documents: int = 0
    lines: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        if not self.documents:
            return "Nothing was entered: all that can be is there."
        return (
            f"Entered {self.documents:,} documents with {self.lines:,} lines in {self.seconds:,.0f} s: "
            f"{self.documents / self.seconds:,.0f} documents, {self.lines / self.seconds:,.0f} lines a "
            "second."
        )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is said of a shop's file."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a CSV, plain or packed by xz")
    parser.add_argument("--currency", type=read_currency, default="GBP", help="of all prices (GBP)")
    parser.add_argument(
        "--refused",
        type=Path,
        metavar="FILE",
        help="where to write the lines that are not taken (the file's name and .refused.csv, here)",
    )


def _play(client: Client, options: argparse.Namespace, console: Console) -> bool:
    path, currency = options.file, options.currency
    with write_refusals(options.refused or Path(f"{path.name}.refused.csv")) as refusals:
        with console.status("reading the file"):
            found = survey(path, currency=currency, leave=refusals.leave)
        hand = Hand(client, file=path.name, console=console)
        player = Player(hand, path, found, currency=currency, leave=refusals.leave)
        with follow(found, console) as (show, done):
            player.play(show)
    console.print(str(done))
    console.print(tabulate_lines(found, refusals, taken="billed"))
    console.print(f"Each line that is not billed, and why: {refusals.path}")
    ids = frozenset(player.account_ids.values())
    return compare(
        expect(found, currency=currency),
        read_figures(client, found, ids, currency=currency),
        console,
    )


@contextmanager
def follow(found: Survey, console: Console) -> Iterator[tuple[Callable[[int, int], None], Done]]:
    """Show a bar of documents; gives the function that moves it, and what is done in the end."""
    columns = (TextColumn("document"), BarColumn(20), MofNCompleteColumn(), TimeElapsedColumn())
    done, begun = Done(), time.monotonic()
    with Progress(*columns, console=console) as display:
        task = display.add_task("", total=len(found.headings))

        def show(documents: int, lines: int) -> None:
            done.documents += documents
            done.lines += lines
            display.advance(task, documents)

        yield show, done
    done.seconds = time.monotonic() - begun


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


RETAIL = Format(
    "a shop's order lines, billed as invoices and credit notes", COLUMNS, add_arguments, _play
)
