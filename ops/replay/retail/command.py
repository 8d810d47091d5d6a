"""The command that bills a shop's order lines, by shipment or by month."""

import argparse
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ops.client import Client
from ops.replay.formats import Format, compare, read_currency
from ops.replay.hand import Hand
from ops.replay.monthly.command import play as play_by_month
from ops.replay.retail.expected import expect
from ops.replay.retail.player import Player
from ops.replay.retail.records import COLUMNS, Survey, survey
from ops.replay.retail.refusals import tabulate_lines, write_refusals
from ops.replay.retail.reports import read_figures

Play = Callable[[Client, argparse.Namespace, Console], bool]


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


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_arguments(parser)
    parser.add_argument(
        "--by",
        choices=["shipment", "month"],
        default="shipment",
        help="bill each of the file's invoices by itself (so unless said), or each client's month by one",
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


PLAYS: Mapping[str, Play] = {"shipment": _play, "month": play_by_month}
RETAIL = Format(
    "a shop's order lines, billed as invoices and credit notes",
    COLUMNS,
    _add_arguments,
    lambda client, options, console: PLAYS[options.by](client, options, console),
)
