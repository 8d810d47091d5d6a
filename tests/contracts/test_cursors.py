"""Whatever somebody sends as a cursor, every list of every service answers a page or `invalid_cursor`."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Boolean, Column, Date, DateTime, Engine, Text

from chassis import database, pages
from chassis.contract import Endpoint
from chassis.doors.perform import perform_endpoint
from chassis.service import load
from chassis.wire.calls import Call
from dev.contracts import generate
from kernel.callers import Caller
from kernel.refusals import Invalid
from ops.instances import SERVICES

ANYBODY = Caller("test", frozenset({"*"}))
FAR = timezone(timedelta(hours=14))


def cursor(*values: Any) -> str:
    """What our own would look like, of whatever values."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def lists() -> Iterator[tuple[str, str]]:
    for service in SERVICES:
        for name, contract in load(f"services.{service}").contracts.items():
            if isinstance(contract, Endpoint) and "after" in contract.accepts().fields:
                yield service, name


LISTS = list(lists())

texts = st.sampled_from(["", "\x00", "a\x00b", "\U0010ffff", "acc_x", "' OR 1"]) | st.text()
numbers = st.integers() | st.sampled_from([2**31, 2**63, 2**64 - 1, -(2**63), True, 1.5])
days = st.dates().map(str) | st.sampled_from(["0001-01-01", "9999-12-31", "20260101", "2026-W01-1"])
moments = st.datetimes(timezones=st.sampled_from([UTC, FAR])).map(datetime.isoformat)
odd_moments = st.sampled_from(
    ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00", "2026-01-01T00:00:00"]
)
flags = st.booleans()
anything = texts | numbers | days | moments | odd_moments | st.none() | flags
OF_KIND = {str: texts, int: numbers, date: days, datetime: moments | odd_moments, bool: flags}


def cursors_for(by: Sequence[Any]) -> st.SearchStrategy[str]:
    fitting = st.tuples(*(OF_KIND.get(column.type.python_type, texts) for column in by))
    json_like = fitting | st.lists(anything, max_size=4)
    made = json_like.map(lambda values: cursor(*values))
    return made | made.map(lambda one: one + "=") | made.map(lambda one: one + "\n") | st.text()


@pytest.mark.server
@pytest.mark.parametrize(("service_name", "name"), LISTS)
def test_a_list_answers_a_page_or_invalid_cursor(
    engine_of: Callable[[str], Engine],
    monkeypatch: pytest.MonkeyPatch,
    service_name: str,
    name: str,
) -> None:
    for variable, value in generate.NOWHERE.items():
        monkeypatch.setenv(variable, value)
    service = load(f"services.{service_name}")
    engine = engine_of(service_name)
    needed = {
        field.data_key or key: field.metadata["example"]
        for key, field in service.contracts[name].accepts().fields.items()
        if field.required
    }
    seen: list[Sequence[Any]] = []
    read_cursor = pages.read_cursor

    def read_and_see(after: str, by: Sequence[Any]) -> tuple[Any, ...]:
        seen.append(by)
        return read_cursor(after, by)

    def ask(after: str) -> None:
        call = Call({**needed, "after": after}, ANYBODY, time.time() + 60, "")
        try:
            answer, _ = perform_endpoint(engine, service, name, call)
        except Invalid as refusal:
            answer = orjson.dumps({refusal.code: refusal.detail})
        assert {"has_more", "invalid_cursor"} & orjson.loads(answer).keys()

    monkeypatch.setattr(pages, "read_cursor", read_and_see)
    # Whose list it is, is not looked up.
    monkeypatch.setattr(database, "_found", lambda _row, model, _id: model())
    ask("x")
    assert seen, "the cursor was not read"

    @settings(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(cursors_for(seen[0]))
    @example("WyJcdTAwMDAiXQ")
    @example("")
    def any_cursor(after: str) -> None:
        ask(after)

    any_cursor()


@given(st.lists(st.datetimes(timezones=st.just(UTC)) | st.dates() | st.text() | flags, min_size=1))
def test_what_a_page_gives_is_read_back(values: list[Any]) -> None:
    kinds = {str: Text(), date: Date(), datetime: DateTime(timezone=True), bool: Boolean()}
    by = [Column("x", kinds[type(value)]) for value in values]
    written = base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")
    if any(isinstance(value, str) and "\x00" in value for value in values):
        with pytest.raises(Invalid):
            pages.read_cursor(written, by)
    else:
        assert list(pages.read_cursor(written, by)) == values


@pytest.mark.parametrize("value", ["", "a", "2026-03-02", "inv_1", f"inv_{'0' * 26}\n", "' OR 1"])
def test_where_a_page_ends_with_an_id_nothing_else_is_a_cursor(value: str) -> None:
    with pytest.raises(Invalid):
        pages.read_cursor(cursor(value), [Column("invoice_id", Text())])
