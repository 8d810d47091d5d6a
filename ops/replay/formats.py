"""What each kind of file says of itself, and what all of them print."""

import argparse
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from kernel.money import is_currency
from ops.client import Client
from ops.replay.rows import UnusableFile, read_header, read_lines

NONE = "none"
Figures = Mapping[str, Mapping[str, Any]]
"""By title: by name: a figure."""


@dataclass(frozen=True)
class Format:
    """A kind of file: in words, the columns that it has to have (none: it is a folder), its arguments,
    and how it is played, which tells whether the system's figures are the file's."""

    what: str
    columns: Sequence[str]
    add_arguments: Callable[[argparse.ArgumentParser], None]
    play: Callable[[Client, argparse.Namespace, Console], bool]


def find_format(path: Path, formats: Mapping[str, Format]) -> str:
    """The name of the kind of a file, by its columns.

    Raises:
        UnusableFile: it cannot be opened, or its columns are of no kind.
    """
    of_files = {name: one.columns for name, one in formats.items() if one.columns}
    columns = read_header(path, read_lines(path), ())
    for name, wanted in of_files.items():
        if set(wanted) <= set(columns):
            return name
    wants = "; ".join(f"{name}: {', '.join(wanted)}" for name, wanted in of_files.items())
    raise UnusableFile(
        f"{path}: the first line is that of no kind. It has to name the columns of {wants}."
    )


def read_currency(text: str) -> str:
    """A currency, as an argument's type."""
    if not is_currency(text):
        raise argparse.ArgumentTypeError(f"{text} is no ISO 4217 currency")
    return text


def count(names: Iterable[str]) -> Mapping[str, int]:
    """How many of each, by name; what is empty is none."""
    return dict(sorted(Counter(name or NONE for name in names).items()))


def list_broken(what: str, broken: Sequence[object], console: Console) -> None:
    """Print each row that could not be played, and why."""
    if broken:
        console.print(f"{len(broken)} rows {what}:", style="yellow")
    for one in broken:
        console.print(f"  {one}", markup=False, highlight=False, soft_wrap=True)


def compare(file: Figures, system: Figures, console: Console) -> bool:
    """Print figures of the file beside the system's, and tell whether all are equal."""
    for title in file:
        console.print(_tabulate(title, file[title], system[title]))
    return file == system


def _tabulate(title: str, file: Mapping[str, object], system: Mapping[str, object]) -> Table:
    table = Table(title, "file", "system", "", box=box.SIMPLE_HEAD)
    for name in dict.fromkeys([*file, *system]):
        expected, found = file.get(name), system.get(name)
        verdict = "[green]equal[/]" if expected == found else "[bold red]differs[/]"
        table.add_row(name, _words(expected), _words(found), verdict)
    return table


def _words(figure: object) -> str:
    return "-" if figure is None else str(figure)
