"""The figures that follow from the file alone, without the system: what its reports must say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from ops.replay.invoices.history import History

BUCKETS = ("current", "1-30", "31-60", "61-90", "over_90")


@dataclass(frozen=True, slots=True)
class Sum:
    """How many items, and what they come to in minor units."""

    items: int = 0
    amount: int = 0

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.items + other.items, self.amount + other.amount)


@dataclass(frozen=True, slots=True)
class Ageing:
    """What is owed at the end of a day, by how long it is overdue."""

    day: date
    buckets: dict[str, Sum]
    customers: int

    @property
    def total(self) -> Sum:
        """All that is owed."""
        return sum(self.buckets.values(), start=Sum())

    @property
    def overdue(self) -> Sum:
        """What is owed past its due date."""
        return sum((self.buckets[name] for name in BUCKETS[1:]), start=Sum())


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of a history from its first day to the end of a day."""

    first_day: date
    last_day: date
    billed: int
    collected: Sum
    dso: str | None
    reminded: Mapping[int, int]
    ageing: Sequence[Ageing]


def expect(
    history: History, last_day: date, *, ageing_at: Sequence[date], delays: Mapping[int, int]
) -> Figures:
    """The figures at the end of a day; `delays` are the days after which each level is due."""
    billed = sum(one.amount for one in history.invoices if one.issued_on <= last_day)
    return Figures(
        first_day=history.first_day,
        last_day=last_day,
        billed=billed,
        collected=_add(
            one.amount
            for one in history.invoices
            if one.settled_on is not None and one.settled_on <= last_day
        ),
        dso=_count_days_outstanding(history, last_day, billed),
        reminded={
            level: _count_reminded(history, last_day, timedelta(days=delay))
            for level, delay in delays.items()
        },
        ageing=[age(history, day) for day in ageing_at],
    )


def age(history: History, day: date) -> Ageing:
    """What is owed at the end of a day."""
    buckets = dict.fromkeys(BUCKETS, Sum())
    open_invoices = [invoice for invoice in history.invoices if invoice.is_open(day)]
    for invoice in open_invoices:
        name = bucket((day - invoice.due_date).days)
        buckets[name] += Sum(1, invoice.amount)
    return Ageing(day, buckets, len({invoice.customer for invoice in open_invoices}))


def bucket(days_overdue: int) -> str:
    """The ageing bucket; an item is overdue from the day after its due date."""
    if days_overdue <= 0:
        return BUCKETS[0]
    return BUCKETS[min((days_overdue - 1) // 30 + 1, 4)]


def _count_days_outstanding(history: History, last_day: date, billed: int) -> str | None:
    """Days sales outstanding: what is owed at the end, in days of what was billed."""
    if not billed:
        return None
    days = (last_day - history.first_day).days + 1
    owed = age(history, last_day).total.amount
    return str((Decimal(owed) * days / billed).quantize(Decimal("0.1"), ROUND_HALF_UP))


def _count_reminded(history: History, last_day: date, delay: timedelta) -> int:
    """How many items are in letters that go out so long after the due date, to what is still open at
    the end of that day."""
    return sum(
        one.due_date + delay <= last_day and one.is_open(one.due_date + delay)
        for one in history.invoices
    )


def _add(amounts: Iterable[int]) -> Sum:
    return sum((Sum(1, amount) for amount in amounts), start=Sum())
