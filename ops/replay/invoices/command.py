"""The command that plays invoices and payments day by day, in a system with a manual clock."""

import argparse
from datetime import date
from pathlib import Path

from rich.console import Console

from ops.client import Client
from ops.replay.formats import Format, list_broken, read_currency
from ops.replay.invoices import reports
from ops.replay.invoices.display import follow
from ops.replay.invoices.expected import expect
from ops.replay.invoices.history import REQUIRED, read_history
from ops.replay.invoices.player import Player, list_ends_of_half_years


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument(
        "--currency", type=read_currency, default="USD", help="of all amounts (USD)"
    )
    parser.add_argument(
        "--until", type=date.fromisoformat, metavar="DAY", help="the last to play (the file's last)"
    )
    parser.add_argument(
        "--ageing-at",
        type=date.fromisoformat,
        metavar="DAY",
        action="append",
        help="shown in the table of what is open; repeatable (each half year's last)",
    )


def _play(client: Client, options: argparse.Namespace, console: Console) -> bool:
    history = read_history(options.file, currency=options.currency)
    until = min(options.until or history.last_day, history.last_day)
    player = Player(client, history, currency=options.currency)
    with follow(history, until, console) as show:
        player.play(until, show)
    list_broken("left out of the file", history.broken, console)
    list_broken("refused by the system", player.progress.refused, console)
    ends = list_ends_of_half_years(history.first_day, until)
    ageing_at = sorted({day for day in options.ageing_at or ends if day < until} | {until})
    delays = reports.read_delays(client)
    file = expect(history, until, ageing_at=ageing_at, delays=delays)
    system = reports.read_figures(
        client,
        first_day=history.first_day,
        last_day=until,
        currency=options.currency,
        ageing_at=ageing_at,
        levels=list(delays),
    )
    reports.show(file, system, currency=options.currency, console=console)
    placed = ", ".join(f"{n} {status}" for status, n in reports.count_placements(client).items())
    console.print(f"Hand-overs: {placed or 'none'}.")
    return file == system


INVOICES = Format("one invoice a row, played day by day", REQUIRED, _add_arguments, _play)
