"""What a service measures of its own tables, read when Prometheus asks."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

import psycopg2
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from sqlalchemy import Engine, RowMapping, text
from sqlalchemy.exc import SQLAlchemyError

from chassis.contract import Measure
from chassis.ground.logs import tell_seldom
from chassis.store.dialect import ALONE

LOOKED_SECONDS = 5.0  # how long one look is good for, however many ask


class Measured:
    """The measures of a process; none are told while the database is away, rather than old ones."""

    def __init__(self, engine: Engine, measures: Iterable[Measure]) -> None:
        self._engine = engine.execution_options(**ALONE)
        self._measures = tuple(measures)
        self._looked_at = -LOOKED_SECONDS
        self._rows: list[RowMapping] = []
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def tell(self) -> bytes:
        """The measures as Prometheus reads them."""
        self._look()
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """What was seen last (called by the registry)."""
        for measure, row in zip(self._measures, self._rows, strict=False):
            for name, says in measure.counters.items():
                yield CounterMetricFamily(f"steward_{measure.name}_{name}", says, row[name])
            for name, says in measure.gauges.items():
                yield GaugeMetricFamily(f"steward_{measure.name}_{name}", says, row[name])

    def _look(self) -> None:
        if not self._measures or time.monotonic() - self._looked_at < LOOKED_SECONDS:
            return
        try:
            with self._engine.connect() as connection:
                self._rows = [
                    connection.execute(text(one.statement)).mappings().one()
                    for one in self._measures
                ]
        except (SQLAlchemyError, psycopg2.Error) as error:
            self._rows = []
            tell_seldom("not_measured", error=repr(error)[:300])
        self._looked_at = time.monotonic()
