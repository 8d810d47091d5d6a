"""`make reconcile`: compare what services keep of one another's facts with its owners, and mend it.

    python -m ops.reconcile [--api URL] [--key KEY]

The address and the key (scope admin) come from the environment's API and KEY unless given. Ends with 1
where a copy differed or could not be compared.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from ops.client import Client, Refused, Unreachable
from ops.console import say

COLUMNS = ("listener", "source", "event", "count", "different", "error")


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare all copies, print how they were found, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m ops.reconcile", description=__doc__)
    parser.add_argument("--api", default=os.environ.get("API"))
    parser.add_argument("--key", default=os.environ.get("KEY"))
    options = parser.parse_args(arguments)
    if not options.api or not options.key:
        say(
            "Say where the gateway is and who asks: API=http://127.0.0.1:8000 KEY=stw_… make reconcile"
        )
        return 2
    client = Client(options.api, options.key, patience_seconds=0)
    try:
        copies = client.post("/v1/copies/reconcile", {})["items"]
    except (Refused, Unreachable) as problem:
        say(str(problem))
        return 1
    finally:
        client.close()
    table = Table(*COLUMNS)
    for copy in copies:
        table.add_row(*("" if copy[name] is None else str(copy[name]) for name in COLUMNS))
    Console().print(table)
    return 1 if any(copy["different"] or copy["error"] for copy in copies) else 0


if __name__ == "__main__":
    sys.exit(main())
