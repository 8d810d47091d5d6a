"""Take numbers from a series without gaps."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.billing.numbers.models import NumberSeries
from services.billing.numbers.rules import Series, format_number


def take_numbers(session: Session, *, series: Series, year: int, count: int) -> list[str]:
    """The next `count` numbers of the series in that year.

    Everybody else who wants one waits for this transaction to end, so take numbers late in it; of
    several years or series, take them in ascending order."""
    start = insert(NumberSeries).values(series=series, year=year, last=count)
    last = session.scalars(
        start.on_conflict_do_update(
            index_elements=[NumberSeries.series, NumberSeries.year],
            set_={"last": NumberSeries.last + start.excluded.last},
        ).returning(NumberSeries.last)
    ).one()
    return [format_number(series, year, each) for each in range(last - count + 1, last + 1)]
