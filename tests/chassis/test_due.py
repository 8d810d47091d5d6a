"""What is scheduled is what its handler takes, and nothing is kept of what is taken back."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from chassis.due import DueTime, drop, schedule
from tests.chassis.probe.dues import RingDue

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def session() -> Any:
    return SimpleNamespace(info={})


def test_a_due_time_is_called_after_its_class() -> None:
    assert RingDue.name == "ring_due"


def test_a_due_time_says_what_is_due() -> None:
    with pytest.raises(AssertionError, match="its docstring says what is due"):
        type("Nameless", (DueTime,), {})


def test_values_and_instant_are_kept_as_they_are_given(session: Any) -> None:
    session.info["cause"] = ("req_1", "trace")
    at = datetime.fromisoformat("2026-03-02T13:00:00+01:00")
    schedule(session, RingDue, key="a", at=at, bell="a", text="ring")
    drop(session, RingDue, key="b")
    [kept, dropped] = session.info["due"]
    assert (kept.name, kept.key, kept.at, kept.cause) == (
        "ring_due",
        "a",
        NOON,
        ("req_1", "trace"),
    )
    assert kept.data == {"bell": "a", "text": "ring"}
    assert (dropped.key, dropped.at) == ("b", None)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"bell": "a"}, "takes something else"),
        ({"bell": "a", "text": "ring", "account_id": "nobody"}, "takes something else"),
        ({"bell": "a", "text": "ring", "loud": True}, "declares no loud"),
        ({"bell": "a", "text": "ring", "at": NOON.replace(tzinfo=None)}, "with its offset"),
        ({"bell": "a", "text": "ring", "key": ""}, "the key says which one"),
    ],
)
def test_what_its_handler_could_not_take_is_not_scheduled(
    session: Any, values: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(AssertionError, match=sentence):
        schedule(session, RingDue, **{"key": "a", "at": NOON, **values})
