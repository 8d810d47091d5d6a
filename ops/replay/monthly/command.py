"""The command that bills a shop's order lines by the month."""

import argparse
import time
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ops.client import Client
from ops.replay.formats import compare
from ops.replay.hand import Hand
from ops.replay.monthly.figures import expect, list_differing, read_figures
from ops.replay.monthly.player import Player
from ops.replay.monthly.records import survey_months
from ops.replay.monthly.runs import Looked, NotApproved
from ops.replay.retail.refusals import Refusals, tabulate_lines, write_refusals


def play(client: Client, options: argparse.Namespace, console: Console) -> bool:
    """Bill a file by the month, print the figures, and tell whether the system's are the file's."""
    path = options.file
    with write_refusals(options.refused or Path(f"{path.name}.refused.csv")) as refusals:
        try:
            return _play(client, options, refusals, console)
        except NotApproved as error:
            console.print(str(error), markup=False, highlight=False, soft_wrap=True)
            return False


def _play(
    client: Client, options: argparse.Namespace, refusals: Refusals, console: Console
) -> bool:
    path, currency = options.file, options.currency
    with console.status("reading the file"):
        shop = survey_months(path, currency=currency, leave=refusals.leave)

    def tell(made: Looked) -> None:
        console.print(made.tell(currency))

    hand = Hand(client, file=path.name, console=console)
    player = Player(hand, path, shop, currency=currency, leave=refusals.leave, tell=tell)
    begun = time.monotonic()
    columns = (TextColumn("line"), BarColumn(20), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as display:
        task = display.add_task("", total=shop.found.lines)
        player.play(lambda lines: display.advance(task, lines))
    seconds = time.monotonic() - begun
    taken = f"{player.taken:,} lines taken, now or before"
    console.print(f"{taken}; {player.credited:,} credit notes entered, in {seconds:,.0f} s.")
    console.print(tabulate_lines(shop.found, refusals, taken="billed"))
    console.print(f"Each line that is not billed, and why: {refusals.path}")
    file, mine = expect(shop, player.credits, currency=currency)
    system, its = read_figures(client, shop, player.account_ids, currency=currency)
    is_equal = compare(file, system, console)
    return compare(*list_differing(mine, its, currency=currency), console) and is_equal
