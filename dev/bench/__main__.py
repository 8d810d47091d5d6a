"""`make bench`: one table, each figure beside its limit and its aim, all measured in one run.

    python -m dev.bench [row …] [--base COMMIT] [--rounds N] [--growth [ROWS]]

With a base, the code of that commit is measured beside this one, in turns and on servers of its own. Aims
that are missed are told; the status is 0 all the same.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from rich.console import Console

from dev.bench import clients, goods, growth, owed, rows, statements, stock, upkeep
from dev.bench.checkout import UnknownCommit, check_out, name_commit
from dev.bench.figures import Figure, Result
from dev.bench.ground import Ground
from dev.bench.side import Side, SideFailed
from dev.bench.table import draw, list_missed, list_notes, write
from dev.bench.turns import take_turns
from dev.state import PROJECT
from ops.console import say

ROWS: dict[str, Callable[[Ground], Iterator[Figure]]] = {
    measure.__name__: measure
    for measure in (
        *(
            rows.rpc,
            rows.reads,
            rows.invoices,
            rows.dunning,
            rows.payments,
            rows.batches,
            goods.shipping,
            goods.ordering,
            rows.latency,
        ),
        *(upkeep.memory, upkeep.start, upkeep.days, upkeep.replay, clients.clients, owed.ageing),
        *(stock.stock, stock.reserving, statements.statements),
    )
}
"""In an order in which each finds what it needs."""
ROUNDS_BESIDE_BASE = 3
WIDTH = 150


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the status is 1 where a system does not start."""
    options = read_options(arguments)
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    results: list[Result] = []
    try:
        with console.status("starting …") as status:
            for result in measure(options):
                results.append(result)
                status.update(f"{result.figure.name}: {write(result.value, result.figure.unit)}")
    except SideFailed as error:
        say(str(error))
        return 1
    finally:  # what was measured before something broke is worth seeing
        console.print(draw(results, options.base))
        missed = [f"missed: {line}" for line in list_missed(results)]
        for line in (*list_notes(results, options.base), *missed):
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    return 0


def read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What was asked for; the process ends with a sentence where that cannot be."""
    parser = argparse.ArgumentParser(
        prog="python -m dev.bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("rows", nargs="*", metavar="row", help=f"of {', '.join(ROWS)}; or all")
    parser.add_argument("--base", metavar="COMMIT", help="whose code is measured beside this one")
    parser.add_argument("--rounds", type=_read_count, metavar="N", help="1, with a base 3")
    parser.add_argument(
        "--growth",
        type=_read_count,
        nargs="?",
        const=growth.ROWS,
        metavar="ROWS",
        help=f"fill tables with so many rows ({growth.ROWS:,}: minutes and gigabytes)",
    )
    options = parser.parse_args(arguments)
    if unknown := set(options.rows) - set(ROWS):
        parser.error(f"there is no row {', '.join(sorted(unknown))}: there are {', '.join(ROWS)}")
    try:
        options.base = options.base and name_commit(options.base)
    except UnknownCommit as error:
        parser.error(str(error))
    options.rows = options.rows or list(ROWS)
    options.rounds = options.rounds or (ROUNDS_BESIDE_BASE if options.base else 1)
    return options


def measure(options: argparse.Namespace) -> Iterator[Result]:
    """The results of the rows that were chosen."""
    with ExitStack() as stack:
        base = _start_base(stack, options.base) if options.base else None
        this = _start(stack, Side("this", PROJECT))
        for name in options.rows:
            yield from take_turns(ROWS[name], this, base, rounds=options.rounds)
        if options.growth:
            grow = partial(growth.grow, rows=options.growth)
            yield from take_turns(grow, this, base, rounds=1)


def _start_base(stack: ExitStack, commit: str) -> Ground:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="steward-bench-")))
    check_out(commit, folder)
    return _start(stack, Side("base", folder))


def _start(stack: ExitStack, side: Side) -> Ground:
    return stack.enter_context(Ground(stack.enter_context(side)))


def _read_count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError(f"{count} is none: at least 1")
    return count


if __name__ == "__main__":
    sys.exit(main())
