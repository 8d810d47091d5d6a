"""The figures that follow from the file alone, and the same as the system says them."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from kernel.money import Money
from ops.client import Client
from ops.replay.formats import Figures
from ops.replay.monthly import notes, runs
from ops.replay.monthly.matching import Credit
from ops.replay.monthly.records import Shop
from ops.replay.retail.expected import Entered, sum_months, tabulate
from ops.replay.retail.reports import read_billed

SHOWN = 20  # of those that differ


class Nets:
    """What each client is billed less credited, in minor units, and by how many documents."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.documents: list[Entered] = []
        self.by_client: Counter[str] = Counter()

    def add(self, client: str, *, is_credit: bool, amount: int) -> None:
        """Count a document."""
        self.documents.append(Entered(is_credit, amount))
        self.by_client[client] += -amount if is_credit else amount


def expect(shop: Shop, credited: Iterable[Credit], *, currency: str) -> tuple[Figures, Nets]:
    """What the bills of a file come to: one for each client and month, and a credit note for each bill
    that one of the shop's takes something back of, or none."""
    nets = Nets()
    for (customer, _), due in shop.due.items():
        nets.add(customer, is_credit=False, amount=due.net)
    for one in credited:
        nets.add(one.customer, is_credit=True, amount=one.amount)
    lines = sum(one.lines for one in shop.due.values())
    figures = _figures(nets, sum_months(shop.found), lines=lines, agree=True, currency=currency)
    return figures, nets


def read_figures(
    client: Client, shop: Shop, account_ids: Mapping[str, str], *, currency: str
) -> tuple[Figures, Nets]:
    """What the bills and credit notes that stand come to, what was billed each month, how many lines the
    runs billed, and whether the books agree."""
    names = {account_id: name for name, account_id in account_ids.items()}
    nets = Nets()
    for one in notes.list_invoices(client, shop.months, names.keys()):
        if one["voided_on"] is None and one["currency"] == currency:
            nets.add(names[one["account_id"]], is_credit=False, amount=one["total"])
    numbers = [one.number for one in shop.found.headings.values() if one.is_credit]
    for one in notes.list_notes(client, numbers, names.keys()):
        if one["voided_on"] is None and one["currency"] == currency:
            nets.add(names[one["account_id"]], is_credit=True, amount=one["total"])
    months = {month: read_billed(client, month, currency) for month in sum_months(shop.found)}
    lines = _count_lines(client, shop, names.keys(), currency=currency)
    agree = client.get("/v1/reports/reconciliation")["is_reconciled"]
    return _figures(nets, months, lines=lines, agree=agree, currency=currency), nets


def list_differing(file: Nets, system: Nets, *, currency: str) -> tuple[Figures, Figures]:
    """The clients whose figures differ, the first ones, of either side; nothing where none do."""
    mine, its = file.by_client, system.by_client
    names = [name for name in sorted({*mine, *its}) if mine[name] != its[name]]
    if not names:
        return {}, {}
    title = f"clients: {len(names)} differ"

    def words(nets: Counter[str]) -> Mapping[str, str]:
        return {name: str(Money(nets[name], currency)) for name in names[:SHOWN]}

    return {title: words(mine)}, {title: words(its)}


def _count_lines(client: Client, shop: Shop, account_ids: Collection[str], *, currency: str) -> int:
    return sum(
        bill["lines"]
        for month in shop.months
        for run in runs.list_runs(client, month, currency=currency)
        for bill in runs.list_bills(client, run["billing_run_id"])
        if bill["status"] == "invoiced" and bill["account_id"] in account_ids
    )


def _figures(
    nets: Nets, months: Mapping[str, int], *, lines: int, agree: bool, currency: str
) -> Figures:
    shown = tabulate(nets.documents, months, agree=agree, currency=currency)
    total = sum(nets.by_client.values())
    return {
        **{title: shown[title] for title in _FIRST},
        "lines": {"on invoices": f"{lines:,}"},
        "by client": {"clients": f"{len(nets.by_client):,}", "in all": str(Money(total, currency))},
        "books": shown["books"],
    }


_FIRST: Sequence[str] = ("documents", "billed less credited")
