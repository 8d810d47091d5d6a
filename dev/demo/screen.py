"""What is seen of the demo while it runs: the story, a bar, and the lines of the processes."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from dev.demo.business import FIRST_DAY, LAST_DAY
from dev.demo.pages import WIDTH
from kernel.money import Money
from ops.client import Client

_LOG_LINE = re.compile(r"\d{4}-\d\d-\d\d.(?P<time>\d\d:\d\d:\d\d)\S* (?P<text>.*)")
_LEVEL = re.compile(r"\[\w+ *\] ")
_SERVICE = re.compile(r" +service=\w+$")
_ANSWERED = re.compile(r"\brequest .*status=[1-4]|/health/")


def make_console() -> Console:
    """The terminal, no wider than what is read well; a file is as wide."""
    console = Console()
    return Console(width=min(console.width, WIDTH) if console.is_terminal else WIDTH)


class Screen:
    """A terminal, or a file in its place."""

    def __init__(self, console: Console) -> None:
        """Take what to print on."""
        self.console = console
        self.is_over = False

    def tell(self, text: str) -> None:
        """Say how the story goes on."""
        self.console.print(text, style="bold", highlight=False)

    def print_line(self, name: str, line: str) -> None:
        """Print a line that a process wrote, but not one for each request that was answered, and not
        how it ends."""
        if self.is_over or _ANSWERED.search(line):
            return
        found = _LOG_LINE.match(line)
        if found:
            line = f"{found['time']} {_SERVICE.sub('', _LEVEL.sub('', found['text']))}"
        self.console.print(Text(f"{name:<12} {line}", style="dim"), soft_wrap=True)

    @contextmanager
    def follow(self, client: Client) -> Iterator[Callable[[date], None]]:
        """Show a bar of days, and a line for each month; gives the function that moves it."""
        columns = (
            TextColumn("{task.description}"),
            BarColumn(30),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self.console, transient=True) as display:
            task = display.add_task(str(FIRST_DAY), total=(LAST_DAY - FIRST_DAY).days + 1)

            def show(day: date) -> None:
                completed = (day - FIRST_DAY).days + 1
                display.update(task, description=f"{day:%a %d %b %Y}", completed=completed)
                if (day + timedelta(days=1)).month != day.month:
                    self.console.print(_sum_up_month(client, day), highlight=False)

            yield show


def _sum_up_month(client: Client, last_day: date) -> str:
    period = {"from": last_day.replace(day=1), "to": last_day}
    collected = client.get("/v1/reports/collected", **period)["currencies"]
    parts = []
    for one in collected:
        currency = one["currency"]
        dso = client.get("/v1/reports/dso", **period, currency=currency)
        parts.append(
            f"billed {Money(dso['billed'], currency)}, collected {Money(one['collected'], currency)}"
        )
    return f"  {last_day:%B}: {'; '.join(parts) or 'nothing paid yet'}"
