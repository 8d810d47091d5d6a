"""What is seen of a replay while it runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ops.replay.invoices import player
from ops.replay.invoices.history import History


@contextmanager
def follow(
    history: History, until: date, console: Console
) -> Iterator[Callable[[player.Progress], None]]:
    """Show a bar of days with what was done; gives the function that moves it."""
    first = history.first_day
    columns = (
        TextColumn("{task.description}"),
        BarColumn(20),
        MofNCompleteColumn(),
        TextColumn("days, {task.fields[done]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as display:
        total = (until - first).days + 1
        task = display.add_task("getting ready", total=total, done="")

        def show(progress: player.Progress) -> None:
            done = (
                f"{progress.accounts} accounts, {progress.invoices} invoices, "
                f"{progress.payments} payments"
            )
            day = (progress.day - first).days + 1
            display.update(task, description=str(progress.day), completed=max(0, day), done=done)

        yield show
