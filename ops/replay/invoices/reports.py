"""The same figures as the system reports them, and tables that show both."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from kernel.money import Money
from ops.client import Client
from ops.replay.invoices.expected import BUCKETS, Ageing, Figures, Sum


def read_delays(client: Client) -> dict[int, int]:
    """After how many days each level of the default procedure is due, without the courtesy."""
    procedures = client.list("/v1/dunning-procedures")
    default = next(procedure for procedure in procedures if procedure["is_default"])
    return {
        level["number"]: level["delay_days"] for level in default["levels"] if level["number"] > 0
    }


def read_figures(
    client: Client,
    *,
    first_day: date,
    last_day: date,
    currency: str,
    ageing_at: Sequence[date],
    levels: Sequence[int],
) -> Figures:
    """What the reports say."""
    period = {"from": first_day, "to": last_day}
    dso = client.get("/v1/reports/dso", **period, currency=currency)
    collected = _of_currency(client.get("/v1/reports/collected", **period)["currencies"], currency)
    return Figures(
        first_day=first_day,
        last_day=last_day,
        billed=dso["billed"],
        collected=Sum(collected.get("payments", 0), collected.get("collected", 0)),
        dso=dso["dso"],
        reminded=_count_reminded(client, last_day, currency, levels),
        ageing=[_read_ageing(client, day, currency) for day in ageing_at],
    )


def count_placements(client: Client) -> Counter[str]:
    """How many hand-overs there are in each state."""
    return Counter(placement["status"] for placement in client.list("/v1/placements"))


def show(file: Figures, system: Figures, *, currency: str, console: Console) -> None:
    """Print what the file says beside what the system says."""
    console.print(f"\nOpen at the end of the day, items / {currency}", style="bold")
    console.print(_tabulate_ageing(file, system, currency))
    console.print(f"{system.first_day} to {system.last_day}", style="bold")
    console.print(_tabulate_sums(file, system, currency))


def _count_reminded(
    client: Client, last_day: date, currency: str, levels: Sequence[int]
) -> dict[int, int]:
    found: Counter[int] = Counter()
    for notice in client.list("/v1/dunning-notices", status="sent"):
        if notice["currency"] == currency and date.fromisoformat(notice["sent_on"]) <= last_day:
            found[notice["level"]] += sum(item["status"] == "sent" for item in notice["items"])
    return {level: found[level] for level in levels}


def _read_ageing(client: Client, day: date, currency: str) -> Ageing:
    query = {"as_of": day, "currency": currency}
    customers = sum(1 for _ in client.list("/v1/reports/ageing", **query))
    total = _of_currency(client.get("/v1/reports/ageing", **query, limit=1)["totals"], currency)
    sums = {one["bucket"]: Sum(one["count"], one["amount"]) for one in total.get("buckets", ())}
    return Ageing(day, {name: sums.get(name, Sum()) for name in BUCKETS}, customers)


def _of_currency(found: Sequence[Mapping[str, Any]], currency: str) -> Mapping[str, Any]:
    return next((one for one in found if one["currency"] == currency), {})


def _tabulate_ageing(file: Figures, system: Figures, currency: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("overdue by days")
    for found in system.ageing:
        table.add_column(str(found.day), justify="right")
    for name in BUCKETS:
        table.add_row(name, *(_words(found.buckets[name], currency) for found in system.ageing))
    table.add_row("all overdue", *(_words(found.overdue, currency) for found in system.ageing))
    table.add_row("all open", *(_words(found.total, currency) for found in system.ageing))
    table.add_row("customers", *(str(found.customers) for found in system.ageing))
    pairs = zip(file.ageing, system.ageing, strict=True)
    table.add_row("as the file says", *(_verdict(*pair) for pair in pairs))
    return table


def _tabulate_sums(file: Figures, system: Figures, currency: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("")
    table.add_column("system", justify="right")
    table.add_column("as the file says")
    rows: list[tuple[str, object, object]] = [
        ("billed", Money(file.billed, currency), Money(system.billed, currency)),
        ("collected", _words(file.collected, currency), _words(system.collected, currency)),
        ("days sales outstanding", file.dso, system.dso),
    ]
    for level, items in file.reminded.items():
        rows.append((f"items reminded, level {level}", items, system.reminded[level]))
    for name, expected, found in rows:
        table.add_row(name, str(found), _verdict(expected, found))
    return table


def _words(one: Sum, currency: str) -> str:
    amount = str(Money(one.amount, currency)).removesuffix(f" {currency}")
    return f"{one.items} / {amount}" if one.items else "-"


def _verdict(expected: object, found: object) -> str:
    return "[green]yes[/]" if expected == found else f"[bold red]no: {expected}[/]"
