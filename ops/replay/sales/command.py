"""The command that sells a shop's order lines."""

import argparse
from datetime import date
from pathlib import Path

from rich.console import Console

from ops.client import Client
from ops.replay.formats import Format, compare, list_broken
from ops.replay.hand import Hand
from ops.replay.retail.command import add_arguments, follow
from ops.replay.retail.records import COLUMNS
from ops.replay.retail.refusals import tabulate_lines, write_refusals
from ops.replay.sales.figures import Tally, list_differing, tabulate
from ops.replay.sales.player import Player
from ops.replay.sales.records import Shop, survey_shop
from ops.replay.sales.reports import read_on_hand, read_tally


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_arguments(parser)
    parser.add_argument(
        "--until", type=date.fromisoformat, metavar="DAY", help="play no document after it"
    )


def _play(client: Client, options: argparse.Namespace, console: Console) -> bool:
    path, currency = options.file, options.currency
    with write_refusals(options.refused or Path(f"{path.name}.refused.csv")) as refusals:
        with console.status("reading the file"):
            shop = survey_shop(path, currency=currency, until=options.until, leave=refusals.leave)
        hand = Hand(client, file=path.name, console=console)
        player = Player(hand, path, shop, currency=currency, leave=refusals.leave)
        with follow(shop.found, console) as (show, done):
            player.play(show)
    console.print(str(done))
    list_broken("could not be entered", hand.refused, console)
    console.print(tabulate_lines(shop.found, refusals, taken="sold or come back"))
    console.print(f"Each line that is not taken, and why: {refusals.path}")
    system = read_tally(client, player.account_ids, currency=currency)
    return _compare(shop, system, read_on_hand(client, shop), currency, console)


def _compare(shop: Shop, system: Tally, on_hand: int, currency: str, console: Console) -> bool:
    """Print both sides, and whatever products and clients differ."""
    received = sum(one.quantity for one in shop.receipts())
    file = shop.tally
    is_equal = compare(
        tabulate(file, on_hand=received + file.on_hand, currency=currency),
        tabulate(system, on_hand=on_hand, currency=currency),
        console,
    )
    for what, mine, its in (
        ("products", file.products, system.products),
        ("clients", file.clients, system.clients),
    ):
        differing = list_differing(what, mine, its, currency=currency)
        if differing:
            found = list_differing(what, its, mine, currency=currency)
            compare(differing, found, console)
            is_equal = False
    return is_equal


SALES = Format(
    "a shop's order lines, sold as orders and returns (say so: else they are retail)",
    COLUMNS,
    _add_arguments,
    _play,
)
