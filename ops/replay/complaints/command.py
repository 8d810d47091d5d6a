"""The command that plays complaints."""

import argparse
from pathlib import Path

from rich.console import Console

from ops.client import Client
from ops.replay.complaints.expected import HEAD, expect
from ops.replay.complaints.player import Player
from ops.replay.complaints.records import REQUIRED, read_complaints
from ops.replay.complaints.reports import read_figures, read_limits
from ops.replay.formats import Format, compare, list_broken
from ops.replay.hand import Hand
from ops.replay.people import read_people


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument(
        "--people",
        type=Path,
        metavar="FILE",
        required=True,
        help="who looks after cases: a CRM's sales_teams.csv",
    )


def _play(client: Client, options: argparse.Namespace, console: Console) -> bool:
    people = read_people(options.people)
    complaints = read_complaints(options.file, people)
    limits = read_limits(client)
    hand = Hand(client, file=options.file.name, console=console)
    Player(hand, complaints, zone=limits.hours.zone).play()
    now = hand.stand_after(complaints.last_day)
    left_out = [*people.broken, *complaints.broken]
    list_broken("left out of the files", left_out, console)
    list_broken("refused by the system", hand.refused, console)
    taken, reported = len(complaints.rows), len(complaints.broken)
    console.print(f"{options.file.name}: {taken + reported} rows, {reported} of them left out.")
    console.print(f"Counted at {now:%Y-%m-%d %H:%M} UTC: {HEAD}.")
    return compare(expect(complaints, limits, now), read_figures(client, complaints), console)


COMPLAINTS = Format("consumer complaints, played as cases", REQUIRED, _add_arguments, _play)
