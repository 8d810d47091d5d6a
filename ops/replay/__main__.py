"""Play a recorded file through the gateway, and hold what the system says against the file.

    python -m ops.replay invoices FILE [--until DAY] [--ageing-at DAY …] [--currency USD]
    python -m ops.replay crm FOLDER [--currency USD]
    python -m ops.replay complaints FILE --people FILE
    python -m ops.replay retail FILE [--by shipment|month] [--currency GBP] [--refused FILE]
    python -m ops.replay sales FILE [--until DAY] [--currency GBP] [--refused FILE]

A file's kind may be left out: it is found by the columns that the first line names.
`--api URL --key KEY` say where the system is and who asks; they come from the environment's API and KEY
unless given. Stopped in whatever way, it goes on where it was, and what is played already is not played
again. What a file is to look like, and what becomes of it, stands in the docstrings of
ops/replay/invoices/history.py and of records.py in ops/replay/crm, complaints, retail and sales. A shop's
file is retail, which bills it by shipment or, as ops/replay/monthly/records.py has it, by month; unless
sales is said, which sells it.
"""

import argparse
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

from ops.client import Client, Refused, Unreachable
from ops.console import say
from ops.replay.complaints.command import COMPLAINTS
from ops.replay.crm.command import CRM
from ops.replay.formats import Format, find_format
from ops.replay.invoices.command import INVOICES
from ops.replay.retail.command import RETAIL
from ops.replay.rows import UnusableFile
from ops.replay.sales.command import SALES

OK, FAILED, UNUSABLE, STOPPED = 0, 1, 2, 130
FORMATS: Mapping[str, Format] = {
    "invoices": INVOICES,
    "crm": CRM,
    "complaints": COMPLAINTS,
    "retail": RETAIL,
    "sales": SALES,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Play a file, print the figures, and return the exit status: 0 where the system's are the file's."""
    options = read_options(arguments)
    console = Console()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        client = Client(options.api, options.key)
        return OK if FORMATS[options.format].play(client, options, console) else FAILED
    except UnusableFile as error:
        say(str(error))
        return UNUSABLE
    except (Refused, Unreachable) as error:
        say(str(error))
        return FAILED
    except KeyboardInterrupt:
        console.print("\nStopped. The same command goes on from here.")
        return STOPPED


def read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What was asked for; the process ends with a sentence where that is not clear."""
    parser = argparse.ArgumentParser(
        prog="python -m ops.replay",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    formats = parser.add_subparsers(dest="format", required=True)
    for name, one in FORMATS.items():
        of_format = formats.add_parser(name, help=one.what)
        one.add_arguments(of_format)
        environment = os.environ
        of_format.add_argument(
            "--api", metavar="URL", default=environment.get("API"), help="where it is"
        )
        of_format.add_argument(
            "--key", default=environment.get("KEY"), help="an API key of that system"
        )
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and not given[0].startswith("-") and given[0] not in FORMATS:
        try:
            given.insert(0, find_format(Path(given[0]), FORMATS))
        except UnusableFile as error:
            parser.error(str(error))
    options = parser.parse_args(given)
    if not options.api or not options.key:
        parser.error("say where the gateway is and who asks: --api URL --key KEY")
    return options


if __name__ == "__main__":
    sys.exit(main())
