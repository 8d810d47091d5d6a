"""The figures that follow from the file alone."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kernel.money import Money
from ops.replay.formats import Figures
from ops.replay.retail.records import Survey


class Entered(NamedTuple):
    """A document and what it demands or credits, in minor units."""

    is_credit: bool
    amount: int


def expect(found: Survey, *, currency: str) -> Figures:
    """What the documents of a file come to, and by month."""
    documents = [
        Entered(one.is_credit, -one.amount if one.is_credit else one.amount)
        for one in found.headings.values()
    ]
    return tabulate(documents, sum_months(found), agree=True, currency=currency)


def sum_months(found: Survey) -> Mapping[str, int]:
    """What was billed less credited in each month, in minor units."""
    months: Counter[str] = Counter()
    for one in found.headings.values():
        months[f"{one.issued_on:%Y-%m}"] += one.amount
    return dict(sorted(months.items()))


def tabulate(
    documents: Iterable[Entered], months: Mapping[str, int], *, agree: bool, currency: str
) -> Figures:
    """Figures by name: documents of each kind, what was billed less credited each month, and whether
    the books agree with themselves."""
    count: Counter[bool] = Counter()
    amount: Counter[bool] = Counter()
    for one in documents:
        count[one.is_credit] += 1
        amount[one.is_credit] += one.amount

    def words(minor: int) -> str:
        return str(Money(minor, currency))

    return {
        "documents": {
            "invoices": f"{count[False]:,}",
            "invoiced": words(amount[False]),
            "credit notes": f"{count[True]:,}",
            "credited": words(-amount[True]),
        },
        "billed less credited": {
            **{month: words(minor) for month, minor in months.items()},
            "in all": words(sum(months.values())),
        },
        "books": {"agree with themselves": "yes" if agree else "no"},
    }
