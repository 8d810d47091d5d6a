"""How results are set in tables and pages."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from kernel.money import Money

Row = dict[str, Any]
Page = tuple[str, RenderableType]
"""With its title."""


def new_table(*columns: str) -> Table:
    """A table; a column whose name begins with > holds figures."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        table.add_column(name.removeprefix(">"), justify="right" if name[:1] == ">" else "left")
    return table


def new_list() -> Table:
    """A table of two columns without names."""
    table = new_table("", "")
    table.show_header = False
    return table


def as_page(lines: Iterable[str]) -> Text:
    """Lines as they are, however wide."""
    return Text("\n".join(lines), no_wrap=True, overflow="ignore")


def count_by(things: Iterable[Row], column: str) -> str:
    """How many there are of each, in words."""
    counted = Counter(thing[column] for thing in things)
    return ", ".join(f"{count} {value.replace('_', ' ')}" for value, count in counted.most_common())


def write(minor: int, currency: str) -> str:
    """A sum without its currency."""
    return str(Money(minor, currency)).removesuffix(f" {currency}")
