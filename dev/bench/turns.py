"""A row measured on two sides in turns, so that what else the machine does falls on both."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from dev.bench.figures import Figure, Result, compare
from ops.console import say

Place = TypeVar("Place")


def take_turns(
    row: Callable[[Place], Iterable[Figure]], this: Place, base: Place | None, *, rounds: int
) -> list[Result]:
    """Measure so many rounds on both, the base first and last by turns; what came of them.

    What the base cannot do is told, and has no figures."""
    ours: list[list[Figure]] = []
    theirs: list[list[Figure]] = []
    for number in range(rounds):
        if base is not None and number % 2 == 0:
            theirs.append(_measure_base(row, base))
        ours.append(list(row(this)))
        if base is not None and number % 2 == 1:
            theirs.append(_measure_base(row, base))
    return compare(ours, theirs)


def _measure_base(row: Callable[[Place], Iterable[Figure]], base: Place) -> list[Figure]:
    figures = []
    try:
        for figure in row(base):
            figures.append(figure)
    except Exception as error:
        say(f"The base has no more figures of this row: {type(error).__name__}: {error}"[:400])
    return figures
