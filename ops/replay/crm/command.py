"""The command that plays a CRM's export."""

import argparse
from pathlib import Path

from rich.console import Console

from ops.client import Client
from ops.replay.crm.expected import expect
from ops.replay.crm.player import Player
from ops.replay.crm.records import read_crm
from ops.replay.crm.reports import read_figures
from ops.replay.formats import Format, compare, list_broken, read_currency
from ops.replay.hand import Hand


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="of the three files")
    parser.add_argument(
        "--currency", type=read_currency, default="USD", help="of all accounts (USD)"
    )


def _play(client: Client, options: argparse.Namespace, console: Console) -> bool:
    crm = read_crm(options.folder)
    hand = Hand(client, file="accounts.csv", console=console)
    Player(hand, crm, currency=options.currency).play()
    list_broken("left out of the files", crm.broken, console)
    list_broken("refused by the system", hand.refused, console)
    without = sum(not one.account for one in crm.opportunities)
    console.print(
        f"Taken: {len(crm.people.agents)} agents, {len(crm.accounts)} accounts, "
        f"{len(crm.opportunities)} opportunities; {without} without account tell of no owner."
    )
    return compare(expect(crm), read_figures(client, crm), console)


CRM = Format("a CRM's people, teams and accounts", (), _add_arguments, _play)
