"""The table of results, what was seen besides, and which aims are missed."""

from collections.abc import Sequence

from rich.table import Table

from dev.bench.figures import TIMES, Result

VERDICTS = {True: "[green]met", False: "[red]missed", None: ""}
NOISE = 0.05  # two runs of the same code differ by as much


def draw(results: Sequence[Result], base: str | None = None) -> Table:
    """The results as a table; with `base`, the other commit's name, its figures and the ratios too."""
    sides = [base, "this", "this / base"] if base else ["figure"]
    table = Table("what", *sides, "limit in this run", "aim", "")
    for result in results:
        figure = result.figure
        row = [write(result.value, figure.unit)]
        if base:
            row = [write(result.base, figure.unit), *row, _colour(result)]
        aim = str(figure.aim or "")
        table.add_row(figure.name, *row, figure.limit, aim, VERDICTS[result.is_met])
    return table


def list_notes(results: Sequence[Result], base: str | None = None) -> list[str]:
    """A line for each figure beside which something was seen, those of the base under its name."""
    notes = []
    for result in results:
        for side, figure in ((f" ({base})", result.base_figure), ("", result.figure)):
            if figure is not None and figure.more:
                notes.append(f"{figure.name}{side}: {figure.more}")
    return notes


def list_missed(results: Sequence[Result]) -> list[str]:
    """A line for each aim that is missed."""
    return [
        f"{result.figure.name}: {write(result.value, result.figure.unit)}, "
        f"and {result.figure.aim} is the aim"
        for result in results
        if result.is_met is False
    ]


def write(value: float | None, unit: str) -> str:
    """A figure with three digits or so and its unit; a dash where there is none."""
    if value is None:
        return "-"
    digits = max(0, 3 - len(str(int(value)))) + (value < 0.1)
    joined = "" if unit.startswith("/") else " "
    return f"{value:,.{digits}f}" + (" x" if unit == TIMES else f"{joined}{unit}")


def _colour(result: Result) -> str:
    if result.ratio is None or result.gain is None:
        return "-"
    better, worse = result.gain > 1 + NOISE, result.gain < 1 - NOISE
    return f"{'[green]' if better else '[red]' if worse else ''}{result.ratio:.2f}"
