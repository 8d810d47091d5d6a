"""Play a recorded history of invoices and payments through the gateway, day by day.

    python -m ops.replay FILE [--api URL] [--key KEY] [--until DAY] [--ageing-at DAY …]

The system has a manual clock; its address and a key come from the environment's API and KEY unless
given. Stopped in whatever way, it goes on where it was. The columns of the file are described in
ops/replay/history.py.
"""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rich.console import Console

from kernel.money import is_currency
from ops.client import Client, Refused, Unreachable
from ops.console import say
from ops.replay import reports
from ops.replay.display import follow
from ops.replay.expected import expect
from ops.replay.history import History, UnusableFile, read_history
from ops.replay.player import Player, list_ends_of_half_years

OK, FAILED, UNUSABLE, STOPPED = 0, 1, 2, 130
SHOWN_MAX = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Play a file, print the figures, and return the exit status."""
    options = read_options(arguments)
    console = Console()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        history = read_history(options.file, currency=options.currency)
        return _replay(Client(options.api, options.key), history, options, console)
    except UnusableFile as error:
        say(str(error))
        return UNUSABLE
    except (Refused, Unreachable) as error:
        say(str(error))
        return FAILED
    except KeyboardInterrupt:
        console.print("\nStopped. The same command goes on from here.")
        return STOPPED


def _replay(client: Client, history: History, options: argparse.Namespace, console: Console) -> int:
    until = min(options.until or history.last_day, history.last_day)
    player = Player(client, history, currency=options.currency)
    with follow(history, until, console) as show:
        player.play(until, show)
    _list_broken("left out of the file", history.broken, console)
    _list_broken("refused by the system", player.progress.refused, console)
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
    return OK if file == system else FAILED


def _list_broken(what: str, broken: Sequence[object], console: Console) -> None:
    if broken:
        console.print(f"{len(broken)} rows {what}:", style="yellow")
    for one in broken[:SHOWN_MAX]:
        console.print(f"  {one}", markup=False, highlight=False)
    if len(broken) > SHOWN_MAX:
        console.print(f"  and {len(broken) - SHOWN_MAX} more")


def read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What was asked for; the process ends with a sentence where that is not clear."""
    parser = argparse.ArgumentParser(
        prog="python -m ops.replay",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--api", metavar="URL", default=os.environ.get("API"), help="where it is")
    parser.add_argument("--key", default=os.environ.get("KEY"), help="an API key of that system")
    parser.add_argument("--currency", default="USD", help="of all amounts (USD)")
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
    options = parser.parse_args(arguments)
    if not options.api or not options.key:
        parser.error("say where the gateway is and who asks: --api URL --key KEY")
    if not is_currency(options.currency):
        parser.error(f"{options.currency} is no ISO 4217 currency")
    return options


if __name__ == "__main__":
    sys.exit(main())
